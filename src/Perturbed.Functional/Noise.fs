namespace Perturbed.Functional

open System
open Perturbed.Kernels

/// <summary>Noise distributions μ with density ∝ exp(−ν(z)): the built-in ones, and a user's own.</summary>
/// <remarks>
/// Coordinates are independent but for <c>gaussianWith</c>. All have a positive density; the differentiable ones
/// satisfy the assumptions of Berthet et al. 2020, Proposition 2.2; the Laplace noise has a kink and so no second
/// derivative; the Cauchy noise and Student's t of at most one degree of freedom have no mean, so that F_ε is
/// infinite, though y*_ε and its derivatives exist.
/// </remarks>
[<RequireQualifiedAccess>]
module Noise =

    /// <summary>The standard Gaussian: ν(z) = z²/2, mean 0, M_μ = √d.</summary>
    /// <example><code>
    /// Noise.gaussian |> Noise.sample 3 1 (Key.create 1UL) // [[-0.414; -0.114; -0.881]]
    /// </code></example>
    let gaussian: INoise = GaussianNoise.Standard

    /// <summary>The Gaussian of a covariance Σ: ν(z) = zᵀΣ⁻¹z/2, mean 0, M_μ = √tr Σ⁻¹.</summary>
    /// <param name="covariance">d × d, symmetric, positive definite, in the unit of θ² when ε = 1.</param>
    /// <returns>A noise of the dimension d.</returns>
    /// <exception cref="T:System.ArgumentException">Not square, not finite, not symmetric, or not positive
    /// definite.</exception>
    let gaussianWith (covariance: float[,]) : INoise = CorrelatedGaussianNoise covariance

    /// <summary>The standard Gumbel: ν(z) = z + e^(−z), mean γ ≈ 0.5772, M_μ = √d. On the simplex it makes
    /// softmax.</summary>
    /// <example><code>
    /// let softmax = perturb (Oracle.argmax 2) Noise.gumbel 1.0 10_000
    /// softmax |> Smoothed.maximizer [| 1.0; 0.0 |] // [|0.727; 0.273|]
    /// 1.0 / (1.0 + exp -1.0) // 0.731
    /// </code></example>
    let gumbel: INoise = GumbelNoise.Standard

    /// The Gumbel less its mean γ: mean 0, M_μ = √d.
    let centredGumbel: INoise = GumbelNoise.Centred

    /// The standard logistic: ν(z) = z + 2 log(1 + e^(−z)), mean 0, M_μ = √(d/3).
    let logistic: INoise = LogisticNoise.Standard

    /// The standard Laplace: ν(z) = |z|, mean 0, M_μ = √d; no second derivative at 0.
    let laplace: INoise = LaplaceNoise.Standard

    /// The Cauchy: ν(z) = log(1 + z²), no mean, M_μ = √(d/2).
    let cauchy: INoise = CauchyNoise.Standard

    /// <summary>Student's t: ν(z) = ((n + 1)/2) log(1 + z²/n) for n degrees of freedom, mean 0 if n &gt; 1, M_μ = √(d
    /// (n + 1)/(n + 3)).</summary>
    /// <param name="degreesOfFreedom">n, positive and finite.</param>
    /// <returns>A noise of every dimension.</returns>
    /// <exception cref="T:System.ArgumentOutOfRangeException">n ≤ 0 or not finite.</exception>
    let studentT (degreesOfFreedom: float) : INoise = StudentTNoise degreesOfFreedom

    /// <summary>The sum of gammas (τ/κ)(Σ_{i=1..s} Gamma(1/κ, κ/i) − log s), of which κ together make about a
    /// Gumbel.</summary>
    /// <param name="kappa">κ, positive: how many entries of a solution are one, such as the k of top k.</param>
    /// <param name="terms">s, at least 1; 10 is usual.</param>
    /// <param name="tau">τ, positive: the scale.</param>
    /// <returns>A noise of every dimension, bounded below. Its M_μ is finite if s &gt; 2κ.</returns>
    /// <exception cref="T:System.ArgumentOutOfRangeException">κ ≤ 0, s &lt; 1 or τ ≤ 0.</exception>
    /// <remarks>Niepert, Minervini and Franceschi 2021 (I-MLE).</remarks>
    let sumOfGamma (kappa: float) (terms: int) (tau: float) : INoise = SumOfGammaNoise(kappa, terms, tau)

    /// <summary>A user's own independent noise, out of its quantile function and the derivatives of ν = −log
    /// density.</summary>
    /// <param name="name">The name in messages and reports.</param>
    /// <param name="quantile">The inverse distribution function, from (0, 1) to R, increasing.</param>
    /// <param name="score">ν'(z).</param>
    /// <param name="curvature">ν''(z), or None where it does not exist everywhere.</param>
    /// <param name="mean">E[Z], or NaN where there is none.</param>
    /// <param name="fisherInformation">E[ν'(Z)²] of one coordinate; M_μ is its root times √d.</param>
    /// <param name="isSymmetric">Whether −Z has the law of Z.</param>
    /// <returns>A noise of every dimension.</returns>
    /// <exception cref="T:System.ArgumentException">An empty name, a null function, or a negative Fisher
    /// information.</exception>
    let ofQuantile
        (name: string)
        (quantile: float -> float)
        (score: float -> float)
        (curvature: (float -> float) option)
        (mean: float)
        (fisherInformation: float)
        (isSymmetric: bool)
        : INoise =
        let curvature: Func<float, float> | null =
            match curvature with
            | Some f -> Func<float, float> f
            | None -> null

        QuantileNoise(
            name,
            Func<float, float> quantile,
            Func<float, float> score,
            curvature,
            mean,
            fisherInformation,
            isSymmetric
        )

    /// <summary>A noise of <c>ofQuantile</c> that knows which of its moments exist, so that values that are infinite
    /// become errors.</summary>
    /// <param name="momentOrder">The order below which E|Z|^p is finite, above 0; ∞ where all are, NaN where it is not
    /// known.</param>
    /// <param name="exponentialRate">The rate below which E exp(tZ) is finite, at least 0; ∞ where all are, NaN where
    /// it is not known.</param>
    /// <param name="noise">A noise of <c>ofQuantile</c>; all others know their own.</param>
    /// <returns>A copy.</returns>
    /// <exception cref="T:System.ArgumentException">Another noise, or a number out of range.</exception>
    let withMoments (momentOrder: float) (exponentialRate: float) (noise: INoise) : INoise =
        Check.notNull (nameof noise) noise

        match noise with
        | :? QuantileNoise as own -> own.WithMoments(momentOrder, exponentialRate)
        | other -> invalidArg (nameof noise) $"The noise is '{other.Name}'; a noise of Noise.ofQuantile was expected."

    /// <summary>n samples of a noise: the rows that an operator with this key adds to its first batch row.</summary>
    /// <param name="dimension">d, at least 1, or the noise's own.</param>
    /// <param name="samples">n, at least 0.</param>
    /// <param name="key">The key.</param>
    /// <param name="noise">The noise.</param>
    /// <returns>n × d.</returns>
    /// <exception cref="T:System.ArgumentException">A dimension that is not the noise's, or a negative n.</exception>
    /// <example><code>
    /// let z = Noise.laplace |> Noise.sample 2 1000 (Key.create 1UL)
    /// Seq.cast&lt;float> z |> Seq.averageBy abs // 0.961
    /// </code></example>
    let sample (dimension: int) (samples: int) (key: Key) (noise: INoise) : float[,] =
        Check.positiveInt (nameof dimension) dimension

        if samples < 0 then
            raise (
                ArgumentOutOfRangeException(nameof samples, samples, $"samples is {samples}; it must be at least 0.")
            )

        if noise.Dimension <> 0 && noise.Dimension <> dimension then
            invalidArg
                (nameof dimension)
                $"dimension is {dimension}; the noise '{noise.Name}' has dimension {noise.Dimension}."

        let flat: float[] =
            Sizes.Zeros(nameof samples, "The samples", int64 samples, int64 dimension)

        noise.Sample(key, 0u, 0L, dimension, Span flat)
        let values = Array2D.zeroCreate samples dimension
        Buffer.BlockCopy(flat, 0, values, 0, 8 * flat.Length)
        values
