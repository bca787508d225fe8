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

/// Some samples of all rows: their noise and perturbed θ (rows × n × d) and their solutions (rows × n × k). Of
/// antithetic samples the first `Pairs` stand against the last.
type internal SampleBlock =
    {
        Noise: Tensor
        Perturbed: Tensor
        Solutions: Tensor
        Pairs: int64
    }

/// <summary>The samples of a batch (rows × d, plain numbers in the working type), in blocks of a size that the batch's
/// shape alone decides: memory does not grow with M, and each block has a generator of its own, so that any block can
/// be drawn again by itself.</summary>
type internal SampleBlocks(op: PerturbedSolver, theta: Tensor) =
    let rows, d = theta.shape[0], theta.shape[1]
    let isPaired = op.Sampling = SamplingDesign.Antithetic
    let samples = int64 op.Samples

    // Samples that are drawn, and those of them that have an antithetic one.
    let drawn, pairs =
        if isPaired then
            samples - samples / 2L, samples / 2L
        else
            samples, 0L

    let ofBlock =
        max 1L (SampleBlocks.Numbers / max 1L (rows * d * (if isPaired then 2L else 1L)))

    /// The numbers of noise in a block, unless one sample of all rows has more.
    static member Numbers: int64 = 1L <<< 22

    member _.Count: int = int ((drawn + ofBlock - 1L) / ofBlock)
    member _.Rows: int64 = rows
    member _.Dimension: int64 = d

    /// The noise of a block, and how many of its samples have an antithetic one.
    member private _.Draw(block: int) : struct (Tensor * int64) =
        let first = int64 block * ofBlock
        let count = min ofBlock (drawn - first)

        // Blocks come with long runs alone: the first one has the key of a run of one.
        let key = if block = 0 then op.Key else op.Key.Fold(uint64 block)

        let noise =
            TensorNoise.sample op.Noise key [| rows; count; d |] theta.dtype theta.device

        let paired = max 0L (min count (pairs - first))

        if paired = 0L then
            struct (noise, 0L)
        else
            let mirrored = noise.narrow (1L, 0L, paired) |> TensorNoise.mirrored op.Noise
            struct (torch.cat ([| noise; mirrored |], 1L), paired)

    /// A block with its solutions.
    member this.Solve(block: int) : SampleBlock =
        let struct (noise, pairs) = this.Draw block
        let perturbed = theta.unsqueeze 1L + (noise |> Scale.by op.Epsilon)
        let solutions = op.Solver.Solve(perturbed.reshape (-1L, d))

        {
            Noise = noise
            Perturbed = perturbed
            Solutions = solutions.reshape (rows, noise.shape[1], solutions.shape[1])
            Pairs = pairs
        }

    /// Sums of what blocks have, each freed before the next one is drawn.
    member this.Sum(ofBlock: SampleBlock -> Tensor list) : Tensor list =
        let mutable sums: Tensor list = []

        for block in 0 .. this.Count - 1 do
            use _ = torch.NewDisposeScope()
            let terms = ofBlock (this.Solve block)

            sums <-
                if block = 0 then
                    terms |> List.map _.MoveToOuterDisposeScope()
                else
                    List.map2 (fun (sum: Tensor) (term: Tensor) -> sum.add_ term) sums terms

        sums
