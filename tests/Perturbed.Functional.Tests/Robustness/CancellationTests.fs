/// A token that is cancelled during a call of the oracle stops every path after the solves at hand. Nothing here depends on time.
module Perturbed.Functional.Tests.CancellationTests

open System
open System.Threading
open Expecto
open Perturbed.Functional
open Xunit

let private dimension = 4

let private best (theta: float[]) : float[] =
    let top = Array.IndexOf(theta, Array.max theta)
    Array.init theta.Length (fun i -> if i = top then 1.0 else 0.0)

/// Counts its calls, and cancels its token in a given one.
type private Counter(cancelAt: int) =
    let source = new CancellationTokenSource()
    let mutable calls = 0
    member _.Token = source.Token
    member _.Calls = Volatile.Read &calls

    member _.Count() : unit =
        if Interlocked.Increment &calls = cancelAt then
            source.Cancel()

    member this.Solve(theta: float[]) : float[] =
        this.Count()
        best theta

let private theta = [| 0.3; -0.2; 0.1; 0.4 |]

let private samples = 400

let private stops (at: int) (late: int) (use': Counter -> unit) : unit =
    let counter = Counter at
    Assert.ThrowsAny<OperationCanceledException>(fun () -> use' counter) |> ignore
    Assert.InRange(counter.Calls, at, at + late)

let private operator (counter: Counter) (oracle: Oracle) : Smoothed =
    perturb oracle Noise.gaussian 1.0 samples
    |> Smoothed.withCancellation counter.Token
    |> Smoothed.withThreads 1

let private rows (counter: Counter) : Oracle =
    Oracle.ofFunction dimension counter.Solve

let private paths: (string * (Smoothed -> unit)) list =
    [
        "maximizer", Smoothed.maximizer theta >> ignore
        "maximum", Smoothed.maximum theta >> ignore
        "estimate", Smoothed.estimate theta >> ignore
        "samples", Smoothed.samples theta >> ignore
        "distribution", Smoothed.distribution theta >> ignore
        "jacobian", Smoothed.jacobian theta >> ignore
        "pullback", Smoothed.pullback theta >> ignore
        "maximizerOfMaximum", Smoothed.maximizerOfMaximum theta >> ignore
        "loss", FenchelYoung.valueAndGradient theta (best theta) >> ignore
        "batch", Batch.maximizer (Array2D.create 3 dimension 0.5) >> ignore
        "adaptive", Adaptive.maximizer 1e-3 1000000 theta >> ignore
        "dual", Regularizer.solveAt 1e-2 [| 0.25; 0.25; 0.25; 0.25 |] >> ignore
        "fit",
        Estimation.fit 1e-2 (Array2D.init 8 dimension (fun r i -> if r % 4 = i then 1.0 else 0.0))
        >> ignore
    ]

[<Tests>]
let tests =
    testList "Robustness.Cancellation" [
        testCase "Every path stops after the call of a row function in which its token was cancelled" (fun () ->
            for _, path in paths do
                for at in [ 1; 2; 5; 250 ] do
                    stops at 0 (fun counter -> rows counter |> operator counter |> path))

        testCase
            "Batches without noise and checks on given directions stop after the call in which they were cancelled"
            (fun () ->
                let thetas = Array2D.init 50 dimension (fun r i -> float ((7 * r + 3 * i) % 11))

                let uses: (Counter -> Oracle -> unit) list =
                    [
                        fun counter -> Oracle.solveBatchWith counter.Token thetas >> ignore
                        fun counter -> Oracle.solveInstancesWith counter.Token [| 0..49 |] thetas >> ignore
                        fun counter -> Oracle.checkOnWith counter.Token thetas >> ignore
                    ]

                for use' in uses do
                    for at in [ 1; 2; 40 ] do
                        stops at 0 (fun counter -> rows counter |> use' counter))

        testCase "A cancelled token stops the unperturbed baseline before it solves" (fun () ->
            // The pass over the samples takes 400 calls, so the 401st is the baseline's first of two rows.
            stops (2 * samples + 1) 0 (fun counter ->
                rows counter
                |> operator counter
                |> Smoothed.withVarianceReduction VarianceReduction.Baseline
                |> Batch.jacobian (Array2D.create 2 dimension 0.5)
                |> ignore))

        testCase
            "Wrapped oracles hand the token on, and span functions and generalised maximizers look at it"
            (fun () ->
                let spans (counter: Counter) =
                    Oracle.ofSpanFunction
                        dimension
                        (SpanFunction(fun theta y ->
                            counter.Count()
                            (best (theta.ToArray())).AsSpan().CopyTo y))

                let wrappers: (string * (Counter -> Oracle)) list =
                    [
                        "span", spans
                        "named", rows >> Oracle.withName "another"
                        "synchronized", rows >> Oracle.synchronized
                        "per instance", (fun counter -> Oracle.perInstance [| rows counter |])
                        "offset", rows >> Oracle.withOffset [| 0.1; 0.2; 0.3; 0.4 |]
                        "minimise", rows >> Oracle.minimise
                        "restrict",
                        (fun counter ->
                            let inner = Oracle.product [| Oracle.argmax 1; rows counter |]
                            Oracle.restrict [| 1; 2; 3; 4 |] [| 0.5; 0.0; 0.0; 0.0; 0.0 |] inner)
                        "generalised", (fun counter -> Oracle.generalised dimension counter.Solve id (fun _ -> 0.0))
                    ]

                for _, wrap in wrappers do
                    stops 7 0 (fun counter -> wrap counter |> operator counter |> Smoothed.maximizer theta |> ignore))

        testCase
            "Threads stop after the calls at hand, and the oracle then answers with the bits of a fresh one"
            (fun () ->
                let counter = Counter 50
                let oracle = rows counter
                let threads = 4
                let op = perturb oracle Noise.gaussian 1.0 samples |> Smoothed.withThreads threads

                Assert.ThrowsAny<OperationCanceledException>(fun () ->
                    op
                    |> Smoothed.withCancellation counter.Token
                    |> Smoothed.maximizer theta
                    |> ignore)
                |> ignore

                Assert.InRange(counter.Calls, 50, 50 + threads)

                let fresh =
                    perturb (Oracle.ofFunction dimension best) Noise.gaussian 1.0 samples
                    |> Smoothed.maximizer theta

                Assert.Equal<float[]>(fresh, Smoothed.maximizer theta op))

        testCase "Smoothed functions stop between calls, and functions of batches after their block" (fun () ->
            stops 9 0 (fun counter ->
                SmoothedFunction.create dimension dimension counter.Solve Noise.gaussian 1.0 samples
                |> SmoothedFunction.configure (Smoothed.withCancellation counter.Token >> Smoothed.withThreads 1)
                |> SmoothedFunction.value theta
                |> ignore)

            stops 2 0 (fun counter ->
                Oracle.ofBatchFunction dimension (fun thetas ->
                    counter.Count()
                    Array2D.init (Array2D.length1 thetas) dimension (fun r i -> (best thetas[r, *])[i]))
                |> operator counter
                |> Smoothed.maximizer theta
                |> ignore))

        testCase "A contract check stops, whichever stage is at work" (fun () ->
            let total = Counter Int32.MaxValue
            Oracle.checkWith total.Token (Key.create 1UL) 3 (rows total) |> ignore

            for share in [ 0.02; 0.2; 0.4; 0.9 ] do
                let at = int (share * float total.Calls)
                // Eight threads are at work in one of the stages.
                stops at 8 (fun counter -> Oracle.checkWith counter.Token (Key.create 1UL) 3 (rows counter) |> ignore))

        testCase "A multi-knapsack looks at the token inside" (fun () ->
            use source = new CancellationTokenSource()
            source.Cancel()
            let oracle = Oracle.multiKnapsack (array2D [ [ 1; 1 ] ]) [| 1 |]

            Assert.ThrowsAny<OperationCanceledException>(fun () ->
                perturb oracle Noise.gaussian 1.0 10
                |> Smoothed.withCancellation source.Token
                |> Smoothed.maximizer [| 1.0; 2.0 |]
                |> ignore)
            |> ignore)
    ]
    |> testSequenced
