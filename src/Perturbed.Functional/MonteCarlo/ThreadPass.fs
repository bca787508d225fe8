namespace Perturbed.Functional

open System
open System.Buffers
open System.Collections.Generic
open System.Runtime.ExceptionServices
open System.Threading.Tasks
open Perturbed.Kernels

/// A pass on the threads of this process.
[<Sealed>]
type internal ThreadPass(pass: Pass) =
    let s = pass.Settings
    let rows = pass.Batch.Rows
    let length = pass.StateLength
    let partition = pass.Partition

    let sources =
        SampleSources.Choose(s, pass.Batch, pass.Cache, pass.Accumulation.Needs, pass.Failures)

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

    // Whole rows: those of one block.
    let items = (rows + rowsOfBlock - 1) / rowsOfBlock

    let wholeRows (results: float[]) (item: int) (worker: PassWorker) : unit =
        let first = item * rowsOfBlock
        let count = min rowsOfBlock (rows - first)
        let states = Span(results, first * length, count * length)

        if rowsOfBlock = 1 then
            worker.Unit(first, 0, partition.Parts, states)
        else
            worker.Rows(first, count, states)

    let worker () : PassWorker =
        let capacity =
            if rowsOfBlock = 1 then
                partition.BlockSamples
            else
                rowsOfBlock * s.Samples

        PassWorker(pass, sources.Create capacity)

    let sequential (items: int) (body: int -> PassWorker -> unit) : unit =
        let worker = worker ()

        try
            try
                for item in 0 .. items - 1 do
                    body item worker
            with _ ->
                worker.DropSolver()
                reraise ()
        finally
            worker.Free()

    // The error of the lowest item wins, whichever thread met one first: Break lets every lower item finish.
    let sideBySide (items: int) (body: int -> PassWorker -> unit) : unit =
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
                        worker.DropSolver()
                        lock errors (fun () -> errors[item] <- ExceptionDispatchInfo.Capture e)
                        loop.Break()

                    worker),
                (fun (worker: PassWorker) -> worker.Free())
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
        let size = partition.SubtreeParts(max 1 (16 * threads / rows))
        let count = (partition.Parts - 1) / size + 1

        let states =
            Sizes.Product("smoothed", "The sums of the parts", int64 rows * int64 count, int64 length)
            |> max 1
            |> ArrayPool<float>.Shared.Rent

        try
            sideBySide (rows * count) (fun item worker ->
                let first = item % count * size
                let target = Span(states, item * length, length)
                worker.Unit(item / count, first, min size (partition.Parts - first), target))

            let tree = StateTree(pass.Accumulation, count)

            try
                for row in 0 .. rows - 1 do
                    tree.Merge(
                        ReadOnlySpan(states, row * count * length, count * length),
                        Span(results, row * length, length)
                    )
            finally
                tree.Free()
        finally
            ArrayPool<float>.Shared.Return states

    /// The states of all rows, rows × length.
    member _.States() : float[] =
        let results: float[] =
            match s.Memory with
            | null -> Sizes.Zeros("smoothed", "The sums of the rows", int64 rows, int64 length)
            | memory ->
                let rented =
                    Sizes.Product("smoothed", "The sums of the rows", int64 rows, int64 length)
                    |> memory.Rent

                Array.Clear rented
                rented

        try
            if isSmall || int64 rows * int64 partition.Parts <= 1L then
                sequential items (wholeRows results)
            elif partition.Parts = 1 || rows >= 4 * threads then
                sideBySide items (wholeRows results)
            else
                subtrees results
        finally
            sources.End()

        match pass.Cache with
        | ValueSome cache -> cache.IsFilled <- true
        | ValueNone -> ()

        results
