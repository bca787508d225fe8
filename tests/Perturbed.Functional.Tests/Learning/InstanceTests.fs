/// Each row of the data is solved by the oracle of its own instance, whatever batch, fold or call it comes in.
module Perturbed.Functional.Tests.Learning.InstanceTests

open System
open Expecto
open Xunit
open Perturbed.Functional
open Perturbed.Functional.Tests.Learning.Helpers

let private unit (scale: float) (place: int) : float[] =
    Array.init 3 (fun j -> if j = place then scale else 0.0)

// Instance i chooses between a multiple of e0 and one of e1 or e2, its target; no two instances have the same set.
let private place (i: int) = 1 + i % 2

let private scaleOf (count: int) (i: int) = 1.0 + float i / float count

let private oracles (count: int) : Oracle[] =
    Array.init count (fun i ->
        let a = scaleOf count i
        Oracle.finiteSet (array2D [ unit a 0; unit a (place i) ]))

let private data (count: int) : Examples =
    Examples.create
        (Array2D.init count 2 (fun r c -> if c = 0 then 1.0 else float (r % 7) / 7.0))
        (Array2D.init count 3 (fun r c -> (unit (scaleOf count r) (place r))[c]))

// The noise of antithetic pairs sums to 0, so that every estimate of a loss is at least 0.
let private operator (oracle: Oracle) =
    perturb oracle Noise.gaussian 0.5 64
    |> Smoothed.withSampling SamplingDesign.Antithetic

// The loss, and a check of every batch against its rows, each alone under the oracle of its instance.
let private checking (count: int) (threads: int) (steps: int ref) : Loss =
    let oracles = oracles count

    let loss =
        Loss.fenchelYoung (operator (Oracle.perInstance oracles) |> Smoothed.withThreads threads)

    Loss.create (fun batch ->
        steps.Value <- steps.Value + 1
        let value, gradient = loss |> Loss.evaluate batch
        let rows = LossBatch.count batch

        let alone =
            Array.init rows (fun r ->
                let i = batch.Instances[r]
                Assert.Equal<float[]>(unit (scaleOf count i) (place i), batch.Targets[r, *])

                operator oracles[i]
                |> Smoothed.withKey batch.Key
                |> Smoothed.withFirstRow (int64 r)
                |> FenchelYoung.valueAndGradient batch.Theta[r, *] batch.Targets[r, *])

        Assert.All(alone, fun (loss, _) -> Assert.True(loss.IsTrueLoss && loss.Value >= -1e-12))
        Assert.True(near (alone |> Array.averageBy (fun (loss, _) -> loss.Value)) value)

        for r in 0 .. rows - 1 do
            Assert.True(allNear (snd alone[r] |> Array.map (fun g -> g / float rows)) gradient[r, *])

        value, gradient)

let private config (batchSize: int) =
    Training.config 2 batchSize Optimizer.adam (Schedule.constant 0.3) (Key.create 3UL)

let private model = Model.affine 2 3

[<Tests>]
let tests =
    testList "Learning.Instance" [
        testTheory
            "In training every row is solved by the oracle of its instance"
            [ 2, 1, 1; 2, 2, 3; 40, 1, 1; 40, 7, 3; 200, 200, 3 ]
            (fun (count: int, batchSize: int, threads: int) ->
                let steps = ref 0

                let trained =
                    data count
                    |> Training.run (config batchSize) model (checking count threads steps)

                Assert.Equal(2 * ((count - 1) / batchSize + 1), steps.Value)
                Assert.All(trained.History, fun epoch -> Assert.True(epoch.Loss >= -1e-12, $"{epoch.Loss}")))

        testCase "Two instances with a constant feature train to the loss of both at once" (fun () ->
            let sets =
                [| array2D [ unit 1.0 0; unit 1.0 1 ]; array2D [ unit 1.0 0; unit 1.0 2 ] |]

            let oracle = Oracle.perInstance (sets |> Array.map Oracle.finiteSet)

            let examples =
                Examples.create (array2D [ [ 1.0 ]; [ 1.0 ] ]) (array2D [ unit 1.0 1; unit 1.0 2 ])

            let op = operator oracle

            let trained =
                examples
                |> Training.run
                    (Training.config 50 1 Optimizer.adam (Schedule.constant 0.2) (Key.create 1UL))
                    (Model.linear 1 3)
                    (Loss.fenchelYoung op)

            // Both targets are reached by a low first entry alone.
            Assert.InRange((Array.last trained.History).Loss, -1e-12, 0.3)
            let theta = array2D [ trained.Parameters; trained.Parameters ]
            let losses, _ = op |> FenchelYoung.valueAndGradientBatch theta examples.Targets
            Assert.All(losses, fun loss -> Assert.InRange(loss.Value, -1e-12, 0.3)))

        testCase
            "Folds keep the instances of their rows, in training and in the score, and a resumed training has the bits of the whole"
            (fun () ->
                let count = 30
                let steps = ref 0
                let loss = checking count 2 steps
                let op = operator (Oracle.perInstance (oracles count))

                let evaluate (fold: Fold) : float =
                    let train, test =
                        data count |> Examples.take fold.Train, data count |> Examples.take fold.Test

                    Assert.Equal<int[]>(fold.Test, test.Instances)
                    let whole = train |> Training.run (config 4) model loss
                    let half = train |> Training.run { config 4 with Epochs = 1 } model loss
                    let resumed = train |> Training.resume half.State (config 4) model loss
                    Assert.Equal<float[]>(whole.Parameters, resumed.Parameters)
                    let theta = model |> Model.predict whole.Parameters test.Inputs
                    let y = op |> Smoothed.withInstances test.Instances |> Batch.maximizer theta
                    let solved = op.Oracle |> Oracle.solveInstances test.Instances theta

                    for r in 0 .. test.Instances.Length - 1 do
                        let own = (oracles count)[test.Instances[r]]

                        let alone =
                            operator own
                            |> Smoothed.withFirstRow (int64 r)
                            |> Smoothed.maximizer theta[r, *]

                        Assert.Equal<float[]>(alone, y[r, *])
                        Assert.Equal<float[]>(own |> Oracle.solve theta[r, *], solved[r, *])

                    solved |> Metrics.mean Metrics.solutionMatch test.Targets

                let result =
                    CrossValidation.run
                        { CrossValidation.config 3 (Key.create 9UL) with
                            MaxParallel = 1
                        }
                        count
                        evaluate

                Assert.Equal(3, result.Scores.Length))

        testCase "Rows that are taken keep weight and instance" (fun () ->
            let taken =
                data 6
                |> Examples.withWeights [| 1.0; 2.0; 3.0; 4.0; 5.0; 6.0 |]
                |> Examples.take [| 4; 1; 4 |]
                |> Examples.take [| 2; 1 |]

            Assert.Equal<int[]>([| 4; 1 |], taken.Instances)
            Assert.Equal<float[]>([| 5.0; 2.0 |], taken.Weights))

        testCase
            "A model that ends in an operator of many problems is refused, as it cannot tell its rows apart"
            (fun () ->
                let op = operator (Oracle.perInstance (oracles 4))
                let layered = model |> Model.compose 3 (Batch.differentiable op)

                raises<ArgumentException> "The oracle 'per-instance' has a problem for each instance" (fun () ->
                    data 4 |> Training.run (config 2) layered Loss.squared |> ignore))
    ]
