/// Matchings, plans, paths, cuts and clusters under perturbation: what holds of every vertex holds of their mean.
module Perturbed.Functional.Tests.GraphOracleTests

open System
open Expecto
open Perturbed.Functional
open Xunit

let private draw (seed: uint64) (dimension: int) : float[] =
    Noise.gaussian
    |> Noise.sample dimension 1 (Key.create seed)
    |> Seq.cast<float>
    |> Array.ofSeq

let private near (expected: float) (actual: float) =
    // Means of M = 500 numbers of size 1 or so, each partial sum rounded.
    Assert.True(abs (expected - actual) <= 500.0 * 2.3e-16 * 8.0, $"{actual} instead of {expected}")

let private smooth (oracle: Oracle) : Smoothed = perturb oracle Noise.gaussian 0.5 500

[<Tests>]
let tests =
    testList "Oracles.GraphOracle" [
        testCase
            "a perturbed assignment is doubly stochastic, and a warm start on one thread or two gives the same bits"
            (fun () ->
                for n in [ 3; 12 ] do
                    let op = smooth (Oracle.assignment n n)
                    let theta = draw 1UL (n * n)
                    let y = op |> Smoothed.maximizer theta

                    for i in 0 .. n - 1 do
                        near 1.0 (Seq.sum (seq { for j in 0 .. n - 1 -> y[i * n + j] }))
                        near 1.0 (Seq.sum (seq { for j in 0 .. n - 1 -> y[j * n + i] }))

                    let bits (threads: int) =
                        op
                        |> Smoothed.withThreads threads
                        |> Smoothed.maximizer theta
                        |> Array.map BitConverter.DoubleToInt64Bits

                    Assert.Equal<int64[]>(bits 1, bits 2))

        testCase "a perturbed plan keeps its marginals" (fun () ->
            let a, b = [| 0.25; 0.75 |], [| 0.5; 0.125; 0.375 |]
            let y = smooth (Oracle.transport a b) |> Smoothed.maximizer (draw 2UL 6)

            for i in 0..1 do
                near a[i] (Seq.sum (seq { for j in 0..2 -> y[i * 3 + j] }))

            for j in 0..2 do
                near b[j] (Seq.sum (seq { for i in 0..1 -> y[i * 3 + j] })))

        testCase "a perturbed path is a unit flow from the source to the target" (fun () ->
            let graph = Digraph.Grid(3, 4, GridMoves.RightDown)

            let y =
                Oracle.shortestPath NegativeEdges.Reject 1 11 graph
                |> smooth
                |> Smoothed.maximizer (draw 3UL graph.Edges)

            let from, upTo = graph.From.ToArray(), graph.To.ToArray()

            for node in 0..11 do
                let leaving =
                    Seq.sum (seq { for e in 0 .. graph.Edges - 1 -> if from[e] = node then y[e] else 0.0 })

                let entering =
                    Seq.sum (seq { for e in 0 .. graph.Edges - 1 -> if upTo[e] = node then y[e] else 0.0 })

                near
                    ((if node = 1 then 1.0
                      elif node = 11 then -1.0
                      else 0.0))
                    (leaving - entering))

        testCase "perturbed clusters are symmetric, one on the diagonal, and keep what is known" (fun () ->
            let graph = Graph.Complete 5

            let y =
                Oracle.clusters (LinkConstraints([| struct (0, 4) |], [| struct (1, 2) |])) 2 graph
                |> smooth
                |> Smoothed.maximizer (draw 4UL graph.Edges)

            let matrix i j = y[graph.Edges + 5 * i + j]
            near 3.0 (Array.sum y[.. graph.Edges - 1])
            near 1.0 (matrix 0 4)
            near 0.0 (matrix 1 2)

            for i in 0..4 do
                near 1.0 (matrix i i)

                for j in 0..4 do
                    near (matrix i j) (matrix j i))

        testCase
            "the cut is the gradient of the flow: one more unit of capacity on a cut edge lets one more through"
            (fun () ->
                let graph = Digraph(4, [| 0; 0; 1; 1; 2 |], [| 1; 2; 2; 3; 3 |])
                let capacity = [| 5.0; 3.0; 4.0; 2.0; 4.0 |]
                let oracle = Oracle.minimumCut NegativeCosts.Reject 0 3 graph

                let flow (c: float[]) =
                    let theta = Array.map (~-) c
                    -(Array.map2 (*) (Oracle.solve theta oracle) theta |> Array.sum)

                Assert.Equal(6.0, flow capacity)
                Assert.Equal<float[]>([| 0.0; 0.0; 0.0; 1.0; 1.0 |], Oracle.solve (Array.map (~-) capacity) oracle)

                for e in 0..4 do
                    let more = capacity |> Array.mapi (fun i c -> if i = e then c + 1.0 else c)
                    Assert.Equal((if e >= 3 then 7.0 else 6.0), flow more))

        testCase "oracles that want costs of one sign keep their contract on them" (fun () ->
            let graph = Digraph.Grid(3, 3, GridMoves.Four)

            let costs =
                Array2D.init 20 graph.Edges (fun i j ->
                    if i % 2 = 0 then
                        -float((i * 7 + j * 5) % 4)
                    else
                        -abs(sin (float (i * 31 + j * 17))))

            for oracle in
                [
                    Oracle.shortestPath NegativeEdges.Reject 0 8 graph
                    Oracle.shortestPath NegativeEdges.ClampToZero 2 6 graph
                    Oracle.shortestPath NegativeEdges.Allow 4 0 graph
                    Oracle.gridEdgePath GridMoves.Four NegativeEdges.Reject 3 3
                    Oracle.minimumCut NegativeCosts.Reject 0 8 graph
                    Oracle.minimumCut NegativeCosts.ClampToZero 3 5 graph
                ] do
                let report = Oracle.checkOn costs oracle
                Assert.True(report.Passed, string report))

        testCase "instances with ends of their own share one graph" (fun () ->
            let graph = Digraph.Grid(4, 4, GridMoves.Eight)
            let ends = [| 0, 15; 3, 12; 5, 6 |]

            let oracles =
                ends
                |> Array.map (fun (source, target) -> Oracle.shortestPath NegativeEdges.Reject source target graph)

            let thetas =
                Array2D.init 3 graph.Edges (fun i j -> -abs(cos (float (i * 13 + j * 7))))

            let together = Oracle.perInstance oracles |> Oracle.solveBatch thetas

            for i in 0..2 do
                Assert.Equal<float[]>(Oracle.solve thetas[i, *] oracles[i], together[i, *]))
    ]
