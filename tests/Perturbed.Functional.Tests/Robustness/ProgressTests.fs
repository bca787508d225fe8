/// An operator tells the share of a pass that is done, and answers the same.
module Perturbed.Functional.Tests.ProgressTests

open System
open System.Collections.Concurrent
open Expecto
open Perturbed.Functional
open Xunit

let private theta = [| 0.3; -0.2; 0.1; 0.4 |]

// What was reported during a call, and its answer.
let private listen (work: Smoothed -> 'T) (smoothed: Smoothed) : 'T * float[] =
    let shares = ConcurrentQueue<float>()

    let listener =
        { new IProgress<float> with
            member _.Report share = shares.Enqueue share
        }

    let answer = smoothed |> Smoothed.withProgress listener |> work
    answer, shares.ToArray()

let private soft (samples: int) : Smoothed =
    perturb (Oracle.ranking 4) Noise.gaussian 0.5 samples

[<Tests>]
let tests =
    testList "Robustness.Progress" [
        testCase "A value reports growing shares of one pass, at most a hundred, up to 1" (fun () ->
            let op = soft 200_000 |> Smoothed.withThreads 1
            let answer, shares = op |> listen (Smoothed.maximizer theta)
            Assert.Equal<float>(op |> Smoothed.maximizer theta, answer)
            Assert.InRange(shares.Length, 10, 100)
            Assert.Equal<float>(Array.sort shares, shares)
            Assert.Equal(1.0, Array.last shares)
            Assert.True(shares[0] > 0.0))

        testCase "Threads and rows report the same work" (fun () ->
            let thetas = Array2D.init 30 4 (fun r i -> float ((5 * r + i) % 7))

            for samples in [ 3; 5000 ] do
                let op = soft samples |> Smoothed.withThreads 4
                let answer, shares = op |> listen (Batch.maximizer thetas)
                Assert.Equal(op |> Batch.maximizer thetas, answer)
                Assert.Equal(1.0, Array.max shares)
                Assert.Equal(shares.Length, (Array.distinct shares).Length))

        testCase "Each pass begins anew" (fun () ->
            let _, shares =
                soft 500
                |> Smoothed.withThreads 1
                |> listen (Adaptive.maximizer 1e-3 200_000 theta)

            Assert.True((shares |> Array.filter ((=) 1.0)).Length > 1))

        testCase "Exact operators count rows" (fun () ->
            let exact = soft 1 |> Smoothed.exact |> Smoothed.withThreads 1
            let _, shares = exact |> listen (Batch.maximizer (Array2D.create 4 4 0.5))
            Assert.Equal<float>([| 0.25; 0.5; 0.75; 1.0 |], shares))

        testCase "No listener is an error" (fun () ->
            Assert.ThrowsAny<ArgumentException>(fun () ->
                soft 1 |> Smoothed.withProgress Unchecked.defaultof<_> |> ignore)
            |> ignore)
    ]
