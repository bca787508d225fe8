namespace Perturbed.Functional

/// <summary>How the M samples of a row are cut: into parts, whose sums are merged in one fixed binary tree, and each
/// part into blocks that stay in the cache.</summary>
/// <remarks>
/// Node i of level l + 1 of the tree merges the nodes 2i and 2i + 1 of level l; level 0 are the parts. The cut depends
/// on the operator and M alone, so an aligned subtree has the same bits on any thread or machine.
/// </remarks>
[<Struct>]
type internal Partition =
    {
        Samples: int
        /// The samples of the largest block that fits the cache.
        Capacity: int
        BlockSamples: int
        PartSamples: int
        Parts: int
    }

    member private this.BlocksOfPart: int = (this.PartSamples - 1) / this.BlockSamples + 1

    /// The most blocks of a row.
    member this.Blocks: int = this.Parts * this.BlocksOfPart

    /// The number of the block that starts at a sample: a part starts a block, also where its samples are no whole
    /// number of blocks.
    member this.BlockAt(firstSample: int) : int =
        let part = firstSample / this.PartSamples

        part * this.BlocksOfPart
        + (firstSample - part * this.PartSamples) / this.BlockSamples

    /// The parts of an aligned subtree where a row has at most so many of them.
    member this.SubtreeParts(most: int) : int =
        let mutable size = 1

        while (this.Parts - 1) / size + 1 > most do
            size <- 2 * size

        size

    /// The samples of a part.
    member this.SamplesOf(part: int) : int =
        min this.PartSamples (this.Samples - part * this.PartSamples)

module internal Partition =

    // Blocks of about 2048 numbers keep noise, perturbed theta and solutions in the second-level cache, wide rows
    // fewer of them; 16 samples keep the noise groups whole, and 8 fill the lanes of solvers that work on several rows
    // at once.
    let private blockNumbers = 2048

    // A part of fast solves takes some microseconds, which handing it to a thread is worth.
    let private blocksOfPart = 4

    // Expensive solves are worth a thread in small numbers.
    let private partsOfFewExpensive = 32

    // How many parts of a size hold a count of at least 1; (count + size - 1) / size would overflow near the largest
    // int.
    let private partsOf (size: int) (count: int) : int = (count - 1) / size + 1

    let create (s: Settings) : Partition =
        let width = max s.Oracle.Dimension s.Oracle.SolutionDimension

        let capacity =
            if width <= 128 then max 16 (blockNumbers / width / 16 * 16)
            elif width <= 256 then 16
            else 8

        let plain =
            if s.Oracle.IsExpensive then
                min capacity (partsOf partsOfFewExpensive s.Samples)
            else
                min capacity s.Samples

        let groups = Sampler.groups s

        // Long point sets may be cut into blocks anywhere; other groups of dependent samples stay whole.
        let isCut =
            match s.Sampling with
            | SamplingDesign.LatinHypercube _
            | SamplingDesign.Sobol _ -> groups.Size > capacity
            | _ -> false

        let block =
            if isCut then
                plain
            else
                max 1 (plain / groups.Size) * groups.Size

        // A part holds whole groups, since what a group adds is known at its end; a group without others adds nothing
        // of its own.
        let part =
            if isCut && groups.Count > 1 then groups.Size
            elif s.Oracle.IsExpensive then block
            else block * min blocksOfPart (partsOf block s.Samples)

        {
            Samples = s.Samples
            Capacity = capacity
            BlockSamples = block
            PartSamples = part
            Parts = partsOf part s.Samples
        }
