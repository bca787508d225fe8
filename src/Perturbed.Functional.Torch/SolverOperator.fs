namespace Perturbed.Functional

open TorchSharp

/// Solvers in tensor operations, where θ lives: noise, solutions and derivatives never leave the device, and no step
/// waits for it.
module internal SolverOperator =

    // Noise and solutions that one graph may keep; beyond them blocks are drawn and solved again in the backward pass.
    let private mostBlocks = 1

    // Noise and solutions in a graph of derivatives of higher order.
    let private mostBlocksOfExpressions = 16

    let private detached (theta: Tensor) (rows: int64) (d: int64) : Tensor =
        theta.detach().to_type(Shapes.working theta).reshape(rows, d)

    /// Designs that are drawn on devices; an error names them.
    let requireSampling (design: SamplingDesign) : unit =
        if design <> SamplingDesign.Independent && design <> SamplingDesign.Antithetic then
            invalidArg
                "sampling"
                $"The design {design} is not drawn on devices; Independent and Antithetic are. Every design works \
                  with an oracle of the core."

    let private blocksOf (op: PerturbedSolver) (theta: Tensor) : SampleBlocks =
        Shapes.requireFiniteOnCpu "theta" theta
        let shape = theta.shape
        SampleBlocks(op, detached theta (Shapes.rows shape) shape[shape.Length - 1])

    // The mean of the solutions outside of each sample's pair, for each sample; more than one pair.
    let private outsideOfPairs (samples: int64) (block: SampleBlock) (mean: Tensor) : Tensor =
        let count = block.Solutions.shape[1]
        let total = mean.unsqueeze 1L |> Scale.by (float samples)
        let first = block.Solutions.narrow (1L, 0L, block.Pairs)
        let second = block.Solutions.narrow (1L, count - block.Pairs, block.Pairs)

        let others = total - first - second |> Scale.by (1.0 / float (samples - 2L))

        let alone =
            if count = 2L * block.Pairs then
                [||]
            else
                [|
                    total - block.Solutions.narrow (1L, block.Pairs, count - 2L * block.Pairs)
                    |> Scale.by (1.0 / float (samples - 1L))
                |]

        torch.cat (Array.concat [ [| others |]; alone; [| others |] ], 1L)

    // Solutions less the baseline of derivatives, block by block, and what sums of them are divided by. `mean` is that
    // of all samples, `unperturbed` that of θ itself where it is the baseline.
    let private usesUnperturbed (op: PerturbedSolver) : bool =
        let groups =
            if op.Sampling = SamplingDesign.Antithetic then
                (op.Samples + 1) / 2
            else
                op.Samples

        op.VarianceReduction = VarianceReduction.Baseline
        || op.VarianceReduction = VarianceReduction.LeaveOneOut && groups = 1

    let private denominator (op: PerturbedSolver) : float =
        if
            op.VarianceReduction = VarianceReduction.LeaveOneOut
            && op.Sampling <> SamplingDesign.Antithetic
            && op.Samples > 1
        then
            float op.Samples - 1.0
        else
            float op.Samples

    let private centred (op: PerturbedSolver) (centre: Tensor) (block: SampleBlock) : Tensor =
        if op.VarianceReduction = VarianceReduction.None then
            block.Solutions
        elif usesUnperturbed op || op.Sampling <> SamplingDesign.Antithetic then
            block.Solutions - centre.unsqueeze 1L
        else
            block.Solutions - outsideOfPairs (int64 op.Samples) block centre

    // Σ_m ⟨g, y_m − c_m⟩ ∇ν(z_m) (rows × d).
    let private scoreSum (op: PerturbedSolver) (cotangent: Tensor) (centred: Tensor) (noise: Tensor) : Tensor =
        let weights = torch.matmul (centred, cotangent.unsqueeze -1L)
        torch.matmul(weights.transpose (1L, 2L), Likelihood.score op.Noise noise).squeeze 1L

    // The same where autograd records it: the derivative of ⟨g, Σ_m (y_m − c_m) w_m⟩ with likelihood ratios w_m.
    let private recorded
        (op: PerturbedSolver)
        (delta: Tensor)
        (cotangent: Tensor)
        (centred: Tensor)
        (noise: Tensor)
        : Tensor =
        let shift = delta |> Scale.by (1.0 / op.Epsilon)
        let zero = torch.zeros_like cotangent

        let expression =
            Surrogate.ratios op.Noise zero centred noise ValueNone shift (denominator op)

        torch.autograd.grad([| expression |], [| delta |], [| cotangent |], retain_graph = true, create_graph = true)[0]

    // The backward pass over samples that are drawn and solved again.
    let private again (op: PerturbedSolver) (mean: Tensor) : CoreCall =
        let blocks (saved: Tensor list) = SampleBlocks(op, saved.Head)
        let scale = 1.0 / (denominator op * op.Epsilon)

        {
            Value = mean
            Saved = []
            Back =
                fun saved cotangent ->
                    (blocks saved)
                        .Sum(fun block -> [ scoreSum op cotangent (centred op saved[1] block) block.Noise ])
                        .Head
                    |> Scale.by scale
            RecordedBack =
                fun saved delta cotangent ->
                    let blocks = blocks saved

                    if blocks.Count > mostBlocksOfExpressions then
                        let sum =
                            blocks.Sum(fun block -> [ scoreSum op cotangent (centred op saved[1] block) block.Noise ])

                        (sum.Head |> Scale.by scale) + Surrogate.unknownDerivative delta
                    else
                        [
                            for index in 0 .. blocks.Count - 1 do
                                let block = blocks.Solve index
                                recorded op delta cotangent (centred op saved[1] block) block.Noise
                        ]
                        |> List.reduce (fun a b -> a + b)
        }

    // The backward pass over samples that are kept.
    let private kept (op: PerturbedSolver) (mean: Tensor) : CoreCall =
        {
            Value = mean
            Saved = []
            Back =
                fun saved cotangent ->
                    scoreSum op cotangent saved[0] saved[1]
                    |> Scale.by (1.0 / (denominator op * op.Epsilon))
            RecordedBack = fun saved delta cotangent -> recorded op delta cotangent saved[0] saved[1]
        }

    /// y*_ε of every row.
    let maximizer (op: PerturbedSolver) (theta: Tensor) : Tensor =
        Shapes.requireTheta theta
        use _ = torch.NewDisposeScope()
        let blocks = blocksOf op theta
        let plain = detached theta blocks.Rows blocks.Dimension
        let delta = Surrogate.delta theta blocks.Rows blocks.Dimension
        // Zeros, and NaN where θ is not finite: solvers may answer well-formed solutions to NaN.
        let gaps = delta.detach().sum(-1L, keepdim = true)
        let keeps = blocks.Count <= mostBlocks && Shapes.isRecorded theta
        let only = if keeps then ValueSome(blocks.Solve 0) else ValueNone

        let sum =
            match only with
            | ValueSome block -> block.Solutions.sum 1L
            | ValueNone -> (blocks.Sum(fun block -> [ block.Solutions.sum 1L ])).Head

        let mean = (sum |> Scale.by (1.0 / float op.Samples)) + gaps

        let value =
            if not (Shapes.isRecorded theta) then
                mean
            else
                let centre = if usesUnperturbed op then op.Solver.Solve plain else mean

                match only with
                | ValueSome block ->
                    { kept op mean with
                        Saved = [ centred op centre block; block.Noise ]
                    }
                | ValueNone ->
                    { again op mean with
                        Saved = [ plain; centre ]
                    }
                |> CoreNode.record delta

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
        let blocks = blocksOf op theta
        let rows, d = blocks.Rows, blocks.Dimension

        let sums =
            blocks.Sum(fun block ->
                let k = block.Solutions.shape[2]

                if k <> d then
                    invalidArg
                        "theta"
                        $"The solver '{op.Solver.Name}' maps dimension {d} to {k}; F_ε pairs θ with solutions of the same dimension."

                [ (block.Solutions * block.Perturbed).sum [| 1L; 2L |]; block.Solutions.sum 1L ])
            |> List.map (Scale.by (1.0 / float op.Samples))

        let struct (value, gradient) =
            match target with
            | ValueNone -> struct (sums[0], sums[1])
            | ValueSome target ->
                let target = (detached target rows d).to_type(sums[1].dtype).``to`` theta.device
                let inner = (target * detached theta rows d).sum -1L
                struct (sums[0] - inner, sums[1] - target)

        let recorded =
            if Shapes.isRecorded theta then
                Surrogate.scalar value gradient (Surrogate.delta theta rows d)
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
