/// The black-box baseline against its definition.
module Perturbed.Experiments.Tests.BlackBoxLossTests

open Expecto
open Perturbed.Experiments
open Perturbed.Functional
open Xunit

[<Tests>]
let tests =
    testList "BlackBoxLoss" [
        testCase "The interpolated gradient is the difference of two answers over lambda, row by row" (fun () ->
            let setting: ArtificialRanking =
                {
                    Rows = 7
                    Features = 5
                    Labels = 5
                    Noise = 0.0
                }

            let data = (ArtificialRanking.generate setting (Key.create 3UL)).Examples
            let theta, targets = data.Inputs, data.Targets
            let oracle = Oracle.ranking 5

            for lambda in [ 0.01; 1.0; 100.0 ] do
                let value, gradient =
                    BlackBoxLoss.squared lambda oracle
                    |> Loss.evaluate (LossBatch.create (Key.create 0UL) theta targets)

                let mutable expected = 0.0

                for r in 0..6 do
                    let row: float[] = theta[r, *]
                    let y = Oracle.solve row oracle
                    let g = Array.map2 (-) y targets[r, *]
                    let other = Oracle.solve (Array.map2 (fun t e -> t - lambda * e) row g) oracle
                    expected <- expected + 0.5 * Array.sumBy (fun e -> e * e) g / 7.0

                    for i in 0..4 do
                        Assert.Equal((y[i] - other[i]) / lambda / 7.0, gradient[r, i], 12)

                Assert.Equal(expected, value, 12))

        testCase "A step against the interpolated gradient moves towards the target's order" (fun () ->
            // theta orders 1 before 0, the target 0 before 1; the two others agree.
            let theta, target =
                array2D [ [ 0.0; 0.1; 5.0; 9.0 ] ], array2D [ [ 2.0; 1.0; 3.0; 4.0 ] ]

            let _, gradient =
                BlackBoxLoss.squared 1.0 (Oracle.ranking 4)
                |> Loss.evaluate (LossBatch.create (Key.create 0UL) theta target)

            Assert.True(gradient[0, 0] < 0.0 && gradient[0, 1] > 0.0)
            Assert.Equal(0.0, gradient[0, 2])
            Assert.Equal(0.0, gradient[0, 3]))

        testCase "A solution that is right has no gradient" (fun () ->
            let theta = array2D [ [ 0.3; -1.0; 2.0 ] ]

            let value, gradient =
                BlackBoxLoss.squared 10.0 (Oracle.ranking 3)
                |> Loss.evaluate (LossBatch.create (Key.create 0UL) theta (array2D [ [ 2.0; 1.0; 3.0 ] ]))

            Assert.Equal(0.0, value)
            Assert.All(Seq.cast<float> gradient, fun entry -> Assert.Equal(0.0, entry)))
    ]
