/// Costs of any sign on graphs with cycles: what costs nothing is no negative cycle.
module Perturbed.Kernels.Tests.CycleTests

open System
open Expecto
open Perturbed.Functional.CSharp
open Perturbed.Kernels
open Perturbed.Kernels.Tests
open Perturbed.Kernels.Tests.ExactArithmetic
open Xunit

let private path (graph: Digraph) : ShortestPathOracle =
    ShortestPathOracle(graph, 0, graph.Nodes - 1, NegativeEdges.Allow)

let private answer (edges: (int * int) list) (nodes: int) (theta: float[]) : float[] * float =
    let solutions, values =
        OracleLaws.solve (path (ShortestPathTests.graphOf nodes edges)) [| theta |]

    solutions[0], values[0]

/// Whether some simple cycle through nodes on the way costs less than half a unit in the last place of its edges accounts for.
let private hasNegativeCycle (graph: Digraph) (theta: float[]) : bool =
    let edges = ShortestPathTests.edgesOf graph |> List.indexed

    let rec reach (onward: bool) (found: Set<int>) =
        let more =
            edges
            |> List.map (fun (_, (a, b)) -> if onward then a, b else b, a)
            |> List.filter (fst >> found.Contains)
            |> List.map snd
            |> Set.ofList
            |> Set.union found

        if more = found then found else reach onward more

    let useful =
        Set.intersect (reach true (Set.singleton 0)) (reach false (Set.singleton (graph.Nodes - 1)))

    let rec isClosed (start: int) (node: int) (visited: Set<int>) (taken: int list) : bool =
        edges
        |> List.exists (fun (e, (a, b)) ->
            a = node
            && useful.Contains b
            && (if b = start then
                    let gains = e :: taken |> List.map (fun e -> whole theta[e])
                    (List.sum gains <<< 53) > List.sumBy bigint.Abs gains
                else
                    b > start
                    && not (visited.Contains b)
                    && isClosed start b (visited.Add b) (e :: taken)))

    useful
    |> Set.exists (fun start -> isClosed start start (Set.singleton start) [])

[<Tests>]
let tests =
    testList "Cycle" [
        testCase "A cycle of cost zero is not negative" (fun () ->
            let y, value = answer [ 0, 1; 1, 2; 2, 1 ] 3 [| -0.1; -6.8; 6.8 |]
            Assert.Equal<float[]>([| 1.0; 1.0; 0.0 |], y)
            Assert.Equal(-6.9, value, 12))

        testCase "A cycle that only the rounding of its costs makes negative is not negative" (fun () ->
            // −0.1 − 0.2 + 0.3 is −2⁻⁵⁵ in exact arithmetic on these doubles; the ways to it make the labels round.
            for scale in [ 1.0; 1e-12; 1e15 ] do
                for first in [ 0.1; 0.7; 3.3 ] do
                    let y, value =
                        answer [ 0, 1; 1, 2; 2, 3; 3, 1; 3, 4 ] 5 [|
                            -first * scale
                            -0.1 * scale
                            -0.2 * scale
                            0.3 * scale
                            -1.0 * scale
                        |]

                    Assert.Equal<float[]>([| 1.0; 1.0; 1.0; 0.0; 1.0 |], y)
                    Assert.True(abs (value / scale + first + 1.3) < 1e-14))

        testCase
            "Errors name the oracle, the nodes, the edges and the cost of a negative cycle, however small"
            (fun () ->
                for size in [ 1e-15; 1.0; 1e12 ] do
                    let error =
                        Assert.Throws<OracleException>(fun () ->
                            answer [ 0, 1; 1, 2; 2, 1; 2, 3 ] 4 [| 0.0; 2.0 * size; -size; 0.0 |] |> ignore)

                    Assert.Equal("shortest-path", error.Oracle)
                    Assert.Contains($"has the negative cost {-size};", error.Message)

                    Assert.True(
                        error.Message.Contains "the cycle 1 → 2 → 1 of 2 edges (numbers 1, 2)"
                        || error.Message.Contains "the cycle 2 → 1 → 2 of 2 edges (numbers 2, 1)",
                        error.Message
                    ))

        testCase
            "Rows are answered right, or hold a negative cycle: costs of any size, and cycles that cost nothing"
            (fun () ->
                let mutable answered, refused = 0, 0

                for seed in 1..600 do
                    let random = Random seed
                    let graph = ShortestPathTests.randomGraph false (3 + seed % 4) (1 + seed % 8) seed
                    let paths = ShortestPathTests.simplePaths graph 0 (graph.Nodes - 1)
                    let tenths () = float (random.Next 100) / 10.0

                    let theta =
                        if seed % 2 = 0 then
                            wide graph.Edges random
                            |> Array.map (fun t -> if random.Next 3 > 0 then -abs t else t)
                        else
                            // Differences of heights: every cycle costs 0 but for rounding, or a little more.
                            let height =
                                Array.init graph.Nodes (fun _ -> tenths () * 10.0 ** float (random.Next 3))

                            ShortestPathTests.edgesOf graph
                            |> List.map (fun (a, b) ->
                                height[b] - height[a] - (if random.Next 4 = 0 then tenths () else 0.0))
                            |> Array.ofList

                    try
                        let solutions, _ = OracleLaws.solve (path graph) [| theta |]
                        isNotBeaten paths theta solutions[0]
                        OracleLaws.isThreadSafe (path graph) [| theta; Array.map (abs >> (~-)) theta |]
                        answered <- answered + 1
                    with :? OracleException as error ->
                        Assert.True(hasNegativeCycle graph theta, $"{error.Message} at theta = %A{theta}")
                        refused <- refused + 1

                Assert.True(answered > 300 && refused > 50, $"{answered} answered, {refused} refused"))
    ]
