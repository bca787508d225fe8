module Perturbed.Functional.Tests.Learning.EarlyStoppingTests

open System
open Expecto
open Perturbed.Functional
open Perturbed.Functional.Tests.Learning.Helpers
open Xunit

let private data = regression 40 3 2 0.5 (Key.create 31UL)

let private model = Model.affine 3 2

let private config =
    Training.config 20 8 Optimizer.adam (Schedule.constant 0.05) (Key.create 4UL)

/// A metric that follows a script, one entry an epoch.
let private scripted (values: float list) : float[] -> float =
    let mutable rest = values

    fun _ ->
        let head = List.head rest
        rest <- List.tail rest
        head

[<Tests>]
let tests =
    testList "Learning.EarlyStopping" [
        testCase "training ends after the patience is used up and keeps the best epoch's parameters" (fun () ->
            let stopping =
                {
                    Patience = 3
                    Goal = Goal.Maximise
                    Metric = scripted [ 0.1; 0.5; 0.4; 0.6; 0.6; 0.2; 0.5; 0.9 ]
                }

            let best, trained = data |> EarlyStopping.run stopping config model Loss.squared
            Assert.Equal(3, best.Value.Epoch)
            Assert.Equal(0.6, best.Value.Metric)
            Assert.Equal(7, trained.History.Length)
            Assert.Equal(Ending.StoppedEarly, trained.Ending)
            let four = data |> Training.run { config with Epochs = 4 } model Loss.squared
            Assert.Equal<float[]>(four.Parameters, best.Value.Parameters)
            Assert.NotEqual<float[]>(trained.Parameters, best.Value.Parameters))

        testCase "minimising keeps the smallest metric, and a callback may still stop" (fun () ->
            let stopping =
                {
                    Patience = 10
                    Goal = Goal.Minimise
                    Metric = scripted [ 0.5; 0.3; 0.4; 0.1 ]
                }

            let onEpoch (report: EpochReport) =
                if report.Record.Epoch = 2 then
                    EpochDecision.Stop
                else
                    EpochDecision.Continue

            let best, trained =
                data
                |> EarlyStopping.run stopping { config with OnEpoch = onEpoch } model Loss.squared

            Assert.Equal(1, best.Value.Epoch)
            Assert.Equal(3, trained.History.Length))

        testCase "no epoch has no best" (fun () ->
            let stopping =
                {
                    Patience = 1
                    Goal = Goal.Maximise
                    Metric = scripted []
                }

            let best, _ =
                data |> EarlyStopping.run stopping { config with Epochs = 0 } model Loss.squared

            Assert.True best.IsNone)

        testCase "patience below 1 and a metric that is NaN are named" (fun () ->
            let run patience metrics =
                fun () ->
                    data
                    |> EarlyStopping.run
                        {
                            Patience = patience
                            Goal = Goal.Maximise
                            Metric = scripted metrics
                        }
                        config
                        model
                        Loss.squared
                    |> ignore

            raises<ArgumentException> "stopping.Patience is 0; it must be at least 1." (run 0 [])

            raises<ArgumentException>
                "stopping.Metric is NaN after epoch 1; a number was expected."
                (run 2 [ 0.5; nan ]))
    ]
