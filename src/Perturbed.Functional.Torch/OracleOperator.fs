namespace Perturbed.Functional

open System
open TorchSharp
open Perturbed.Kernels

/// Operators of the core on tensors: θ goes to the CPU once a call, the core answers in double precision, and the
/// answers return to θ's device and type.
module internal OracleOperator =

    // Solutions and noise of all samples, beyond which the Jacobian is kept in their place.
    let private mostBytes = 1L <<< 28

    // θ row by row on the CPU.
    let private read (op: Smoothed) (theta: Tensor) : PooledNumbers =
        Shapes.requireTheta theta
        let d = op.Oracle.Dimension
        Shapes.requireLast "theta" theta (int64 d) $"the dimension of oracle '{op.Oracle.Name}'"
        let thetas = new PooledNumbers(int (theta.numel ()))
        TensorMemory.read theta thetas.Span
        Shapes.requireFinite "theta" (int64 d) thetas.ReadOnly
        thetas

    let private matrix (rows: int) (columns: int) (numbers: ReadOnlySpan<float>) : float[,] =
        let values = Array2D.zeroCreate rows columns
        numbers.CopyTo(TensorMemory.entries values)
        values

    let private tensorOf (like: Tensor) (shape: int64[]) (numbers: ReadOnlySpan<float>) : Tensor =
        TensorMemory.write numbers shape (Shapes.working like) like.device

    let private constant (like: Tensor) (shape: int64[]) (values: Array) : Tensor =
        tensorOf like shape (Span.op_Implicit (TensorMemory.entries values))

    // Likelihood ratios are those of independent samples.
    let private hasRatios (op: Smoothed) (rows: int) : bool =
        let numbers =
            int64 rows
            * int64 op.Samples
            * int64 (op.Oracle.Dimension + op.Oracle.SolutionDimension)

        not op.IsExact
        && op.Sampling = SamplingDesign.Independent
        && TensorNoise.isKnown op.Noise
        && 8L * numbers <= mostBytes

    // δ/ε, and that of log |θ| under multiplicative noise: how far the samples' own noise moves when they stay and θ
    // moves.
    let private shift (op: Smoothed) (thetas: float[,]) (delta: Tensor) : Tensor =
        let inverse = op.Epsilon |> Array.map (fun e -> 1.0 / e)
        let scale = constant delta [| 1L; inverse.LongLength |] inverse

        match op.Perturbation with
        | Perturbation.Additive -> delta * scale
        | Perturbation.Multiplicative ->
            let size = (constant delta delta.shape thetas + delta).abs().log()
            (size - size.detach ()) * scale

    // y*_ε as an expression in δ whose derivatives of every order are estimates.
    let private byRatios (op: Smoothed) (thetas: float[,]) (delta: Tensor) : Tensor =
        let d, k = int64 op.Oracle.Dimension, int64 op.Oracle.SolutionDimension
        let rows, samples = delta.shape[0], int64 op.Samples
        let draws = Batch.draws thetas op
        let noise = (TensorMemory.entries draws.Noise).ToArray()

        // A noise may score its samples before it rounds them: what the scores differ by from those of the rounded
        // samples.
        let differences = (TensorMemory.entries draws.Scores).ToArray()
        let ofRounded: float[] = Array.zeroCreate noise.Length
        op.Noise.Score(ReadOnlySpan noise, int d, Span ofRounded)

        for i in 0 .. differences.Length - 1 do
            differences[i] <- differences[i] - ofRounded[i]

        let ofSamples = [| rows; samples; d |]

        let correction =
            if differences |> Array.forall (fun difference -> difference = 0.0) then
                ValueNone
            else
                ValueSome(constant delta ofSamples differences)

        Surrogate.ratios
            op.Noise
            (constant delta [| rows; k |] draws.Maximizer)
            (constant delta [| rows; samples; k |] draws.Centred)
            (constant delta ofSamples noise)
            correction
            (shift op thetas delta)
            draws.Denominator

    // The same with the first derivative alone.
    let private byJacobian (op: Smoothed) (thetas: float[,]) (delta: Tensor) : Tensor =
        let d, k = int64 op.Oracle.Dimension, int64 op.Oracle.SolutionDimension
        let rows = delta.shape[0]

        Surrogate.linear
            (constant delta [| rows; k |] (Batch.maximizer thetas op))
            (constant delta [| rows; k; d |] (Batch.jacobian thetas op))
            delta

    // The backward pass has no errors: those that it would have are told by one sample.
    let private requireScores (op: Smoothed) (rows: int) (thetas: ReadOnlySpan<float>) : unit =
        if
            op.Perturbation = Perturbation.Multiplicative
            || not (TensorNoise.isKnown op.Noise)
        then
            op
            |> Smoothed.sampled
            |> Smoothed.withSamples 1
            |> Batch.draws (matrix rows op.Oracle.Dimension thetas)
            |> ignore

    // The node of y*_ε, which keeps θ for a backward pass that draws and solves again.
    let private node (op: Smoothed) (rows: int) (value: Tensor) (theta: Tensor) (pullback: FlatPullback) : CoreCall =
        let d, k = op.Oracle.Dimension, op.Oracle.SolutionDimension

        {
            Value = value
            Saved = [ theta ]
            Back =
                fun saved cotangent ->
                    use cotangents = new PooledNumbers(rows * k)
                    use gradients = new PooledNumbers(rows * d)
                    TensorMemory.read cotangent cotangents.Span

                    pullback.Back(
                        Span.op_Implicit (TensorMemory.doubles saved.Head),
                        cotangents.ReadOnly,
                        gradients.Span
                    )

                    tensorOf cotangent [| int64 rows; int64 d |] gradients.ReadOnly
            RecordedBack =
                fun saved delta cotangent ->
                    let thetas = matrix rows d (Span.op_Implicit (TensorMemory.doubles saved.Head))

                    let expression =
                        if hasRatios op rows then
                            byRatios op thetas delta
                        else
                            byJacobian op thetas delta

                    torch.autograd.grad(
                        [| expression |],
                        [| delta |],
                        [| cotangent |],
                        retain_graph = true,
                        create_graph = true
                    )[0]
        }

    /// y*_ε of every row.
    let maximizer (op: Smoothed) (theta: Tensor) : Tensor =
        use thetas = read op theta
        let d, k = op.Oracle.Dimension, op.Oracle.SolutionDimension
        let rows = thetas.Span.Length / d
        use solutions = new PooledNumbers(rows * k)
        use _ = torch.NewDisposeScope()
        let shape = [| int64 rows; int64 k |]

        let value =
            if not (Shapes.isRecorded theta) then
                FlatBatch.Maximizer(op, thetas.ReadOnly, solutions.Span)
                tensorOf theta shape solutions.ReadOnly
            else
                if not op.IsExact then
                    requireScores op rows thetas.ReadOnly

                let pullback = FlatBatch.Pullback(op, thetas.ReadOnly, solutions.Span)

                let kept =
                    TensorMemory.write thetas.ReadOnly [| int64 rows; int64 d |] torch.ScalarType.Float64 torch.CPU

                node op rows (tensorOf theta shape solutions.ReadOnly) kept pullback
                |> CoreNode.record (Surrogate.delta theta (int64 rows) (int64 d))

        value.to_type(theta.dtype).reshape(Shapes.withLast theta.shape (int64 k)).MoveToOuterDisposeScope()

    // A number for each row, with its gradient.
    let private answer (theta: Tensor) (values: PooledNumbers) (gradients: PooledNumbers) : Tensor =
        let rows = int64 values.Span.Length
        let value = tensorOf theta [| rows |] values.ReadOnly

        let recorded =
            if not (Shapes.isRecorded theta) then
                value
            else
                let d = theta.shape[theta.shape.Length - 1]

                Surrogate.scalar value (tensorOf theta [| rows; d |] gradients.ReadOnly) (Surrogate.delta theta rows d)

        recorded.to_type(theta.dtype).reshape(Shapes.leading theta.shape).MoveToOuterDisposeScope()

    /// F_ε of every row.
    let maximum (op: Smoothed) (theta: Tensor) : Tensor =
        use thetas = read op theta
        let count = thetas.Span.Length
        use values = new PooledNumbers(count / op.Oracle.Dimension)
        use gradients = new PooledNumbers(count)
        use _ = torch.NewDisposeScope()
        FlatBatch.MaximumAndGradient(op, thetas.ReadOnly, values.Span, gradients.Span)
        answer theta values gradients

    /// L_ε(θ; y) of every row, whose target is refused outside of conv(Y) where the row is checked.
    let fenchelYoung (op: Smoothed) (isChecked: int -> bool) (theta: Tensor) (target: Tensor) : Tensor =
        use thetas = read op theta
        let d, count = op.Oracle.Dimension, thetas.Span.Length
        Shapes.requireTarget "target" target theta.shape "theta"
        use targets = new PooledNumbers(count)
        TensorMemory.read target targets.Span
        Shapes.requireFinite "target" (int64 d) targets.ReadOnly
        use losses = new PooledNumbers(count / d)
        use gradients = new PooledNumbers(count)
        use _ = torch.NewDisposeScope()
        // First, because it checks the rows' instances, which the check of targets goes by.
        FlatBatch.FenchelYoungUnchecked(op, thetas.ReadOnly, targets.ReadOnly, losses.Span, gradients.Span)
        TargetCheck.require op target.dtype isChecked targets.ReadOnly
        answer theta losses gradients
