namespace Perturbed.Functional

open System
open System.Buffers
open System.Collections.Generic
open System.Runtime.ExceptionServices
open System.Threading
open System.Threading.Tasks
open Perturbed.Kernels

/// What one thread works with. Its solver is rented at the first use, so that an error in the making of it belongs to the item at hand, and one that threw
/// does not go back to the pool.
[<Sealed>]
type internal Worker(op: Smoothed, work: BlockWork, stateLength: int, capacity: int) =
    let short: ShortcutSolver | null =
        match work.Shortcut with
        | null -> null
        | shortcut -> shortcut.CreateSolver()

    let block =
        Block(
            op.Oracle.Dimension,
            op.Oracle.SolutionDimension,
            capacity,
            Code = op.Oracle.Code,
            Ones = op.Oracle.Ones,
            Shortcut = short,
            Seeds = work.Seeds
        )

    let mutable solver: ISolver | null = null

    member _.Block: Block = block

    /// The state of a chunk.
    member val State: float[] = ArrayPool<float>.Shared.Rent(max 1 stateLength)

    member _.Solver: ISolver =
        match solver with
        | null ->
            let rented = op.Oracle.Rent op.Cancellation
            solver <- rented
            rented
        | rented -> rented

    /// After an error: the next item has a solver that never threw.
    member _.DropSolver() : unit = solver <- null

    member this.Free() : unit =
        block.Free()
        ArrayPool<float>.Shared.Return this.State

        match solver with
        | null -> ()
        | rented -> op.Oracle.Return rented

/// Fills, perturbs, solves and accumulates, block by block, over all (row, chunk) pairs of a batch.
[<Sealed>]
type internal Runner(op: Smoothed, thetas: float[], rows: int, tape: Tape voption, pass: Pass) =
    let d = op.Oracle.Dimension
    let k = op.Oracle.SolutionDimension
    let plan = Plan.create op
    let work = BlockWork(op, thetas, tape, pass)

    // Too little work to share.
    let isSmall =
        op.Threads = 1
        || (int64 rows * int64 op.Samples * int64 (max d k) < 8192L
            && not op.Oracle.IsExpensive)

    // Rows of few samples share a block, and so a call of the solver. It changes no bits: a solver answers each row by itself.
    let group =
        if
            op.Oracle.Implementation.DependsOnInstance
            || plan.Chunks > 1
            || not (isNull work.Shortcut)
        then
            1
        else
            let most = if isSmall then 1 else 4 * op.Threads
            max 1 (min (plan.Capacity / op.Samples) ((rows + most - 1) / most))

    let chunk (row: int) (index: int) (block: Block) (solver: ISolver) (state: Span<float>) : unit =
        state.Clear()
        let mutable first = index * plan.ChunkSamples
        let last = first + min plan.ChunkSamples (op.Samples - first)
        block.Row <- row
        block.Offset <- 0

        while first < last do
            op.Cancellation.ThrowIfCancellationRequested()
            block.First <- first
            block.Count <- min plan.BlockSamples (last - first)
            work.Place block
            work.Perturb block
            work.Solve(block, solver)
            work.Code block
            pass.Add(block, state)
            first <- first + block.Count

    // One whole row: its chunks in order, each merged as soon as it is there.
    let wholeRow (row: int) (block: Block) (solver: ISolver) (state: float[]) (results: float[]) : unit =
        let target = Span(results, row * pass.StateLength, pass.StateLength)
        let state = Span(state, 0, pass.StateLength)
        work.Start(block, solver, row)

        for index in 0 .. plan.Chunks - 1 do
            chunk row index block solver state
            pass.Merge(target, state)

    // Several rows of one chunk each: their samples stand side by side in one block.
    let wholeRows
        (first: int)
        (count: int)
        (block: Block)
        (solver: ISolver)
        (state: float[])
        (results: float[])
        : unit =
        op.Cancellation.ThrowIfCancellationRequested()

        let select (row: int) =
            block.Row <- row
            block.Offset <- (row - first) * op.Samples
            block.Count <- op.Samples

        let selectAll () =
            block.Offset <- 0
            block.Count <- count * op.Samples

        block.Row <- first
        block.First <- 0
        work.Place block

        for row in first .. first + count - 1 do
            select row
            work.Perturb block

        selectAll ()

        try
            work.Solve(block, solver)
        with :? OracleException ->
            // Row by row, so that the error names its own row.
            for row in first .. first + count - 1 do
                select row
                work.Start(block, solver, row)
                work.Solve(block, solver)

            reraise ()

        for row in first .. first + count - 1 do
            select row
            work.Code block
            let state = Span(state, 0, pass.StateLength)
            state.Clear()
            pass.Add(block, state)
            pass.Merge(Span(results, row * pass.StateLength, pass.StateLength), state)

    let rowsOf (index: int) (worker: Worker) (results: float[]) : unit =
        if group = 1 then
            wholeRow index worker.Block worker.Solver worker.State results
        else
            let first = index * group
            wholeRows first (min group (rows - first)) worker.Block worker.Solver worker.State results

    member private _.Worker() : Worker =
        Worker(op, work, pass.StateLength, (if group = 1 then plan.BlockSamples else group * op.Samples))

    // The error of the lowest item wins, whichever thread met one first: Break lets every lower item finish.
    member private this.Parallel(items: int, body: int -> Worker -> unit) =
        let errors = Dictionary<int, ExceptionDispatchInfo>()
        let options = ParallelOptions(MaxDegreeOfParallelism = op.Threads)

        Parallel.For(
            0,
            items,
            options,
            (fun () -> this.Worker()),
            (fun item (loop: ParallelLoopState) worker ->
                try
                    body item worker
                with e ->
                    worker.DropSolver()
                    lock errors (fun () -> errors[item] <- ExceptionDispatchInfo.Capture e)
                    loop.Break()

                worker),
            (fun worker -> worker.Free())
        )
        |> ignore

        if errors.Count > 0 then
            errors[Seq.min errors.Keys].Throw()

    member private this.Sequential(results: float[]) =
        let worker = this.Worker()

        try
            try
                for index in 0 .. (rows + group - 1) / group - 1 do
                    rowsOf index worker results
            with _ ->
                worker.DropSolver()
                reraise ()
        finally
            worker.Free()

    /// The state of every row, rows × stateLength.
    member this.Run() : float[] =
        let length = pass.StateLength

        let results: float[] =
            Sizes.Zeros("smoothed", "The sums of the rows", int64 rows, int64 length)

        let items = int (min (int64 rows * int64 plan.Chunks) (int64 Int32.MaxValue))

        if isSmall || items <= 1 then
            this.Sequential results
        elif plan.Chunks = 1 || rows >= 4 * op.Threads then
            let items = (rows + group - 1) / group
            this.Parallel(items, (fun index worker -> rowsOf index worker results))
        else
            // Few rows: their chunks run side by side, and are merged in order afterwards.
            let partials =
                Sizes.Product("smoothed", "The sums of the chunks", int64 items, int64 length)
                |> ArrayPool<float>.Shared.Rent

            try
                this.Parallel(
                    items,
                    fun item worker ->
                        let row = item / plan.Chunks
                        work.Start(worker.Block, worker.Solver, row)

                        chunk
                            row
                            (item % plan.Chunks)
                            worker.Block
                            worker.Solver
                            (Span(partials, item * length, length))
                )

                for row in 0 .. rows - 1 do
                    let target = Span(results, row * length, length)

                    for index in 0 .. plan.Chunks - 1 do
                        pass.Merge(target, Span(partials, (row * plan.Chunks + index) * length, length))
            finally
                ArrayPool<float>.Shared.Return partials

        match tape with
        | ValueSome t -> t.IsFilled <- true
        | ValueNone -> ()

        work.End()
        results

module internal Engine =

    let run (op: Smoothed) (thetas: float[]) (rows: int) (tape: Tape voption) (pass: Pass) : float[] =
        Runner(op, thetas, rows, tape, pass).Run()

    /// The unperturbed solutions y*(θ), rows × k, and values F(θ).
    let solve
        (oracle: Oracle)
        (cancellation: CancellationToken)
        (numbers: RowNumbers)
        (thetas: float[])
        (rows: int)
        : struct (float[] * float[]) =
        let d, k = oracle.Dimension, oracle.SolutionDimension
        let solutions: float[] = Sizes.Zeros("thetas", "The solutions", int64 rows, int64 k)

        let values: float[] = Array.zeroCreate rows
        let solver = oracle.Rent cancellation

        let solve (first: int) (count: int) =
            solver.Solve(
                ReadOnlySpan(thetas, first * d, count * d),
                Span(solutions, first * k, count * k),
                Span(values, first, count)
            )

        let rowByRow (first: int) (count: int) =
            for row in first .. first + count - 1 do
                cancellation.ThrowIfCancellationRequested()

                try
                    solver.Begin(numbers.Instance row, ReadOnlySpan(thetas, row * d, d))
                    solve row 1
                with :? OracleException as error when not (isNull numbers.Given) ->
                    raise (numbers.Locate(error, row))

        if oracle.Implementation.DependsOnInstance then
            rowByRow 0 rows
        else
            // Many rows a call, as solvers like it; after an error row by row, so that it names its own.
            for first in 0..64 .. rows - 1 do
                let count = min 64 (rows - first)
                cancellation.ThrowIfCancellationRequested()

                try
                    solve first count
                with :? OracleException ->
                    rowByRow first count
                    reraise ()

        // A solver that threw does not come here, and so not back to the pool.
        oracle.Return solver
        struct (solutions, values)
