module Perturbed.Functional.Tests.Learning.LossTests

open System
open Expecto
open FsCheck.FSharp
open Perturbed.Functional
open Perturbed.Functional.Tests.Learning.Helpers
open Perturbed.Suite
open Xunit

let private none = Key.create 0UL

[<Tests>]
let tests =
    testList "Learning.Loss" [
        property 200 "the squared loss is the mean of ½ ‖y − θ‖² and its gradient (θ − y)/rows" (fun () ->
            let generated =
                gen {
                    let! n = Gen.choose (1, 6)
                    let! d = Gen.choose (1, 9)
                    let! theta = matrix n d
                    let! y = matrix n d
                    return theta, y
                }

            forAll generated (fun (theta, y) ->
                let value, gradient = Loss.squared |> Loss.evaluate (LossBatch.create none theta y)
                let n = float (Array2D.length1 y)
                let differences = Array.map2 (-) (flat theta) (flat y)

                near (0.5 * dot differences differences / n) value
                && allNear (differences |> Array.map (fun e -> e / n)) (flat gradient)))

        testCase "the squared loss of no rows is 0" (fun () ->
            let value, gradient =
                Loss.squared
                |> Loss.evaluate (LossBatch.create none (Array2D.zeroCreate 0 3) (Array2D.zeroCreate 0 3))

            Assert.Equal(0.0, value)
            Assert.Equal(0, gradient.Length))

        testCase "shapes that disagree are named" (fun () ->
            raises<ArgumentException> "targets is [2 × 3]; theta is [2 × 2]." (fun () ->
                Loss.squared
                |> Loss.evaluate (LossBatch.create none (Array2D.zeroCreate 2 2) (Array2D.zeroCreate 2 3))
                |> ignore))

        property
            200
            "cross-entropy is the Fenchel-Young loss of the argmax under Gumbel noise at a vertex, exact"
            (fun () ->
                let generated =
                    gen {
                        let! n = Gen.choose (1, 5)
                        let! d = Gen.choose (2, 9)
                        let! theta = matrix n d
                        let! classes = Gen.choose (0, d - 1) |> Gen.arrayOfLength n
                        return theta, Array2D.init n d (fun r c -> if classes[r] = c then 1.0 else 0.0)
                    }

                forAll generated (fun (theta, y) ->
                    let operator =
                        perturb (Oracle.argmax (Array2D.length2 y)) Noise.centredGumbel 1.0 1
                        |> Smoothed.exact

                    let value, gradient =
                        Loss.crossEntropy |> Loss.evaluate (LossBatch.create none theta y)

                    let expected, expectedGradient =
                        Loss.fenchelYoung operator |> Loss.evaluate (LossBatch.create none theta y)

                    near expected value && allNear (flat expectedGradient) (flat gradient)))

        testCase "cross-entropy of scores that overflow the exponential is finite" (fun () ->
            let theta = array2D [ [ 1e4; -1e4; 0.0 ] ]

            let value, gradient =
                Loss.crossEntropy
                |> Loss.evaluate (LossBatch.create none theta (array2D [ [ 0.0; 1.0; 0.0 ] ]))

            Assert.Equal(2e4, value)
            Assert.Equal<float[]>([| 1.0; -1.0; 0.0 |], flat gradient))

        testCase "cross-entropy of no rows is 0, and shapes that disagree are named" (fun () ->
            let value, gradient =
                Loss.crossEntropy
                |> Loss.evaluate (LossBatch.create none (Array2D.zeroCreate 0 3) (Array2D.zeroCreate 0 3))

            Assert.Equal(0.0, value)
            Assert.Equal(0, gradient.Length)

            raises<ArgumentException> "targets is [2 × 3]; theta is [2 × 2]." (fun () ->
                Loss.crossEntropy
                |> Loss.evaluate (LossBatch.create none (Array2D.zeroCreate 2 2) (Array2D.zeroCreate 2 3))
                |> ignore))

        testCase "the discrepancy of a right gradient is rounding, and that of a wrong one is seen" (fun () ->
            let theta = array2D [ [ 0.3; -1.2; 0.8 ]; [ 2.0; 0.1; -0.4 ] ]
            let vertices = array2D [ [ 0.0; 0.0; 1.0 ]; [ 1.0; 0.0; 0.0 ] ]
            let batch = LossBatch.create (Key.create 3UL) theta vertices

            // Differences of values near 1 at h = 1e-4: rounding 1e-12, and h² = 1e-8 times third derivatives.
            for loss in [ Loss.squared; Loss.crossEntropy ] do
                Assert.InRange(loss |> Loss.discrepancy 1e-4 batch, 0.0, 1e-8)

            // Linear between its kinks; the same noise at every evaluation, or the difference would be of order 1/h.
            let smoothed = perturb (Oracle.argmax 3) Noise.gaussian 0.5 100
            Assert.InRange(Loss.fenchelYoung smoothed |> Loss.discrepancy 1e-6 batch, 0.0, 1e-8)

            let doubled =
                { Loss.squared with
                    Evaluate =
                        fun batch ->
                            let value, gradient = Loss.squared.Evaluate batch
                            value, gradient |> Array2D.map (fun g -> 2.0 * g)
                }

            Assert.Equal(0.5, doubled |> Loss.discrepancy 1e-4 batch, 6)

            raises<ArgumentException> "The gradient is [1 × 3]; theta is [2 × 3]." (fun () ->
                Loss.create (fun _ -> 0.0, Array2D.zeroCreate 1 3)
                |> Loss.discrepancy 1e-4 batch
                |> ignore))
    ]
