namespace Perturbed.Functional

open MathNet.Numerics.LinearAlgebra

/// <summary>Ω(y) and ∇Ω(y), with what is known of their errors. Berthet et al. 2020, Propositions 2.1 and
/// 2.2.</summary>
type DualSolution =
    {
        /// Ω(y) = sup over θ of ⟨θ, y⟩ − F_1(θ).
        Value: float
        /// The standard error of Value, from the M samples of F_1.
        StandardError: float
        /// ∇Ω(y): the θ with y*_1(θ) = y, up to shifts orthogonal to conv(Y) (the smallest such θ).
        Gradient: float[]
        /// The standard error of each entry of Gradient: √diag(H⁻¹ Σ_Y H⁻¹ / M), H = ∇²F_1(θ).
        GradientStandardErrors: float[]
        /// max |y*_1(θ) − y| on the samples used; at most the tolerance.
        Residual: float
        /// Newton steps taken.
        Iterations: int
    }

/// <summary>The regularizer Ω, the Fenchel dual of F_1: y*_ε(θ) = argmax over y ∈ conv(Y) of ⟨y, θ⟩ − εΩ(y).</summary>
/// <remarks>Ω does not depend on ε. Berthet et al. 2020, Proposition 2.1 and 2.2.</remarks>
[<RequireQualifiedAccess>]
module Regularizer =

    let private solve (tolerance: float) (y: float[]) (smoothed: Smoothed) =
        Check.positive (nameof tolerance) tolerance
        ThetaBatch.vector (nameof y) y smoothed.Oracle.SolutionDimension
        MomentMatching.check smoothed
        let op = Smoothed.withEpsilon 1.0 smoothed

        MomentMatching.solve op y tolerance 200
        |> Result.map (fun found ->
            let theta = Vector<float>.Build.DenseOfArray found.Theta
            let target = Vector<float>.Build.DenseOfArray y

            let covariance = found.InverseHessian * found.MeanCovariance * found.InverseHessian

            {
                Value = theta * target - found.Maximum
                StandardError = found.MaximumStandardError
                Gradient = found.Theta
                GradientStandardErrors = Array.init y.Length (fun i -> sqrt (max 0.0 covariance[i, i]))
                Residual = found.Residual
                Iterations = found.Iterations
            })

    /// <summary>Ω and its gradient at a point of the relative interior, or why there is no answer, as for a point on
    /// the boundary.</summary>
    /// <param name="tolerance">The largest |y*_1(θ) − y| accepted, positive; below about 1/M times the size of a
    /// solution no sample mean can go.</param>
    /// <param name="y">A point of the relative interior of conv(Y), of the dimension d.</param>
    /// <param name="smoothed">The operator, additive, its noise with a mean; its ε is not used.</param>
    /// <returns>The solution, or the reason: y on the boundary or outside, a tolerance that was not reached, or fewer
    /// than 2d samples.</returns>
    /// <exception cref="T:System.ArgumentException">A wrong length, NaN or ∞ in y; a tolerance that is not positive;
    /// an operator without a dual.</exception>
    let trySolve (tolerance: float) (y: float[]) (smoothed: Smoothed) : Result<DualSolution, string> =
        solve tolerance y smoothed
        |> Result.mapError (fun failure -> (Mismatch.toError (nameof y) failure).Message)

    /// <summary>Ω and its gradient at a point of the relative interior: sup over θ of ⟨θ, y⟩ − F_1(θ), by damped
    /// Newton steps on one fixed set of noise.</summary>
    /// <param name="tolerance">The largest |y*_1(θ) − y| accepted, positive; below about 1/M times the size of a
    /// solution no sample mean can go.</param>
    /// <param name="y">A point of the relative interior of conv(Y), of the dimension d.</param>
    /// <param name="smoothed">The operator, additive, its noise with a mean; its ε is not used.</param>
    /// <returns>Value and gradient with standard errors. Cost: some tens of passes of M solves and O(d³).</returns>
    /// <exception cref="T:System.ArgumentException">y is outside, on the boundary or too near to it; the tolerance was
    /// not reached; an operator without a dual.</exception>
    /// <example><code>
    /// let soft = perturb (Oracle.ranking 3) Noise.gaussian 1.0 1000 |> Smoothed.exact
    /// let dual = soft |> Regularizer.solveAt 1e-8 [| 2.5; 2.0; 1.5 |]
    /// dual.Gradient // [|0.653; 0.0; -0.653|]
    /// </code></example>
    let solveAt (tolerance: float) (y: float[]) (smoothed: Smoothed) : DualSolution =
        match solve tolerance y smoothed with
        | Ok solution -> solution
        | Error failure -> raise (Mismatch.toError (nameof y) failure)

    /// <summary>εΩ(y) where it is known without computation: at a solution under noise with a mean, on the simplex
    /// under Gumbel noise, and outside of conv(Y).</summary>
    /// <param name="y">A point, of the dimension d.</param>
    /// <param name="smoothed">The operator.</param>
    /// <returns>εΩ(y) in the unit of θ; +∞ where an additive operator's polytope is known and y is outside
    /// (<c>Oracle.membership</c>); NaN where it is not known.</returns>
    /// <exception cref="T:System.ArgumentException">A wrong length, NaN or ∞ in y.</exception>
    /// <example><code>
    /// // Gumbel noise on the simplex: the negative entropy, less γ.
    /// perturb (Oracle.argmax 2) Noise.gumbel 1.0 1 |> Regularizer.known [| 0.5; 0.5 |] // -1.27
    /// </code></example>
    let known (y: float[]) (smoothed: Smoothed) : float =
        ThetaBatch.vector (nameof y) y smoothed.Oracle.SolutionDimension
        smoothed.Settings.Rows.Check(smoothed.Oracle, "smoothed", 1)
        KnownRegularizer.at smoothed.Settings y
