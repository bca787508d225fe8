namespace Perturbed.Functional

open System
open System.Numerics.Tensors
open System.Runtime.InteropServices
open Perturbed.Kernels

/// What needs no check of a noise's numbers.
[<RequireQualifiedAccess>]
type internal Trust =
    /// Nothing: a user's own noise.
    | Nothing
    /// Numbers are finite, but so large under heavy tails that the perturbed θ may not be.
    | Finite
    /// Numbers are so small that the perturbed θ is finite too.
    | Bounded

[<CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module internal Trust =

    let ofNoise (noise: INoise) : Trust =
        match noise with
        | :? GaussianNoise
        | :? GumbelNoise
        | :? LogisticNoise
        | :? LaplaceNoise -> Trust.Bounded
        | :? QuantileNoise -> Trust.Nothing
        | other when other.GetType().Assembly = typeof<GaussianNoise>.Assembly -> Trust.Finite
        | _ -> Trust.Nothing

/// What is done to a block of samples before a pass sees it: noise, perturbed theta, scores, solutions, and the tape of them.
[<Sealed>]
type internal BlockWork(op: Smoothed, thetas: float[], tape: Tape voption, pass: Pass) =
    let d = op.Oracle.Dimension
    let k = op.Oracle.SolutionDimension
    let sampler = Sampler.create op
    let multiplicative = op.Perturbation = Perturbation.Multiplicative

    let replay =
        match tape with
        | ValueSome t -> t.IsFilled && not t.IsLost
        | ValueNone -> false

    // The seeds of the scores, which are this run's own.
    let seeds: Seeds | null =
        match tape with
        | ValueSome t when replay && pass.NeedsScore -> t.TakeSeeds()
        | _ -> null

    // A solve that nobody needs the values of may skip them.
    let wantsValues =
        pass.NeedsValues
        || (match tape with
            | ValueSome t -> t.HasValues
            | ValueNone -> false)

    // The shorter way to the solutions, where nobody asks for what it leaves out.
    let shortcut: Shortcut | null =
        if
            replay
            || pass.NeedsNoise
            || pass.NeedsFactor
            || (pass.NeedsScore && not sampler.DrawsScores)
        then
            null
        else
            Shortcuts.between op

    let trust = Trust.ofNoise op.Noise

    let requireFinite (block: Block) (parameter: string) (what: string) (numbers: Span<float>) : unit =
        if not (TensorPrimitives.IsFiniteAll<float>(Span.op_Implicit numbers)) then
            let mutable at = 0

            while Double.IsFinite numbers[at] do
                at <- at + 1

            invalidArg
                parameter
                $"Noise '{op.Noise.Name}', row {op.FirstRow + int64 block.Row}, sample {block.First + at / d}: {what} is {numbers[at]} at coordinate {at % d}; every number must be finite."

    // By the shortcut: as places, where those are the code, and with seeds where the tape keeps them.
    let solveShortly (block: Block) (short: ShortcutSolver) (values: Span<float>) : unit =
        let row = uint32 (op.FirstRow + int64 block.Row)

        if block.Code = SolutionCode.Places && block.Ones = short.Ones then
            let kept: Tape | null =
                match tape with
                | ValueSome t when not t.IsLost -> t
                | _ -> null

            let places =
                MemoryMarshal.Cast<byte, int>(block.CodesToWrite kept).Slice(0, block.Count * block.Ones)

            let seeds =
                match tape with
                | ValueSome t ->
                    match t.SeedsToWrite with
                    | null -> Span.Empty
                    | seeds -> seeds.ToWrite(block.Row, block.First, block.Count)
                | ValueNone -> Span.Empty

            short.SolvePlaces(op.Key, row, int64 block.First, places, values, seeds)
        else
            short.Solve(op.Key, row, int64 block.First, block.Solutions, values)

    /// The shorter way to the solutions; null where there is none.
    member _.Shortcut: Shortcut | null = shortcut

    /// The seeds of scores that an earlier pass left; null where there are none.
    member _.Seeds: Seeds | null = seeds

    /// Where the solutions and values of the block's row and samples are, or go.
    member _.Place(block: Block) : unit =
        block.UseOwn()

        match tape with
        | ValueSome t ->
            let sample = block.Row * op.Samples + block.First

            if t.Code = SolutionCode.Numbers then
                block.SolutionArray <- t.Numbers
                block.SolutionOffset <- sample * k

            if t.HasValues then
                block.ValueArray <- t.Values
                block.ValueOffset <- sample
        | ValueNone -> ()

    /// Where solutions are written in codes, they are written after the solve, and read at need.
    member _.Code(block: Block) : unit =
        match tape with
        | ValueSome t when t.Code <> SolutionCode.Numbers ->
            if replay then
                block.ReadFrom t
            elif
                not t.IsLost
                && not block.IsWritten
                && not (
                    Codes.TryEncode(
                        t.Code,
                        k,
                        block.Ones,
                        Span.op_Implicit block.Solutions,
                        t.Codes(block.Row, block.First)
                    )
                )
            then
                t.Lose()
        | _ -> ()

    /// Noise, perturbed theta and scores of the block's row and samples.
    member _.Perturb(block: Block) : unit =
        let row = uint32 (op.FirstRow + int64 block.Row)

        let needsNoise =
            not (replay || block.TakesShortcut)
            || pass.NeedsNoise
            || pass.NeedsFactor
            || (pass.NeedsScore && not sampler.DrawsScores)

        if needsNoise then
            sampler.Fill(row, block.First, block.Noise)

            if trust = Trust.Nothing then
                requireFinite block "noise" "its sample" block.Noise

        if pass.NeedsScore && not block.HasSeeds then
            if sampler.DrawsScores then
                op.Noise.SampleScores(op.Key, row, int64 block.First, d, block.Scores)
            else
                op.Noise.Score(Span.op_Implicit block.Noise, d, block.Scores)

            if trust = Trust.Nothing then
                requireFinite block "noise" "its score" block.Scores

        if not (replay || block.TakesShortcut) || pass.NeedsFactor then
            let theta = ReadOnlySpan(thetas, block.Row * d, d)
            let noise = Span.op_Implicit block.Noise

            if multiplicative then
                if not (Perturbations.Multiplicative(theta, op.Scales, noise, block.Factors, block.Perturbed)) then
                    // A zero in θ times an infinite factor is NaN, so the perturbed entries alone tell where.
                    let mutable at = 0

                    while Double.IsFinite block.Perturbed[at] do
                        at <- at + 1

                    invalidArg
                        "theta"
                        $"theta, {op.Rows.Describe block.Row}, sample {block.First + at / d}: θ·exp(εZ − ε²/2), the multiplicative perturbation, overflows at coordinate {at % d}; a smaller epsilon is needed."
            else
                Perturbations.Additive(theta, op.Scales, noise, block.Perturbed)

                if trust <> Trust.Bounded then
                    requireFinite block "theta" "the perturbed θ" block.Perturbed

    /// The solutions, and their values where somebody needs them.
    member _.Solve(block: Block, solver: ISolver) : unit =
        if not replay then
            let values = if wantsValues then block.Values else Span.Empty

            try
                match block.Shortcut with
                | null -> solver.Solve(Span.op_Implicit block.Perturbed, block.Solutions, values)
                | short ->
                    if block.TakesShortcut then
                        solveShortly block short values
                    else
                        solver.Solve(Span.op_Implicit block.Perturbed, block.Solutions, values)
            with :? OracleException as error when not (isNull op.Rows.Given) ->
                raise (op.Rows.Locate(error, block.Row))

    /// Tells the solver and the shortcut of a row before its samples.
    member _.Start(block: Block, solver: ISolver, row: int) : unit =
        if not replay then
            let theta = ReadOnlySpan(thetas, row * d, d)
            solver.Begin(op.Rows.Instance row, theta)

            match block.Shortcut with
            | null -> ()
            | short -> block.TakesShortcut <- short.Begin(theta, ReadOnlySpan op.Scales)

    /// Gives back what was borrowed, after the last block.
    member _.End() : unit =
        match seeds with
        | null -> ()
        | used -> used.Return()
