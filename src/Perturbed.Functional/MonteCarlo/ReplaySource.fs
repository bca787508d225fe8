namespace Perturbed.Functional

open Perturbed.Kernels

/// Solutions from a cache that an earlier pass filled; noise and scores are drawn again where they are read.
[<Sealed>]
type internal ReplaySource(context: PassContext, memory: SampleMemory, cache: SolutionCache) =
    inherit SampleSource(memory)

    let s = context.Settings
    let k = s.Oracle.SolutionDimension
    let draws = NoiseDraws(context, memory)

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
            Solutions =
                if cache.Encoding = SolutionEncoding.Numbers then
                    Solutions.Dense(cache.Numbers, sample * k)
                else
                    let struct (codes, place) = cache.CodesAt(row, first)
                    Solutions.Encoded(codes, place)
            Scores =
                match context.Residuals with
                | null -> Scores.Drawn
                | residuals ->
                    if hasResiduals then
                        Scores.Cached residuals
                    else
                        Scores.Drawn
            ValueArray = if cache.HasValues then cache.Values else memory.Values
            ValueStart = if cache.HasValues then sample else offset
            FailureArray = cache.Failures
            FailureStart = sample
        }

    override _.Start _ = ()

    override _.Next(row, first, count) =
        memory.DecodedRow <- -1
        block row first count 0

    override _.Fill(_, _) = memory.DecodedRow <- -1

    override _.RowOf(firstRow, row) =
        block row 0 s.Samples ((row - firstRow) * s.Samples)
