namespace Perturbed.Functional

open MathNet.Numerics.Distributions
open MathNet.Numerics.LinearAlgebra

/// <summary>θ̂_n from n solutions drawn from p_θ, with its asymptotic covariance. Berthet et al. 2020, Proposition
/// 4.1.</summary>
type Fit =
    {
        /// θ̂_n, the minimiser of the Fenchel-Young loss at the mean solution; on the space parallel to conv(Y), the
        /// only part of θ that solutions determine.
        Theta: float[]
        /// (∇²F_ε)⁻¹ Σ_Y (∇²F_ε)⁻¹ (1/n + 1/M), d × d: Proposition 4.1, and the error of M simulated samples on top.
        Covariance: float[,]
        /// √diag of Covariance.
        StandardErrors: float[]
        /// max |y*_ε(θ̂_n) − Ȳ_n| on the samples used.
        Residual: float
        /// The number n of solutions.
        Observations: int
    }

/// <summary>Estimation of θ from solutions alone, without features: moment matching y*_ε(θ̂_n) = Ȳ_n.</summary>
/// <remarks>Berthet et al. 2020, Proposition 4.1: √n(θ̂_n − θ_0) → N(0, (∇²F_ε)⁻¹ Σ_Y (∇²F_ε)⁻¹).</remarks>
[<RequireQualifiedAccess>]
module Estimation =

    /// <summary>θ̂_n and its covariance, from n solutions and no features: moment matching y*_ε(θ̂_n) = Ȳ_n.</summary>
    /// <param name="tolerance">The largest |y*_ε(θ) − Ȳ_n| accepted, positive; small against the standard error of
    /// Ȳ_n.</param>
    /// <param name="observations">n × d: one solution a row, n ≥ 2.</param>
    /// <param name="smoothed">The model: oracle, noise and ε that drew the solutions; its M should exceed n.
    /// Additive.</param>
    /// <returns>The estimate. Cost: some tens of passes of M solves and O(d³).</returns>
    /// <exception cref="T:System.ArgumentException">A wrong shape, NaN or ∞; a row outside of conv(Y) (it is named); a
    /// mean solution on the boundary of conv(Y) (some coordinate never varied); a tolerance that was not
    /// reached.</exception>
    /// <example><code>
    /// let model = perturb (Oracle.argmax 3) Noise.gumbel 1.0 10_000
    /// let drawing = model |> Smoothed.withSamples 1000 |> Smoothed.withKey (Key.create 1UL)
    /// let solutions = drawing |> Smoothed.samples [| 1.0; 0.0; -1.0 |]
    /// let fit = model |> Estimation.fit 1e-3 solutions
    /// fit.Theta, fit.StandardErrors // ([|1.09; -0.074; -1.016|], [|0.051; 0.062; 0.078|])
    /// </code></example>
    let fit (tolerance: float) (observations: float[,]) (smoothed: Smoothed) : Fit =
        Check.positive (nameof tolerance) tolerance
        Check.finiteMatrix (nameof observations) observations
        let n = Array2D.length1 observations
        let d = smoothed.Oracle.SolutionDimension

        if n < 2 then
            invalidArg (nameof observations) $"observations has {n} rows; at least 2 are needed."

        Check.length (nameof observations) (Array2D.length2 observations) d "the dimension of the oracle"
        MomentMatching.check smoothed

        Array.init n (fun r -> observations[r, *])
        |> Memberships.checkTargets (nameof observations) (fun _ -> smoothed.Settings.OracleOf 0)

        let matrix = Matrix<float>.Build.DenseOfArray observations
        let mean = matrix.ColumnSums() / float n

        let centred = Matrix<float>.Build.Dense(n, d, (fun r i -> matrix[r, i] - mean[i]))

        let spread = centred.TransposeThisAndMultiply centred / float (n - 1)

        match MomentMatching.solve smoothed (mean.ToArray()) tolerance 200 with
        | Error failure -> raise (Mismatch.toError (nameof observations) failure)
        | Ok found ->
            let weight = 1.0 / float n + MomentMatching.shareOfSample smoothed
            let covariance = found.InverseHessian * spread * found.InverseHessian * weight

            {
                Theta = found.Theta
                Covariance = covariance.ToArray()
                StandardErrors = Array.init d (fun i -> sqrt (max 0.0 covariance[i, i]))
                Residual = found.Residual
                Observations = n
            }

    /// <summary>Confidence intervals θ̂_i ± z·se_i for each coordinate.</summary>
    /// <param name="level">The coverage of each interval, in (0, 1), such as 0.95.</param>
    /// <param name="fit">The estimate.</param>
    /// <returns>Lower and upper ends, d of them, asymptotically normal.</returns>
    /// <exception cref="T:System.ArgumentException">A level outside (0, 1).</exception>
    let confidenceIntervals (level: float) (fit: Fit) : (float * float)[] =
        if not (level > 0.0 && level < 1.0) then
            invalidArg (nameof level) $"level is {level}; it must be inside (0, 1)."

        let z = Normal.InvCDF(0.0, 1.0, 0.5 + 0.5 * level)

        Array.map2 (fun theta error -> theta - z * error, theta + z * error) fit.Theta fit.StandardErrors
