namespace Perturbed.Functional

open System

/// <summary>One pass over all samples of a batch: what is computed, for whoever computes it.</summary>
/// <remarks>A unit of its work is some parts of one row, from an aligned one on: a subtree of the partition. The state of
/// a unit depends on settings, θ of the row, statistic and parts alone, so units may be computed anywhere, in any order;
/// `StateTree` merges their states.</remarks>
[<NoEquality; NoComparison>]
type internal Pass =
    {
        Settings: Settings
        Batch: ThetaBatch
        Cache: SolutionCache voption
        Accumulation: Accumulation
        Partition: Partition
        Progress: PassProgress | null
        /// The first failed sample of each row; null where failed samples are errors.
        Failures: FailureLog | null
    }

    /// The numbers of a state.
    member this.StateLength: int = this.Accumulation.StateLength

[<CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module internal Pass =

    let create (s: Settings) (batch: ThetaBatch) (cache: SolutionCache voption) (accumulation: Accumulation) : Pass =
        {
            Settings = s
            Batch = batch
            Cache = cache
            Accumulation = accumulation
            Partition = Partition.create s
            Progress = PassProgress.create s (int64 batch.Rows * int64 s.Samples) batch.Rows
            Failures = if s.LeavesOut then FailureLog() else null
        }

/// Computes units of a pass on one thread.
[<Sealed>]
type internal PassWorker(pass: Pass, source: SampleSource) =
    let s = pass.Settings
    let partition = pass.Partition
    let accumulation = pass.Accumulation

    // A row of one part has nothing to merge.
    let tree: StateTree | null =
        if partition.Parts > 1 then
            StateTree(accumulation, partition.Parts)
        else
            null

    let part (row: int) (index: int) (state: Span<float>) : unit =
        let mutable first = index * partition.PartSamples
        let last = first + partition.SamplesOf index

        while first < last do
            s.Cancellation.ThrowIfCancellationRequested()
            let block = source.Next(row, first, min partition.BlockSamples (last - first))
            accumulation.Add(&block, state)
            first <- first + block.Count
            PassProgress.addBlock &block pass.Progress

        accumulation.EndPart state

    /// The state of some parts of a row, from an aligned one on.
    member _.Unit(row: int, first: int, count: int, target: Span<float>) : unit =
        source.Start row

        if count = 1 then
            target.Clear()
            part row first target
        else
            let tree = nonNull tree
            // An error may have left nodes of another row.
            tree.Clear()

            for index in first .. first + count - 1 do
                part row index tree.Next
                tree.Push()

            tree.Finish target

    /// The states of several rows of one part each, whose samples stand side by side in one block; cleared before.
    member _.Rows(first: int, count: int, states: Span<float>) : unit =
        let length = accumulation.StateLength
        s.Cancellation.ThrowIfCancellationRequested()
        source.Fill(first, count)

        for row in 0 .. count - 1 do
            let block = source.RowOf(first, first + row)
            let state = states.Slice(row * length, length)
            accumulation.Add(&block, state)
            accumulation.EndPart state
            PassProgress.addBlock &block pass.Progress

    /// After an error: what comes next has a solver that never threw.
    member _.DropSolver() : unit = source.DropSolver()

    member _.Free() : unit =
        source.Free()

        match tree with
        | null -> ()
        | used -> used.Free()
