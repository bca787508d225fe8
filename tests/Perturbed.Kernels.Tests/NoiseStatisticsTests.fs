/// Laws that hold in the mean: each tolerance is a bound on the false alarm probability.
module Perturbed.Kernels.Tests.NoiseStatisticsTests

open System
open Expecto
open Perturbed.Kernels
open Perturbed.Kernels.Tests.NoiseLaws
open Xunit

[<Tests>]
let tests =
    testList "NoiseStatistics" [
        testCase "Every noise follows its law (Kolmogorov-Smirnov, false alarm probability 1e-9 each)" (fun () ->
            let n = 100_000

            for law in laws do
                let distance =
                    ReferenceRandom.kolmogorovSmirnov law.Cdf (sample law.Noise key 4u 0L 1 n)

                Assert.True(
                    distance <= ReferenceRandom.kolmogorovSmirnovBound n,
                    $"{law.Noise.Name}: distance {distance}"
                ))

        testCase "Means, scores and Fisher information agree with a sample within six standard errors" (fun () ->
            for noise in
                SumOfGammaNoise(2.0, 10, 0.7) :> IndependentNoise
                :: [ for law in laws -> law.Noise ] do
                let z = sample noise key 5u 0L 1 200_000

                if noise.HasMean && noise.Name <> "student-t(0.7)" then
                    sixErrors $"mean of {noise.Name}" noise.CoordinateMean z

                // A law that starts with a jump or a pole has a score whose mean is not 0.
                if noise.Name <> "exponential" && Double.IsFinite noise.FisherInformation then
                    let s = score noise 1 z
                    sixErrors $"score of {noise.Name}" 0.0 s
                    let square = Array.map (fun x -> x * x) s

                    // The squared score of the Laplace noise is 1, with no error to measure.
                    if noise.Name = "laplace" then
                        Assert.All(square, fun x -> Assert.Equal(1.0, x))
                    elif noise.Name <> "sum-of-gamma(0.4, 1, 2)" then
                        sixErrors $"information of {noise.Name}" noise.FisherInformation square

                    Assert.Equal(sqrt (7.0 * noise.FisherInformation), noise.ScoreNorm 7, 12))

        testCase "The sum of gammas obeys Stein's identity, and its density joins its expansion at infinity" (fun () ->
            for kappa, terms in [ 2.0, 10; 0.5, 3; 5.0, 40 ] do
                let noise = SumOfGammaNoise(kappa, terms, 1.0)
                let z = sample noise key 8u 0L 1 20_000
                let g (x: float) : float = sin x
                sixErrors $"Stein {noise.Name}" 0.0 (Array.map2 (fun x s -> cos x - g x * s) z (score noise 1 z))
                let shift = log (float terms) / kappa
                let a = 1.0 / kappa
                let harmonic = Seq.sum (seq { for i in 1..terms -> 1.0 / float i })
                let limit = 60.0 * max 1.0 (a * max 1.0 a * harmonic)

                let both =
                    score noise 1 [| limit * (1.0 - 1e-12) - shift; limit * (1.0 + 1e-12) - shift |]

                near 1e-10 $"join {noise.Name}" both[0] both[1])

        testCase
            "The Fisher information of the sum of gammas is that of its closed form, and infinite where s/kappa is at most 2"
            (fun () ->
                // kappa = 1, s = 3: f = 3 e^-x (1 - e^-x)², and ∫ f'²/f = 3 by partial fractions.
                near 1e-9 "information" 3.0 (SumOfGammaNoise(1.0, 3, 1.0).FisherInformation)
                // One term: the gamma law of shape a has I = 1/(a - 2).
                near 1e-9 "gamma" 2.0 (SumOfGammaNoise(0.4, 1, 1.0).FisherInformation)
                // Many terms of a large shape: I is above 1/variance (Cramér and Rao), and near it as the law nears a normal one.
                let variance = 10.0 * Seq.sum (seq { for i in 1..20 -> 1.0 / float (i * i) })
                Assert.InRange(SumOfGammaNoise(0.1, 20, 1.0).FisherInformation * variance, 1.0, 1.5)
                Assert.Equal(Double.PositiveInfinity, SumOfGammaNoise(5.0, 10, 1.0).ScoreNorm 3)
                Assert.False(SumOfGammaNoise(5.0, 10, 1.0).HasCurvature))

        testCase "The correlated Gaussian has its covariance, and scores by the inverse" (fun () ->
            let noise = CorrelatedGaussianNoise covariance
            let z = sample noise key 9u 0L 3 300_000
            let s = score noise 3 z

            let column (x: float[]) (i: int) : float[] =
                Array.init (x.Length / 3) (fun m -> x[3 * m + i])

            for i in 0..2 do
                for j in 0..2 do
                    sixErrors $"covariance {i} {j}" covariance[i, j] (Array.map2 (*) (column z i) (column z j))

                    sixErrors
                        $"identity {i} {j}"
                        (if i = j then 1.0 else 0.0)
                        (Array.map2 (*) (column z i) (column s j))

            // Curvature at v is the score at v, for every sample; the score undoes the covariance.
            let v = [| 0.3; -1.0; 2.0 |]

            let image =
                Array.init 3 (fun i -> Seq.sum (seq { for j in 0..2 -> covariance[i, j] * v[j] }))

            Array.iter2 (near 1e-14 "score") v (score noise 3 image)

            Assert.Equal<int64[]>(
                bits (Array.concat [ score noise 3 v; score noise 3 v ]),
                bits (curvature noise v z[0..5])
            )

            let norm =
                Seq.sum (
                    seq { for i in 0..2 -> (score noise 3 (Array.init 3 (fun j -> if i = j then 1.0 else 0.0)))[i] }
                )

            near 1e-14 "score norm" (sqrt norm) (noise.ScoreNorm 3)
            // The samples of a span are those of a longer one.
            Assert.Equal<int64[]>(bits z[30..44], bits (sample noise key 9u 10L 3 15)))
    ]
