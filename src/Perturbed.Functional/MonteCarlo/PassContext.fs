namespace Perturbed.Functional

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
        /// Where failed samples are told; null where they are errors, or are counted elsewhere.
        Log: FailureLog | null
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
