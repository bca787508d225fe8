namespace Perturbed.Functional

open TorchSharp

/// A perturbed solver in tensor operations.
type internal PerturbedSolver =
    {
        Solver: TensorSolver
        Noise: INoise
        Epsilon: float
        Samples: int
        VarianceReduction: VarianceReduction
        Key: Key
    }

/// Solvers in tensor operations, where θ lives: noise, solutions and derivatives never leave the device.
module internal SolverOperator =

    /// θ of all samples (rows × M × d), their noise and their solutions (rows × M × k).
    type private Draw =
        {
            Rows: int64
            Dimension: int64
            Noise: Tensor
            Perturbed: Tensor
            Solutions: Tensor
        }

    let private detached (theta: Tensor) (rows: int64) (d: int64) : Tensor =
        theta.detach().to_type(Shapes.working theta).reshape(rows, d)

    let private draw (op: PerturbedSolver) (theta: Tensor) : Draw =
        let rows, d = Shapes.rows theta.shape, theta.shape[theta.shape.Length - 1]
        let samples = int64 op.Samples

        let noise =
            TensorNoise.sample op.Noise op.Key [| rows; samples; d |] (Shapes.working theta) theta.device

        let perturbed =
            (detached theta rows d).unsqueeze 1L + (noise |> Scale.by op.Epsilon)

        let solutions = op.Solver.Solve(perturbed.reshape (rows * samples, d))

        {
            Rows = rows
            Dimension = d
            Noise = noise
            Perturbed = perturbed
            Solutions = solutions.reshape (rows, samples, solutions.shape[1])
        }

    // What is subtracted from solutions, and what their sum is divided by.
    let private centre (op: PerturbedSolver) (theta: Tensor) (draw: Draw) (mean: Tensor) : struct (Tensor * float) =
        let unperturbed () =
            struct (op.Solver.Solve(detached theta draw.Rows draw.Dimension), float op.Samples)

        match op.VarianceReduction with
        | VarianceReduction.None -> struct (torch.zeros_like mean, float op.Samples)
        | VarianceReduction.Baseline -> unperturbed ()
        | VarianceReduction.LeaveOneOut when op.Samples = 1 -> unperturbed ()
        | VarianceReduction.LeaveOneOut -> struct (mean, float (op.Samples - 1))

    /// y*_ε of every row.
    let maximizer (op: PerturbedSolver) (theta: Tensor) : Tensor =
        Shapes.requireTheta theta
        use _ = torch.NewDisposeScope()
        let draw = draw op theta
        let mean = draw.Solutions.mean [| 1L |]

        let value =
            if not (Shapes.isRecorded theta) then
                mean
            else
                let struct (centre, denominator) = centre op theta draw mean

                let shift =
                    Surrogate.delta theta draw.Rows draw.Dimension |> Scale.by (1.0 / op.Epsilon)

                Surrogate.ratios
                    op.Noise
                    mean
                    (draw.Solutions - centre.unsqueeze 1L)
                    draw.Noise
                    ValueNone
                    shift
                    denominator

        value.to_type(theta.dtype).reshape(Shapes.withLast theta.shape (mean.shape[1])).MoveToOuterDisposeScope()

    // F_ε less ⟨target, θ⟩ of every row, with gradient ȳ − target.
    let private lessTarget (op: PerturbedSolver) (theta: Tensor) (target: Tensor voption) : Tensor =
        if not op.Solver.IsOracle then
            invalidArg
                "solver"
                $"The solver '{op.Solver.Name}' is a function of θ, not an oracle: it has no maximum and no Fenchel-Young loss."

        if not op.Noise.HasMean then
            invalidArg
                "noise"
                $"The perturbed maximum is infinite: the noise '{op.Noise.Name}' has no mean. The perturbed maximizer exists."

        use _ = torch.NewDisposeScope()
        let draw = draw op theta
        let k = draw.Solutions.shape[2]

        if k <> draw.Dimension then
            invalidArg
                "theta"
                $"The solver '{op.Solver.Name}' maps dimension {draw.Dimension} to {k}; F_ε pairs θ with solutions of the same dimension."

        let maximum = (draw.Solutions * draw.Perturbed).sum(-1L).mean [| 1L |]
        let mean = draw.Solutions.mean [| 1L |]

        let struct (value, gradient) =
            match target with
            | ValueNone -> struct (maximum, mean)
            | ValueSome target ->
                let target = (detached target draw.Rows draw.Dimension).``to`` theta.device
                let inner = (target * detached theta draw.Rows draw.Dimension).sum -1L
                struct (maximum - inner, mean - target)

        let recorded =
            if Shapes.isRecorded theta then
                Surrogate.scalar value gradient (Surrogate.delta theta draw.Rows draw.Dimension)
            else
                value

        recorded.to_type(theta.dtype).reshape(Shapes.leading theta.shape).MoveToOuterDisposeScope()

    /// F_ε of every row.
    let maximum (op: PerturbedSolver) (theta: Tensor) : Tensor =
        Shapes.requireTheta theta
        lessTarget op theta ValueNone

    /// F_ε(θ) − ⟨θ, y⟩ of every row.
    let fenchelYoung (op: PerturbedSolver) (theta: Tensor) (target: Tensor) : Tensor =
        Shapes.requireTheta theta
        Shapes.requireSame "target" target theta.shape "theta"
        lessTarget op theta (ValueSome target)
