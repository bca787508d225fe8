/// Weights of rows: whole numbers are repetitions, and 0 is absence.
module Perturbed.Functional.Tests.Learning.WeightTests

open System
open Expecto
open Xunit
open Perturbed.Functional
open Perturbed.Functional.Tests.Learning.Helpers

let private ranked =
    let examples = regression 9 2 3 0.5 (Key.create 31UL)

    { examples with
        Targets =
            examples.Targets
            |> Array2D.mapi (fun r c _ -> (Metrics.ranks examples.Targets[r, *])[c])
    }

let private weights = [| 1.0; 2.0; 0.0; 3.0; 1.0; 0.0; 1.0; 2.0; 1.0 |]

// The same data with each row as often as its weight says.
let private repeated =
    let rows = [| 0..8 |] |> Array.collect (fun r -> Array.create (int weights[r]) r)
    ranked |> Examples.take rows

let private exact =
    perturb (Oracle.ranking 3) Noise.gaussian 0.8 1 |> Smoothed.exact

let private losses: (string * Loss)[] =
    [|
        "Fenchel-Young", Loss.fenchelYoung exact
        "smoothed squared", Loss.smoothedSquared exact
        "squared", Loss.squared
        "cross-entropy", Loss.crossEntropy
    |]

let private batchOf (examples: Examples) (theta: float[,]) : LossBatch =
    { LossBatch.create (Key.create 0UL) theta examples.Targets with
        Weights = examples.Weights
        Instances = examples.Instances
    }

let private thetaOf (examples: Examples) : float[,] =
    Model.affine 2 3
    |> Model.predict [| 0.3; -0.2; 1.0; 0.5; 0.1; -0.7; 0.2; 0.0; -0.4 |] examples.Inputs

[<Tests>]
let tests =
    testList "Learning.Weight" [
        testCase "Under every exact loss a weight of n is n rows and a weight of 0 is none" (fun () ->
            let weighted = ranked |> Examples.withWeights weights

            for name, loss in losses do
                let value, gradient = loss |> Loss.evaluate (batchOf weighted (thetaOf weighted))
                let value', gradient' = loss |> Loss.evaluate (batchOf repeated (thetaOf repeated))
                Assert.True(near value' value, $"{name}: {value'} and {value}")

                for r in 0..8 do
                    let rows =
                        [| 0 .. repeated.Instances.Length - 1 |]
                        |> Array.filter (fun i -> repeated.Instances[i] = r)

                    let sum = Array.init 3 (fun i -> rows |> Array.sumBy (fun row -> gradient'[row, i]))
                    Assert.True(allNear sum gradient[r, *], $"{name}, row {r}"))

        testCase "Full-batch training with weights is training with repetitions, losses included" (fun () ->
            let config =
                Training.config 5 100 Optimizer.adam (Schedule.constant 0.1) (Key.create 2UL)

            for _, loss in losses do
                let train (examples: Examples) =
                    examples |> Training.run config (Model.affine 2 3) loss

                let weighted, repeated =
                    train (ranked |> Examples.withWeights weights), train repeated

                Array.iter2
                    (fun (e: EpochRecord) (a: EpochRecord) -> Assert.Equal(e.Loss, a.Loss, 9))
                    repeated.History
                    weighted.History

                Array.iter2 (fun (e: float) a -> Assert.Equal(e, a, 7)) repeated.Parameters weighted.Parameters)

        testCase "Rows of weight 0 are absent from every batch, to the bit" (fun () ->
            let config =
                Training.config 3 2 Optimizer.adam (Schedule.constant 0.1) (Key.create 2UL)

            let loss = Loss.fenchelYoung (perturb (Oracle.ranking 3) Noise.gaussian 1.0 5)
            let some = weights |> Array.map (fun w -> if w > 0.0 then 1.0 else 0.0)
            let kept = [| 0..8 |] |> Array.filter (fun r -> some[r] > 0.0)

            let train (examples: Examples) =
                examples |> Training.run config (Model.affine 2 3) loss

            Assert.Equal<float[]>(
                (train (ranked |> Examples.take kept)).Parameters,
                (train (ranked |> Examples.withWeights some)).Parameters
            ))

        testCase "The loss of an epoch is the weighted mean over its batches" (fun () ->
            let config =
                Training.config 1 2 Optimizer.sgd (Schedule.constant 1e-12) (Key.create 2UL)

            let weighted = ranked |> Examples.withWeights weights
            let trained = weighted |> Training.run config (Model.affine 2 3) Loss.squared

            let value, _ =
                Loss.squared |> Loss.evaluate (batchOf weighted (Array2D.zeroCreate 9 3))

            Assert.Equal(value, trained.History[0].Loss, 6))

        testCase "Weights out of range are named with their row" (fun () ->
            let set (weights: float[]) =
                fun () -> ranked |> Examples.withWeights weights |> ignore

            raises<ArgumentException>
                "weights[2] is -1; a weight is finite and at least 0."
                (set [| 1; 1; -1; 1; 1; 1; 1; 1; 1 |])

            raises<ArgumentException> "weights[0] is NaN" (set (Array.create 9 nan))
            raises<ArgumentException> "weights has length 2; the number of rows is 9." (set [| 1.0; 1.0 |])
            raises<ArgumentException> "weights sums to 0" (set (Array.zeroCreate 9))

            raises<ArgumentException> "instances[1] is -3; instances are numbered from 0." (fun () ->
                ranked |> Examples.withInstances [| 0; -3; 1; 1; 1; 1; 1; 1; 1 |] |> ignore))
    ]
