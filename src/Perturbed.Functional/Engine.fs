namespace Perturbed.Functional

open System
open System.Buffers
open System.Collections.Generic
open System.Runtime.ExceptionServices
open System.Threading
open System.Threading.Tasks
open Perturbed.Kernels

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

module internal Plan =

    // Blocks of about 2048 numbers keep noise, perturbed theta and solutions in the second-level cache; 16 samples keep the noise groups
    // whole and fill the lanes of solvers that work on several rows at once.
    let private blockNumbers = 2048

    let private mostChunks = 16

    // How many parts of a size hold a count of at least 1; (count + size - 1) / size would overflow near the largest int.
    let private partsOf (size: int) (count: int) : int = (count - 1) / size + 1

    let create (op: Smoothed) : Plan =
        let width = max op.Oracle.Dimension op.Oracle.SolutionDimension

        let capacity =
            if width <= 128 then max 16 (blockNumbers / width / 16 * 16)
            elif width <= 1024 then 16
            else 8

        let block =
            if op.Oracle.IsExpensive then
                min capacity (partsOf mostChunks op.Samples)
            else
                min capacity op.Samples

        let blocks = partsOf block op.Samples
        let chunks = min blocks mostChunks
        let chunkSamples = partsOf chunks blocks * block

        {
            Capacity = capacity
            BlockSamples = block
            ChunkSamples = chunkSamples
            Chunks = partsOf chunkSamples op.Samples
        }

/// The solutions and values of all samples, kept between two passes so that the second need not solve again.
[<Sealed>]
type internal Tape(rows: int, samples: int, solutionDimension: int) =
    /// rows × samples × k.
    member val Solutions: float[] = GC.AllocateUninitializedArray(rows * samples * solutionDimension)
    /// rows × samples.
    member val Values: float[] = GC.AllocateUninitializedArray(rows * samples)
    member val IsFilled = false with get, set

    static member Bytes(rows: int, op: Smoothed) : int64 =
        8L * int64 rows * int64 op.Samples * int64 (op.Oracle.SolutionDimension + 1)

    /// None where it would be larger than the operator allows: then the second pass replays noise and solves, for the same bits.
    static member TryCreate(rows: int, op: Smoothed) : Tape voption =
        if Tape.Bytes(rows, op) <= op.TapeBytes then
            ValueSome(Tape(rows, op.Samples, op.Oracle.SolutionDimension))
        else
            ValueNone

/// A block of samples of one row, as a pass sees it.
[<Sealed>]
type internal Block(dimension: int, solutionDimension: int, capacity: int) =
    let rent (width: int) =
        ArrayPool<float>.Shared.Rent(max 1 (capacity * width))

    let own = rent solutionDimension
    let ownValues = rent 1

    /// The batch row, counted from the first of this call.
    member val Row = 0 with get, set
    /// The number of the first sample.
    member val First = 0 with get, set
    /// The number n of samples.
    member val Count = 0 with get, set
    /// Where they start among the samples that the arrays hold.
    member val Offset = 0 with get, set
    /// Noise, n × d.
    member val Z: float[] = rent dimension
    /// Perturbed theta, n × d.
    member val Eta: float[] = rent dimension
    /// Multiplicative factors, n × d.
    member val Factor: float[] = rent dimension
    /// Scores ∇ν(z), n × d.
    member val Score: float[] = rent dimension

    /// Free for a pass: n × (d + k) + 2 (d + k) + 16 numbers.
    member val Scratch: float[] =
        ArrayPool<float>.Shared.Rent((capacity + 2) * (dimension + solutionDimension) + capacity + 16)

    /// Where the solutions are, n × k from SolutionOffset.
    member val SolutionArray: float[] = own with get, set
    member val SolutionOffset = 0 with get, set
    /// Where the optimal values are, n from ValueOffset.
    member val ValueArray: float[] = ownValues with get, set
    member val ValueOffset = 0 with get, set

    member this.UseOwn() =
        this.SolutionArray <- own
        this.SolutionOffset <- 0
        this.ValueArray <- ownValues
        this.ValueOffset <- 0

    member this.Solutions: Span<float> =
        Span(this.SolutionArray, this.SolutionOffset + this.Offset * solutionDimension, this.Count * solutionDimension)

    member this.Values: Span<float> =
        Span(this.ValueArray, this.ValueOffset + this.Offset, this.Count)

    member private this.Part(values: float[]) : Span<float> =
        Span(values, this.Offset * dimension, this.Count * dimension)

    member this.Noise: Span<float> = this.Part this.Z
    member this.Perturbed: Span<float> = this.Part this.Eta
    member this.Factors: Span<float> = this.Part this.Factor
    member this.Scores: Span<float> = this.Part this.Score

    member this.Free() =
        for buffer in [| own; ownValues; this.Z; this.Eta; this.Factor; this.Score; this.Scratch |] do
            ArrayPool<float>.Shared.Return buffer

/// What is summed over the samples of a row. A state is a stretch of numbers that starts at zero.
[<AbstractClass>]
type internal Pass(stateLength: int) =
    member _.StateLength: int = stateLength
    abstract NeedsValues: bool
    default _.NeedsValues = false
    abstract NeedsScore: bool
    default _.NeedsScore = false
    abstract NeedsFactor: bool
    default _.NeedsFactor = false
    /// Adds a block to a state.
    abstract Add: block: Block * state: Span<float> -> unit
    /// Adds another state to a state.
    abstract Merge: state: Span<float> * other: Span<float> -> unit

    default _.Merge(state, other) =
        for i in 0 .. state.Length - 1 do
            state[i] <- state[i] + other[i]

/// Fills, perturbs, solves and accumulates, block by block, over all (row, chunk) pairs of a batch.
[<Sealed>]
type internal Runner(op: Smoothed, thetas: float[], rows: int, tape: Tape voption, pass: Pass) =
    let d = op.Oracle.Dimension
    let k = op.Oracle.SolutionDimension
    let plan = Plan.create op
    let multiplicative = op.Perturbation = Perturbation.Multiplicative

    let replay =
        match tape with
        | ValueSome t -> t.IsFilled
        | ValueNone -> false

    // A solve that nobody needs the values of may skip them, but a tape keeps both.
    let wantsValues = pass.NeedsValues || tape.IsSome

    // Rows of few samples share a block, and so a call of the solver. It changes no bits: a solver answers each row by itself.
    let group =
        if op.Oracle.Implementation.DependsOnInstance || plan.Chunks > 1 then
            1
        else
            let most = 4 * op.Threads
            max 1 (min (plan.Capacity / op.Samples) ((rows + most - 1) / most))

    let place (block: Block) : unit =
        match tape with
        | ValueSome t ->
            let sample = block.Row * op.Samples + block.First
            block.SolutionArray <- t.Solutions
            block.SolutionOffset <- sample * k
            block.ValueArray <- t.Values
            block.ValueOffset <- sample
        | ValueNone -> block.UseOwn()

    // Noise and perturbed theta of the block's row and samples.
    let perturb (block: Block) : unit =
        if not replay || pass.NeedsScore || pass.NeedsFactor then
            op.Noise.Sample(op.Key, uint32 (op.FirstRow + int64 block.Row), int64 block.First, d, block.Noise)

        if not replay || pass.NeedsFactor then
            let theta = ReadOnlySpan(thetas, block.Row * d, d)
            let noise = Span.op_Implicit block.Noise

            if multiplicative then
                if not (Perturbations.Multiplicative(theta, op.Scales, noise, block.Factors, block.Perturbed)) then
                    invalidArg
                        "theta"
                        $"Row {op.FirstRow + int64 block.Row}: the multiplicative factor exp(εZ − ε²/2) overflows; a smaller epsilon is needed."
            else
                Perturbations.Additive(theta, op.Scales, noise, block.Perturbed)

    let solve (block: Block) (solver: ISolver) : unit =
        if not replay then
            let values = if wantsValues then block.Values else Span.Empty
            solver.Solve(Span.op_Implicit block.Perturbed, block.Solutions, values)

    let score (block: Block) : unit =
        if pass.NeedsScore then
            op.Noise.Score(Span.op_Implicit block.Noise, d, block.Scores)

    let start (solver: ISolver) (row: int) : unit =
        if not replay then
            solver.Begin(op.FirstRow + int64 row, ReadOnlySpan(thetas, row * d, d))

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
            place block
            perturb block
            solve block solver
            score block
            pass.Add(block, state)
            first <- first + block.Count

    // One whole row: its chunks in order, each merged as soon as it is there.
    let wholeRow (row: int) (block: Block) (solver: ISolver) (state: float[]) (results: float[]) : unit =
        let target = Span(results, row * pass.StateLength, pass.StateLength)
        let state = Span(state, 0, pass.StateLength)
        start solver row

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
        place block

        for row in first .. first + count - 1 do
            select row
            perturb block

        selectAll ()

        try
            solve block solver
        with :? OracleException ->
            // Row by row, so that the error names its own row.
            for row in first .. first + count - 1 do
                select row
                start solver row
                solve block solver

            reraise ()

        score block

        for row in first .. first + count - 1 do
            select row
            let state = Span(state, 0, pass.StateLength)
            state.Clear()
            pass.Add(block, state)
            pass.Merge(Span(results, row * pass.StateLength, pass.StateLength), state)

    let rowsOf (index: int) (block: Block) (solver: ISolver) (state: float[]) (results: float[]) : unit =
        if group = 1 then
            wholeRow index block solver state results
        else
            let first = index * group
            wholeRows first (min group (rows - first)) block solver state results

    member private _.Worker() =
        let capacity = if group = 1 then plan.BlockSamples else group * op.Samples
        struct (Block(d, k, capacity), op.Oracle.Rent(), ArrayPool<float>.Shared.Rent(max 1 pass.StateLength))

    member private _.Free(struct (block: Block, solver: ISolver, state: float[])) =
        block.Free()
        op.Oracle.Return solver
        ArrayPool<float>.Shared.Return state

    // The error of the lowest item wins, whichever thread met one first: Break lets every lower item finish.
    member private this.Parallel(items: int, body: int -> Block -> ISolver -> float[] -> unit) =
        let errors = Dictionary<int, ExceptionDispatchInfo>()
        let options = ParallelOptions(MaxDegreeOfParallelism = op.Threads)

        Parallel.For(
            0,
            items,
            options,
            (fun () -> this.Worker()),
            (fun item (loop: ParallelLoopState) worker ->
                let struct (block, solver, state) = worker

                try
                    body item block solver state
                with e ->
                    lock errors (fun () -> errors[item] <- ExceptionDispatchInfo.Capture e)
                    loop.Break()

                worker),
            (fun worker -> this.Free worker)
        )
        |> ignore

        if errors.Count > 0 then
            errors[Seq.min errors.Keys].Throw()

    member private this.Sequential(results: float[]) =
        let struct (block, solver, state) = this.Worker()

        try
            for index in 0 .. (rows + group - 1) / group - 1 do
                rowsOf index block solver state results
        finally
            this.Free(struct (block, solver, state))

    /// The state of every row, rows × stateLength.
    member this.Run() : float[] =
        let length = pass.StateLength
        let results: float[] = Array.zeroCreate (rows * length)
        let items = rows * plan.Chunks
        let work = int64 rows * int64 op.Samples * int64 (max d k)

        if op.Threads = 1 || items <= 1 || (work < 16384L && not op.Oracle.IsExpensive) then
            this.Sequential results
        elif plan.Chunks = 1 || rows >= 4 * op.Threads then
            let items = (rows + group - 1) / group
            this.Parallel(items, (fun index block solver state -> rowsOf index block solver state results))
        else
            // Few rows: their chunks run side by side, and are merged in order afterwards.
            let partials = ArrayPool<float>.Shared.Rent(items * length)

            try
                this.Parallel(
                    items,
                    fun item block solver _ ->
                        let row = item / plan.Chunks
                        start solver row
                        chunk row (item % plan.Chunks) block solver (Span(partials, item * length, length))
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

        results

module internal Engine =

    let run (op: Smoothed) (thetas: float[]) (rows: int) (tape: Tape voption) (pass: Pass) : float[] =
        Runner(op, thetas, rows, tape, pass).Run()

    /// The unperturbed solutions y*(θ), rows × k, and values F(θ).
    let solve (oracle: Oracle) (firstRow: int64) (thetas: float[]) (rows: int) : struct (float[] * float[]) =
        let d, k = oracle.Dimension, oracle.SolutionDimension
        let solutions: float[] = Array.zeroCreate (rows * k)
        let values: float[] = Array.zeroCreate rows
        let solver = oracle.Rent()

        for row in 0 .. rows - 1 do
            let theta = ReadOnlySpan(thetas, row * d, d)
            solver.Begin(firstRow + int64 row, theta)
            solver.Solve(theta, Span(solutions, row * k, k), Span(values, row, 1))

        oracle.Return solver
        struct (solutions, values)
