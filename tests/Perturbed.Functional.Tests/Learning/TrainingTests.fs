module Perturbed.Functional.Tests.Learning.TrainingTests

open System
open System.Threading
open Expecto
open MathNet.Numerics.LinearAlgebra
open Perturbed.Functional
open Perturbed.Functional.Tests.Learning.Helpers
open Xunit

let private data = regression 100 4 3 0.5 (Key.create 21UL)

let private model = Model.affine 4 3

/// Least squares by the normal equations: (W, b) from [X 1]ᵀ[X 1] B = [X 1]ᵀ Y.
let private normalEquations (examples: Examples) : float[] =
    let x = Matrix<float>.Build.DenseOfArray(examples.Inputs)

    let design =
        x.InsertColumn(x.ColumnCount, Vector<float>.Build.Dense(x.RowCount, 1.0))

    let y = Matrix<float>.Build.DenseOfArray(examples.Targets)
    design.TransposeThisAndMultiply(design).Cholesky().Solve(design.TransposeThisAndMultiply y).ToRowMajorArray()

let private config =
    Training.config 6 16 Optimizer.adam (Schedule.constant 0.05) (Key.create 1UL)

/// The squared loss with targets moved by noise of the key, so that a wrong key shows in the bits.
let private noisy: Loss =
    Loss.create (fun batch ->
        let d = Array2D.length2 batch.Targets

        let z =
            (Model.linear (LossBatch.count batch) d |> Model.withNormalInitial 1.0).Initial batch.Key

        Loss.squared.Evaluate
            { batch with
                Targets = batch.Targets |> Array2D.mapi (fun r c y -> y + z[r * d + c])
            })

[<Tests>]
let tests =
    testList "Learning.Training" [
        testCase "full-batch gradient descent converges to the solution of the normal equations" (fun () ->
            let full =
                { config with
                    Epochs = 2000
                    BatchSize = 100
                    Optimizer = Optimizer.sgd
                    Schedule = Schedule.constant 0.3
                }

            let trained = data |> Training.run full model Loss.squared
            let expected = normalEquations data
            // The Hessian's eigenvalues lie in (0.4, 2) for this design: 2000 steps contract the error by at least (1 − 0.12)^2000.
            Assert.True(Array.forall2 (fun e a -> abs (e - a) < 1e-10) expected trained.Parameters)
            Assert.InRange((Array.last trained.History).GradientNorm, 0.0, 1e-12))

        testCase "one full-batch step of descent is w − η ∇" (fun () ->
            let one =
                { config with
                    Epochs = 1
                    BatchSize = 1000
                    Optimizer = Optimizer.sgd
                    Schedule = Schedule.constant 0.3
                }

            let trained = data |> Training.run one model Loss.squared

            let theta, pullback =
                model.Apply data.Inputs (Array.zeroCreate model.ParameterCount)

            let value, gradient =
                Loss.squared |> Loss.evaluate (LossBatch.create one.Key theta data.Targets)

            let gradient = pullback gradient
            Assert.True(allNear (gradient |> Array.map (fun g -> -0.3 * g)) trained.Parameters)
            Assert.True(near value trained.History[0].Loss)
            Assert.True(near (sqrt (dot gradient gradient)) trained.History[0].GradientNorm))

        testCase "the same key gives the same bits, another key other bits" (fun () ->
            let run key =
                (data |> Training.run { config with Key = key } model noisy).Parameters

            Assert.Equal<float[]>(run (Key.create 1UL), run (Key.create 1UL))
            Assert.NotEqual<float[]>(run (Key.create 1UL), run (Key.create 2UL)))

        testCase "each epoch visits each row once, in a new order, the last batch partial" (fun () ->
            let seen = ResizeArray<float[]>()

            let watching: Loss =
                Loss.create (fun batch ->
                    seen.Add batch.Targets[*, 0]
                    Loss.squared.Evaluate batch)

            let numbered =
                Examples.create (Array2D.zeroCreate 10 1) (Array2D.init 10 1 (fun r _ -> float r))

            numbered
            |> Training.run
                { config with
                    Epochs = 2
                    BatchSize = 4
                }
                (Model.linear 1 1)
                watching
            |> ignore

            Assert.Equal<int[]>([| 4; 4; 2; 4; 4; 2 |], seen |> Seq.map Array.length |> Seq.toArray)

            let first, second =
                seen |> Seq.take 3 |> Array.concat, seen |> Seq.skip 3 |> Array.concat

            Assert.Equal<float[]>([| 0.0 .. 9.0 |], Array.sort first)
            Assert.Equal<float[]>([| 0.0 .. 9.0 |], Array.sort second)
            Assert.NotEqual<float[]>(first, second))

        testCase "every step gives the loss a key of its own" (fun () ->
            let keys = ResizeArray<Key>()

            let watching: Loss =
                Loss.create (fun batch ->
                    keys.Add batch.Key
                    Loss.squared.Evaluate batch)

            data |> Training.run config model watching |> ignore
            Assert.Equal(6 * 7, keys.Count)
            Assert.Equal(6 * 7, keys |> Seq.distinct |> Seq.length))

        testCase "the schedule is asked at epoch + step/steps" (fun () ->
            let asked = ResizeArray<float>()

            let schedule: Schedule =
                fun t ->
                    asked.Add t
                    1.0 / (1.0 + t)

            let trained =
                data
                |> Training.run
                    { config with
                        Epochs = 2
                        BatchSize = 50
                        Schedule = schedule
                    }
                    model
                    Loss.squared

            Assert.Equal<float[]>([| 0.0; 0.5; 1.0; 1.5 |], asked |> Seq.distinct |> Seq.sort |> Seq.toArray)
            Assert.Equal<float[]>([| 1.0 / 1.5; 1.0 / 2.5 |], trained.History |> Array.map _.LearningRate))

        testCase "history and progress have one record an epoch, and the mean loss falls" (fun () ->
            let told = ResizeArray<EpochRecord>()

            let progress =
                { new IProgress<EpochRecord> with
                    member _.Report record = told.Add record
                }

            let trained =
                data |> Training.run { config with Progress = Some progress } model Loss.squared

            Assert.Equal<int[]>([| 0..5 |], trained.History |> Array.map _.Epoch)
            Assert.Equal<EpochRecord[]>(trained.History, told.ToArray())
            Assert.Equal(Ending.Completed, trained.Ending)
            Assert.True(trained.History[5].Loss < trained.History[0].Loss)
            Assert.All(trained.History, (fun r -> Assert.True(r.Seconds > 0.0))))

        testCase "a callback stops the training and cannot change its parameters" (fun () ->
            let stopping (report: EpochReport) =
                Array.Clear report.Parameters

                if report.Record.Epoch = 2 then
                    EpochDecision.Stop
                else
                    EpochDecision.Continue

            let trained = data |> Training.run { config with OnEpoch = stopping } model noisy
            Assert.Equal(Ending.StoppedEarly, trained.Ending)
            Assert.Equal(3, trained.History.Length)
            let plain = data |> Training.run { config with Epochs = 3 } model noisy
            Assert.Equal<float[]>(plain.Parameters, trained.Parameters))

        testCase
            "a cancelled training returns what it reached, and resumed ends with the bits of an uninterrupted one"
            (fun () ->
                let whole = data |> Training.run config model noisy

                for cancelAt in [ 0; 1; 7; 20; 41 ] do
                    use source = new CancellationTokenSource()
                    let mutable calls = 0

                    let cancelling: Loss =
                        Loss.create (fun batch ->
                            calls <- calls + 1

                            if calls = cancelAt then
                                source.Cancel()

                            noisy.Evaluate batch)

                    if cancelAt = 0 then
                        source.Cancel()

                    let part =
                        data
                        |> Training.run
                            { config with
                                Cancellation = source.Token
                            }
                            model
                            cancelling

                    Assert.Equal(Ending.Cancelled, part.Ending)
                    // A step that began is finished, and an epoch whose last step is done is closed.
                    Assert.Equal(cancelAt, part.State.Epoch * 7 + part.State.Step)
                    Assert.Equal(cancelAt / 7, part.History.Length)
                    let rest = data |> Training.resume part.State config model noisy
                    Assert.Equal<float[]>(whole.Parameters, rest.Parameters)
                    let losses (t: Trained) = t.History |> Array.map _.Loss
                    Assert.Equal<float[]>(losses whole, Array.append (losses part) (losses rest)))

        testCase "no epochs give the initial parameters" (fun () ->
            let start = Model.affine 4 3 |> Model.withNormalInitial 1.0
            let trained = data |> Training.run { config with Epochs = 0 } start Loss.squared
            Assert.Equal<float[]>((Training.start config start).Parameters, trained.Parameters)
            Assert.Empty trained.History
            Assert.Equal(Ending.Completed, trained.Ending))

        testCase "a rate that is too high is a diverged training that names epoch and step" (fun () ->
            let run rate =
                fun () ->
                    data
                    |> Training.run
                        { config with
                            Epochs = 5000
                            BatchSize = 50
                            Optimizer = Optimizer.sgd
                            Schedule = Schedule.constant rate
                        }
                        model
                        Loss.squared
                    |> ignore

            let error = Assert.Throws<TrainingDivergedException>(run 1e3)

            Assert.StartsWith(
                $"Training diverged in epoch {error.Epoch}, step {error.Step} (both from 0), learning rate 1000: ",
                error.Message
            )

            Assert.Equal(1e3, error.LearningRate)

            Assert.InRange(error.Epoch, 0, 200))

        testCase "a loss, a gradient or a step that is not finite is named" (fun () ->
            let run (loss: Loss) rate =
                fun () ->
                    data
                    |> Training.run
                        { config with
                            Optimizer = Optimizer.sgd
                            Schedule = Schedule.constant rate
                        }
                        model
                        loss
                    |> ignore

            let filled v (theta: float[,]) = Array2D.map (fun _ -> v) theta

            raises<TrainingDivergedException>
                "Training diverged in epoch 0, step 0 (both from 0), learning rate 0.1: the loss is NaN; finite values were expected."
                (run (Loss.create (fun batch -> nan, batch.Theta)) 0.1)

            raises<TrainingDivergedException>
                "Training diverged in epoch 0, step 0 (both from 0), learning rate 0.1: the gradient's norm is NaN; finite values were expected."
                (run (Loss.create (fun batch -> 1.0, filled nan batch.Theta)) 0.1)

            raises<TrainingDivergedException>
                "Training diverged in epoch 0, step 0 (both from 0), learning rate 1E+250: a parameter is no longer finite after the step; finite values were expected."
                (run (Loss.create (fun batch -> 1.0, filled 1e100 batch.Theta)) 1e250))

        testCase "bad input is named with what was expected" (fun () ->
            let run config (inputs: float[,]) (targets: float[,]) =
                fun () ->
                    {
                        Inputs = inputs
                        Targets = targets
                        Weights = Array.create (Array2D.length1 inputs) 1.0
                        Instances = [| 0 .. Array2D.length1 inputs - 1 |]
                    }
                    |> Training.run config (Model.linear 2 1) Loss.squared
                    |> ignore

            let x, y = Array2D.zeroCreate 3 2, Array2D.zeroCreate 3 1

            raises<ArgumentException>
                "config.BatchSize is 0; it must be at least 1."
                (run { config with BatchSize = 0 } x y)

            raises<ArgumentException> "config.Epochs" (run { config with Epochs = -1 } x y)
            raises<ArgumentException> "targets has 2 rows; inputs has 3." (run config x (Array2D.zeroCreate 2 1))

            raises<ArgumentException>
                "examples has 0 rows of positive weight; training needs at least one."
                (run config (Array2D.zeroCreate 0 2) (Array2D.zeroCreate 0 1))

            raises<ArgumentException>
                "examples.Inputs has 3 columns; the model takes 2."
                (run config (Array2D.zeroCreate 3 3) y)

            let bad = array2D [ [ 0.0; 0.0 ]; [ 0.0; nan ]; [ 0.0; 0.0 ] ]
            raises<ArgumentException> "inputs[1, 1] is NaN (row 1); every entry must be finite." (run config bad y)

            raises<ArgumentException>
                "targets[2, 0] is Infinity (row 2); every entry must be finite."
                (run config x (array2D [ [ 0.0 ]; [ 0.0 ]; [ infinity ] ]))

            raises<ArgumentException> "state.Parameters has length 1; the model's ParameterCount is 2." (fun () ->
                Examples.create x y
                |> Training.run config (Model.linear 2 1 |> Model.withInitial (fun _ -> [| 0.0 |])) Loss.squared
                |> ignore)

            raises<ArgumentException>
                "state is at epoch 0, step 9; epochs start at 0 and have steps 0 .. 1."
                (fun () ->
                    let state =
                        { Training.start config (Model.linear 2 1) with
                            Step = 9
                        }

                    Examples.create x y
                    |> Training.resume state config (Model.linear 2 1) Loss.squared
                    |> ignore))

        testCase "a training that diverges under an operator names epoch, step and rate" (fun () ->
            let op = perturb (Oracle.ranking 3) Noise.gaussian 1.0 2

            let good =
                { data with
                    Targets = Oracle.solveBatch data.Targets op.Oracle
                }

            for loss in [ Loss.fenchelYoung op; Loss.smoothedSquared op ] do
                let wild =
                    { config with
                        Optimizer = Optimizer.sgd
                        Schedule = Schedule.constant 1e300
                    }

                let error =
                    Assert.Throws<TrainingDivergedException>(fun () -> good |> Training.run wild model loss |> ignore)

                Assert.StartsWith(
                    $"Training diverged in epoch 0, step {error.Step} (both from 0), learning rate 1E+300: an output of the model is ",
                    error.Message
                ))

        testCase "a model with another number of outputs than the oracle's dimension is named as such" (fun () ->
            let op = perturb (Oracle.topK 1 3) Noise.gaussian 1.0 2

            let good =
                { data with
                    Targets = Oracle.solveBatch data.Targets op.Oracle
                }

            for loss in [ Loss.fenchelYoung op; Loss.smoothedSquared op ] do
                raises<ArgumentException>
                    "Θ has 4 columns, the outputs of the model; the dimension of oracle 'top-k' is 3."
                    (fun () -> good |> Training.run config (Model.affine 4 4) loss |> ignore))

        testCase
            "a schedule that is 0 before the training ends is refused, one that holds its last rate is not"
            (fun () ->
                let run schedule =
                    fun () ->
                        data
                        |> Training.run { config with Schedule = schedule } model Loss.squared
                        |> ignore

                raises<ArgumentException>
                    "config.Schedule is 0 before the training ends, and parameters would no longer change: a schedule that falls to 0 takes as many epochs as config.Epochs, 6, or more."
                    (run (Schedule.cosine 5 0.0 0.1))

                run (Schedule.cosine 6 0.0 0.1) ()
                run (Schedule.cosine 2 0.01 0.1) ()
                run (Schedule.drops [ 1; 2 ] 0.1 0.1) ()

                data
                |> Training.run
                    { config with
                        Epochs = 0
                        Schedule = fun _ -> 0.0
                    }
                    model
                    Loss.squared
                |> ignore)

        testCase "predictions name the row and column of an input that is not finite" (fun () ->
            let inputs = array2D [ [ 1.0; 2.0; 3.0; 4.0 ]; [ 1.0; 2.0; nan; 4.0 ] ]
            let words = "inputs[1, 2] is NaN (row 1); every entry must be finite."
            let parameters = Array.zeroCreate model.ParameterCount
            raises<ArgumentException> words (fun () -> model |> Model.predict parameters inputs |> ignore)

            raises<ArgumentException> words (fun () ->
                SavedModel.create model parameters |> SavedModel.predict inputs |> ignore))

        testCase "taking rows copies them in the given order and names an index out of range" (fun () ->
            let e =
                Examples.create (array2D [ [ 1.0; 2.0 ]; [ 3.0; 4.0 ] ]) (array2D [ [ 5.0 ]; [ 6.0 ] ])

            let taken = e |> Examples.take [| 1; 0; 1 |]
            Assert.Equal<float[]>([| 3.0; 4.0; 1.0; 2.0; 3.0; 4.0 |], flat taken.Inputs)
            Assert.Equal<float[]>([| 6.0; 5.0; 6.0 |], flat taken.Targets)

            raises<ArgumentException> "indices[1] is 2; it must lie in 0 .. 1." (fun () ->
                e |> Examples.take [| 0; 2 |] |> ignore))

        testCase
            "a target outside the hull of the solutions stops a training before its first step, and names its row"
            (fun () ->
                let op = perturb (Oracle.ranking 3) Noise.gaussian 1.0 2

                let good =
                    { data with
                        Targets = Oracle.solveBatch data.Targets op.Oracle
                    }
                // Ranks that count from 0, in one late row of the data.
                let targets =
                    good.Targets |> Array2D.mapi (fun r _ y -> if r = 97 then y - 1.0 else y)

                let bad = { good with Targets = targets }
                let place = Array.IndexOf(targets[97, *], 0.0)

                let words =
                    $"Row 97 of the targets is outside the hull of the solutions of oracle 'ranking': entry {place} is 0; ranks run from 1 to 3."

                for loss in [ Loss.fenchelYoung op; Loss.smoothedSquared op ] do
                    let mutable steps = 0

                    let counted =
                        { model with
                            Apply =
                                fun x p ->
                                    steps <- steps + 1
                                    model.Apply x p
                        }

                    let e =
                        Assert.ThrowsAny<ArgumentException>(fun () ->
                            bad |> Training.run config counted loss |> ignore)

                    Assert.Contains(words, e.Message)
                    Assert.Equal(0, steps)
                    Assert.Equal(Ending.Completed, (good |> Training.run config model loss).Ending)

                // A row of weight 0 is as good as absent, and the others keep their numbers.
                let late =
                    bad
                    |> Examples.withWeights (Array.init 100 (fun r -> if r < 50 then 0.0 else 1.0))

                Assert.Contains(
                    words,
                    Assert
                        .ThrowsAny<ArgumentException>(fun () ->
                            late |> Training.run config model (Loss.fenchelYoung op) |> ignore)
                        .Message
                )

                let absent =
                    bad
                    |> Examples.withWeights (Array.init 100 (fun r -> if r = 97 then 0.0 else 1.0))

                for loss in [ Loss.fenchelYoung op; Loss.smoothedSquared op ] do
                    Assert.Equal(Ending.Completed, (absent |> Training.run config model loss).Ending)

                // A loss of one's own that wraps another keeps its faults, or asks for them at every step.
                let loss = Loss.fenchelYoung op

                let wrapped =
                    { loss with
                        Evaluate = fun batch -> loss.Evaluate batch
                    }

                let asking = Loss.create (fun batch -> loss |> Loss.evaluate batch)

                for loss in [ wrapped; asking ] do
                    let e =
                        Assert.ThrowsAny<ArgumentException>(fun () -> bad |> Training.run config model loss |> ignore)

                    Assert.Contains("ranks run from 1 to 3", e.Message)

                // The checked data set has the bits of one that is checked row by row.
                Assert.Equal<float[]>(
                    (good |> Training.run config model asking).Parameters,
                    (good |> Training.run config model loss).Parameters
                ))

        testCase "resumed and scheduled trainings refuse such a target too" (fun () ->
            let op = perturb (Oracle.ranking 3) Noise.gaussian 1.0 2

            let targets =
                Oracle.solveBatch data.Targets op.Oracle |> Array2D.map (fun y -> y - 1.0)

            let bad = { data with Targets = targets }
            let loss = Loss.fenchelYoung op

            let refused (call: unit -> unit) =
                Assert.Contains("ranks run from 1 to 3", Assert.ThrowsAny<ArgumentException>(call).Message)

            let scheduled =
                op
                |> Loss.scheduled (Schedule.constant 1.0) (Schedule.constant 2.0) Loss.fenchelYoung

            refused (fun () -> bad |> Training.run config model scheduled |> ignore)
            refused (fun () -> bad |> Training.resume (Training.start config model) config model loss |> ignore))
    ]
