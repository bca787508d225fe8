namespace Perturbed.Functional

open System
open Perturbed.Kernels

/// Fills blocks with the samples of an operator's noise, as its design draws them. Immutable, and safe to call from
/// many threads.
[<AbstractClass>]
type internal Sampler() =
    /// The samples number first, first + 1, … of a row, n × d. Blocks begin where a pair or a block of directions does.
    abstract Fill: row: uint32 * first: int * z: Span<float> -> unit

    /// Whether scores may be had without the samples, from the noise.
    abstract DrawsScores: bool
    default _.DrawsScores = false

    /// The first half of n × d numbers, the middle row with it.
    static member HalfOf(z: Span<float>, d: int) : Span<float> = z.Slice(0, (z.Length / d + 1) / 2 * d)

/// Fills a span with points of one group: its row, number and size, the first point's number in the group and among
/// the row's samples.
type internal GroupFill =
    delegate of row: uint32 * group: int * size: int * start: int * sample: int * u: Span<float> -> unit

[<CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module internal Sampler =

    /// The groups of an operator's samples.
    let groups (s: Settings) : SampleGroups =
        let d = s.Oracle.Dimension
        let block = min d OrthogonalBlocks.MaxSize

        let cut (randomisations: int) = (s.Samples - 1) / randomisations + 1

        let size =
            match s.Sampling with
            | SamplingDesign.Independent -> 1
            | SamplingDesign.Antithetic -> 2
            | SamplingDesign.Orthogonal -> block
            | SamplingDesign.AntitheticOrthogonal -> 2 * block
            | SamplingDesign.LatinHypercube randomisations
            | SamplingDesign.Sobol randomisations -> cut randomisations

        {
            Size = min size s.Samples
            Samples = s.Samples
        }

    /// Whether every group consists of pairs z, −z, so that odd functions of z sum to 0 over it.
    let isMirrored (s: Settings) : bool =
        match s.Sampling with
        | SamplingDesign.Antithetic
        | SamplingDesign.AntitheticOrthogonal -> s.Noise.IsSymmetric && s.Samples % 2 = 0
        | _ -> false

    // The noise with independent coordinates, and what carries its samples to those of the operator's noise.
    let private sourceOf (noise: INoise) : INoise =
        match noise with
        | :? ILinearImage as image -> image.Source
        | other -> other

    let private transform (noise: INoise) (z: Span<float>) : unit =
        match noise with
        | :? ILinearImage as image -> image.Transform z
        | _ -> ()

    let private quantileLaws =
        "Gaussian (with a covariance, too), Gumbel, centred Gumbel, logistic, Laplace, Student's t, Cauchy, \
          Noise.ofQuantile, and a user's IQuantileLaw"

    let private requireQuantiles (what: string) (noise: INoise) : unit =
        if not (sourceOf noise :? IQuantileLaw) then
            invalidArg
                "sampling"
                $"{what} goes through a quantile function, which the noise '{noise.Name}' does not have. These have one: {quantileLaws}."

    let private requirePositive (what: string) (randomisations: int) : unit =
        if randomisations < 1 then
            raise (
                ArgumentOutOfRangeException(
                    "sampling",
                    randomisations,
                    $"{what} has {randomisations} randomisations; at least 1 is needed."
                )
            )

    /// Whether the operator's noise allows a design; an error says what does.
    let check (design: SamplingDesign) (s: Settings) : unit =
        let noise = s.Noise

        match design with
        | SamplingDesign.Independent -> ()
        | SamplingDesign.Antithetic ->
            if not (noise.IsSymmetric || sourceOf noise :? IQuantileLaw) then
                invalidArg
                    "sampling"
                    $"Antithetic pairs need symmetric noise (z and −z) or a quantile function (at u and 1 − u); the \
                      noise '{noise.Name}' has neither. These have: {quantileLaws}."
        | SamplingDesign.Orthogonal
        | SamplingDesign.AntitheticOrthogonal ->
            if not (sourceOf noise :? GaussianNoise) then
                invalidArg
                    "sampling"
                    $"Orthogonal directions keep the law of Gaussian noise alone, with a covariance or without; the \
                      noise is '{noise.Name}'."
        | SamplingDesign.LatinHypercube randomisations ->
            requirePositive "The Latin hypercube" randomisations
            requireQuantiles "A Latin hypercube" noise
        | SamplingDesign.Sobol randomisations ->
            requirePositive "Sobol's sequence" randomisations
            requireQuantiles "Sobol's sequence" noise

            if s.Oracle.Dimension > SobolPoints.MaxDimension then
                invalidArg
                    "sampling"
                    $"Sobol's sequence has {SobolPoints.MaxDimension} dimensions; the oracle '{s.Oracle.Name}' has \
                      {s.Oracle.Dimension}. A Latin hypercube has any."

    // Through the quantile function: `points` fills a span with points of one group, from a number in it on.
    let private throughQuantiles (s: Settings) (fillGroup: GroupFill) : Sampler =
        let d = s.Oracle.Dimension
        let groups = groups s
        let law = sourceOf s.Noise :?> IQuantileLaw

        { new Sampler() with
            member _.Fill(row, first, z) =
                let count = z.Length / d
                let mutable done' = 0

                while done' < count do
                    let sample = first + done'
                    let group = sample / groups.Size
                    let start = sample - group * groups.Size
                    let n = min (count - done') (groups.SizeOf group - start)
                    fillGroup.Invoke(row, group, groups.SizeOf group, start, sample, z.Slice(done' * d, n * d))
                    done' <- done' + n

                law.Quantiles(Span.op_Implicit z, z)
                transform s.Noise z
        }

    /// The sampler of an operator, whose design its noise allows.
    let create (s: Settings) : Sampler =
        let d, key, noise = s.Oracle.Dimension, s.Key, s.Noise
        let block = min d OrthogonalBlocks.MaxSize

        match s.Sampling with
        | SamplingDesign.Independent ->
            { new Sampler() with
                member _.DrawsScores = true

                member _.Fill(row, first, z) =
                    noise.Sample(key, row, int64 first, d, z)
            }
        | SamplingDesign.Antithetic when noise.IsSymmetric ->
            { new Sampler() with
                member _.Fill(row, first, z) =
                    noise.Sample(key, row, int64 (first / 2), d, Sampler.HalfOf(z, d))
                    AntitheticPairs.Negate(z, d)
            }
        | SamplingDesign.Antithetic ->
            let law = sourceOf noise :?> IQuantileLaw

            { new Sampler() with
                member _.Fill(row, first, z) =
                    Uniforms.Fill(key, row, int64 (first / 2) * int64 d, Sampler.HalfOf(z, d))
                    AntitheticPairs.Mirror(z, d)
                    law.Quantiles(Span.op_Implicit z, z)
                    transform noise z
            }
        | SamplingDesign.Orthogonal ->
            let source = sourceOf noise

            { new Sampler() with
                member _.Fill(row, first, z) =
                    source.Sample(key, row, int64 first, d, z)
                    OrthogonalBlocks.Orthogonalise(z, d, block)
                    transform noise z
            }
        | SamplingDesign.AntitheticOrthogonal ->
            let source = sourceOf noise

            { new Sampler() with
                member _.Fill(row, first, z) =
                    let half = Sampler.HalfOf(z, d)
                    source.Sample(key, row, int64 (first / 2), d, half)
                    OrthogonalBlocks.Orthogonalise(half, d, block)
                    AntitheticPairs.Negate(z, d)
                    transform noise z
            }
        | SamplingDesign.LatinHypercube _ ->
            throughQuantiles
                s
                (GroupFill(fun row group size start sample u ->
                    Uniforms.Fill(key, row, int64 sample * int64 d, u)
                    LatinHypercube.Stratify(key, row, uint32 group, size, start, d, u)))
        | SamplingDesign.Sobol _ ->
            throughQuantiles
                s
                (GroupFill(fun row group _ start _ u -> SobolPoints.Fill(key, row, uint32 group, start, d, u)))
