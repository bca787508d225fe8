namespace Perturbed.Functional

open System
open System.Buffers
open Perturbed.Kernels

/// The seeds of the scores of all samples (Shortcut.HasSeeds), kept between two passes so that the second need not draw noise again.
[<Sealed>]
type internal Seeds private (shortcut: Shortcut, rows: int, samples: int, dimension: int) =
    // From the pool: fresh memory of this size costs as much as the drawing that it would save.
    let numbers = ArrayPool<float32>.Shared.Rent(rows * samples * dimension)
    let isWritten: bool[] = Array.zeroCreate rows

    // As much as the caches of a few processors hold.
    static let most = 1L <<< 20

    /// Memory for the seeds of an operator's samples; null where it has none, or too many.
    static member TryRent(shortcut: Shortcut | null, rows: int, op: Smoothed) : Seeds | null =
        match shortcut with
        | null -> null
        | short ->
            let d = op.Oracle.Dimension
            let count = int64 rows * int64 op.Samples * int64 d

            if short.HasSeeds && count <= min most (op.TapeBytes / 4L) then
                Seeds(short, rows, op.Samples, d)
            else
                null

    /// Where the seeds of n samples go, from a sample of a row on.
    member _.ToWrite(row: int, firstSample: int, count: int) : Span<float32> =
        isWritten[row] <- true
        Span(numbers, (row * samples + firstSample) * dimension, count * dimension)

    /// Whether the seeds of a row were written.
    member _.Has(row: int) : bool = isWritten[row]

    member private _.Part(row: int, firstSample: int, count: int) : ReadOnlySpan<float32> =
        ReadOnlySpan(numbers, (row * samples + firstSample) * dimension, count * dimension)

    /// Makes the scores of samples out of their seeds.
    member this.Scores(row: int, firstSample: int, scores: Span<float>) : unit =
        shortcut.Scores(this.Part(row, firstSample, scores.Length / dimension), scores)

    /// Adds Σ weight · score over samples, without writing the scores.
    member this.AddWeightedScores(row: int, firstSample: int, weights: ReadOnlySpan<float>, sum: Span<float>) : unit =
        shortcut.AddWeightedScores(weights, this.Part(row, firstSample, weights.Length), sum)

    /// Gives the memory back; nobody may use the seeds afterwards.
    member _.Return() : unit =
        ArrayPool<float32>.Shared.Return numbers
