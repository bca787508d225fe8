namespace Perturbed.Functional

open System
open System.Buffers
open System.Collections.Generic
open System.Runtime.ExceptionServices
open System.Threading
open System.Threading.Tasks
open Perturbed.Kernels

/// What one thread works with.
[<Sealed>]
type internal Worker(source: SampleSource, accumulation: Accumulation, parts: int) =
    // A row of one part has nothing to merge.
    let tree: StateTree | null =
        if parts > 1 then StateTree(accumulation, parts) else null

    member _.Source: SampleSource = source
    member _.Tree: StateTree = nonNull tree

    member _.Free() : unit =
        source.Free()

        match tree with
        | null -> ()
        | used -> used.Free()

/// One pass over all samples of a batch: blocks from a source into an accumulator, part by part.
[<Sealed>]
type internal Pass(s: Settings, batch: ThetaBatch, cache: SolutionCache voption, accumulator: Accumulation) =
    let rows = batch.Rows
    let length = accumulator.StateLength
    let partition = Partition.create s
    let sources = SampleSources.Choose(s, batch, cache, accumulator.Needs)

    // More than any machine runs at once; products of it stay small.
    let threads = min s.Threads 4096

    // Too little work to share.
    let isSmall =
        s.Threads = 1
        || (int64 rows
            * int64 s.Samples
            * int64 (max s.Oracle.Dimension s.Oracle.SolutionDimension)
                <
                8192L
            && not s.Oracle.IsExpensive)

    // Rows of few samples share a block, and so a call of the solver. It changes no bits: a solver answers each row by
    // itself.
    let rowsOfBlock =
        if partition.Blocks > 1 || not sources.MayShareRows then
            1
        else
            let most = if isSmall then 1 else 4 * threads
            max 1 (min (partition.Capacity / s.Samples) ((rows + most - 1) / most))

    let part (source: SampleSource) (row: int) (index: int) (state: Span<float>) : unit =
        let mutable first = index * partition.PartSamples
        let last = first + partition.SamplesOf index

        while first < last do
            s.Cancellation.ThrowIfCancellationRequested()
            let block = source.Next(row, first, min partition.BlockSamples (last - first))
            accumulator.Add(&block, state)
            first <- first + block.Count

    // Some parts of a row, from an aligned one on: a subtree.
    let parts (worker: Worker) (row: int) (first: int) (count: int) (target: Span<float>) : unit =
        worker.Source.Start row

        if count = 1 then
            target.Clear()
            part worker.Source row first target
        else
            // An error may have left nodes of another row.
            worker.Tree.Clear()

            for index in first .. first + count - 1 do
                part worker.Source row index worker.Tree.Next
                worker.Tree.Push()

            worker.Tree.Finish target

    let stateOf (results: float[]) (row: int) : Span<float> = Span(results, row * length, length)

    // Several rows of one part each: their samples stand side by side in one block.
    let shared (worker: Worker) (first: int) (count: int) (results: float[]) : unit =
        s.Cancellation.ThrowIfCancellationRequested()
        worker.Source.Fill(first, count)

        for row in first .. first + count - 1 do
            let block = worker.Source.RowOf(first, row)
            accumulator.Add(&block, stateOf results row)

    let groups = (rows + rowsOfBlock - 1) / rowsOfBlock

    let group (results: float[]) (index: int) (worker: Worker) : unit =
        if rowsOfBlock = 1 then
            parts worker index 0 partition.Parts (stateOf results index)
        else
            let first = index * rowsOfBlock
            shared worker first (min rowsOfBlock (rows - first)) results

    let worker () : Worker =
        let capacity =
            if rowsOfBlock = 1 then
                partition.BlockSamples
            else
                rowsOfBlock * s.Samples

        Worker(sources.Create capacity, accumulator, partition.Parts)

    let sequential (items: int) (body: int -> Worker -> unit) : unit =
        let worker = worker ()

        try
            try
                for item in 0 .. items - 1 do
                    body item worker
            with _ ->
                worker.Source.DropSolver()
                reraise ()
        finally
            worker.Free()

    // The error of the lowest item wins, whichever thread met one first: Break lets every lower item finish.
    let sideBySide (items: int) (body: int -> Worker -> unit) : unit =
        let errors = Dictionary<int, ExceptionDispatchInfo>()

        try
            Parallel.For(
                0,
                items,
                ParallelOptions(MaxDegreeOfParallelism = threads),
                worker,
                (fun item (loop: ParallelLoopState) worker ->
                    try
                        body item worker
                    with e ->
                        worker.Source.DropSolver()
                        lock errors (fun () -> errors[item] <- ExceptionDispatchInfo.Capture e)
                        loop.Break()

                    worker),
                (fun (worker: Worker) -> worker.Free())
            )
            |> ignore
        with :? AggregateException as error when errors.Count = 0 && error.InnerExceptions.Count > 0 ->
            // The making of a worker: the same error as on one thread.
            ExceptionDispatchInfo.Capture(error.InnerExceptions[0]).Throw()

        if errors.Count > 0 then
            errors[Seq.min errors.Keys].Throw()

    // Few rows of many parts: aligned subtrees of each row side by side, merged in the tree's order afterwards.
    let subtrees (results: float[]) : unit =
        // Several tasks a thread balance the load.
        let most = max 1 (16 * threads / rows)
        let mutable size = 1

        while (partition.Parts - 1) / size + 1 > most do
            size <- 2 * size

        let count = (partition.Parts - 1) / size + 1

        let states =
            Sizes.Product("smoothed", "The sums of the parts", int64 rows * int64 count, int64 length)
            |> max 1
            |> ArrayPool<float>.Shared.Rent

        try
            sideBySide (rows * count) (fun item worker ->
                let first = item % count * size

                parts
                    worker
                    (item / count)
                    first
                    (min size (partition.Parts - first))
                    (Span(states, item * length, length)))

            let tree = StateTree(accumulator, count)

            try
                for row in 0 .. rows - 1 do
                    for index in 0 .. count - 1 do
                        Span(states, (row * count + index) * length, length).CopyTo tree.Next
                        tree.Push()

                    tree.Finish(stateOf results row)
            finally
                tree.Free()
        finally
            ArrayPool<float>.Shared.Return states

    /// The states of all rows.
    member _.Run() : float[] =
        let results: float[] =
            Sizes.Zeros("smoothed", "The sums of the rows", int64 rows, int64 length)

        try
            if isSmall || int64 rows * int64 partition.Parts <= 1L then
                sequential groups (group results)
            elif partition.Parts = 1 || rows >= 4 * threads then
                sideBySide groups (group results)
            else
                subtrees results
        finally
            sources.End()

        match cache with
        | ValueSome cache -> cache.IsFilled <- true
        | ValueNone -> ()

        results

module internal Engine =

    /// The result of an accumulator over the samples of a batch; fills a cache, or reads one that is filled.
    let run
        (s: Settings)
        (batch: ThetaBatch)
        (cache: SolutionCache voption)
        (accumulator: Accumulator<'result>)
        : 'result =
        accumulator.Result
            {
                Numbers = Pass(s, batch, cache, accumulator).Run()
                Rows = batch.Rows
                Length = accumulator.StateLength
                Start = 0
                Width = accumulator.StateLength
            }
