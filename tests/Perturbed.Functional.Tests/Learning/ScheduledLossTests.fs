module Perturbed.Functional.Tests.Learning.ScheduledLossTests

open System
open Expecto
open Perturbed.Functional
open Perturbed.Functional.Tests.Learning.Helpers
open Xunit

let private op = perturb (Oracle.ranking 3) Noise.gaussian 5.0 2

let private scheduled =
    op
    |> Loss.scheduled (Schedule.exponential 0.5 2.0) (fun t -> 3.0 + 2.0 * t) Loss.fenchelYoung

let private key = Key.create 4UL

let private data =
    let examples = regression 40 4 3 0.5 (Key.create 5UL)
    // Rankings of the targets, as the loss wants vertices.
    { examples with
        Targets = op.Oracle |> Oracle.solveBatch examples.Targets
    }

[<Tests>]
let tests =
    testList "Learning.ScheduledLoss" [
        testCase "At each time the loss is that of the operator with the epsilon and samples of the time" (fun () ->
            let theta = array2D [ [ 0.3; -1.0; 2.0 ]; [ 0.0; 0.1; 0.2 ] ]
            let targets = array2D [ [ 2.0; 1.0; 3.0 ]; [ 1.0; 2.0; 3.0 ] ]

            for time, epsilon, samples in [ 0.0, 2.0, 3; 1.0, 1.0, 5; 1.2, 2.0 * Math.Pow(0.5, 1.2), 5; 3.0, 0.25, 9 ] do
                let expected =
                    op
                    |> Smoothed.withEpsilon epsilon
                    |> Smoothed.withSamples samples
                    |> Loss.fenchelYoung

                let batch =
                    { LossBatch.create key theta targets with
                        Time = time
                    }

                let value, gradient = scheduled |> Loss.evaluate batch
                let value', gradient' = expected |> Loss.evaluate batch
                Assert.Equal(value', value)
                Assert.Equal<float[,]>(gradient', gradient))

        testCase
            "Training under a schedule is training step by step under the loss of each time, and resumes to the same bits"
            (fun () ->
                let model = Model.affine 4 3

                let config =
                    Training.config 4 10 Optimizer.adam (Schedule.constant 0.05) (Key.create 1UL)

                let whole = Training.run config model scheduled data
                let half = Training.run { config with Epochs = 2 } model scheduled data
                let resumed = Training.resume half.State config model scheduled data
                Assert.Equal<float[]>(whole.Parameters, resumed.Parameters)

                // A schedule that does not change is the loss itself.
                let still =
                    op
                    |> Loss.scheduled (Schedule.constant 2.0) (Schedule.constant 3.0) Loss.fenchelYoung

                let plain =
                    op |> Smoothed.withEpsilon 2.0 |> Smoothed.withSamples 3 |> Loss.fenchelYoung

                let constant = Training.run config model still data
                Assert.Equal<float[]>((Training.run config model plain data).Parameters, constant.Parameters)
                Assert.NotEqual<float[]>(constant.Parameters, whole.Parameters)

                // The times of the steps: epochs and parts of them.
                let times = ResizeArray<float>()

                let watching =
                    { scheduled with
                        Evaluate =
                            fun batch ->
                                times.Add batch.Time
                                scheduled.Evaluate batch
                    }

                Training.run { config with Epochs = 2 } model watching data |> ignore
                Assert.Equal<float seq>([ 0.0; 0.25; 0.5; 0.75; 1.0; 1.25; 1.5; 1.75 ], times))

        testCase "An epsilon or a number of samples out of range is an error that names it and the time" (fun () ->
            let error (epsilon: Schedule) (samples: Schedule) (name: string) =
                let thrown =
                    Assert.Throws<ArgumentException>(fun () ->
                        op
                        |> Loss.scheduled epsilon samples Loss.fenchelYoung
                        |> Loss.evaluate
                            { LossBatch.create key data.Inputs[*, 0..2] data.Targets with
                                Time = 1.5
                            }
                        |> ignore)

                Assert.Equal(name, thrown.ParamName)
                Assert.Contains("time 1.5", thrown.Message)

            for wrong in [ 0.0; -1.0; nan; infinity ] do
                error (fun _ -> wrong) (fun _ -> 1.0) "epsilon"

            for wrong in [ 0.4; -1.0; nan; 1e10 ] do
                error (fun _ -> 1.0) (fun _ -> wrong) "samples")
    ]
