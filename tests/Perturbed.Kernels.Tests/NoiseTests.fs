module Perturbed.Kernels.Tests.NoiseTests

open System
open Expecto
open FsCheck
open FsCheck.FSharp
open Perturbed.Functional.CSharp
open Perturbed.Kernels
open Perturbed.Kernels.Tests.NoiseLaws
open Perturbed.Suite
open Xunit

let private scores (noise: INoise) (row: uint32) (first: int64) (d: int) (length: int) : float[] =
    let image = Array.zeroCreate length
    noise.SampleScores(key, row, first, d, Span<float>(image))
    image

[<Tests>]
let tests =
    testList "Noise" [
        testCase
            "Every number equals its scalar definition to the precision it is drawn in, near the start of the stream and beyond 2^40"
            (fun () ->
                for law in laws do
                    for first in [ 0L; (1L <<< 40) + 3L ] do
                        for i, z in Array.indexed (sample law.Noise key 3u first 1 200) do
                            near law.Precision $"{law.Noise.Name} {i}" (law.Number key 3u (first + int64 i)) z)

        property 50 "A number is the same bits alone, in any span, and in any dimension" (fun () ->
            let noises: INoise list = [ for law in laws -> law.Noise ]

            let property (start: uint32) (NonNegativeInt length) (PositiveInt d) : bool =
                let d, n = d % 5 + 1, length % 12

                noises
                |> List.forall (fun noise ->
                    let whole = sample noise key 1u (int64 start) d (n * d)

                    let alone =
                        Array.init (n * d) (fun i -> (sample noise key 1u (int64 start * int64 d + int64 i) 1 1)[0])

                    bits whole = bits alone)

            property)

        testCase "Score and curvature of a number are the same bits alone and in any span" (fun () ->
            for law in laws do
                let z = sample law.Noise key 2u 0L 1 61

                let alone f =
                    z |> Array.map (fun x -> (f [| x |]: float[])[0]) |> bits

                Assert.Equal<int64[]>(alone (score law.Noise 1), bits (score law.Noise 1 z))

                if law.Noise.HasCurvature then
                    Assert.Equal<int64[]>(
                        alone (curvature law.Noise [| 1.5 |]),
                        bits (curvature law.Noise [| 1.5 |] z)
                    ))

        testCase
            "Scores drawn without their samples are the scores of the samples, to the precision these are drawn in"
            (fun () ->
                for law in laws do
                    let z = sample law.Noise key 2u 7L 3 300
                    let expected = score law.Noise 3 z

                    // A score moves by the curvature times the error of its sample, at most 23 of it in a Gumbel number and less in the others.
                    Array.iter2 (near (30.0 * law.Precision) law.Noise.Name) expected (scores law.Noise 2u 7L 3 300)

                let correlated = CorrelatedGaussianNoise covariance

                Array.iter2
                    (near 1e-12 correlated.Name)
                    (score correlated 3 (sample correlated key 2u 7L 3 300))
                    (scores correlated 2u 7L 3 300))

        property 50 "A score is the same bits alone and in any span" (fun () ->
            let noises: INoise list = [ for law in laws -> law.Noise ]

            let property (start: uint32) (NonNegativeInt length) : bool =
                noises
                |> List.forall (fun noise ->
                    let n = length % 80
                    let alone = Array.init n (fun i -> (scores noise 1u (int64 start + int64 i) 1 1)[0])
                    bits (scores noise 1u (int64 start) 1 n) = bits alone)

            property)

        testCase
            "A noise that defines no score of a draw has the score of its sample, though its score may not work in place"
            (fun () ->
                let gaussian = GaussianNoise.Standard :> INoise

                let own =
                    { new INoise with
                        member _.Name = "own"
                        member _.Dimension = 0
                        member _.IsSymmetric = true
                        member _.HasMean = true
                        member _.HasCurvature = false
                        member _.Sample(key, row, first, d, z) = gaussian.Sample(key, row, first, d, z)

                        member _.Score(z, _, score) =
                            score.Clear()

                            for i in 0 .. z.Length - 1 do
                                score[i] <- 2.0 * z[i]

                        member _.Curvature(_, _, _) = raise (NotSupportedException())
                        member _.Mean mean = mean.Clear()
                        member _.ScoreNorm _ = nan
                    }

                Assert.Equal<float[]>(
                    sample gaussian key 3u 5L 4 40 |> Array.map (fun z -> 2.0 * z),
                    scores own 3u 5L 4 40
                ))

        testCase "The score is the derivative of nu, and the curvature that of the score" (fun () ->
            for law in laws do
                let h = 1e-5

                for z in sample law.Noise key 6u 0L 1 200 do
                    let slope (f: float -> float) : float = (f (z + h) - f (z - h)) / (2.0 * h)
                    let scoreAt (x: float) : float = (score law.Noise 1 [| x |])[0]
                    let shift = law.Cdf(z - 1e-3) > 0.0

                    // Central differences err by h² times the third derivative: points within 1e-3 of a kink or of a start are left out.
                    if shift && abs z > 1e-3 && law.Cdf(z - 0.05) > 0.0 then
                        near 1e-4 $"score of {law.Noise.Name} at {z}" (slope law.Nu) (scoreAt z)

                        if law.Noise.HasCurvature then
                            let actual = Array.head (curvature law.Noise [| 3.0 |] [| z |])
                            near 1e-4 $"curvature of {law.Noise.Name} at {z}" (3.0 * slope scoreAt) actual)

        testCase "Symmetric noises have odd scores, bit for bit" (fun () ->
            for law in laws do
                if law.Noise.IsSymmetric then
                    let z = sample law.Noise key 7u 0L 1 100

                    Assert.Equal<int64[]>(
                        bits (score law.Noise 1 z),
                        bits (Array.map (~-) (score law.Noise 1 (Array.map (~-) z)))
                    ))

        sequencedCase "Nothing is allocated by a sample, a score or a curvature" (fun () ->
            let v = Array.create 3 1.5
            let z: float[] = Array.zeroCreate 99
            let image: float[] = Array.zeroCreate 99

            for noise in (CorrelatedGaussianNoise covariance: INoise) :: [ for law in laws -> law.Noise ] do
                let work () : unit =
                    noise.Sample(key, 1u, 5L, 3, Span<float>(z))
                    noise.Score(ReadOnlySpan<float>(z), 3, Span<float>(image))

                    if noise.HasCurvature then
                        noise.Curvature(ReadOnlySpan<float>(z), ReadOnlySpan<float>(v), Span<float>(image))

                Assert.Equal(0L, Allocation.steadyState work))

        testCase "Empty spans are legal, and arguments that disagree are errors that name them" (fun () ->
            let named (name: string) (f: unit -> unit) : unit =
                Assert.Equal(name, Assert.ThrowsAny<ArgumentException>(f).ParamName)

            let noises: INoise list =
                (CorrelatedGaussianNoise covariance: INoise) :: [ for law in laws -> law.Noise ]

            for noise in noises do
                Assert.Empty(sample noise key 0u 0L 3 0)
                Assert.Empty(score noise 3 [||])
                named "z" (fun () -> sample noise key 0u 0L 3 4 |> ignore)
                named "z" (fun () -> score noise 3 [| 1.0 |] |> ignore)
                named "firstSample" (fun () -> sample noise key 0u -1L 3 3 |> ignore)
                named "firstSample" (fun () -> sample noise key 0u (Int64.MaxValue / 2L) 3 3 |> ignore)
                named "dimension" (fun () -> sample noise key 0u 0L 0 0 |> ignore)
                named "score" (fun () -> noise.Score(ReadOnlySpan<float>([| 1.0; 2.0; 3.0 |]), 3, Span<float>()))

                if noise.HasCurvature then
                    named "v" (fun () -> curvature noise [||] [| 1.0; 2.0; 3.0 |] |> ignore)

                    named "product" (fun () ->
                        noise.Curvature(
                            ReadOnlySpan<float>([| 1.0; 2.0; 3.0 |]),
                            ReadOnlySpan<float>([| 1.0; 2.0; 3.0 |]),
                            Span<float>()
                        ))
                else
                    Assert.Throws<NotSupportedException>(fun () -> curvature noise [| 1.0 |] [| 1.0 |] |> ignore)
                    |> ignore

                let mean = Array.create 3 9.0
                noise.Mean(Span<float>(mean))
                Assert.Equal(noise.HasMean, not (Double.IsNaN mean[0]))

            for freedom in [ 0.0; -1.0; nan; infinity ] do
                named "degreesOfFreedom" (fun () -> StudentTNoise freedom |> ignore)

            named "kappa" (fun () -> SumOfGammaNoise(0.0, 10, 1.0) |> ignore)
            named "terms" (fun () -> SumOfGammaNoise(1.0, 0, 1.0) |> ignore)
            named "tau" (fun () -> SumOfGammaNoise(1.0, 10, nan) |> ignore)

            for wrong: float[,] in
                [
                    array2D [ [ 1.0; 2.0 ] ]
                    Array2D.zeroCreate 0 0
                    array2D [ [ 1.0; 0.5 ]; [ 0.4; 1.0 ] ]
                    array2D [ [ nan ] ]
                    array2D [ [ 1.0; 2.0 ]; [ 2.0; 1.0 ] ]
                ] do
                named "covariance" (fun () -> CorrelatedGaussianNoise wrong |> ignore))
    ]
