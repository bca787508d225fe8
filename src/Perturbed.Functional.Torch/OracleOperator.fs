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
    let private read (op: Smoothed) (theta: Tensor) : float[,] =
        Shapes.requireTheta theta
        let d = op.Oracle.Dimension
        Shapes.requireLast "theta" theta (int64 d) $"the dimension of oracle '{op.Oracle.Name}'"
        let values = Shapes.values theta
        Shapes.requireFinite "theta" (int64 d) values
        Shapes.matrix values d

    let private constant (theta: Tensor) (shape: int64[]) (values: float[]) : Tensor =
        Shapes.ofValues values shape (Shapes.working theta) theta.device

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

    // (θ − detached θ)/ε, and that of log |θ| under multiplicative noise: how far the samples' own noise moves when
    // they stay and θ moves.
    let private shift (op: Smoothed) (theta: Tensor) (rows: int) : Tensor =
        let d = int64 op.Oracle.Dimension
        let inverse = op.Epsilon |> Array.map (fun e -> 1.0 / e)
        let scale = constant theta [| 1L; inverse.LongLength |] inverse

        match op.Perturbation with
        | Perturbation.Additive -> Surrogate.delta theta (int64 rows) d * scale
        | Perturbation.Multiplicative ->
            let size = theta.to_type(Shapes.working theta).reshape(int64 rows, d).abs().log()
            (size - size.detach ()) * scale

    let private byRatios (op: Smoothed) (theta: Tensor) (thetas: float[,]) : Tensor =
        let d, k = int64 op.Oracle.Dimension, int64 op.Oracle.SolutionDimension
        let rows, samples = Array2D.length1 thetas, int64 op.Samples
        let draws = Batch.draws thetas op
        let noise = Shapes.flatten draws.Noise

        // A noise may score its samples before it rounds them: what the scores differ by from those of the rounded
        // samples.
        let differences = Shapes.flatten draws.Scores
        let ofRounded: float[] = Array.zeroCreate noise.Length
        op.Noise.Score(ReadOnlySpan noise, int d, Span ofRounded)

        for i in 0 .. differences.Length - 1 do
            differences[i] <- differences[i] - ofRounded[i]

        let ofSamples = [| int64 rows; samples; d |]

        let correction =
            if differences |> Array.forall (fun difference -> difference = 0.0) then
                ValueNone
            else
                ValueSome(constant theta ofSamples differences)

        Surrogate.ratios
            op.Noise
            (constant theta [| int64 rows; k |] (Shapes.flatten draws.Maximizer))
            (constant theta [| int64 rows; samples; k |] (Shapes.flatten draws.Centred))
            (constant theta ofSamples noise)
            correction
            (shift op theta rows)
            draws.Denominator

    let private byJacobian (op: Smoothed) (theta: Tensor) (thetas: float[,]) : Tensor =
        let d, k = int64 op.Oracle.Dimension, int64 op.Oracle.SolutionDimension
        let rows = int64 (Array2D.length1 thetas)
        let jacobian = Batch.jacobian thetas op

        Surrogate.linear
            (constant theta [| rows; k |] (Shapes.flatten (Batch.maximizer thetas op)))
            (constant theta [| rows; k; d |] (Shapes.flatten jacobian))
            (Surrogate.delta theta rows d)

    /// y*_ε of every row.
    let maximizer (op: Smoothed) (theta: Tensor) : Tensor =
        let thetas = read op theta
        let rows = Array2D.length1 thetas
        use _ = torch.NewDisposeScope()
        let k = int64 op.Oracle.SolutionDimension

        let value =
            if not (Shapes.isRecorded theta) then
                constant theta [| int64 rows; k |] (Shapes.flatten (Batch.maximizer thetas op))
            elif hasRatios op rows then
                byRatios op theta thetas
            else
                byJacobian op theta thetas

        value.to_type(theta.dtype).reshape(Shapes.withLast theta.shape k).MoveToOuterDisposeScope()

    // A number for each row, with its gradient.
    let private answer (theta: Tensor) (values: float[]) (gradient: float[]) : Tensor =
        let rows = values.LongLength
        let value = constant theta [| rows |] values

        let recorded =
            if not (Shapes.isRecorded theta) then
                value
            else
                let d = theta.shape[theta.shape.Length - 1]

                Surrogate.scalar value (constant theta [| rows; d |] gradient) (Surrogate.delta theta rows d)

        recorded.to_type(theta.dtype).reshape(Shapes.leading theta.shape).MoveToOuterDisposeScope()

    /// F_ε of every row.
    let maximum (op: Smoothed) (theta: Tensor) : Tensor =
        let thetas = read op theta
        use _ = torch.NewDisposeScope()
        let values, gradient = Batch.maximumAndGradient thetas op
        answer theta values (Shapes.flatten gradient)

    /// L_ε(θ; y) of every row, whose target is refused outside of conv(Y) where the row is checked.
    let fenchelYoung (op: Smoothed) (isChecked: int -> bool) (theta: Tensor) (target: Tensor) : Tensor =
        let thetas = read op theta
        let d = op.Oracle.Dimension
        Shapes.requireTarget "target" target theta.shape "theta"
        let y = Shapes.values target
        Shapes.requireFinite "target" (int64 d) y
        use _ = torch.NewDisposeScope()
        let targets = Shapes.matrix y d
        // First, because it checks the rows' instances, which the check of targets goes by.
        let losses, gradient = FenchelYoung.valueAndGradientUnchecked thetas targets op
        TargetCheck.require op target.dtype isChecked targets
        answer theta (losses |> Array.map _.Value) (Shapes.flatten gradient)
