using System;
using Microsoft.FSharp.Core;

namespace Perturbed.Functional.CSharp;

/// <summary>Noise distributions μ with density ∝ exp(−ν(z)): the built-in ones, and a user's own.</summary>
/// <remarks>
/// Coordinates are independent but for <see cref="GaussianWith"/>. The Laplace noise has a kink and so no second
/// derivative; the Cauchy noise and Student's t of at most one degree of freedom have no mean, so that F_ε is
/// infinite, though y*_ε and its derivatives exist. Berthet et al. 2020, Section 2. A noise with more of its own
/// implements <see cref="INoise"/>.
/// </remarks>
public static class Noise
{
    /// <summary>The standard Gaussian: ν(z) = z²/2, mean 0, M_μ = √d.</summary>
    public static INoise Gaussian => Functional.Noise.gaussian;

    /// <summary>The standard Gumbel: ν(z) = z + e^(−z), mean γ ≈ 0.5772, M_μ = √d. On the simplex it makes
    /// softmax.</summary>
    public static INoise Gumbel => Functional.Noise.gumbel;

    /// <summary>The Gumbel less its mean γ: mean 0, M_μ = √d.</summary>
    public static INoise CentredGumbel => Functional.Noise.centredGumbel;

    /// <summary>The standard logistic: ν(z) = z + 2 log(1 + e^(−z)), mean 0, M_μ = √(d/3).</summary>
    public static INoise Logistic => Functional.Noise.logistic;

    /// <summary>The standard Laplace: ν(z) = |z|, mean 0, M_μ = √d; no second derivative at 0.</summary>
    public static INoise Laplace => Functional.Noise.laplace;

    /// <summary>The Cauchy: ν(z) = log(1 + z²), no mean, M_μ = √(d/2).</summary>
    public static INoise Cauchy => Functional.Noise.cauchy;

    /// <summary>The Gaussian of a covariance Σ: ν(z) = zᵀΣ⁻¹z/2, mean 0, M_μ = √tr Σ⁻¹.</summary>
    /// <param name="covariance">d × d, symmetric, positive definite, in the unit of θ² when ε = 1.</param>
    /// <returns>A noise of the dimension d.</returns>
    /// <exception cref="ArgumentException">Not square, not finite, not symmetric, or not positive
    /// definite.</exception>
    public static INoise GaussianWith(double[,] covariance) => Functional.Noise.gaussianWith(Crossing.NotNull(covariance));

    /// <summary>Student's t: ν(z) = ((n + 1)/2) log(1 + z²/n) for n degrees of freedom, mean 0 if n &gt; 1, M_μ = √(d
    /// (n + 1)/(n + 3)).</summary>
    /// <param name="degreesOfFreedom">n, positive and finite.</param>
    /// <returns>A noise of every dimension.</returns>
    /// <exception cref="ArgumentOutOfRangeException">n ≤ 0 or not finite.</exception>
    public static INoise StudentT(double degreesOfFreedom) => Functional.Noise.studentT(degreesOfFreedom);

    /// <summary>The sum of gammas (τ/κ)(Σ_{i=1..s} Gamma(1/κ, κ/i) − log s), of which κ together make about a
    /// Gumbel.</summary>
    /// <param name="kappa">κ, positive: how many entries of a solution are one, such as the k of top k.</param>
    /// <param name="terms">s, at least 1; 10 is usual.</param>
    /// <param name="tau">τ, positive: the scale.</param>
    /// <returns>A noise of every dimension, bounded below. Its M_μ is finite if s &gt; 2κ.</returns>
    /// <exception cref="ArgumentOutOfRangeException">κ ≤ 0, s &lt; 1 or τ ≤ 0.</exception>
    /// <remarks>Niepert, Minervini and Franceschi 2021 (I-MLE).</remarks>
    public static INoise SumOfGamma(double kappa, int terms = 10, double tau = 1.0) => Functional.Noise.sumOfGamma(kappa, terms, tau);

    /// <summary>A user's own independent noise, out of its quantile function and the derivatives of ν = −log
    /// density.</summary>
    /// <param name="name">The name in messages and reports.</param>
    /// <param name="quantile">The inverse distribution function, from (0, 1) to R, increasing; safe to call from many
    /// threads.</param>
    /// <param name="score">ν'(z); safe to call from many threads.</param>
    /// <param name="mean">E[Z], or NaN where there is none.</param>
    /// <param name="fisherInformation">E[ν'(Z)²] of one coordinate, above 0; M_μ is its root times √d.</param>
    /// <param name="isSymmetric">Whether −Z has the law of Z.</param>
    /// <param name="curvature">ν''(z), or null where it does not exist everywhere.</param>
    /// <param name="momentOrder">The order below which E|Z|^p is finite; ∞ where all are, NaN where it is not
    /// known.</param>
    /// <param name="exponentialRate">The rate below which E exp(tZ) is finite; ∞ where all are, NaN where it is not
    /// known.</param>
    /// <returns>A noise of every dimension.</returns>
    /// <exception cref="ArgumentException">A null name or function, an infinite mean, or a Fisher information not
    /// above 0.</exception>
    public static INoise OfQuantile(
        string name,
        Func<double, double> quantile,
        Func<double, double> score,
        double mean,
        double fisherInformation,
        bool isSymmetric,
        Func<double, double>? curvature = null,
        double momentOrder = double.NaN,
        double exponentialRate = double.NaN) =>
        Functional.Noise.withMoments(momentOrder, exponentialRate, Functional.Noise.ofQuantile(
            name,
            Crossing.Function(quantile),
            Crossing.Function(score),
            Crossing.Option(curvature is null ? null : Crossing.Function(curvature)),
            mean,
            fisherInformation,
            isSymmetric));

    /// <summary>n samples of a noise: the rows that an operator with this key adds to its first batch row.</summary>
    /// <param name="noise">The noise.</param>
    /// <param name="dimension">d, at least 1, or the noise's own.</param>
    /// <param name="samples">n, at least 0.</param>
    /// <param name="key">The key.</param>
    /// <returns>n × d.</returns>
    /// <exception cref="ArgumentException">A dimension that is not the noise's, or a negative n.</exception>
    public static double[,] Sample(this INoise noise, int dimension, int samples, Key key) =>
        Functional.Noise.sample(dimension, samples, key, Crossing.NotNull(noise));
}
