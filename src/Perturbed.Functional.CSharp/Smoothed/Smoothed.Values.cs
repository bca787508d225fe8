using System;

namespace Perturbed.Functional.CSharp;

public sealed partial class Smoothed
{
    /// <summary>The perturbed maximum F_ε(θ) = E F(θ + εZ), as the mean of M optimal values.</summary>
    /// <param name="theta">θ, of the oracle's dimension d, finite.</param>
    /// <returns>F_ε(θ), in the unit of θ; <see cref="Estimate(double[])"/> gives its standard error.</returns>
    /// <exception cref="ArgumentException">A wrong length, NaN or ∞ in θ; or the noise has no mean, so F_ε is
    /// infinite.</exception>
    /// <exception cref="OracleException">The oracle threw or answered nonsense.</exception>
    /// <remarks>Berthet et al. 2020, Definition 2.1.</remarks>
    public double Maximum(double[] theta) => SmoothedModule.maximum(theta, Core);

    /// <summary>F_ε of every row.</summary>
    /// <param name="thetas">B × d, finite; B = 0 is legal.</param>
    /// <returns>B numbers, in the unit of θ.</returns>
    /// <exception cref="ArgumentException">A wrong shape, NaN or ∞ (the row is named), or noise without a
    /// mean.</exception>
    /// <exception cref="OracleException">The oracle threw or answered nonsense.</exception>
    public double[] Maximum(double[,] thetas) => Batch.maximum(thetas, Core);

    /// <summary>F_ε of every row and its gradient, from one set of solves.</summary>
    /// <param name="thetas">B × d, finite; B = 0 is legal.</param>
    /// <returns>B numbers, in the unit of θ, and their gradients (B × d): ȳ with the bits of
    /// <see cref="Maximizer(double[,])"/>, under multiplicative noise the mean of y ⊙ exp(εZ − ε²/2).</returns>
    /// <exception cref="ArgumentException">A wrong shape, NaN or ∞ (the row is named), noise without a mean, or
    /// solutions of another dimension than θ.</exception>
    /// <exception cref="OracleException">The oracle threw or answered nonsense.</exception>
    /// <remarks>Berthet et al. 2020, Definition 2.1 and Proposition 2.2.</remarks>
    public (double[] Maximum, double[,] Gradient) MaximumAndGradient(double[,] thetas) =>
        Batch.maximumAndGradient(thetas, Core).ToValueTuple();

    /// <summary>The perturbed maximizer y*_ε(θ) = E y*(θ + εZ) = ∇F_ε(θ) (additive noise), as the mean of M
    /// solutions.</summary>
    /// <param name="theta">θ, of the oracle's dimension d, finite.</param>
    /// <returns>A point of conv(Y), of the dimension k; <see cref="Estimate(double[])"/> gives its standard
    /// errors.</returns>
    /// <exception cref="ArgumentException">A wrong length, NaN or ∞ in θ.</exception>
    /// <exception cref="OracleException">The oracle threw or answered nonsense.</exception>
    /// <remarks>Berthet et al. 2020, Definitions 2.1 and 3.1.</remarks>
    public double[] Maximizer(double[] theta) => SmoothedModule.maximizer(theta, Core);

    /// <summary>y*_ε of every row.</summary>
    /// <param name="thetas">B × d, finite; B = 0 is legal.</param>
    /// <returns>B × k.</returns>
    /// <exception cref="ArgumentException">A wrong shape, NaN or ∞ (the row is named).</exception>
    /// <exception cref="OracleException">The oracle threw or answered nonsense.</exception>
    public double[,] Maximizer(double[,] thetas) => Batch.maximizer(thetas, Core);

    /// <summary>F_ε(θ) and y*_ε(θ) from one set of solves, with standard errors √(s²/M).</summary>
    /// <param name="theta">θ, of the oracle's dimension d, finite.</param>
    /// <returns>Values and standard errors. The maximum is NaN where the noise has no mean; a single sample has errors
    /// NaN.</returns>
    /// <exception cref="ArgumentException">A wrong length, NaN or ∞ in θ.</exception>
    /// <exception cref="OracleException">The oracle threw or answered nonsense.</exception>
    public Estimate Estimate(double[] theta) => new(SmoothedModule.estimate(theta, Core));

    /// <summary>F_ε and y*_ε of every row from one set of solves, with standard errors.</summary>
    /// <param name="thetas">B × d, finite; B = 0 is legal.</param>
    /// <returns>B estimates.</returns>
    /// <exception cref="ArgumentException">A wrong shape, NaN or ∞ (the row is named).</exception>
    /// <exception cref="OracleException">The oracle threw or answered nonsense.</exception>
    public Estimate[] Estimate(double[,] thetas) => Array.ConvertAll(Batch.estimate(thetas, Core), row => new Estimate(row));

    /// <summary>M samples of p_θ(y) = P(y*(θ + εZ) = y): one solution a row.</summary>
    /// <param name="theta">θ, of the oracle's dimension d, finite.</param>
    /// <returns>M × k.</returns>
    /// <exception cref="ArgumentException">A wrong length, NaN or ∞ in θ, or more numbers than an array
    /// holds.</exception>
    /// <exception cref="OracleException">The oracle threw or answered nonsense.</exception>
    /// <remarks>Berthet et al. 2020, Definition 2.1.</remarks>
    public double[,] Samples(double[] theta) => SmoothedModule.samples(theta, Core);

    /// <summary>M samples of p_θ for every row.</summary>
    /// <param name="thetas">B × d, finite; B = 0 is legal.</param>
    /// <returns>B × M × k.</returns>
    /// <exception cref="ArgumentException">A wrong shape, NaN or ∞ (the row is named), or more numbers than an array
    /// holds.</exception>
    /// <exception cref="OracleException">The oracle threw or answered nonsense.</exception>
    public double[,,] Samples(double[,] thetas) => Batch.samples(thetas, Core);

    /// <summary>The distribution over distinct solutions: each solution that was drawn, with its count and
    /// probability.</summary>
    /// <param name="theta">θ, of the oracle's dimension d, finite.</param>
    /// <returns>The most frequent first; equal counts in lexicographic order. Memory grows with the distinct
    /// solutions, not with M.</returns>
    /// <exception cref="ArgumentException">A wrong length, NaN or ∞ in θ.</exception>
    /// <exception cref="OracleException">The oracle threw or answered nonsense.</exception>
    public SolutionFrequency[] Distribution(double[] theta) =>
        Array.ConvertAll(SmoothedModule.distribution(theta, Core), frequency => new SolutionFrequency(frequency));
}
