module Perturbed.Functional.Tests.Learning.ArtificialRankingTests

open System
open Expecto
open Perturbed.Functional
open Perturbed.Functional.Tests.Learning.Helpers
open Xunit

let private setting =
    {
        Rows = 400
        Features = 5
        Labels = 7
        Noise = 0.0
    }

let private key = Key.create 51UL

[<Tests>]
let tests =
    testList "Learning.ArtificialRanking" [
        testCase "without noise the hidden weights rank every row right, for both kinds of set" (fun () ->
            let check (data: LabelRankingData) (model: Model) (w: float[]) =
                let theta = model |> Model.predict w data.Examples.Inputs

                let ranked =
                    Metrics.rows (fun y t -> Metrics.solutionMatch y (Metrics.ranks t)) data.Examples.Targets theta

                Assert.All(ranked, (fun m -> Assert.Equal(1.0, m)))

            check (ArtificialRanking.generate setting key) (Model.linear 5 7) (ArtificialRanking.weights setting key)

            check
                (ArtificialRanking.generateShared setting key)
                (Model.shared 7 5)
                (ArtificialRanking.sharedWeights setting key))

        testCase "features are standard normal, weights are signs, targets are rankings" (fun () ->
            let large = { setting with Rows = 4000 }
            let data = ArtificialRanking.generate large key
            let x = flat data.Examples.Inputs
            let n = float x.Length
            // Mean and variance of n = 20000 normals within 6 standard errors, a false alarm below 4e-9.
            Assert.InRange(Array.average x * sqrt n, -6.0, 6.0)
            Assert.InRange((Array.averageBy (fun v -> v * v) x - 1.0) / sqrt (2.0 / n), -6.0, 6.0)

            for r in 0..3999 do
                Assert.Equal<float[]>([| 1.0 .. 7.0 |], Array.sort data.Examples.Targets[r, *])

            let w =
                ArtificialRanking.weights
                    { setting with
                        Features = 100
                        Labels = 100
                    }
                    key

            Assert.All(w, (fun v -> Assert.Equal(1.0, abs v)))
            // 10000 fair signs: their sum has deviation 100.
            Assert.InRange(Array.sum w / 100.0, -6.0, 6.0))

        testCase "noise lowers the agreement with the hidden order and changes neither features nor weights" (fun () ->
            let agreement noise =
                let s = { setting with Noise = noise }
                let data = ArtificialRanking.generate s key

                let theta =
                    Model.linear 5 7
                    |> Model.predict (ArtificialRanking.weights s key) data.Examples.Inputs

                data, Metrics.mean Metrics.spearman data.Examples.Targets theta

            let clean, one = agreement 0.0
            let noisy, some = agreement 2.0
            let drowned, none = agreement 1e6
            Assert.Equal<float[]>(flat clean.Examples.Inputs, flat noisy.Examples.Inputs)
            Assert.Equal(1.0, one)
            Assert.InRange(some, 0.3, 0.9)
            // Pure noise: mean 0, standard error √(1/6)/√400 = 0.02; 6 of them, a false alarm below 2e-9.
            Assert.InRange(none, -0.1225, 0.1225)
            Assert.Equal(7, drowned.Labels.Length))

        testCase "the same key gives the same set, names sort as they count" (fun () ->
            let make seed =
                ArtificialRanking.generate { setting with Labels = 12 } (Key.create seed)

            Assert.Equivalent(make 1UL, make 1UL, true)
            Assert.NotEqual<float[]>(flat (make 1UL).Examples.Inputs, flat (make 2UL).Examples.Inputs)
            let names = (make 1UL).Labels
            Assert.Equal<string[]>(names, Array.sortWith (fun a b -> String.CompareOrdinal(a, b)) names)
            Assert.Equal("L01", names[0]))

        testCase "bad numbers are named with what was expected" (fun () ->
            let make s =
                fun () -> ArtificialRanking.generate s key |> ignore

            raises<ArgumentException> "setting.Rows is 0; it must be at least 1." (make { setting with Rows = 0 })

            raises<ArgumentException>
                "setting.Features is 0; it must be at least 1."
                (make { setting with Features = 0 })

            raises<ArgumentException>
                "setting.Labels is 1; a ranking needs at least 2 labels."
                (make { setting with Labels = 1 })

            raises<ArgumentException>
                "setting.Noise is -1; it must be at least 0 and finite."
                (make { setting with Noise = -1.0 }))
    ]
