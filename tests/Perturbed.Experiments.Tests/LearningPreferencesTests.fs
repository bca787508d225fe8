module Perturbed.Experiments.Tests.LearningPreferencesTests

open System.Threading
open Expecto
open Perturbed.Experiments
open Perturbed.Functional
open Xunit

[<Tests>]
let tests =
    testList "LearningPreferences" [
        testCase "the likelihoods have the gradients of their values" (fun () ->
            let theta = Noise.gaussian |> Noise.sample 5 4 (Key.create 1UL)

            let batch solve =
                LossBatch.create (Key.create 2UL) theta (solve (Noise.gaussian |> Noise.sample 5 4 (Key.create 3UL)))

            let taken = batch (fun scores -> Oracle.topK 3 5 |> Oracle.solveBatch scores)
            let ranked = batch (fun scores -> Oracle.ranking 5 |> Oracle.solveBatch scores)
            Assert.InRange(PreferenceLosses.set |> Loss.discrepancy 1e-5 taken, 0.0, 1e-6)
            Assert.InRange(PreferenceLosses.independent |> Loss.discrepancy 1e-5 taken, 0.0, 1e-6)
            Assert.InRange(PreferenceLosses.ranking |> Loss.discrepancy 1e-5 ranked, 0.0, 1e-6)
            let square = Noise.gaussian |> Noise.sample 9 2 (Key.create 4UL)

            let matched =
                LossBatch.create (Key.create 5UL) square (Oracle.assignment 3 3 |> Oracle.solveBatch square)

            Assert.InRange(PreferenceLosses.eachRider |> Loss.discrepancy 1e-5 matched, 0.0, 1e-6))

        testCase "the probabilities of all sets sum to 1" (fun () ->
            let theta = [| 0.3; -1.0; 0.7; 0.0 |]

            let total =
                [
                    for a in 0..3 do
                        for b in a + 1 .. 3 do
                            let target = Array2D.init 1 4 (fun _ i -> if i = a || i = b then 1.0 else 0.0)

                            let loss, _ =
                                PreferenceLosses.set
                                |> Loss.evaluate (LossBatch.create (Key.create 1UL) (array2D [ theta ]) target)

                            exp -loss
                ]
                |> List.sum

            Assert.Equal(1.0, total, 12))

        testCase "weights are recovered within their standard errors, in every case" (fun () ->
            for _, case in PreferenceCase.all do
                let data = PreferenceCase.draw case 300 (Key.create 7UL)

                let found =
                    PreferenceFit.run case PreferenceMethod.FenchelYoung (Key.create 8UL) CancellationToken.None data

                let truth = PreferenceCase.truth case
                Assert.Equal(truth.Length, found.StandardErrors.Length)

                for i in 0 .. truth.Length - 1 do
                    // Twelve normal numbers beyond four standard errors: once in 1,300 keys, and the key is fixed.
                    Assert.InRange((found.Weights[i] - truth[i]) / found.StandardErrors[i], -4.0, 4.0)
                    Assert.InRange(found.StandardErrors[i], 0.01, 0.3))
    ]
