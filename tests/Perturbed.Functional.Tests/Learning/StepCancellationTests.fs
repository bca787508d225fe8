/// A token that is cancelled inside a step stops the training there, and nothing of it is lost.
module Perturbed.Functional.Tests.Learning.StepCancellationTests

open System
open System.Diagnostics
open System.Threading
open Expecto
open Perturbed.Functional
open Xunit

let private dimension = 4

let private best (theta: float[]) : float[] =
    let top = Array.IndexOf(theta, Array.max theta)
    Array.init dimension (fun i -> if i = top then 1.0 else 0.0)

let private examples =
    Examples.create
        (Array2D.init 10 2 (fun r c -> float ((3 * r + 5 * c) % 7) - 3.0))
        (Array2D.init 10 dimension (fun r c -> if r % dimension = c then 1.0 else 0.0))

let private model = Model.affine 2 dimension

let private config =
    Training.config 2 4 Optimizer.adam (Schedule.constant 0.1) (Key.create 5UL)

let private samples = 30

/// The losses of an oracle that calls a function before each solve.
let private losses (onSolve: unit -> unit) : (string * Loss * Smoothed) list =
    let oracle =
        Oracle.ofFunction dimension (fun theta ->
            onSolve ()
            best theta)

    let op = perturb oracle Noise.gaussian 1.0 samples |> Smoothed.withThreads 1

    [ "Fenchel-Young", Loss.fenchelYoung op, op; "smoothed squared", Loss.smoothedSquared op, op ]

let private sameBits (expected: Trained) (part: Trained) (rest: Trained) : unit =
    Assert.Equal<float[]>(expected.Parameters, rest.Parameters)

    let numbers (t: Trained) =
        t.History
        |> Array.map (fun e -> e.Loss, e.GradientNorm, e.RowsWhereSamplesAgree)

    Assert.Equal<(float * float * int option)[]>(numbers expected, Array.append (numbers part) (numbers rest))

[<Tests>]
let tests =
    testList "Learning.StepCancellation" [
        testCase "A token that is cancelled while targets are looked at ends the training at its start" (fun () ->
            use source = new CancellationTokenSource()
            let looked = ref 0

            let loss =
                { Loss.squared with
                    TargetFault =
                        fun _ _ ->
                            looked.Value <- looked.Value + 1

                            if looked.Value = 3 then
                                source.Cancel()

                            None
                }

            let trained =
                examples
                |> Training.run
                    { config with
                        Cancellation = source.Token
                    }
                    model
                    loss

            Assert.Equal(3, looked.Value)
            Assert.Equal(Ending.Cancelled, trained.Ending)
            Assert.Empty trained.History)

        testCase
            "A step whose token is cancelled in a solve ends after it, and the resumed training has the bits of an uninterrupted one"
            (fun () ->
                for which in [ 0; 1 ] do
                    let _, plain, _ = (losses ignore)[which]
                    let whole = examples |> Training.run config model plain

                    // The solves of a step of 4 rows are 120: inside of the first step, of the second, and of the second epoch.
                    for at in [ 1; 50; 121; 130; 301; 350 ] do
                        use source = new CancellationTokenSource()
                        let mutable calls = 0

                        let _, loss, _ =
                            (losses (fun () ->
                                if Interlocked.Increment &calls = at then
                                    source.Cancel()))[which]

                        let part =
                            examples
                            |> Training.run
                                { config with
                                    Cancellation = source.Token
                                }
                                model
                                loss

                        Assert.Equal(Ending.Cancelled, part.Ending)
                        Assert.Equal(at, calls)
                        Assert.Equal((at - 1) / 300, part.State.Epoch)
                        Assert.Equal((at - 1) % 300 / 120, part.State.Step)
                        sameBits whole part (examples |> Training.resume part.State config model loss))

        testCase "A slow solver is cancelled a few solves late" (fun () ->
            let solve = TimeSpan.FromMilliseconds 30.0
            use source = new CancellationTokenSource()
            let mutable calls = 0
            let watch = Stopwatch()

            let oracle =
                Oracle.ofFunction dimension (fun theta ->
                    if Interlocked.Increment &calls = 3 then
                        watch.Start()
                        source.Cancel()

                    Thread.Sleep solve
                    best theta)

            let loss =
                perturb oracle Noise.gaussian 1.0 1000
                |> Smoothed.withThreads 1
                |> Loss.fenchelYoung

            let config =
                { config with
                    Cancellation = source.Token
                }

            let part = examples |> Training.run config model loss
            Assert.Equal(Ending.Cancelled, part.Ending)
            Assert.Equal(3, calls)
            Assert.Equal(0, part.State.Step)
            // All 4000 solves of the step would take two minutes; the bound leaves room for a busy machine.
            Assert.InRange(watch.Elapsed, TimeSpan.Zero, 100.0 * solve))

        testCase
            "Of an operator's own token and the training's the former throws and the latter ends the training"
            (fun () ->
                for which in [ 0; 1 ] do
                    for isOwn, hasBoth in [ true, false; true, true; false, true ] do
                        use own = new CancellationTokenSource()
                        use configured = new CancellationTokenSource()
                        let mutable calls = 0

                        let _, _, op =
                            (losses (fun () ->
                                if Interlocked.Increment &calls = 10 then
                                    (if isOwn then own else configured).Cancel()))[which]

                        let op = op |> Smoothed.withCancellation own.Token

                        let loss =
                            if which = 0 then
                                Loss.fenchelYoung op
                            else
                                Loss.smoothedSquared op

                        let config =
                            { config with
                                Cancellation = if hasBoth then configured.Token else CancellationToken.None
                            }

                        let train () =
                            examples |> Training.run config model loss

                        if isOwn then
                            let error =
                                Assert.ThrowsAny<OperationCanceledException>(fun () -> train () |> ignore)

                            Assert.Equal(own.Token, error.CancellationToken)
                        else
                            Assert.Equal(Ending.Cancelled, (train ()).Ending)

                        Assert.Equal(10, calls))

        testCase
            "A loss of one's own sees the token, and what it throws without a cancelled token stays an error"
            (fun () ->
                use source = new CancellationTokenSource()
                let mutable steps = 0

                let own: Loss =
                    Loss.create (fun batch ->
                        steps <- steps + 1
                        Assert.Equal(source.Token, batch.Cancellation)

                        if steps = 3 then
                            source.Cancel()

                        batch.Cancellation.ThrowIfCancellationRequested()
                        Loss.squared.Evaluate batch)

                let config =
                    { config with
                        Cancellation = source.Token
                    }

                let part = examples |> Training.run config model own
                Assert.Equal((Ending.Cancelled, 2), (part.Ending, part.State.Step))

                Assert.Throws<OperationCanceledException>(fun () ->
                    examples
                    |> Training.run
                        { config with
                            Cancellation = CancellationToken.None
                        }
                        model
                        (Loss.create (fun _ -> raise (OperationCanceledException())))
                    |> ignore)
                |> ignore)

        testCase
            "Early stopping and cross-validation end inside of a step too, without a score of what was cut short"
            (fun () ->
                use source = new CancellationTokenSource()
                let mutable calls = 0

                let _, loss, _ =
                    (losses (fun () ->
                        if Interlocked.Increment &calls = 700 then
                            source.Cancel()))[0]

                let config =
                    { config with
                        Epochs = 4
                        Cancellation = source.Token
                    }

                let stopping =
                    {
                        Patience = 4
                        Goal = Goal.Minimise
                        Metric = Array.sum
                    }

                let best, trained = examples |> EarlyStopping.run stopping config model loss
                Assert.Equal((Ending.Cancelled, 700, true), (trained.Ending, calls, best.IsSome))
                Assert.Equal((2, 0), (trained.State.Epoch, trained.State.Step))
                use source = new CancellationTokenSource()
                calls <- 0

                let _, loss, _ =
                    (losses (fun () ->
                        if Interlocked.Increment &calls = 700 then
                            source.Cancel()))[0]

                let folds =
                    { CrossValidation.config 5 (Key.create 1UL) with
                        MaxParallel = 1
                        Cancellation = source.Token
                    }

                // A fold trains on 8 rows: 480 solves in 2 epochs.
                let result =
                    CrossValidation.run folds 10 (fun fold ->
                        let trained =
                            examples
                            |> Examples.take fold.Train
                            |> Training.run
                                { config with
                                    Epochs = 2
                                    Cancellation = source.Token
                                }
                                model
                                loss

                        trained.Parameters[0])

                Assert.Equal((Ending.Cancelled, 700), (result.Ending, calls))
                Assert.Equal<int[]>([| 0 |], result.Scores |> Array.map _.Fold))
    ]
    |> testSequenced
