namespace Perturbed.Functional

open System
open TorchSharp
open Perturbed.Kernels

/// Operators of the core on tensors: θ goes to the CPU once a call, the core answers in double precision, and the
/// answers return to θ's device and type.
module internal OracleOperator =

    // Solutions and noise of all samples, beyond which the Jacobian is kept in their place.
    let private mostBytes = 1L <<< 28

    // θ row-major on the CPU, checked as the core checks it.
    let private read (op: Smoothed) (theta: Tensor) : ThetaBatch =
        Shapes.requireTheta theta
        let d = op.Oracle.Dimension
        Shapes.requireLast "theta" theta (int64 d) $"the dimension of oracle '{op.Oracle.Name}'"
        ThetaBatch.ofFlat op.Settings "theta" (Shapes.values theta) (int (Shapes.rows theta.shape))

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

    // (θ − detached θ)/ε, and that of log |θ| under multiplicative noise: how far the samples' own noise moves when
    // they stay and θ moves.
    let private shift (op: Smoothed) (theta: Tensor) (rows: int) : Tensor =
        let d = int64 op.Oracle.Dimension
        let inverse = op.Settings.Epsilons |> Array.map (fun e -> 1.0 / e)
        let scale = constant theta [| 1L; inverse.LongLength |] inverse

        match op.Perturbation with
        | Perturbation.Additive -> Surrogate.delta theta (int64 rows) d * scale
        | Perturbation.Multiplicative ->
            let size = theta.to_type(Shapes.working theta).reshape(int64 rows, d).abs().log()
            (size - size.detach ()) * scale

    // Every sample's noise and score, where they belong.
    let private recording (op: Smoothed) (noise: float[]) (scores: float[]) : Accumulator<bool> =
        let d = op.Oracle.Dimension

        { new Accumulator<bool>(0, Needs.Noise ||| Needs.Scores) with
            member _.Add(block, _) =
                let start = (block.Row * op.Samples + block.First) * d
                block.Noise.CopyTo(Span(noise, start, block.Count * d))
                block.Scores.CopyTo(Span(scores, start, block.Count * d))

            member _.Result _ = true
        }

    let private byRatios (op: Smoothed) (theta: Tensor) (batch: ThetaBatch) : Tensor =
        let d, k, samples, rows =
            op.Oracle.Dimension, op.Oracle.SolutionDimension, op.Samples, batch.Rows

        let noise: float[] = Array.zeroCreate (rows * samples * d)
        let scores: float[] = Array.zeroCreate noise.Length

        // The sums of solutions as the core takes them, and every sample.
        let struct (sums, struct (solutions, _)) =
            Accumulator.pair
                (Accumulators.solutions k)
                (Accumulator.pair (Accumulators.copies samples k rows) (recording op noise scores))
            |> Engine.run op.Settings batch ValueNone

        let means = sums |> Array.map (fun sum -> sum / float samples)
        let baseline = Baseline.create op.Settings batch means [||]

        for i in 0 .. solutions.Length - 1 do
            solutions[i] <- solutions[i] - baseline.Solutions[i / (samples * k) * k + i % k]

        // A noise may score its samples before it rounds them: what the scores differ by from those of the rounded
        // samples.
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
            baseline.Denominator

    let private byJacobian (op: Smoothed) (theta: Tensor) (batch: ThetaBatch) : Tensor =
        let d, k, rows = op.Oracle.Dimension, op.Oracle.SolutionDimension, batch.Rows

        if int64 rows * int64 k * int64 d > int64 Array.MaxLength then
            invalidArg
                "theta"
                $"theta has {rows} rows; their Jacobians of {k} × {d} numbers do not fit one array. Give fewer rows \
                  a call, or fewer samples."

        let means = op.Expectations.Maximizer batch

        let jacobian =
            op.Expectations.Jacobian(batch, DerivativeFormula.OfMaximizer, false).Value

        Surrogate.linear
            (constant theta [| int64 rows; int64 k |] means)
            (constant theta [| int64 rows; int64 k; int64 d |] jacobian)
            (Surrogate.delta theta (int64 rows) (int64 d))

    /// y*_ε of every row.
    let maximizer (op: Smoothed) (theta: Tensor) : Tensor =
        let batch = read op theta
        let rows = batch.Rows
        use _ = torch.NewDisposeScope()
        let k = int64 op.Oracle.SolutionDimension

        let value =
            if not (Shapes.isRecorded theta) then
                op.Expectations.Maximizer batch |> constant theta [| int64 rows; k |]
            else
                Differentiability.requireScores op.Settings batch

                if hasRatios op rows then
                    byRatios op theta batch
                else
                    byJacobian op theta batch

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
        let batch = read op theta

        if op.Oracle.Dimension <> op.Oracle.SolutionDimension then
            invalidArg
                "theta"
                $"The oracle '{op.Oracle.Name}' maps dimension {op.Oracle.Dimension} to \
                  {op.Oracle.SolutionDimension}; the gradient of F_ε pairs θ with solutions of the same dimension."

        use _ = torch.NewDisposeScope()
        let struct (values, gradient, _) = op.Expectations.ValueAndGradient batch
        answer theta batch.Rows values.Value gradient

    /// L_ε(θ; y) of every row, whose target is refused outside of conv(Y) where the row is checked.
    let fenchelYoung (op: Smoothed) (isChecked: int -> bool) (theta: Tensor) (target: Tensor) : Tensor =
        let batch = read op theta
        Shapes.requireTarget "target" target theta.shape "theta"
        let y = Shapes.values target
        Shapes.requireFinite "target" (int64 op.Oracle.Dimension) y
        use _ = torch.NewDisposeScope()
        let d = op.Oracle.Dimension
        let targets = Rows.shape batch.Rows d y
        TargetCheck.require op target.dtype isChecked targets

        let losses, gradient =
            FenchelYoung.valueAndGradientUnchecked (Rows.shape batch.Rows d batch.Values) targets op

        answer theta batch.Rows (losses |> Array.map _.Value) (Rows.flatten gradient)
