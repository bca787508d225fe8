namespace Perturbed.Functional

open System

/// How the M samples of a row are cut: into blocks that stay in the cache, and into chunks that threads take. It depends on the operator
/// alone, never on the threads or the batch, so that sums are taken in one order and the bits are the same for all of them.
[<Struct>]
type internal Plan =
    {
        /// The samples of a full block.
        Capacity: int
        BlockSamples: int
        ChunkSamples: int
        Chunks: int
    }

    member private this.ChunkBlocks: int = (this.ChunkSamples - 1) / this.BlockSamples + 1

    /// The most blocks of a row.
    member this.Blocks: int = this.Chunks * this.ChunkBlocks

    /// The number of the block that starts at a sample: a chunk starts a block, also where its samples are no whole number of blocks.
    member this.BlockAt(firstSample: int) : int =
        let chunk = firstSample / this.ChunkSamples

        chunk * this.ChunkBlocks
        + (firstSample - chunk * this.ChunkSamples) / this.BlockSamples

module internal Plan =

    // Blocks of about 2048 numbers keep noise, perturbed theta and solutions in the second-level cache, wide rows fewer of them; 16 samples keep the noise
    // groups whole, and 8 fill the lanes of solvers that work on several rows at once.
    let private blockNumbers = 2048

    let private mostChunks = 16

    // How many parts of a size hold a count of at least 1; (count + size - 1) / size would overflow near the largest int.
    let private partsOf (size: int) (count: int) : int = (count - 1) / size + 1

    let create (op: Smoothed) : Plan =
        let width = max op.Oracle.Dimension op.Oracle.SolutionDimension

        let capacity =
            if width <= 128 then max 16 (blockNumbers / width / 16 * 16)
            elif width <= 256 then 16
            else 8

        let plain =
            if op.Oracle.IsExpensive then
                min capacity (partsOf mostChunks op.Samples)
            else
                min capacity op.Samples

        // Whole groups to a block, but for long point sets, which may be cut anywhere; whole groups to a chunk always.
        let group = (Sampler.groups op).Size

        let mayCut =
            match op.Sampling with
            | SamplingDesign.LatinHypercube _
            | SamplingDesign.Sobol _ -> group > capacity
            | _ -> false

        let block = if mayCut then plain else max 1 (plain / group) * group
        let unit = if mayCut then group else block
        let units = partsOf unit op.Samples
        let chunks = min units mostChunks
        let chunkSamples = partsOf chunks units * unit

        {
            Capacity = capacity
            BlockSamples = block
            ChunkSamples = chunkSamples
            Chunks = partsOf chunkSamples op.Samples
        }
