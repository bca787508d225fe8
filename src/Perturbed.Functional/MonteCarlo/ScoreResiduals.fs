namespace Perturbed.Functional

open System
open System.Buffers
open Perturbed.Kernels

/// The pairs (noise, oracle) with a fused sampler, which has the bits of the reference path in less time.
module internal FusedSamplers =

    // The preparation of a row costs as much as some samples.
    let private fewest = 32

    /// The fused sampler of an operator; null where there is none.
    let between (s: Settings) : FusedSampler | null =
        if
            s.Perturbation = Perturbation.Multiplicative
            || s.Sampling <> SamplingDesign.Independent
            || s.Samples < fewest
        then
            null
        else
            FusedSampler.Between(s.Noise, s.Oracle.Implementation)

/// The residuals from which a fused sampler computes the scores of all samples, kept between two passes so that the
/// second draws no noise.
[<Sealed>]
type internal ScoreResiduals private (fused: FusedSampler, rows: int, samples: int, dimension: int) =
    // From the pool, because fresh memory of this size costs as much as drawing the noise again.
    let numbers = ArrayPool<float32>.Shared.Rent(rows * samples * dimension)
    let isWritten: bool[] = Array.zeroCreate rows

    // As much as the caches of a few processors hold.
    static let most = 1L <<< 20

    /// Memory for the residuals of an operator's samples in so many bytes at most; null where it has none, or too many.
    static member TryRent(rows: int, s: Settings, bytes: int64) : ScoreResiduals | null =
        match FusedSamplers.between s with
        | null -> null
        | fused ->
            let d = s.Oracle.Dimension
            let count = int64 rows * int64 s.Samples * int64 d

            if fused.HasResiduals && count <= min most (bytes / 4L) then
                ScoreResiduals(fused, rows, s.Samples, d)
            else
                null

    /// Where the residuals of n samples go, from a sample of a row on.
    member _.ToWrite(row: int, firstSample: int, count: int) : Span<float32> =
        isWritten[row] <- true
        Span(numbers, (row * samples + firstSample) * dimension, count * dimension)

    /// Whether the residuals of a row were written.
    member _.Has(row: int) : bool = isWritten[row]

    member private _.Part(row: int, firstSample: int, count: int) : ReadOnlySpan<float32> =
        ReadOnlySpan(numbers, (row * samples + firstSample) * dimension, count * dimension)

    /// Makes the scores of samples out of their residuals.
    member this.Scores(row: int, firstSample: int, scores: Span<float>) : unit =
        fused.Scores(this.Part(row, firstSample, scores.Length / dimension), scores)

    /// Adds Σ weight · score over samples, without writing the scores.
    member this.AddWeightedScores(row: int, firstSample: int, weights: ReadOnlySpan<float>, sum: Span<float>) : unit =
        fused.AddWeightedScores(weights, this.Part(row, firstSample, weights.Length), sum)

    /// Gives the memory back; the residuals are not valid afterwards.
    member _.Return() : unit =
        ArrayPool<float32>.Shared.Return numbers
