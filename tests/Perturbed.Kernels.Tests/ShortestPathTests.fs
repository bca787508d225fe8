module Perturbed.Kernels.Tests.ShortestPathTests

open System
open Expecto
open FsCheck
open FsCheck.FSharp
open Perturbed.Functional.CSharp
open Perturbed.Kernels
open Perturbed.Kernels.Tests
open Perturbed.Suite
open Xunit

let graphOf (nodes: int) (edges: (int * int) list) : Digraph =
    Digraph(nodes, edges |> List.map fst |> Array.ofList, edges |> List.map snd |> Array.ofList)

let edgesOf (graph: Digraph) : (int * int) list =
    List.zip (List.ofArray (graph.From.ToArray())) (List.ofArray (graph.To.ToArray()))

/// A graph in which the last node is within reach of the first: a chain and more edges, forward only or both ways.
let randomGraph (isAcyclic: bool) (nodes: int) (more: int) (seed: int) : Digraph =
    let random = Random seed

    let edges =
        [
            for i in 1 .. nodes - 1 do
                i - 1, i
            for _ in 1..more do
                let a = random.Next nodes
                let b = (a + 1 + random.Next(nodes - 1)) % nodes
                if isAcyclic then min a b, max a b else a, b
        ]

    graphOf nodes (edges |> List.sortBy (fun _ -> random.Next()))

/// Every simple path, as an indicator.
let simplePaths (graph: Digraph) (source: int) (target: int) : float[] list =
    let edges = edgesOf graph |> List.indexed

    let rec walk (node: int) (visited: Set<int>) (taken: int list) : int list list =
        if node = target then
            [ taken ]
        else
            [
                for e, (a, b) in edges do
                    if a = node && not (visited.Contains b) then
                        yield! walk b (visited.Add b) (e :: taken)
            ]

    walk source (Set.singleton source) []
    |> List.map (ReferenceSolvers.indicator graph.Edges)

let private best (paths: float[] list) (theta: float[]) : float =
    paths |> List.map (fun y -> ReferenceSolvers.dot y theta) |> List.max

/// Costs of the best walks, by as many rounds over all edges as there are nodes.
let private bestByRounds (graph: Digraph) (source: int) (target: int) (theta: float[]) : float =
    let value = Array.init graph.Nodes (fun i -> if i = source then 0.0 else -infinity)

    for _ in 1 .. graph.Nodes do
        edgesOf graph
        |> List.iteri (fun e (a, b) -> value[b] <- max value[b] (value[a] + theta[e]))

    value[target]

let private path (policy: NegativeEdges) (graph: Digraph) : ShortestPathOracle =
    ShortestPathOracle(graph, 0, graph.Nodes - 1, policy)

let private within (edges: int) (graph: Digraph) : LimitedPathOracle =
    LimitedPathOracle(graph, 0, graph.Nodes - 1, edges)

let private costs (rows: float[][]) : float[][] =
    rows |> Array.map (Array.map (abs >> (~-)))

let private forAll (law: int -> unit) : Property =
    Prop.forAll (Gen.choose (0, 1000000) |> Arb.fromGen) law

let private count (y: float[]) : int =
    y |> Array.filter (fun entry -> entry <> 0.0) |> Array.length

[<Tests>]
let tests =
    testList "ShortestPath" [
        property 60 "without cycles no path is better, whatever the sign and the policy, ties included" (fun () ->
            forAll (fun seed ->
                let graph = randomGraph true (2 + seed % 7) (seed % 9) seed
                Assert.True graph.IsAcyclic
                let paths = simplePaths graph 0 (graph.Nodes - 1)

                for policy in [ NegativeEdges.Reject; NegativeEdges.ClampToZero; NegativeEdges.Allow ] do
                    OracleLaws.isOptimal (best paths) (path policy graph) (OracleLaws.wholesOf graph.Edges 11 seed)))

        property
            60
            "with costs of at least zero no path is better, by Dijkstra and by Bellman-Ford, ties and free edges included"
            (fun () ->
                forAll (fun seed ->
                    let graph = randomGraph false (2 + seed % 6) (seed % 11) seed
                    let paths = simplePaths graph 0 (graph.Nodes - 1)

                    for policy in [ NegativeEdges.Reject; NegativeEdges.ClampToZero; NegativeEdges.Allow ] do
                        OracleLaws.isOptimal
                            (best paths)
                            (path policy graph)
                            (costs (OracleLaws.wholesOf graph.Edges 11 seed))))

        testCase "large graphs agree with rounds over all edges" (fun () ->
            for seed in 1..10 do
                for isAcyclic in [ true; false ] do
                    let graph = randomGraph isAcyclic (100 + seed * 10) 600 seed
                    let rows = costs (OracleLaws.wholesOf graph.Edges 3 seed)
                    let expected = bestByRounds graph 0 (graph.Nodes - 1)
                    OracleLaws.isOptimal expected (path NegativeEdges.Reject graph) rows
                    OracleLaws.isOptimal expected (path NegativeEdges.Allow graph) rows)

        property 40 "Bellman-Ford takes negative costs where no cycle is negative" (fun () ->
            forAll (fun seed ->
                let random = Random seed
                let graph = randomGraph false (2 + seed % 40) (seed % 90) seed
                // Costs c + p(tail) − p(head) of any sign: along a cycle the heights p cancel. Eighths, so that sums are exact.
                let height = Array.init graph.Nodes (fun _ -> float (random.Next 80) / 8.0)

                let row =
                    edgesOf graph
                    |> List.map (fun (a, b) -> -(float (random.Next 20) / 8.0 + height[a] - height[b]))
                    |> Array.ofList

                OracleLaws.isOptimal (bestByRounds graph 0 (graph.Nodes - 1)) (path NegativeEdges.Allow graph) [|
                    row
                |]))

        testCase "a negative cycle on the way is an error that names its nodes and the row" (fun () ->
            let graph = graphOf 6 [ 0, 1; 1, 2; 2, 3; 3, 1; 2, 5; 0, 4; 4, 0 ]
            let theta = [| -1.0; 2.0; 2.0; -3.0; -1.0; -1.0; -1.0 |]
            let solver = (path NegativeEdges.Allow graph: IOracle).CreateSolver()
            solver.Begin(4L, ReadOnlySpan theta)

            let error =
                Assert.Throws<OracleException>(fun () ->
                    OracleLaws.solveWith solver (path NegativeEdges.Allow graph) [| theta |]
                    |> ignore)

            Assert.Equal(4L, error.Row)
            Assert.Contains("has the negative cost -1;", error.Message)

            Assert.True(
                [
                    "1 → 2 → 3 → 1 of 3 edges (numbers 1, 2, 3)"
                    "2 → 3 → 1 → 2 of 3 edges (numbers 2, 3, 1)"
                    "3 → 1 → 2 → 3 of 3 edges (numbers 3, 1, 2)"
                ]
                |> List.exists (fun names -> error.Message.Contains $"cycle {names} has"),
                error.Message
            ))

        testCase "long negative cycles are named in part" (fun () ->
            let nodes = 100

            let graph = graphOf nodes [ for i in 0 .. nodes - 1 -> i, (i + 1) % nodes ]

            let error =
                Assert.Throws<OracleException>(fun () ->
                    OracleLaws.solve (path NegativeEdges.Allow graph) [| Array.create nodes 0.5 |]
                    |> ignore)

            Assert.Contains("… →", error.Message)
            Assert.Contains("of 100 edges (numbers ", error.Message)
            Assert.Contains("…, ", error.Message)
            Assert.Contains("has the negative cost -50;", error.Message))

        testCase "a negative cycle that no way leads through does not matter" (fun () ->
            // 3 ↔ 4 is out of reach, 5 ↔ 6 leads nowhere.
            let graph = graphOf 8 [ 0, 1; 1, 7; 3, 4; 4, 3; 4, 7; 0, 5; 5, 6; 6, 5 ]

            let solutions, _ =
                OracleLaws.solve (path NegativeEdges.Allow graph) [| [| -1.0; -1.0; 5.0; 5.0; 5.0; 5.0; 5.0; 5.0 |] |]

            Assert.Equal<float[]>([| 1.0; 1.0; 0.0; 0.0; 0.0; 0.0; 0.0; 0.0 |], solutions[0]))

        testCase "a negative cost is rejected by name, or clamped on request" (fun () ->
            let graph = graphOf 3 [ 0, 1; 1, 0; 1, 2; 0, 2 ]
            let theta = [| -1.0; -1.0; 0.5; -1.25 |]
            let solver = (path NegativeEdges.Reject graph: IOracle).CreateSolver()
            solver.Begin(2L, ReadOnlySpan theta)

            let error =
                Assert.Throws<OracleException>(fun () ->
                    OracleLaws.solveWith solver (path NegativeEdges.Reject graph) [| theta |]
                    |> ignore)

            Assert.Equal(2L, error.Row)
            Assert.Contains("edge 2 (1 → 2) has theta = 0.5", error.Message)

            for policy, value in [ NegativeEdges.ClampToZero, -0.5; NegativeEdges.Allow, -0.5 ] do
                let solutions, values = OracleLaws.solve (path policy graph) [| theta |]
                Assert.Equal<float[]>([| 1.0; 0.0; 1.0; 0.0 |], solutions[0])
                Assert.Equal(value, values[0])

            // Clamped, both ways cost 1.125; with the sign, the detour is cheaper.
            let tied = [| -1.125; -1.0; 0.5; -1.125 |]
            Assert.Equal(-1.125, (snd (OracleLaws.solve (path NegativeEdges.ClampToZero graph) [| tied |]))[0])
            Assert.Equal(-0.625, (snd (OracleLaws.solve (path NegativeEdges.Allow graph) [| tied |]))[0]))

        testCase "grids have the moves as edges, and their paths are shortest" (fun () ->
            Assert.Equal<(int * int) list>(
                [ 0, 1; 0, 2; 1, 3; 2, 3 ],
                edgesOf (Digraph.Grid(2, 2, GridMoves.RightDown))
            )

            for moves, count in [ GridMoves.RightDown, 2 * 12 - 7; GridMoves.Four, 34; GridMoves.Eight, 34 + 4 * 6 ] do
                let graph = Digraph.Grid(3, 4, moves)
                Assert.Equal(count, graph.Edges)
                Assert.Equal((moves = GridMoves.RightDown), graph.IsAcyclic)

                for seed in 1..5 do
                    OracleLaws.isOptimal
                        (bestByRounds graph 0 11)
                        (path NegativeEdges.Reject graph)
                        (costs (OracleLaws.wholesOf count 9 seed)))

        sequencedCase "answers depend on theta alone; solvers work side by side and allocate nothing" (fun () ->
            let all: IOracle list =
                [
                    path NegativeEdges.Reject (Digraph.Grid(1, 2, GridMoves.Four))
                    path NegativeEdges.Reject (Digraph.Grid(4, 5, GridMoves.RightDown))
                    path NegativeEdges.Reject (Digraph.Grid(4, 5, GridMoves.Eight))
                    path NegativeEdges.Allow (randomGraph false 30 90 4)
                    path NegativeEdges.ClampToZero (randomGraph false 30 90 5)
                    within 5 (randomGraph true 12 60 6)
                ]

            for oracle in all do
                let rows = costs (OracleLaws.wholesOf oracle.Dimension 21 6)
                OracleLaws.obeys oracle rows)

        testCase "the points that pass as solutions are the simple paths" (fun () ->
            let graph = graphOf 4 [ 0, 1; 1, 2; 2, 1; 2, 3; 1, 3; 1, 3; 3, 0; 0, 3 ]
            let all = simplePaths graph 0 3 |> List.map List.ofArray |> Set.ofList
            Assert.Equal(4, all.Count)

            for size in 0..8 do
                for y in ReferenceSolvers.subsets 8 size do
                    Assert.Equal(
                        all.Contains(List.ofArray y),
                        (path NegativeEdges.Reject graph: IOracle).IsSolution(ReadOnlySpan y)
                    )

            for entry in [ nan; 0.5 ] do
                let y = [| 0.0; 0.0; 0.0; 0.0; 0.0; 0.0; 0.0; entry |]
                Assert.False((path NegativeEdges.Reject graph: IOracle).IsSolution(ReadOnlySpan y)))

        property
            60
            "no path within a number of edges is better, whatever the sign; of equal ones the one of fewer edges wins"
            (fun () ->
                forAll (fun seed ->
                    let graph = randomGraph true (2 + seed % 7) (seed % 9) seed
                    let all = simplePaths graph 0 (graph.Nodes - 1)

                    let fewest, most =
                        all |> List.map count |> List.min, all |> List.map count |> List.max

                    for edges in fewest .. most + 1 do
                        let paths = all |> List.filter (fun y -> count y <= edges)
                        let oracle = within edges graph
                        let rows = OracleLaws.wholesOf graph.Edges 11 seed
                        OracleLaws.isOptimal (best paths) oracle rows

                        for row, y in Array.zip rows (fst (OracleLaws.solve oracle rows)) do
                            let optimum = best paths row
                            let equal = paths |> List.filter (fun p -> ReferenceSolvers.dot p row = optimum)
                            // Whole numbers have exact sums.
                            if row |> Array.forall (fun t -> t = floor t) then
                                Assert.Equal(equal |> List.map count |> List.min, count y)))

        testCase "the points that pass as solutions within a number of edges are the paths of so many" (fun () ->
            let graph = graphOf 4 [ 0, 1; 1, 2; 0, 2; 2, 3; 1, 3; 0, 3 ]

            for edges in 1..3 do
                let paths =
                    simplePaths graph 0 3
                    |> List.filter (fun y -> count y <= edges)
                    |> List.map List.ofArray
                    |> Set.ofList

                for size in 0..6 do
                    for y in ReferenceSolvers.subsets 6 size do
                        Assert.Equal(
                            paths.Contains(List.ofArray y),
                            (within edges graph: IOracle).IsSolution(ReadOnlySpan y)
                        ))

        testCase "costs whose sums overflow are an error of the oracle" (fun () ->
            for policy in [ NegativeEdges.Reject; NegativeEdges.Allow ] do
                for edges in [ [ 0, 1; 1, 2 ]; [ 0, 1; 1, 2; 1, 0 ] ] do
                    let graph = graphOf 3 edges

                    Assert.Throws<OracleException>(fun () ->
                        OracleLaws.solve (path policy graph) [| Array.create graph.Edges -1.7e308 |]
                        |> ignore)
                    |> ignore

            Assert.Throws<OracleException>(fun () ->
                OracleLaws.solve (within 2 (graphOf 3 [ 0, 1; 1, 2 ])) [| Array.create 2 -1.7e308 |]
                |> ignore)
            |> ignore)

        testCase "graphs and ends that make no sense are errors that say so" (fun () ->
            let fails (name: string) (part: string) (make: unit -> obj) =
                let error = Assert.ThrowsAny<ArgumentException>(fun () -> make () |> ignore)

                Assert.Equal(name, error.ParamName)
                Assert.Contains(part, error.Message)

            let two = graphOf 2 [ 0, 1 ]
            fails "nodes" "from 1 to" (fun () -> graphOf 0 [])
            fails "to" "itself" (fun () -> graphOf 2 [ 1, 1 ])
            fails "from" "expected a node" (fun () -> graphOf 2 [ 2, 1 ])
            fails "source" "0 to 1" (fun () -> ShortestPathOracle(two, 2, 1, NegativeEdges.Reject))
            fails "target" "0 to 1" (fun () -> ShortestPathOracle(two, 0, -1, NegativeEdges.Reject))
            fails "target" "another node" (fun () -> ShortestPathOracle(two, 0, 0, NegativeEdges.Reject))
            fails "target" "No path" (fun () -> ShortestPathOracle(two, 1, 0, NegativeEdges.Reject))
            fails "negativeEdges" "expected Reject" (fun () -> ShortestPathOracle(two, 0, 1, enum 7))
            fails "graph" "has a cycle" (fun () -> within 3 (graphOf 3 [ 0, 1; 1, 0; 1, 2 ]))
            fails "edges" "expected 2 or more" (fun () -> within 1 (graphOf 4 [ 0, 1; 1, 3; 1, 2; 2, 3 ]))
            fails "edges" "states" (fun () -> within 2100 (graphOf 2100 [ for i in 1..2099 -> i - 1, i ]))
            fails "rows" "at least 1" (fun () -> Digraph.Grid(0, 2, GridMoves.Four))
            fails "moves" "expected RightDown" (fun () -> Digraph.Grid(2, 2, enum 5)))
    ]
