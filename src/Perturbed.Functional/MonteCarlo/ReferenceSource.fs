namespace Perturbed.Functional

open System
open Perturbed.Kernels

/// Draw Z, perturb, solve: the reference that every other source has the bits of.
[<Sealed>]
type internal ReferenceSource(context: PassContext, memory: SampleMemory) =
    inherit SampleSource(memory)

    let s = context.Settings
    let d, k = s.Oracle.Dimension, s.Oracle.SolutionDimension
    let callRows = s.Oracle.CallRows
    let draws = NoiseDraws(context, memory)

    let cache: SolutionCache | null =
        match context.Cache with
        | ValueSome cache -> cache
        | ValueNone -> null

    // What samples failed by goes to the cache too.
    let codes: byte[] =
        match cache with
        | null when s.LeavesOut ->
            memory.Failures <- Array.zeroCreate memory.Values.Length
            memory.Failures
        | null -> [||]
        | cache -> cache.Failures

    let failures: (SolveFailedException | null)[] =
        if s.LeavesOut then
            Array.zeroCreate (min callRows memory.Values.Length)
        else
            [||]

    // Rented at the first use, so that an error in the making of it belongs to the row at hand; a solver that threw
    // does not go back to the pool.
    let mutable solver: ISolver | null = null

    let rented () : ISolver =
        match solver with
        | null ->
            let fresh = s.Oracle.Rent s.Cancellation
            solver <- fresh
            fresh
        | known -> known

    // Where solutions and values of a row from a sample on go: a cache that keeps numbers is written by the solver
    // itself.
    let targets (row: int) (first: int) (offset: int) : struct (Solutions * float[] * int) =
        let ownSolutions = Solutions.Dense(memory.Solutions, offset * k)

        match cache with
        | null -> struct (ownSolutions, memory.Values, offset)
        | cache ->
            let sample = row * s.Samples + first

            let solutions =
                if cache.Encoding = SolutionEncoding.Numbers then
                    Solutions.Dense(cache.Numbers, sample * k)
                else
                    ownSolutions

            if cache.HasValues then
                struct (solutions, cache.Values, sample)
            else
                struct (solutions, memory.Values, offset)

    let block (row: int) (first: int) (count: int) (offset: int) : SampleBlock =
        let struct (solutions, values, start) = targets row first offset

        {
            Memory = memory
            Row = row
            First = first
            Count = count
            Offset = offset
            Solutions = solutions
            Scores = Scores.Drawn
            ValueArray = values
            ValueStart = start
            FailureArray = codes
            FailureStart =
                match cache with
                | null -> offset
                | _ -> row * s.Samples + first
        }

    let draw (row: int) (first: int) (count: int) (offset: int) : unit =
        draws.Noise(row, first, count, offset)

        if context.Wants Needs.Scores then
            draws.Scores(row, first, count, offset)

        draws.Perturb(row, first, count, offset)

    // Samples of which some may fail: those have no solution, and tell why.
    let trySolve
        (row: int)
        (first: int)
        (start: int)
        (n: int)
        (block: inref<SampleBlock>)
        (values: Span<float>)
        : unit =
        let found = Span(failures, 0, n)
        let solutions = block.SolutionRows.Slice(start * k, n * k)
        rented().TrySolve(Span.op_Implicit (block.Perturbed.Slice(start * d, n * d)), solutions, values, found)

        for m in 0 .. n - 1 do
            match found[m] with
            | null -> codes[block.FailureStart + start + m] <- 0uy
            | failure ->
                codes[block.FailureStart + start + m] <- byte (1 + int failure.Failure)
                solutions.Slice(m * k, k).Clear()

                if not values.IsEmpty then
                    values[m] <- 0.0

                match context.Log with
                | null -> ()
                | log -> log.Add(row + (first + m) / s.Samples, (first + m) % s.Samples, failure)

    // Which of n samples was the first to fail, by solving them one by one; −1 where none does it again.
    let firstFailed (thetas: ReadOnlySpan<float>) (n: int) : int =
        let found: (SolveFailedException | null)[] = Array.zeroCreate n
        let solutions: float[] = Array.zeroCreate (n * k)

        try
            rented().TrySolve(thetas, Span solutions, Span.Empty, Span found)
            found |> Array.tryFindIndex (isNull >> not) |> Option.defaultValue -1
        with _ ->
            -1

    // One call of the solver; an error of a single sample names it.
    let call (row: int) (first: int) (start: int) (n: int) (block: inref<SampleBlock>) (values: Span<float>) : unit =
        let thetas: ReadOnlySpan<float> =
            Span.op_Implicit (block.Perturbed.Slice(start * d, n * d))

        try
            if s.LeavesOut then
                trySolve row first start n &block values
            else
                rented().Solve(thetas, block.SolutionRows.Slice(start * k, n * k), values)
        with error ->
            let at =
                if n = 1 then 0
                elif isNull (SolveFailedException.Of error) then -1
                else firstFailed thetas n

            let sample = if at < 0 then -1L else int64 (first + at) % int64 s.Samples
            let row = row + (first + max at 0) / s.Samples

            match context.Batch.Numbers.Locate(error, s.Oracle.Name, row, sample) with
            | null -> reraise ()
            | located -> raise located

    // Samples of one row, or of several rows side by side.
    let solve (row: int) (first: int) (count: int) (offset: int) : SampleBlock =
        let block = block row first count offset
        let values = if context.WantsValues then block.Values else Span.Empty

        if count <= callRows then
            call row first 0 count &block values
        else
            for start in 0..callRows .. count - 1 do
                s.Cancellation.ThrowIfCancellationRequested()
                let n = min callRows (count - start)
                call row (first + start) start n &block (if values.IsEmpty then values else values.Slice(start, n))

        block

    // Encodes the solutions of a block for a cache of encoded solutions.
    let keep (block: inref<SampleBlock>) : unit =
        match cache with
        | null -> ()
        | cache ->
            if cache.Encoding <> SolutionEncoding.Numbers && not cache.IsLost then
                let struct (codes, place) = cache.CodesAt(block.Row, block.First)
                let target = Span(codes, place, codes.Length - place)
                let solutions: ReadOnlySpan<float> = Span.op_Implicit block.SolutionRows

                if not (Encodings.TryEncode(cache.Encoding, k, s.Oracle.Ones, solutions, target)) then
                    cache.Lose()

    let start (row: int) : unit =
        try
            rented().Begin(context.Batch.Numbers.Instance row, context.Batch.Row row)
        with error ->
            match context.Batch.Numbers.Locate(error, s.Oracle.Name, row, -1L) with
            | null -> reraise ()
            | located -> raise located

    override _.Start row = start row

    override _.Next(row, first, count) =
        draw row first count 0
        let block = solve row first count 0
        keep &block
        block

    override _.Fill(firstRow, rows) =
        for row in firstRow .. firstRow + rows - 1 do
            draw row 0 s.Samples ((row - firstRow) * s.Samples)

        try
            solve firstRow 0 (rows * s.Samples) 0 |> ignore
        with :? OracleException when callRows > 1 ->
            // Row by row, so that the error names its own row, by a solver that never threw.
            solver <- null

            for row in firstRow .. firstRow + rows - 1 do
                start row
                solve row 0 s.Samples ((row - firstRow) * s.Samples) |> ignore

            reraise ()

    override _.RowOf(firstRow, row) =
        let block = block row 0 s.Samples ((row - firstRow) * s.Samples)
        keep &block
        block

    override _.DropSolver() = solver <- null

    override _.Free() =
        memory.Free()

        match solver with
        | null -> ()
        | rented -> s.Oracle.Return rented
