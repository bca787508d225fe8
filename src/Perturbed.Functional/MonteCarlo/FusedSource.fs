namespace Perturbed.Functional

open System
open System.Runtime.InteropServices
open Perturbed.Kernels

/// Samples by a fused sampler, in the rows that it accepts; the reference source has the others.
[<Sealed>]
type internal FusedSource(context: PassContext, memory: SampleMemory, sampler: FusedSampler) =
    inherit SampleSource(memory)

    let s = context.Settings
    let k = s.Oracle.SolutionDimension
    let reference = ReferenceSource(context, memory)
    let draws = NoiseDraws(context, memory)
    let mutable isFused = false

    // Made at the first use, and again after an error.
    let mutable solver: FusedSolver | null = null

    let fused () : FusedSolver =
        match solver with
        | null ->
            let fresh = sampler.CreateSolver()
            solver <- fresh
            fresh
        | known -> known

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

        fused().SolveIndices(s.Key, context.StreamRow row, int64 first, indices, values, residuals)
        Solutions.Encoded(codes, place)

    let solveNumbers (row: int) (first: int) (count: int) (values: Span<float>) : Solutions =
        let numbers, start =
            match cache with
            | null -> memory.Solutions, 0
            | cache when cache.Encoding = SolutionEncoding.Numbers -> cache.Numbers, (row * s.Samples + first) * k
            | _ -> memory.Solutions, 0

        let solutions = Span(numbers, start, count * k)
        fused().Solve(s.Key, context.StreamRow row, int64 first, solutions, values)

        match cache with
        | null -> ()
        | cache ->
            if cache.Encoding <> SolutionEncoding.Numbers then
                let struct (codes, place) = cache.CodesAt(row, first)
                let target = Span(codes, place, codes.Length - place)

                if not (Encodings.TryEncode(cache.Encoding, k, s.Oracle.Ones, Span.op_Implicit solutions, target)) then
                    cache.Lose()

        Solutions.Dense(numbers, start)

    override _.Start row =
        reference.Start row
        isFused <- fused().Begin(context.Batch.Row row, ReadOnlySpan s.Epsilons)

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
                if s.Oracle.Encoding = SolutionEncoding.Indices && s.Oracle.Ones = fused().Ones then
                    solveIndices row first count wanted
                else
                    solveNumbers row first count wanted

            {
                Memory = memory
                Row = row
                First = first
                Count = count
                Offset = 0
                Solutions = solutions
                Scores = Scores.Drawn
                ValueArray = values
                ValueStart = start
                FailureArray = [||]
                FailureStart = 0
            }

    override _.Fill(firstRow, rows) = reference.Fill(firstRow, rows)
    override _.RowOf(firstRow, row) = reference.RowOf(firstRow, row)

    override _.DropSolver() =
        solver <- null
        isFused <- false
        reference.DropSolver()

    override _.Free() = reference.Free()
