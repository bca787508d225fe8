using System;

namespace Perturbed.Functional.CSharp;

public sealed partial class Smoothed
{
    /// <summary>The perturbed maximum F_ε(θ) to a standard error, with as many samples as that takes.</summary>
    /// <param name="theta">θ, of the oracle's dimension d, finite.</param>
    /// <param name="standardError">The target, positive, in the unit of θ.</param>
    /// <param name="budget">The largest M, at least that of the operator, where it starts.</param>
    /// <returns>F_ε(θ) with the M it took, the answer that <see cref="WithSamples"/> gives with this M.</returns>
    /// <exception cref="ArgumentException">The target or the budget is out of range, θ is wrong, or the noise has no
    /// mean.</exception>
    /// <remarks>M at least doubles from one look to the next, so all looks cost at most twice the last.</remarks>
    public Adaptive<double> MaximumWithin(double[] theta, double standardError, int budget) =>
        new(Functional.Adaptive.maximum(standardError, budget, Crossing.NotNull(theta), Core));

    /// <summary>The perturbed maximizer y*_ε(θ), every coordinate to a standard error. It is also the gradient of F_ε
    /// and, less the target, of a Fenchel-Young loss.</summary>
    /// <param name="theta">θ, of the oracle's dimension d, finite.</param>
    /// <param name="standardError">The target of the least certain coordinate, positive, in the unit of the
    /// solutions.</param>
    /// <param name="budget">The largest M, at least that of the operator, where it starts.</param>
    /// <returns>y*_ε(θ), of the dimension k, with the M it took.</returns>
    /// <exception cref="ArgumentException">The target or the budget is out of range, or θ is wrong.</exception>
    public Adaptive<double[]> MaximizerWithin(double[] theta, double standardError, int budget) =>
        new(Functional.Adaptive.maximizer(standardError, budget, Crossing.NotNull(theta), Core));

    /// <summary>The vector-Jacobian product ∂⟨g, y*_ε(θ)⟩/∂θ, every coordinate to a standard error.</summary>
    /// <param name="theta">θ, of the oracle's dimension d, finite.</param>
    /// <param name="cotangent">g, of the dimension k, finite.</param>
    /// <param name="standardError">The target of the least certain coordinate, positive.</param>
    /// <param name="budget">The largest M, at least that of the operator, where it starts.</param>
    /// <returns>Jᵀg, of the dimension d, with the M it took.</returns>
    /// <exception cref="ArgumentException">The target or the budget is out of range, or an argument is
    /// wrong.</exception>
    public Adaptive<double[]> VectorJacobianWithin(double[] theta, double[] cotangent, double standardError, int budget) =>
        new(Functional.Adaptive.vectorJacobian(Crossing.NotNull(cotangent), standardError, budget, Crossing.NotNull(theta), Core));

    /// <summary>Anything that is estimated with an operator: repeated with more samples until its standard error is at
    /// most the target.</summary>
    /// <typeparam name="T">What is estimated.</typeparam>
    /// <param name="measure">From an operator of M samples to an estimate and its standard error; NaN where M is too
    /// small to have one.</param>
    /// <param name="standardError">The target, positive, in the unit of the estimate.</param>
    /// <param name="budget">The largest M, at least that of the operator, where it starts.</param>
    /// <returns>The last estimate, with the M it took.</returns>
    /// <exception cref="ArgumentException">The target or the budget is out of range, or <paramref name="measure"/> is
    /// null.</exception>
    public Adaptive<T> Until<T>(Func<Smoothed, (T Value, double StandardError)> measure, double standardError, int budget) =>
        new(Functional.Adaptive.until(Views.Measure(Crossing.NotNull(measure)), standardError, budget, Core));
}
