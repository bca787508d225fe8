namespace Perturbed.Functional

open System
open System.Numerics.Tensors
open System.Runtime.InteropServices
open Perturbed.Kernels

/// What a noise's numbers need not be checked for.
[<RequireQualifiedAccess>]
type internal NumberCheck =
    /// Every number is checked: a user's own noise.
    | All
    /// Numbers are finite, but so large under heavy tails that the perturbed θ may not be.
    | Perturbed
    /// Numbers are so small that the perturbed θ is finite too.
    | Nothing

[<CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module internal NumberCheck =

    let ofNoise (noise: INoise) : NumberCheck =
        match noise with
        | :? GaussianNoise
        | :? GumbelNoise
        | :? LogisticNoise
        | :? LaplaceNoise -> NumberCheck.Nothing
        | :? QuantileNoise -> NumberCheck.All
        | other when other.GetType().Assembly = typeof<GaussianNoise>.Assembly -> NumberCheck.Perturbed
        | _ -> NumberCheck.All

/// What the sources of all threads of one pass share.
[<NoEquality; NoComparison>]
type internal PassContext =
    {
        Settings: Settings
        Batch: ThetaBatch
        Sampler: Sampler
        Check: NumberCheck
        /// What the accumulator reads.
        Needs: Needs
        /// Where solutions are kept, in a pass that fills a cache, or read, in one that replays it.
        Cache: SolutionCache voption
        /// The residuals of the scores that a replay may take; null where there are none.
        Residuals: ScoreResiduals | null
    }

    member this.Wants(need: Needs) : bool = this.Needs &&& need <> Needs.Nothing

    /// Scores by the noise's law alone, without its samples.
    member this.DrawsScores: bool = this.Wants Needs.Scores && this.Sampler.DrawsScores

    /// Noise that is read itself, or by what is made of it.
    member this.ReadsNoise: bool =
        this.Wants(Needs.Noise ||| Needs.Factors)
        || this.Wants Needs.Scores && not this.Sampler.DrawsScores

    /// A solve whose values are not read may skip them.
    member this.WantsValues: bool =
        this.Wants Needs.Values
        || (match this.Cache with
            | ValueSome cache -> cache.HasValues
            | ValueNone -> false)

    /// The row's number in the stream of noise.
    member this.StreamRow(row: int) : uint32 =
        uint32 (this.Batch.Numbers.First + int64 row)

/// Noise, perturbed θ and scores of samples, into the memory of a thread.
[<Sealed>]
type internal Draws(context: PassContext, memory: SampleMemory) =
    let s = context.Settings
    let d = s.Oracle.Dimension

    let requireFinite (row: int) (first: int) (parameter: string) (what: string) (numbers: Span<float>) : unit =
        if not (TensorPrimitives.IsFiniteAll<float>(Span.op_Implicit numbers)) then
            let mutable at = 0

            while Double.IsFinite numbers[at] do
                at <- at + 1

            invalidArg
                parameter
                $"Noise '{s.Noise.Name}', row {context.Batch.Numbers.First + int64 row}, sample {first + at / d}: {what} is {numbers[at]} at coordinate {at % d}; every number must be finite."

    let part (numbers: float[]) (offset: int) (count: int) : Span<float> = Span(numbers, offset * d, count * d)

    /// z: samples first, first + 1, … of a row, from a place in the memory on.
    member _.Noise(row: int, first: int, count: int, offset: int) : unit =
        let z = part memory.Noise offset count
        context.Sampler.Fill(context.StreamRow row, first, z)

        if context.Check = NumberCheck.All then
            requireFinite row first "noise" "its sample" z

    /// ∇ν(z), drawn without the samples or made of them.
    member _.Scores(row: int, first: int, count: int, offset: int) : unit =
        let scores = part memory.Scores offset count

        if context.DrawsScores then
            s.Noise.SampleScores(s.Key, context.StreamRow row, int64 first, d, scores)
        else
            s.Noise.Score(Span.op_Implicit (part memory.Noise offset count), d, scores)

        if context.Check = NumberCheck.All then
            requireFinite row first "noise" "its score" scores

    /// θ + εZ, or θ ⊙ exp(εZ − ε²/2) with its factor.
    member _.Perturb(row: int, first: int, count: int, offset: int) : unit =
        let theta = context.Batch.Row row
        let noise = Span.op_Implicit (part memory.Noise offset count)
        let perturbed = part memory.Perturbed offset count

        match s.Perturbation with
        | Perturbation.Additive ->
            Perturbations.Additive(theta, s.Epsilons, noise, perturbed)

            if context.Check <> NumberCheck.Nothing then
                requireFinite row first "theta" "the perturbed θ" perturbed
        | Perturbation.Multiplicative ->
            let factors = part memory.Factors offset count

            if not (Perturbations.Multiplicative(theta, s.Epsilons, noise, factors, perturbed)) then
                // A zero in θ times an infinite factor is NaN, so the perturbed entries alone tell where.
                let mutable at = 0

                while Double.IsFinite perturbed[at] do
                    at <- at + 1

                invalidArg
                    "theta"
                    $"theta, {context.Batch.Numbers.Describe row}, sample {first + at / d}: θ·exp(εZ − ε²/2), the multiplicative perturbation, overflows at coordinate {at % d}; a smaller epsilon is needed."

/// <summary>Where one thread's blocks of samples come from.</summary>
/// <remarks>The reference source reads like Definition 3.1: draw, perturb, solve. The others give the same bits sooner.</remarks>
[<AbstractClass>]
type internal SampleSource(memory: SampleMemory) =
    member _.Memory: SampleMemory = memory
    /// Announces a row before its samples.
    abstract Start: row: int -> unit
    /// Samples of the row that was announced.
    abstract Next: row: int * first: int * count: int -> SampleBlock
    /// All samples of a few rows side by side, in one call of the solver; then `RowOf` gives the block of each.
    abstract Fill: firstRow: int * rows: int -> unit
    abstract RowOf: firstRow: int * row: int -> SampleBlock
    /// After an error: what comes next has a solver that never threw.
    abstract DropSolver: unit -> unit
    default _.DropSolver() = ()
    /// Gives memory and solver back.
    abstract Free: unit -> unit
    default _.Free() = memory.Free()

/// Draw Z, perturb, solve: the reference that every other source has the bits of.
[<Sealed>]
type internal ReferenceSource(context: PassContext, memory: SampleMemory) =
    inherit SampleSource(memory)

    let s = context.Settings
    let k = s.Oracle.SolutionDimension
    let draws = Draws(context, memory)

    let cache: SolutionCache | null =
        match context.Cache with
        | ValueSome cache -> cache
        | ValueNone -> null

    // Rented at the first use, so that an error in the making of it belongs to the row at hand; a solver that threw does not go back to the pool.
    let mutable solver: ISolver | null = null

    let rented () : ISolver =
        match solver with
        | null ->
            let fresh = s.Oracle.Rent s.Cancellation
            solver <- fresh
            fresh
        | known -> known

    // Where solutions and values of a row from a sample on go: a cache that keeps numbers is written by the solver itself.
    let targets (row: int) (first: int) (offset: int) : struct (Solutions * float[] * int) =
        let ownSolutions = Solutions.Dense(memory.Solutions, offset * k)

        match cache with
        | null -> struct (ownSolutions, memory.Values, offset)
        | cache ->
            let sample = row * s.Samples + first

            let solutions =
                if cache.Code = SolutionCode.Numbers then
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
            Written = solutions
            ScoreSource = Scores.Drawn
            ValueArray = values
            ValueStart = start
        }

    let draw (row: int) (first: int) (count: int) (offset: int) : unit =
        draws.Noise(row, first, count, offset)

        if context.Wants Needs.Scores then
            draws.Scores(row, first, count, offset)

        draws.Perturb(row, first, count, offset)

    let solve (row: int) (first: int) (count: int) (offset: int) : SampleBlock =
        let block = block row first count offset
        let values = if context.WantsValues then block.Values else Span.Empty

        try
            rented().Solve(Span.op_Implicit block.Perturbed, block.Solutions, values)
        with :? OracleException as error when not (isNull context.Batch.Numbers.Given) ->
            raise (context.Batch.Numbers.Locate(error, row))

        block

    // Encodes the solutions of a block for a cache that keeps codes.
    let keep (block: inref<SampleBlock>) : unit =
        match cache with
        | null -> ()
        | cache ->
            if cache.Code <> SolutionCode.Numbers && not cache.IsLost then
                let struct (codes, place) = cache.CodesAt(block.Row, block.First)
                let target = Span(codes, place, codes.Length - place)
                let solutions: ReadOnlySpan<float> = Span.op_Implicit block.Solutions

                if not (Codes.TryEncode(cache.Code, k, s.Oracle.Ones, solutions, target)) then
                    cache.Lose()

    let start (row: int) : unit =
        rented().Begin(context.Batch.Numbers.Instance row, context.Batch.Row row)

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
        with :? OracleException ->
            // Row by row, so that the error names its own row.
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

/// Samples by a fused sampler, in the rows that it takes; the reference source has the others.
[<Sealed>]
type internal FusedSource(context: PassContext, memory: SampleMemory, fused: ShortcutSolver) =
    inherit SampleSource(memory)

    let s = context.Settings
    let k = s.Oracle.SolutionDimension
    let reference = ReferenceSource(context, memory)
    let draws = Draws(context, memory)
    let mutable isFused = false

    let cache: SolutionCache | null =
        match context.Cache with
        | ValueSome cache when not cache.IsLost -> cache
        | _ -> null

    // One-hot indices go to the cache, or to the block's own memory, as the sampler finds them.
    let solveIndices (row: int) (first: int) (count: int) (values: Span<float>) : Solutions =
        let struct (codes, place) =
            match cache with
            | null -> struct (memory.OwnCodes count, 0)
            | cache -> cache.CodesAt(row, first)

        let indices =
            MemoryMarshal.Cast<byte, int>(Span(codes, place, codes.Length - place)).Slice(0, count * s.Oracle.Ones)

        let residuals =
            match cache with
            | null -> Span.Empty
            | cache ->
                match cache.ResidualsToWrite with
                | null -> Span.Empty
                | residuals -> residuals.ToWrite(row, first, count)

        fused.SolvePlaces(s.Key, context.StreamRow row, int64 first, indices, values, residuals)
        Solutions.Encoded(codes, place)

    let solveNumbers (row: int) (first: int) (count: int) (values: Span<float>) : Solutions =
        let numbers, start =
            match cache with
            | null -> memory.Solutions, 0
            | cache when cache.Code = SolutionCode.Numbers -> cache.Numbers, (row * s.Samples + first) * k
            | _ -> memory.Solutions, 0

        let solutions = Span(numbers, start, count * k)
        fused.Solve(s.Key, context.StreamRow row, int64 first, solutions, values)

        match cache with
        | null -> ()
        | cache ->
            if cache.Code <> SolutionCode.Numbers then
                let struct (codes, place) = cache.CodesAt(row, first)
                let target = Span(codes, place, codes.Length - place)

                if not (Codes.TryEncode(cache.Code, k, s.Oracle.Ones, Span.op_Implicit solutions, target)) then
                    cache.Lose()

        Solutions.Dense(numbers, start)

    override _.Start row =
        reference.Start row
        isFused <- fused.Begin(context.Batch.Row row, ReadOnlySpan s.Epsilons)

    override _.Next(row, first, count) =
        if not isFused then
            reference.Next(row, first, count)
        else
            memory.DecodedRow <- -1

            if context.Wants Needs.Scores then
                draws.Scores(row, first, count, 0)

            let values, start =
                match cache with
                | null -> memory.Values, 0
                | cache when cache.HasValues -> cache.Values, row * s.Samples + first
                | _ -> memory.Values, 0

            let wanted =
                if context.WantsValues then
                    Span(values, start, count)
                else
                    Span.Empty

            let solutions =
                if s.Oracle.Code = SolutionCode.Places && s.Oracle.Ones = fused.Ones then
                    solveIndices row first count wanted
                else
                    solveNumbers row first count wanted

            {
                Memory = memory
                Row = row
                First = first
                Count = count
                Offset = 0
                Written = solutions
                ScoreSource = Scores.Drawn
                ValueArray = values
                ValueStart = start
            }

    override _.Fill(firstRow, rows) = reference.Fill(firstRow, rows)
    override _.RowOf(firstRow, row) = reference.RowOf(firstRow, row)
    override _.DropSolver() = reference.DropSolver()
    override _.Free() = reference.Free()

/// Solutions from a cache that an earlier pass filled; noise and scores are drawn again where they are read.
[<Sealed>]
type internal ReplaySource(context: PassContext, memory: SampleMemory, cache: SolutionCache) =
    inherit SampleSource(memory)

    let s = context.Settings
    let k = s.Oracle.SolutionDimension
    let draws = Draws(context, memory)

    let block (row: int) (first: int) (count: int) (offset: int) : SampleBlock =
        let hasResiduals =
            match context.Residuals with
            | null -> false
            | residuals -> residuals.Has row

        if context.ReadsNoise then
            draws.Noise(row, first, count, offset)

        if context.Wants Needs.Scores && not hasResiduals then
            draws.Scores(row, first, count, offset)

        if context.Wants Needs.Factors then
            draws.Perturb(row, first, count, offset)

        let sample = row * s.Samples + first

        {
            Memory = memory
            Row = row
            First = first
            Count = count
            Offset = offset
            Written =
                if cache.Code = SolutionCode.Numbers then
                    Solutions.Dense(cache.Numbers, sample * k)
                else
                    let struct (codes, place) = cache.CodesAt(row, first)
                    Solutions.Encoded(codes, place)
            ScoreSource =
                match context.Residuals with
                | null -> Scores.Drawn
                | residuals ->
                    if hasResiduals then
                        Scores.Cached residuals
                    else
                        Scores.Drawn
            ValueArray = if cache.HasValues then cache.Values else memory.Values
            ValueStart = if cache.HasValues then sample else offset
        }

    override _.Start _ = ()

    override _.Next(row, first, count) =
        memory.DecodedRow <- -1
        block row first count 0

    override _.Fill(_, _) = memory.DecodedRow <- -1

    override _.RowOf(firstRow, row) =
        block row 0 s.Samples ((row - firstRow) * s.Samples)

/// The source of a pass, chosen once.
[<Sealed>]
type internal SampleSources private (context: PassContext, create: SampleMemory -> SampleSource, isFused: bool) =

    static member Choose(s: Settings, batch: ThetaBatch, cache: SolutionCache voption, needs: Needs) : SampleSources =
        let context =
            {
                Settings = s
                Batch = batch
                Sampler = Sampler.create s
                Check = NumberCheck.ofNoise s.Noise
                Needs = needs
                Cache = cache
                Residuals = null
            }

        match cache with
        | ValueSome filled when filled.IsFilled && not filled.IsLost ->
            let context =
                { context with
                    Residuals =
                        if context.Wants Needs.Scores then
                            filled.TakeResiduals()
                        else
                            null
                }

            SampleSources(context, (fun memory -> ReplaySource(context, memory, filled)), false)
        | _ ->
            // A fused sampler leaves out the noise.
            match (if context.ReadsNoise then null else FusedSamplers.between s) with
            | null -> SampleSources(context, (fun memory -> ReferenceSource(context, memory)), false)
            | fused -> SampleSources(context, (fun memory -> FusedSource(context, memory, fused.CreateSolver())), true)

    /// Whether a few rows may share a call of the solver.
    member _.MayShareRows: bool =
        not isFused && not context.Settings.Oracle.Implementation.DependsOnInstance

    /// A source for one thread, for blocks of so many samples.
    member _.Create(capacity: int) : SampleSource =
        let oracle = context.Settings.Oracle
        create (SampleMemory(oracle.Dimension, oracle.SolutionDimension, capacity, oracle.Code, oracle.Ones))

    /// Gives back what was borrowed, after the last block.
    member _.End() : unit =
        match context.Residuals with
        | null -> ()
        | taken -> taken.Return()
