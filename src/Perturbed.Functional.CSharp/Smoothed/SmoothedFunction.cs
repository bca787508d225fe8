using System;

namespace Perturbed.Functional.CSharp;

/// <summary>Stochastic smoothing of any function f: R^d → R^k, discrete or not: E f(θ + εZ), differentiable whatever f
/// is.</summary>
/// <remarks>
/// The value is the mean of M calls, the Jacobian E[f(θ + εZ) ∇ν(Z)ᵀ]/ε: f itself is never differentiated. Every
/// method is pure, as in <see cref="Smoothed"/>. Nesterov and Spokoiny 2017; Berthet et al. 2020, Proposition 3.1 for
/// any f.
/// </remarks>
public sealed class SmoothedFunction
{
    internal SmoothedFunction(Functional.SmoothedFunction core) => Core = core;

    internal Functional.SmoothedFunction Core { get; }

    /// <summary>The dimension d of θ.</summary>
    public int Dimension => Core.Dimension;

    /// <summary>The dimension k of f's value.</summary>
    public int ValueDimension => Core.ValueDimension;

    /// <summary>The smoothing of a function f: R^d → R^k.</summary>
    /// <param name="dimension">d, at least 1.</param>
    /// <param name="valueDimension">k, at least 1: the length of f's value.</param>
    /// <param name="f">Any function of one θ, bounded enough for E f(θ + εZ) to exist; safe to call from many
    /// threads.</param>
    /// <param name="noise">The law of Z.</param>
    /// <param name="epsilon">ε, positive, in the unit of θ.</param>
    /// <param name="samples">M, at least 1.</param>
    /// <returns>The smoothed function, with the key of seed 0.</returns>
    /// <exception cref="ArgumentException">A dimension or M below 1, ε ≤ 0, or a noise of another
    /// dimension.</exception>
    public static SmoothedFunction Create(int dimension, int valueDimension, Func<double[], double[]> f, INoise noise, double epsilon,
        int samples) =>
        new(SmoothedFunctionModule.create(dimension, valueDimension, Crossing.Function(f), noise, epsilon, samples));

    /// <summary>The smoothing of a function on spans, which need not allocate.</summary>
    /// <param name="dimension">d, at least 1.</param>
    /// <param name="valueDimension">k, at least 1.</param>
    /// <param name="f">Writes f(θ) into its second span; safe to call from many threads.</param>
    /// <param name="noise">The law of Z.</param>
    /// <param name="epsilon">ε, positive, in the unit of θ.</param>
    /// <param name="samples">M, at least 1.</param>
    /// <returns>The smoothed function, with the key of seed 0.</returns>
    /// <exception cref="ArgumentException">A dimension or M below 1, ε ≤ 0, or a noise of another
    /// dimension.</exception>
    public static SmoothedFunction OfSpanFunction(int dimension, int valueDimension, SpanFunction f, INoise noise, double epsilon,
        int samples) =>
        new(SmoothedFunctionModule.ofSpanFunction(dimension, valueDimension, f, noise, epsilon, samples));

    /// <summary>The smoothed function with other settings, such as <c>map.Configure(s =>
    /// s.WithKey(key))</c>.</summary>
    /// <param name="change">From the settings to a changed copy of them, by the <c>With…</c> methods.</param>
    /// <returns>A copy.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="change"/> is null.</exception>
    public SmoothedFunction Configure(Func<Smoothed, Smoothed> change) => new(Views.Configure(Crossing.NotNull(change), Core));

    /// <summary>E f(θ + εZ) with standard errors.</summary>
    /// <param name="theta">θ, of the dimension d, finite.</param>
    /// <returns>The mean (k) and its standard errors.</returns>
    /// <exception cref="ArgumentException">A wrong length, NaN or ∞ in θ.</exception>
    /// <exception cref="OracleException">f threw, or its value has a wrong length or is not finite.</exception>
    public Uncertain<double[]> Value(double[] theta) => new(SmoothedFunctionModule.value(theta, Core));

    /// <summary>E f(θ + εZ) for every row of a batch.</summary>
    /// <param name="thetas">B × d, finite; B = 0 is legal.</param>
    /// <returns>B × k.</returns>
    /// <exception cref="ArgumentException">A wrong shape, NaN or ∞ (the row is named).</exception>
    /// <exception cref="OracleException">f threw, or its value has a wrong length or is not finite.</exception>
    public double[,] Value(double[,] thetas) => SmoothedFunctionModule.valueBatch(thetas, Core);

    /// <summary>The Jacobian E[f(θ + εZ) ∇ν(Z)ᵀ]/ε with standard errors.</summary>
    /// <param name="theta">θ, of the dimension d, finite.</param>
    /// <returns>k × d.</returns>
    /// <exception cref="ArgumentException">A bad θ, or a zero in θ under multiplicative noise.</exception>
    /// <remarks>Berthet et al. 2020, Proposition 3.1.</remarks>
    public Uncertain<double[,]> Jacobian(double[] theta) => new(SmoothedFunctionModule.jacobian(theta, Core));

    /// <summary>E f(θ + εZ) and its pullback, from one set of calls of f.</summary>
    /// <param name="theta">θ, of the dimension d, finite.</param>
    /// <returns>The value (k) and the function from a cotangent (k) to the gradient with respect to θ (d).</returns>
    /// <exception cref="ArgumentException">A bad θ or cotangent.</exception>
    public (double[] Value, Func<double[], double[]> Pullback) Pullback(double[] theta) =>
        Crossing.Pullback(SmoothedFunctionModule.pullback(theta, Core));

    /// <summary>E f(θ + εZ) for every row of a batch and the pullback of the batch, from one set of calls of
    /// f.</summary>
    /// <param name="thetas">B × d, finite; B = 0 is legal.</param>
    /// <returns>B × k, and the function from cotangents (B × k) to gradients with respect to θ (B × d).</returns>
    /// <exception cref="ArgumentException">A wrong shape, NaN or ∞ (the row is named).</exception>
    public (double[,] Value, Func<double[,], double[,]> Pullback) Pullback(double[,] thetas) =>
        Crossing.Pullback(SmoothedFunctionModule.pullbackBatch(thetas, Core));
}
