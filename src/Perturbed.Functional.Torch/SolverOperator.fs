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
        /// Independent or Antithetic.
        Sampling: SamplingDesign
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

    /// Designs that are drawn on devices; an error names them.
    let requireSampling (design: SamplingDesign) : unit =
        if design <> SamplingDesign.Independent && design <> SamplingDesign.Antithetic then
            invalidArg
                "sampling"
                $"The design {design} is not drawn on devices; Independent and Antithetic are. Every design works \
                  with an oracle of the core."

    // Of M antithetic samples the first ⌈M/2⌉ are drawn; sample ⌈M/2⌉ + i stands against sample i.
    let private noise (op: PerturbedSolver) (theta: Tensor) (rows: int64) (d: int64) : Tensor =
        let samples = int64 op.Samples
        let pairs = samples / 2L

        let drawn (count: int64) =
            TensorNoise.sample op.Noise op.Key [| rows; count; d |] (Shapes.working theta) theta.device

        if op.Sampling = SamplingDesign.Antithetic then
            let first = drawn (samples - pairs)
            torch.cat ([| first; first.narrow (1L, 0L, pairs) |> TensorNoise.mirrored op.Noise |], 1L)
        else
            drawn samples

    let private draw (op: PerturbedSolver) (theta: Tensor) : Draw =
        Shapes.requireFiniteOnCpu "theta" theta
        let rows, d = Shapes.rows theta.shape, theta.shape[theta.shape.Length - 1]
        let samples = int64 op.Samples
        let noise = noise op theta rows d

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

    // The mean of the solutions outside of each sample's pair, for each sample; more than one pair.
    let private outsideOfPairs (draw: Draw) (mean: Tensor) : Tensor =
        let samples = draw.Solutions.shape[1]
        let pairs = samples / 2L
        let total = mean.unsqueeze 1L |> Scale.by (float samples)
        let first = draw.Solutions.narrow (1L, 0L, pairs)
        let second = draw.Solutions.narrow (1L, samples - pairs, pairs)
        let others = total - first - second |> Scale.by (1.0 / float (samples - 2L))

        let alone =
            if samples % 2L = 0L then
                [||]
            else
                [|
                    total - draw.Solutions.narrow (1L, pairs, 1L)
                    |> Scale.by (1.0 / float (samples - 1L))
                |]

        torch.cat (Array.concat [ [| others |]; alone; [| others |] ], 1L)

    // What is subtracted from solutions (rows × M or 1 × k), and what their sum is divided by.
    let private centre (op: PerturbedSolver) (theta: Tensor) (draw: Draw) (mean: Tensor) : struct (Tensor * float) =
        let samples = float op.Samples

        let unperturbed () =
            struct (op.Solver.Solve(detached theta draw.Rows draw.Dimension).unsqueeze 1L, samples)

        let groups =
            if op.Sampling = SamplingDesign.Antithetic then
                (op.Samples + 1) / 2
            else
                op.Samples

        match op.VarianceReduction with
        | VarianceReduction.None -> struct (torch.zeros_like(mean).unsqueeze 1L, samples)
        | VarianceReduction.Baseline -> unperturbed ()
        | VarianceReduction.LeaveOneOut when groups = 1 -> unperturbed ()
        | VarianceReduction.LeaveOneOut when groups < op.Samples -> struct (outsideOfPairs draw mean, samples)
        | VarianceReduction.LeaveOneOut -> struct (mean.unsqueeze 1L, samples - 1.0)

    /// y*_ε of every row.
    let maximizer (op: PerturbedSolver) (theta: Tensor) : Tensor =
        Shapes.requireTheta theta
        use _ = torch.NewDisposeScope()
        let draw = draw op theta
        let mean = draw.Solutions.mean [| 1L |]
        let delta = Surrogate.delta theta draw.Rows draw.Dimension

        let value =
            if not (Shapes.isRecorded theta) then
                // A sum of zeros, and NaN where θ is not finite: solvers may answer well-formed solutions to NaN.
                mean + delta.sum (-1L, keepdim = true)
            else
                let struct (centre, denominator) = centre op theta draw mean
                let shift = delta |> Scale.by (1.0 / op.Epsilon)

                Surrogate.ratios op.Noise mean (draw.Solutions - centre) draw.Noise ValueNone shift denominator

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
        Shapes.requireTarget "target" target theta.shape "theta"
        Shapes.requireFiniteOnCpu "target" target
        lessTarget op theta (ValueSome target)
