/// Tier (a): what holds of the samples of a design draw by draw.
module Perturbed.Functional.Tests.Theory.ExactLaws.SamplingLaws

open System
open Expecto
open Perturbed.Functional
open Perturbed.Functional.Tests.Theory
open Perturbed.Functional.Tests.Theory.Vertices
open Xunit

let private operator (noise: INoise) (samples: int) (design: SamplingDesign) : Smoothed =
    perturb (Oracle.argmax 4) noise 0.5 samples
    |> Smoothed.withKey (Key.create 31UL)
    |> Smoothed.withSampling design

let private laws =
    [
        Noise.gaussian
        Noise.gumbel
        Noise.centredGumbel
        Noise.logistic
        Noise.laplace
        Noise.cauchy
        Noise.studentT 3.0
    ]

let tests: Test list =
    [
        testCase
            "Antithetic samples are pairs z, -z of symmetric noise, and quantiles at u and 1 - u of another law"
            (fun () ->
                for noise in Designs.correlated :: laws do
                    for samples in [ 1; 2; 7; 600 ] do
                        let z = operator noise samples SamplingDesign.Antithetic |> Designs.noiseOf

                        for first, second in
                            Array.pairwise z
                            |> Array.indexed
                            |> Array.filter (fun (m, _) -> m % 2 = 0)
                            |> Array.map snd do
                            match noise with
                            | :? ICoordinateLaw as law when not noise.IsSymmetric ->
                                // F(z) + F(z') = 1 to the rounding of both.
                                Array.iter2 (fun a b -> Assert.Equal(1.0, law.Cdf a + law.Cdf b, 13)) first second
                            | _ -> Array.iter2 (fun (a: float) (b: float) -> Assert.Equal(-a, b)) first second

                        if noise.IsSymmetric then
                            let plain =
                                operator noise ((samples + 1) / 2) SamplingDesign.Independent |> Designs.noiseOf

                            Assert.Equal<float[][]>(
                                plain,
                                z |> Array.indexed |> Array.filter (fun (m, _) -> m % 2 = 0) |> Array.map snd
                            ))

        // Correlated noise is L times orthogonal directions: orthogonal in the inner product of the inverse covariance, which its score is.
        testCase
            "Orthogonal directions are orthogonal within a block, each with the length of an independent sample"
            (fun () ->
                for noise in [ Noise.gaussian; Designs.correlated ] do
                    for design in [ SamplingDesign.Orthogonal; SamplingDesign.AntitheticOrthogonal ] do
                        let op = operator noise 30 design
                        let z = Designs.noiseOf op
                        let scores: float[] = Array.zeroCreate (30 * 4)
                        noise.Score(ReadOnlySpan(Array.concat z), 4, Span scores)
                        let scores = Array.chunkBySize 4 scores
                        let product i j = dot z[i] scores[j]

                        for group in Designs.groupsOf op do
                            for i in group do
                                for j in group do
                                    let mirrored = design = SamplingDesign.AntitheticOrthogonal && i / 2 = j / 2

                                    if i <> j && not mirrored then
                                        Assert.True(abs (product i j) <= 1e-12 * sqrt (product i i * product j j))

                        let plain = operator noise 30 SamplingDesign.Independent |> Designs.noiseOf
                        let step = if design = SamplingDesign.Orthogonal then 1 else 2
                        let plainScores: float[] = Array.zeroCreate (30 * 4)
                        noise.Score(ReadOnlySpan(Array.concat plain), 4, Span plainScores)

                        for m in 0 .. 30 / step - 1 do
                            let expected = dot plain[m] plainScores[4 * m .. 4 * m + 3]
                            Assert.True(abs (product (step * m) (step * m) - expected) <= 1e-12 * expected))

        testCase
            "Latin hypercubes and Sobol's points fall once in each part of equal probability of every coordinate"
            (fun () ->
                for noise in laws do
                    let law = noise :?> ICoordinateLaw

                    for design in
                        [
                            SamplingDesign.LatinHypercube 1
                            SamplingDesign.LatinHypercube 4
                            SamplingDesign.Sobol 1
                            SamplingDesign.Sobol 4
                        ] do
                        let op = operator noise 256 design
                        let z = Designs.noiseOf op

                        for group in Designs.groupsOf op do
                            let n = group.Length

                            Assert.Equal(
                                (match design with
                                 | SamplingDesign.LatinHypercube r
                                 | SamplingDesign.Sobol r -> 256 / r
                                 | _ -> 0),
                                n
                            )

                            for i in 0..3 do
                                let parts =
                                    group |> Array.map (fun m -> int (law.Cdf z[m].[i] * float n)) |> Array.sort

                                Assert.Equal<int[]>(Array.init n id, parts))

        // Σ ω_g ((1 − 2q_g) V_g + Σ_h q_h² V_h) = Σ q_g² V_g for any variances: the expected squared deviations give the variance of the mean.
        testCase
            "The weights of groups make squared deviations an unbiased variance of the mean, for equal groups and a shorter last"
            (fun () ->
                let random = Random 5

                for size, samples in [ 1, 2; 1, 10; 2, 8; 2, 9; 5, 23; 7, 21; 10, 21; 250, 1000; 3, 7 ] do
                    let groups: SampleGroups = { Size = size; Samples = samples }

                    let share =
                        Array.init groups.Count (fun g -> float (groups.SizeOf g) / float samples)

                    let weights = Array.init groups.Count groups.Weight
                    let variances = Array.init groups.Count (fun _ -> random.NextDouble())
                    let variance = Array.fold2 (fun total q v -> total + q * q * v) 0.0 share variances

                    let expected =
                        Array.map3 (fun w q v -> w * ((1.0 - 2.0 * q) * v + variance)) weights share variances
                        |> Array.sum

                    Assert.Equal(1.0, expected / variance, 12)

                // One group; two unequal ones; one that outweighs the rest: no variance to be had.
                for size, samples in [ 4, 4; 3, 4; 4, 7 ] do
                    let groups: SampleGroups = { Size = size; Samples = samples }
                    Assert.True(Double.IsNaN(groups.Weight 0)))

        testCase
            "F_eps lies above its tangent under every design, and its differences between its slopes, draw by draw"
            (fun () ->
                let random = Random 6

                for noise in [ Noise.gaussian; Noise.gumbel; Designs.correlated ] do
                    for design in Designs.on noise do
                        for oracle in [ Oracle.argmax 4; Oracle.ranking 4; Oracle.topK 2 4 ] do
                            let op = perturb oracle noise 0.7 101 |> Smoothed.withSampling design

                            let theta, other = Cases.vector random 1.0 4, Cases.vector random 1.0 4
                            let at, slope = Smoothed.maximum theta op, Smoothed.maximizer theta op
                            let step = subtract other theta
                            let there, slopeThere = Smoothed.maximum other op, Smoothed.maximizer other op
                            // Values below 100 are rounded by 1e-14, means of 101 of them by some more.
                            Assert.True(there >= at + dot slope step - 1e-11)
                            Assert.True(there <= at + dot slopeThere step + 1e-11))
    ]
