module Perturbed.Experiments.Tests.HammingLossTests

open System
open Expecto
open Perturbed.Experiments
open Perturbed.Functional
open Xunit

let private key = Key.create 0UL

[<Tests>]
let tests =
    testList "HammingLoss" [
        testCase "the value is the mean number of entries on one solution only" (fun () ->
            let theta = array2D [ [ 1.0; 0.0; 0.5 ]; [ 0.0; 0.2; 0.9 ] ]
            let targets = array2D [ [ 1.0; 0.0; 0.0 ]; [ 1.0; 0.0; 0.0 ] ]

            let value, _ =
                HammingLoss.interpolated 1.0 (Oracle.argmax 3)
                |> Loss.evaluate (LossBatch.create key theta targets)

            Assert.Equal(1.0, value))

        testCase
            "the gradient is the difference of the solutions at θ and at θ − λ (1 − 2y), over λ and the rows"
            (fun () ->
                let random = Random 5
                let oracle = Oracle.topK 2 6

                for _ in 1..50 do
                    let theta = Array2D.init 3 6 (fun _ _ -> random.NextDouble())

                    let targets =
                        oracle |> Oracle.solveBatch (Array2D.init 3 6 (fun _ _ -> random.NextDouble()))

                    let lambda = 0.1 + random.NextDouble()

                    let _, gradient =
                        HammingLoss.interpolated lambda oracle
                        |> Loss.evaluate (LossBatch.create key theta targets)

                    for r in 0..2 do
                        let moved =
                            Array.map2 (fun t y -> t - lambda * (1.0 - 2.0 * y)) theta[r, *] targets[r, *]

                        let first, second = oracle |> Oracle.solve theta[r, *], oracle |> Oracle.solve moved
                        let expected = Array.map2 (fun a b -> (a - b) / (3.0 * lambda)) first second
                        Array.iter2 (fun (e: float) g -> Assert.Equal(e, g, 14)) expected gradient[r, *])

        testCase "a λ that is not positive is refused" (fun () ->
            for lambda in [ 0.0; -1.0; nan; infinity ] do
                Assert.Throws<ArgumentOutOfRangeException>(
                    "lambda",
                    Action(fun () -> HammingLoss.interpolated lambda (Oracle.argmax 3) |> ignore)
                )
                |> ignore)
    ]
