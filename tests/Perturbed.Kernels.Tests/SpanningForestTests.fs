module Perturbed.Kernels.Tests.SpanningForestTests

open System
open Expecto
open FsCheck
open FsCheck.FSharp
open Perturbed.Functional.CSharp
open Perturbed.Kernels
open Perturbed.Kernels.Tests
open Perturbed.Suite
open Xunit

let private graphOf (nodes: int) (edges: (int * int) list) : Graph =
    Graph(nodes, edges |> List.map fst |> Array.ofList, edges |> List.map snd |> Array.ofList)

let private edgesOf (graph: Graph) : (int * int) list =
    List.zip (List.ofArray (graph.From.ToArray())) (List.ofArray (graph.To.ToArray()))

/// A connected graph: a random tree and more edges, some of them doubled.
let randomGraph (nodes: int) (more: int) (seed: int) : Graph =
    let random = Random seed

    graphOf nodes [
        for i in 1 .. nodes - 1 do
            random.Next i, i
        for _ in 1..more do
            let a = random.Next nodes
            a, (a + 1 + random.Next(nodes - 1)) % nodes
    ]

/// Clusters of nodes under some edges: for each node the least node it is joined to.
let partsOf (nodes: int) (edges: (int * int) list) : int[] =
    let label = Array.init nodes id

    for _ in 1..nodes do
        for a, b in edges do
            let least = min label[a] label[b]
            label[a] <- least
            label[b] <- least

    label

let private isForest (nodes: int) (trees: int) (edges: (int * int) list) : bool =
    edges.Length = nodes - trees
    && (partsOf nodes edges |> Array.distinct).Length = trees

/// Every forest of k trees, as an indicator.
let forests (graph: Graph) (trees: int) : float[] list =
    let edges = edgesOf graph

    ReferenceSolvers.subsets edges.Length (graph.Nodes - trees)
    |> List.ofSeq
    |> List.filter (fun y ->
        edges
        |> List.indexed
        |> List.filter (fun (e, _) -> y[e] = 1.0)
        |> List.map snd
        |> isForest graph.Nodes trees)

let private best (candidates: float[] list) (theta: float[]) : float =
    candidates |> List.map (fun y -> ReferenceSolvers.dot y theta) |> List.max

let private clustersOf (nodes: int) (edges: (int * int) list) : float[] =
    let parts = partsOf nodes edges
    Array.init (nodes * nodes) (fun at -> if parts[at / nodes] = parts[at % nodes] then 1.0 else 0.0)

let taken (graph: Graph) (y: float[]) : (int * int) list =
    edgesOf graph
    |> List.indexed
    |> List.filter (fun (e, _) -> y[e] = 1.0)
    |> List.map snd

/// Kruskal by the definition: sort with ties by index, join what may be joined.
let private kruskal (graph: Graph) (trees: int) (theta: float[]) : float[] =
    let edges = edgesOf graph |> Array.ofList
    let y = Array.zeroCreate theta.Length

    for e in List.sortBy (fun e -> -theta[e], e) [ 0 .. theta.Length - 1 ] do
        let parts = partsOf graph.Nodes (taken graph y)
        let a, b = edges[e]

        if (Array.distinct parts).Length > trees && parts[a] <> parts[b] then
            y[e] <- 1.0

    y

let forest graph trees =
    SpanningForestOracle(graph, trees, ForestOutput.Edges, LinkConstraints.None)

let constrained (graph: Graph) (trees: int) (must: (int * int) list) (cannot: (int * int) list) =
    let pairs list =
        list |> List.map (fun (a, b) -> struct (a, b)) |> Array.ofList

    SpanningForestOracle(graph, trees, ForestOutput.EdgesAndClusters, LinkConstraints(pairs must, pairs cannot))

/// An oracle of constrained forests with all of them, if there are any.
let obeying
    (graph: Graph)
    (trees: int)
    (must: (int * int) list)
    (cannot: (int * int) list)
    : (SpanningForestOracle * float[][]) option =
    let groups = partsOf graph.Nodes must

    let keeps (y: float[]) =
        let inside =
            taken graph y
            |> List.filter (fun (a, b) -> groups[a] = groups[b])
            |> partsOf graph.Nodes

        let parts = partsOf graph.Nodes (taken graph y)

        Array.forall2 (=) inside groups
        && cannot |> List.forall (fun (a, b) -> parts[a] <> parts[b])

    let points = forests graph trees |> List.filter keeps |> Array.ofList

    if Array.isEmpty points then
        None
    else
        Some(constrained graph trees must cannot, points)

let private forAll (law: int -> unit) : Property =
    Prop.forAll (Gen.choose (0, 1000000) |> Arb.fromGen) law

// Edge 2-3 is the best; once it is taken, 0 and 1 fit with neither of its ends nor with each other.
let private deadEnd = [ 0, 1; 1, 2; 0, 3; 4, 5 ]

[<Tests>]
let tests =
    testList "SpanningForest" [
        testCase "no forest is better, for every number of trees, ties and any sign included" (fun () ->
            for graph in
                [
                    Graph.Complete 2
                    Graph.Complete 4
                    Graph.Complete 5
                    randomGraph 5 4 1
                    randomGraph 6 3 2
                    graphOf 5 [ 0, 1; 0, 1; 3, 4 ]
                ] do
                let parts = (partsOf graph.Nodes (edgesOf graph) |> Array.distinct).Length

                for trees in parts .. graph.Nodes do
                    let all = forests graph trees

                    for seed in 1..6 do
                        OracleLaws.isOptimal (best all) (forest graph trees) (OracleLaws.wholesOf graph.Edges 6 seed))

        property 60 "the forest is Kruskal's: of equal weights the lower index comes first" (fun () ->
            forAll (fun seed ->
                let graph = randomGraph (2 + seed % 12) (seed % 30) seed
                let trees = 1 + seed % graph.Nodes

                let rows =
                    OracleLaws.wholesOf graph.Edges 5 seed
                    |> Array.mapi (fun row theta ->
                        theta
                        |> Array.map (fun x ->
                            if row = 4 then 1.0 + x * 2.0 ** -50.0
                            elif x = 0.0 then -0.0
                            else x))

                let solutions, _ = OracleLaws.solve (forest graph trees) rows
                OracleLaws.equalRows (rows |> Array.map (kruskal graph trees)) solutions))

        testCase
            "falling order is exact above and below the radix sort: zeros, neighbours in the last bit, extremes and long ties"
            (fun () ->
                let random = Random 7

                for length in [ 1; 2; 31; 512; 513; 5000 ] do
                    let order = DescendingOrder length

                    for kind in 0..4 do
                        let numbers =
                            Array.init length (fun i ->
                                match kind with
                                | 0 -> random.NextDouble() - 0.5
                                | 1 -> [| 0.0; -0.0; 1.0; -1.0 |][random.Next 4]
                                | 2 -> 1.0 + float (random.Next 3000) * 2.0 ** -52.0
                                | 3 ->
                                    [| Double.MaxValue; -Double.MaxValue; Double.Epsilon; -Double.Epsilon; 1e-300 |][random
                                                                                                                         .Next
                                                                                                                         5]
                                | _ -> -1.0 - float (i * 37 % 50) * 2.0 ** -52.0)

                        let expected = Array.sortBy (fun i -> -numbers[i], i) [| 0 .. length - 1 |]
                        Assert.Equal<int[]>(expected, order.Sort(ReadOnlySpan numbers).ToArray()))

        property 40 "the cluster matrix is that of the forest" (fun () ->
            forAll (fun seed ->
                let graph = randomGraph (2 + seed % 20) (seed % 15) seed
                let trees = 1 + seed % graph.Nodes
                let oracle = constrained graph trees [] []

                let solutions, _ = OracleLaws.solve oracle (OracleLaws.wholesOf graph.Edges 4 seed)

                for y in solutions do
                    Assert.Equal<float[]>(clustersOf graph.Nodes (taken graph y), y[graph.Edges ..])))

        testCase "must-link pairs are exact: no forest whose groups hang together by themselves is better" (fun () ->
            let graph = Graph.Complete 5

            for must, groups in
                [ [ 0, 3 ], [ [ 0; 3 ] ]; [ 0, 1; 1, 4 ], [ [ 0; 1; 4 ] ]; [ 0, 1; 2, 3 ], [ [ 0; 1 ]; [ 2; 3 ] ] ] do
                for trees in 1..2 do
                    let keeps (y: float[]) =
                        groups
                        |> List.forall (fun group ->
                            let inside =
                                taken graph y
                                |> List.filter (fun (a, b) -> List.contains a group && List.contains b group)

                            inside.Length = group.Length - 1)

                    let all = forests graph trees |> List.filter keeps
                    Assert.NotEmpty all

                    for seed in 1..8 do
                        OracleLaws.isOptimal
                            (best all)
                            (constrained graph trees must [])
                            (OracleLaws.wholesOf 10 6 seed))

        property
            60
            "cannot-link pairs are kept apart, also those that meet through others, and the merges are the greedy ones"
            (fun () ->
                forAll (fun seed ->
                    let random = Random seed
                    // Eleven groups of linked nodes at least: fewer are answered exactly.
                    let nodes = 12 + seed % 90
                    let graph = Graph.Complete nodes
                    // Two camps, and one pair that must be together in the second.
                    let cannot =
                        [
                            for _ in 1..4 do
                                2 * random.Next(nodes / 2), 1 + 2 * random.Next(nodes / 2)
                        ]

                    let must = [ 1, 3 ]
                    let oracle = constrained graph 2 must cannot
                    let edges = edgesOf graph |> Array.ofList
                    let theta = Array.init graph.Edges (fun _ -> random.NextDouble())

                    let greedy =
                        let first = [ 0 .. edges.Length - 1 ] |> List.filter (fun e -> edges[e] = (1, 3))
                        let others = List.sortBy (fun e -> -theta[e], e) [ 0 .. edges.Length - 1 ]
                        let label = Array.init nodes id

                        [
                            for e in first @ others do
                                let a, b = edges[e]
                                let la, lb = label[a], label[b]
                                let joined = Array.map (fun l -> if l = lb then la else l) label

                                let isAllowed =
                                    (Array.distinct label).Length > 2
                                    && la <> lb
                                    && cannot |> List.forall (fun (a, b) -> joined[a] <> joined[b])

                                if isAllowed then
                                    Array.blit joined 0 label 0 nodes
                                    e
                        ]

                    if greedy.Length = nodes - 2 then
                        let solutions, _ = OracleLaws.solve oracle [| theta |]
                        let y = solutions[0]
                        Assert.Equal<float[]>(ReferenceSolvers.indicator graph.Edges greedy, y[.. graph.Edges - 1])
                        Assert.True((oracle: IOracle).IsSolution(ReadOnlySpan y))

                        for a, b in cannot do
                            Assert.Equal(0.0, y[graph.Edges + a * nodes + b])
                    else
                        Assert.Throws<OracleException>(fun () -> OracleLaws.solve oracle [| theta |] |> ignore)
                        |> ignore))

        testCase
            "up to ten groups of linked nodes the constrained forest is the best of all, and the greedy one where it is as good"
            (fun () ->
                let mutable compared = 0

                for seed in 1..80 do
                    let random = Random seed
                    let graph = randomGraph (4 + seed % 4) (seed % 6) seed

                    let pair () =
                        let a = random.Next graph.Nodes
                        a, (a + 1 + random.Next(graph.Nodes - 1)) % graph.Nodes

                    let must = if seed % 3 = 0 then [ graph.From[1], graph.To[1] ] else []
                    let cannot = List.init (1 + seed % 3) (fun _ -> pair ())

                    match obeying graph (2 + seed % 2) must cannot with
                    | None -> ()
                    | Some(oracle, points) ->
                        compared <- compared + 1
                        let rows = OracleLaws.wholesOf graph.Edges 11 seed
                        OracleLaws.isOptimal (best (List.ofArray points)) oracle rows
                        OracleLaws.obeys oracle rows

                Assert.True(compared > 40, $"{compared}"))

        testCase "where the greedy search ends with too many trees, the forest that exists is found" (fun () ->
            let graph = Graph.Complete 6

            let theta =
                edgesOf graph
                |> List.map (fun pair ->
                    if pair = (2, 3) then 9.0
                    elif pair = (1, 3) || pair = (2, 5) then 2.0
                    else 1.0)
                |> Array.ofList

            let oracle = constrained graph 2 [] deadEnd
            let solutions, values = OracleLaws.solve oracle [| theta |]
            let parts = partsOf 6 (taken graph solutions[0])
            Assert.Equal<int[]>([| 0; 1; 0; 1; 1; 0 |], parts)
            Assert.Equal(6.0, values[0])
            Assert.True((oracle: IOracle).IsSolution(ReadOnlySpan solutions[0])))

        testCase
            "beyond ten groups a greedy dead end is an error that names the row and says that a forest may exist"
            (fun () ->
                let graph = Graph.Complete 12

                let theta =
                    edgesOf graph
                    |> List.map (fun (a, b) -> if (a, b) = (2, 3) then 9.0 else 1.0 / float (1 + b))
                    |> Array.ofList

                let oracle = constrained graph 2 [] deadEnd
                let solver = (oracle: IOracle).CreateSolver()
                solver.Begin(5L, ReadOnlySpan theta)

                let error =
                    Assert.Throws<OracleException>(fun () -> OracleLaws.solveWith solver oracle [| theta |] |> ignore)

                Assert.Equal(5L, error.Row)
                Assert.Equal("clusters", error.Oracle)
                Assert.Contains("the greedy search ends with 3 trees", error.Message)
                Assert.Contains("A forest of 2 trees may exist", error.Message)
                Assert.Contains("there are 12", error.Message)
                // Linked nodes count as one: two of the groups fewer, the same search is exact.
                let linked = constrained graph 2 [ 6, 7; 7, 8 ] deadEnd
                let y = (OracleLaws.solve linked [| theta |] |> fst)[0]
                Assert.True((linked: IOracle).IsSolution(ReadOnlySpan y)))

        sequencedCase "answers depend on theta alone; solvers work side by side and allocate nothing" (fun () ->
            let graph = randomGraph 40 700 3

            let all: IOracle list =
                [
                    forest (Graph.Complete 2) 1
                    forest (Graph.Complete 12) 1
                    forest graph 7
                    constrained graph 7 [] []
                    constrained (Graph.Complete 9) 3 [ 0, 1; 1, 2 ] [ 2, 5; 5, 6 ]
                ]

            for oracle in all do
                let rows = OracleLaws.wholesOf oracle.Dimension 12 6
                OracleLaws.obeys oracle rows)

        testCase "the points that pass as solutions are the forests" (fun () ->
            let graph = graphOf 4 [ 0, 1; 1, 2; 2, 0; 2, 3; 2, 3 ]

            for trees in 1..4 do
                let all = forests graph trees |> List.map List.ofArray |> Set.ofList

                for size in 0..5 do
                    for y in ReferenceSolvers.subsets 5 size do
                        Assert.Equal(
                            all.Contains(List.ofArray y),
                            (forest graph trees: IOracle).IsSolution(ReadOnlySpan y)
                        )

            for entry in [ nan; 0.5; 2.0 ] do
                Assert.False((forest graph 3: IOracle).IsSolution(ReadOnlySpan [| entry; 0.0; 0.0; 0.0; 0.0 |]))

            let linked = constrained (Graph.Complete 3) 1 [ 0, 1 ] []
            let all = Array.create 9 1.0
            Assert.True((linked: IOracle).IsSolution(ReadOnlySpan(Array.append [| 1.0; 1.0; 0.0 |] all)))
            Assert.False((linked: IOracle).IsSolution(ReadOnlySpan(Array.append [| 0.0; 1.0; 1.0 |] all)))

            Assert.False(
                (linked: IOracle).IsSolution(ReadOnlySpan(Array.append [| 1.0; 1.0; 0.0 |] (Array.create 9 0.0)))
            )

            let apart = constrained (Graph.Complete 3) 2 [] [ 0, 1 ]
            let matrix = [| 1.0; 1.0; 0.0; 1.0; 1.0; 0.0; 0.0; 0.0; 1.0 |]
            Assert.False((apart: IOracle).IsSolution(ReadOnlySpan(Array.append [| 1.0; 0.0; 0.0 |] matrix))))

        testCase "the complete graph has its edges in the order of the upper triangle" (fun () ->
            Assert.Equal<(int * int) list>([ 0, 1; 0, 2; 0, 3; 1, 2; 1, 3; 2, 3 ], edgesOf (Graph.Complete 4)))

        testCase "graphs, sizes and constraints that make no sense are errors that say so" (fun () ->
            let fails (name: string) (part: string) (make: unit -> obj) =
                let error = Assert.ThrowsAny<ArgumentException>(fun () -> make () |> ignore)

                Assert.Equal(name, error.ParamName)
                Assert.Contains(part, error.Message)

            fails "nodes" "from 1 to" (fun () -> graphOf 0 [])
            fails "to" "expected a node" (fun () -> graphOf 2 [ 0, 2 ])
            fails "from" "expected a node" (fun () -> graphOf 2 [ -1, 0 ])
            fails "to" "itself" (fun () -> graphOf 2 [ 1, 1 ])
            fails "to" "length" (fun () -> Graph(2, [| 0 |], [||]))
            fails "nodes" "1 to 4096" (fun () -> Graph.Complete 0)
            fails "graph" "0 edges" (fun () -> forest (graphOf 1 []) 1)
            fails "components" "2 to 3" (fun () -> forest (graphOf 3 [ 0, 1 ]) 1)
            fails "components" "1 to 3" (fun () -> forest (Graph.Complete 3) 4)
            fails "constraints" "expected nodes" (fun () -> constrained (Graph.Complete 3) 1 [ 0, 3 ] [])
            fails "constraints" "no contradiction" (fun () -> constrained (Graph.Complete 3) 1 [ 0, 1; 1, 2 ] [ 0, 2 ])

            fails "constraints" "no forest of 2 trees" (fun () ->
                constrained (Graph.Complete 3) 2 [] [ 0, 1; 0, 2; 1, 2 ])

            fails "constraints" "leaves 1 groups" (fun () -> constrained (Graph.Complete 3) 2 [ 0, 1; 1, 2 ] [])
            fails "constraints" "connected group" (fun () -> constrained (graphOf 3 [ 0, 1; 1, 2 ]) 1 [ 0, 2 ] [])
            fails "cannotLink" "two different" (fun () -> constrained (Graph.Complete 3) 1 [] [ 1, 1 ]))
    ]
