namespace Perturbed.Functional

open System
open MathNet.Numerics.LinearAlgebra
open Perturbed.Kernels

/// Solves y*_ε(θ) = y for θ: minimises the convex F_ε(θ) − ⟨θ, y⟩ on one fixed set of noise.
module internal MomentMatching =

    /// A point where the mean argmax meets the target, on the space parallel to conv(Y).
    type Match =
        {
            Theta: float[]
            /// F_ε(θ) and its standard error.
            Maximum: float
            MaximumStandardError: float
            /// max |y*_ε(θ) − y|.
            Residual: float
            Iterations: int
            /// The pseudo-inverse of ∇²F_ε(θ) on the space parallel to conv(Y).
            InverseHessian: Matrix<float>
            /// The covariance of the mean solution on the samples used; 0 for an exact operator.
            MeanCovariance: Matrix<float>
        }

    let private vector (values: float[]) = Vector<float>.Build.DenseOfArray values

    // One θ, which the method's own steps keep valid.
    let private batchOf (op: Smoothed) (theta: float[]) : ThetaBatch =
        {
            Values = theta
            Rows = 1
            Width = theta.Length
            Numbers = op.Settings.Rows
        }

    let private square (k: int) (flat: float[]) : Matrix<float> =
        Matrix<float>.Build.Dense(k, k, (fun i j -> flat[i * k + j]))

    let private jacobian (op: Smoothed) (theta: float[]) : Matrix<float> =
        op.Expectations.Jacobian(batchOf op theta, DerivativeFormula.OfMaximizer, false).Value
        |> square theta.Length

    let private estimate (op: Smoothed) (theta: float[]) : Estimate =
        (op.Expectations.Estimate(batchOf op theta))[0]

    // Covariance of the solutions under p_θ, or a matrix that spans the same space.
    let private spreadOf (op: Smoothed) (theta: float[]) (mean: float[]) : Matrix<float> =
        let full = op.Expectations.Covariance(batchOf op theta, mean) |> square mean.Length

        (full + full.Transpose()) * 0.5

    /// The variance of a mean over the samples, in that of one solution: 1/M, and 0 for an exact operator.
    let shareOfSample (op: Smoothed) : float =
        match op.Expectations.Draws with
        | ValueSome groups -> 1.0 / float groups.Samples
        | ValueNone -> 0.0

    // An orthonormal basis of the space parallel to conv(Y): the directions in which solutions vary. Columns are basis
    // vectors.
    let private directions (covariance: Matrix<float>) : Matrix<float> =
        let evd = covariance.Evd Symmetricity.Symmetric
        let values = evd.EigenValues |> Seq.map _.Real |> Array.ofSeq
        let largest = Array.max values

        let kept =
            [
                for i in 0 .. values.Length - 1 do
                    if values[i] > 1e-9 * largest && largest > 0.0 then
                        evd.EigenVectors.Column i
            ]

        if kept.IsEmpty then
            Matrix<float>.Build.Dense(covariance.RowCount, 0)
        else
            Matrix<float>.Build.DenseOfColumnVectors kept

    // ∇²F_ε restricted to a basis: U ᵀ J U, symmetrised; lifted to the least eigenvalue that its Monte Carlo error
    // allows.
    let private restrictedHessian (op: Smoothed) (theta: float[]) (basis: Matrix<float>) : Matrix<float> =
        let restricted = basis.TransposeThisAndMultiply(jacobian op theta * basis)
        (restricted + restricted.Transpose()) * 0.5

    let private invertPositive (op: Smoothed) (matrix: Matrix<float>) : Matrix<float> =
        let evd = matrix.Evd Symmetricity.Symmetric
        let largest = evd.EigenValues |> Seq.map _.Real |> Seq.max
        // A direction of tiny or negative estimated curvature is noise: a long step there would leave the trust
        // region.
        let least =
            match op.Expectations.Draws with
            | ValueSome _ -> 1e-3
            | ValueNone -> 1e-12

        let floor = max (least * largest) 1e-300

        let inverse =
            evd.EigenValues |> Seq.map (fun v -> 1.0 / max v.Real floor) |> Array.ofSeq

        evd.EigenVectors
        * Matrix<float>.Build.DenseOfDiagonalArray inverse
        * evd.EigenVectors.Transpose()

    // Damped Newton with backtracking on the convex sample objective.
    let private newtonSolve (op: Smoothed) (target: float[]) (tolerance: float) (most: int) : Result<Match, Mismatch> =
        let k = op.Oracle.SolutionDimension
        let y = vector target
        let zero = Array.zeroCreate<float> k
        let start = estimate op zero
        let basis = directions (spreadOf op zero start.Maximizer)

        let project (v: Vector<float>) =
            basis * (basis.TransposeThisAndMultiply v)

        let offset = y - vector start.Maximizer
        let outside = (offset - project offset).L2Norm()

        match Boundary.outsideReason (op.Settings.OracleOf 0) target with
        | Some reason -> Error(Mismatch.NotInInterior reason)
        | None ->

            if outside > 1e-6 * (1.0 + y.L2Norm()) then
                Error(
                    Mismatch.NotInInterior
                        $"the target is {outside} away from the affine hull of the oracle's solutions"
                )
            elif basis.ColumnCount = 0 then
                Error(Mismatch.NotInInterior "every sample at θ = 0 has the same solution")
            else
                let evaluate (theta: Vector<float>) =
                    let estimate = estimate op (theta.ToArray())
                    let objective = estimate.Maximum - theta * y
                    struct (estimate, objective, vector estimate.Maximizer - y)

                let rec newton
                    (theta: Vector<float>)
                    (current: struct (Estimate * float * Vector<float>))
                    (iteration: int)
                    =
                    let struct (estimate, objective, gradient) = current
                    let residual = gradient.InfinityNorm()

                    if residual <= tolerance || iteration = most then
                        struct (theta, estimate, residual, iteration)
                    else
                        let hessian = restrictedHessian op (theta.ToArray()) basis
                        let reduced = basis.TransposeThisAndMultiply gradient
                        let step = basis * (invertPositive op hessian * reduced)
                        let slope = gradient * step

                        let rec backtrack (length: float) (tries: int) =
                            let candidate = theta - length * step
                            let next = evaluate candidate
                            let struct (_, value, nextGradient) = next

                            // Near the end a step is worth less than the rounding of the objective, but not than that
                            // of its gradient.
                            let isBelowRounding = length * slope <= 1e-12 * (1.0 + abs objective)

                            if
                                value <= objective - 1e-4 * length * slope
                                || isBelowRounding && nextGradient.InfinityNorm() < 0.5 * residual
                            then
                                Some(candidate, next)
                            elif tries = 0 then
                                None
                            else
                                backtrack (0.5 * length) (tries - 1)

                        match backtrack 1.0 30 with
                        | Some(candidate, next) -> newton candidate next (iteration + 1)
                        | None -> struct (theta, estimate, residual, iteration)

                let origin = Vector<float>.Build.Dense k

                let struct (theta, estimate, residual, iterations) =
                    newton origin (evaluate origin) 0

                let spread = spreadOf op (theta.ToArray()) estimate.Maximizer

                if (directions spread).ColumnCount < basis.ColumnCount then
                    Error(
                        Mismatch.NotInInterior
                            $"at the best θ the {op.Samples} samples no longer vary in every direction: the target \
                              is on the boundary of the polytope, or too near to it for so few samples"
                    )
                elif residual > tolerance then
                    Error(Mismatch.NotConverged(residual, iterations))
                else
                    let inverse = invertPositive op (restrictedHessian op (theta.ToArray()) basis)

                    Ok
                        {
                            Theta = theta.ToArray()
                            Maximum = estimate.Maximum
                            MaximumStandardError = estimate.MaximumStandardError
                            Residual = residual
                            Iterations = iterations
                            InverseHessian = basis * inverse * basis.Transpose()
                            MeanCovariance = spread * shareOfSample op
                        }

    /// A match with max |ȳ − y| within `tolerance`, in at most `most` steps, of an operator that passed `check`.
    let solve (op: Smoothed) (target: float[]) (tolerance: float) (most: int) : Result<Match, Mismatch> =
        let dimension = op.Oracle.SolutionDimension

        match op.Expectations.Draws with
        | ValueSome groups when groups.Samples < 2 * dimension ->
            Error(Mismatch.TooFewSamples(groups.Samples, dimension))
        | _ -> newtonSolve op target tolerance most

    /// What a match needs of an operator.
    let check (op: Smoothed) : unit =
        Existence.requireMaximum op.Settings
        op.Settings.Rows.Check(op.Oracle, "smoothed", 1)

        let d = int64 op.Oracle.Dimension
        Sizes.Require<float>("smoothed", "The Hessian of the perturbed maximum", d, d)

        if op.Perturbation = Perturbation.Multiplicative then
            invalidArg
                "smoothed"
                "The dual of F_ε is solved for additive perturbations; this operator is multiplicative."

        if op.Oracle.Dimension <> op.Oracle.SolutionDimension then
            invalidArg
                "smoothed"
                $"The oracle '{op.Oracle.Name}' maps dimension {op.Oracle.Dimension} to \
                  {op.Oracle.SolutionDimension}; the dual pairs θ with solutions of the same dimension."

        match op.Expectations.Draws with
        | ValueSome groups when not groups.IsIndependent ->
            invalidArg
                "smoothed"
                "The errors of a dual and of a fit are those of independent samples; `Smoothed.withSampling \
                  SamplingDesign.Independent` draws such."
        | _ -> ()
