namespace Perturbed.Functional

open System
open TorchSharp
open Perturbed.Kernels

/// Operators of the core on tensors: θ goes to the CPU once a call, the core answers in double precision, and the answers return to θ's device and type.
module internal OracleOperator =

    // Solutions and noise of all samples, beyond which the Jacobian is kept in their place.
    let private mostBytes = 1L <<< 28

    // Rows, and θ row-major on the CPU, checked as the core checks it.
    let private read (op: Smoothed) (theta: Tensor) : struct (int * float[]) =
        Shapes.requireTheta theta
        let d = op.Oracle.Dimension
        Shapes.requireLast "theta" theta (int64 d) $"the dimension of oracle '{op.Oracle.Name}'"
        let rows = int (Shapes.rows theta.shape)
        op.Rows.Check(op.Oracle, "theta", rows)
        let flat = Shapes.values theta

        for row in 0 .. rows - 1 do
            SmoothedChecks.theta "theta" (int64 row) (ReadOnlySpan(flat, row * d, d))

        struct (rows, flat)

    let private constant (theta: Tensor) (shape: int64[]) (values: float[]) : Tensor =
        Shapes.ofValues values shape (Shapes.working theta) theta.device

    // Samples of a design depend on each other in groups, which the core's Jacobian leaves out of their own baselines.
    let private hasRatios (op: Smoothed) (rows: int) : bool =
        let numbers =
            int64 rows
            * int64 op.Samples
            * int64 (op.Oracle.Dimension + op.Oracle.SolutionDimension)

        not op.IsExact
        && op.Sampling = SamplingDesign.Independent
        && TensorNoise.isKnown op.Noise
        && 8L * numbers <= mostBytes

    // (θ − detached θ)/ε, and that of log |θ| under multiplicative noise: how far the samples' own noise moves when they stay and θ moves.
    let private shift (op: Smoothed) (theta: Tensor) (rows: int) : Tensor =
        let d = int64 op.Oracle.Dimension
        let inverse = op.Scales |> Array.map (fun e -> 1.0 / e)
        let scale = constant theta [| 1L; inverse.LongLength |] inverse

        match op.Perturbation with
        | Perturbation.Additive -> Surrogate.delta theta (int64 rows) d * scale
        | Perturbation.Multiplicative ->
            let size = theta.to_type(Shapes.working theta).reshape(int64 rows, d).abs().log()
            (size - size.detach ()) * scale

    // The sums of solutions as the core takes them, and beside them every sample's solution, noise and score.
    let private recording (op: Smoothed) (solutions: float[]) (noise: float[]) (scores: float[]) : Pass =
        let d, k = op.Oracle.Dimension, op.Oracle.SolutionDimension
        let sums = Passes.solutions k

        { new Pass(sums.StateLength) with
            member _.NeedsNoise = true
            member _.NeedsScore = true

            member _.Add(block, state) =
                let sample = block.Row * op.Samples + block.First
                block.Solutions.CopyTo(Span(solutions, sample * k, block.Count * k))
                block.Noise.CopyTo(Span(noise, sample * d, block.Count * d))
                block.Scores.CopyTo(Span(scores, sample * d, block.Count * d))
                sums.Add(block, state)

            member _.Merge(state, other) = sums.Merge(state, other)
        }

    let private byRatios (op: Smoothed) (theta: Tensor) (rows: int) (flat: float[]) : Tensor =
        let d, k, samples = op.Oracle.Dimension, op.Oracle.SolutionDimension, op.Samples
        let solutions: float[] = Array.zeroCreate (rows * samples * k)
        let noise: float[] = Array.zeroCreate (rows * samples * d)
        let scores: float[] = Array.zeroCreate noise.Length
        let sums = recording op solutions noise scores |> Engine.run op flat rows ValueNone
        let means = sums |> Array.map (fun sum -> sum / float samples)
        let centre = Derivatives.centre op flat rows means [||]

        for i in 0 .. solutions.Length - 1 do
            solutions[i] <- solutions[i] - centre.Solutions[i / (samples * k) * k + i % k]

        // A noise may score its samples before it rounds them: what the scores differ by from those of the rounded samples.
        let ofRounded: float[] = Array.zeroCreate noise.Length
        op.Noise.Score(ReadOnlySpan noise, d, Span ofRounded)
        let differences = Array.map2 (-) scores ofRounded
        let ofSamples = [| int64 rows; int64 samples; int64 d |]

        let correction =
            if differences |> Array.forall (fun difference -> difference = 0.0) then
                ValueNone
            else
                ValueSome(constant theta ofSamples differences)

        Surrogate.ratios
            op.Noise
            (constant theta [| int64 rows; int64 k |] means)
            (constant theta [| int64 rows; int64 samples; int64 k |] solutions)
            (constant theta ofSamples noise)
            correction
            (shift op theta rows)
            centre.Denominator

    let private byJacobian (op: Smoothed) (theta: Tensor) (rows: int) (flat: float[]) : Tensor =
        let d, k = op.Oracle.Dimension, op.Oracle.SolutionDimension

        if int64 rows * int64 k * int64 d > int64 Array.MaxLength then
            invalidArg
                "theta"
                $"theta has {rows} rows; their Jacobians of {k} × {d} numbers do not fit one array. Give fewer rows a call, or fewer samples."

        let means = Expectation.maximizer op flat rows

        let jacobian =
            (Expectation.jacobian op flat rows DerivativeFormula.OfMaximizer false).Estimates

        Surrogate.linear
            (constant theta [| int64 rows; int64 k |] means)
            (constant theta [| int64 rows; int64 k; int64 d |] jacobian)
            (Surrogate.delta theta (int64 rows) (int64 d))

    /// y*_ε of every row.
    let maximizer (op: Smoothed) (theta: Tensor) : Tensor =
        let struct (rows, flat) = read op theta
        use _ = torch.NewDisposeScope()
        let k = int64 op.Oracle.SolutionDimension

        let value =
            if not (Shapes.isRecorded theta) then
                Expectation.maximizer op flat rows |> constant theta [| int64 rows; k |]
            else
                Derivatives.requireScores op flat rows

                if hasRatios op rows then
                    byRatios op theta rows flat
                else
                    byJacobian op theta rows flat

        value.to_type(theta.dtype).reshape(Shapes.withLast theta.shape k).MoveToOuterDisposeScope()

    // A number for each row, with its gradient.
    let private answer (theta: Tensor) (rows: int) (values: float[]) (gradient: float[]) : Tensor =
        let value = constant theta [| int64 rows |] values

        let recorded =
            if not (Shapes.isRecorded theta) then
                value
            else
                let d = theta.shape[theta.shape.Length - 1]

                Surrogate.scalar
                    value
                    (constant theta [| int64 rows; d |] gradient)
                    (Surrogate.delta theta (int64 rows) d)

        recorded.to_type(theta.dtype).reshape(Shapes.leading theta.shape).MoveToOuterDisposeScope()

    /// F_ε of every row.
    let maximum (op: Smoothed) (theta: Tensor) : Tensor =
        let struct (rows, flat) = read op theta

        if op.Oracle.Dimension <> op.Oracle.SolutionDimension then
            invalidArg
                "theta"
                $"The oracle '{op.Oracle.Name}' maps dimension {op.Oracle.Dimension} to {op.Oracle.SolutionDimension}; the gradient of F_ε pairs θ with solutions of the same dimension."

        use _ = torch.NewDisposeScope()
        let struct (values, gradient, _) = Expectation.valueAndGradient op flat rows
        answer theta rows values.Value gradient

    /// L_ε(θ; y) of every row, whose target is refused outside of conv(Y) where the row is checked.
    let fenchelYoung (op: Smoothed) (isChecked: int -> bool) (theta: Tensor) (target: Tensor) : Tensor =
        let struct (rows, flat) = read op theta
        Shapes.requireTarget "target" target theta.shape "theta"
        let y = Shapes.values target
        Shapes.requireFinite "target" (int64 op.Oracle.Dimension) y
        use _ = torch.NewDisposeScope()
        let d = op.Oracle.Dimension
        let targets = Rows.shape rows d y
        TargetCheck.require op target.dtype isChecked targets

        let losses, gradient =
            FenchelYoung.valueAndGradientUnchecked (Rows.shape rows d flat) targets op

        answer theta rows (losses |> Array.map _.Value) (Rows.flatten gradient)
