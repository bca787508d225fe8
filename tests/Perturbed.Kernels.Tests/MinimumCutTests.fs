module Perturbed.Kernels.Tests.MinimumCutTests

open System
open Expecto
open FsCheck
open FsCheck.FSharp
open Perturbed.Functional.CSharp
open Perturbed.Kernels
open Perturbed.Kernels.Tests
open Perturbed.Suite
open Xunit

let private graphOf (nodes: int) (edges: (int * int) list) : Digraph =
    Digraph(nodes, edges |> List.map fst |> Array.ofList, edges |> List.map snd |> Array.ofList)

let private edgesOf (graph: Digraph) : (int * int) list =
    List.zip (List.ofArray (graph.From.ToArray())) (List.ofArray (graph.To.ToArray()))

let private randomGraph (nodes: int) (edges: int) (seed: int) : Digraph =
    let random = Random seed

    graphOf nodes [
        for _ in 1..edges do
            let a = random.Next nodes
            a, (a + 1 + random.Next(nodes - 1)) % nodes
    ]

/// Every set with the source, node 0, and without the target, the last, smaller sets first, with the edges that leave it.
let private cuts (graph: Digraph) : float[] list =
    let inner = graph.Nodes - 2

    [ 0u .. (1u <<< inner) - 1u ]
    |> List.sortBy Numerics.BitOperations.PopCount
    |> List.map (fun bits ->
        let isInside node =
            node = 0 || (node <= inner && (bits >>> (node - 1)) &&& 1u = 1u)

        edgesOf graph
        |> List.map (fun (a, b) -> if isInside a && not (isInside b) then 1.0 else 0.0)
        |> Array.ofList)

let private best (candidates: float[] list) (theta: float[]) : float =
    candidates |> List.map (fun y -> ReferenceSolvers.dot y theta) |> List.max

let private cut (policy: NegativeCosts) (graph: Digraph) : MinimumCutOracle =
    MinimumCutOracle(graph, 0, graph.Nodes - 1, policy)

let private capacities (rows: float[][]) : float[][] =
    rows |> Array.map (Array.map (abs >> (~-)))

let private forAll (law: int -> unit) : Property =
    Prop.forAll (Gen.choose (0, 1000000) |> Arb.fromGen) law

/// The cut of the smallest source side among the best ones, all compared without rounding.
let private smallestBest (graph: Digraph) (theta: float[]) : float[] =
    let candidates = cuts graph |> Array.ofList
    let exact = Array.map ExactLaws.ofDouble theta
    let values = candidates |> Array.map (fun y -> ExactLaws.value y exact)
    let best = Array.max values
    candidates[Array.findIndex ((=) best) values]

[<Tests>]
let tests =
    testList "MinimumCut" [
        property 80 "no cut is cheaper, ties and edges without capacity included" (fun () ->
            forAll (fun seed ->
                let graph = randomGraph (2 + seed % 7) (1 + seed % 23) seed

                for policy in [ NegativeCosts.Reject; NegativeCosts.ClampToZero ] do
                    OracleLaws.isOptimal
                        (best (cuts graph))
                        (cut policy graph)
                        (capacities (OracleLaws.wholesOf graph.Edges 7 seed))))

        property 60 "of several best cuts it is the one of the smallest source side" (fun () ->
            forAll (fun seed ->
                let graph = randomGraph (2 + seed % 6) (1 + seed % 17) seed
                let random = Random seed

                // Whole capacities from 1, so that ties abound and different sets leave different traces.
                let rows =
                    Array.init 6 (fun _ -> Array.init graph.Edges (fun _ -> -float(1 + random.Next 3)))

                let expected =
                    rows
                    |> Array.map (fun theta ->
                        let value = best (cuts graph) theta
                        cuts graph |> List.find (fun y -> ReferenceSolvers.dot y theta = value))

                OracleLaws.equalRows expected (fst (OracleLaws.solve (cut NegativeCosts.Reject graph) rows))))

        testCase "on larger graphs the cut is worth the flow of plain augmenting paths" (fun () ->
            for seed in 1..8 do
                let graph = randomGraph 40 200 seed
                let random = Random seed
                let theta = Array.init 200 (fun _ -> -float(random.Next 20))

                let flow =
                    let room = Array2D.zeroCreate 40 40

                    edgesOf graph
                    |> List.iteri (fun e (a, b) -> room[a, b] <- room[a, b] - theta[e])

                    let mutable total = 0.0
                    let mutable isDone = false

                    while not isDone do
                        let from = Array.create 40 -1
                        from[0] <- 0
                        let mutable queue = [ 0 ]

                        while not queue.IsEmpty do
                            let found =
                                [
                                    for a in queue do
                                        for b in 0..39 do
                                            if from[b] < 0 && room[a, b] > 0.0 then
                                                from[b] <- a
                                                b
                                ]

                            queue <- found

                        if from[39] < 0 then
                            isDone <- true
                        else
                            let steps =
                                39
                                |> List.unfold (fun node ->
                                    if node = 0 then
                                        None
                                    else
                                        Some((from[node], node), from[node]))

                            let least = steps |> List.map (fun (a, b) -> room[a, b]) |> List.min

                            for a, b in steps do
                                room[a, b] <- room[a, b] - least
                                room[b, a] <- room[b, a] + least

                            total <- total + least

                    total

                OracleLaws.isOptimal (fun _ -> -flow) (cut NegativeCosts.Reject graph) [| theta |])

        testCase "a negative capacity is rejected by name, or clamped on request" (fun () ->
            let graph = graphOf 3 [ 0, 1; 1, 2; 0, 2 ]
            let theta = [| -1.0; 0.5; -2.0 |]
            let solver = (cut NegativeCosts.Reject graph: IOracle).CreateSolver()
            solver.Begin(9L, ReadOnlySpan theta)

            let error =
                Assert.Throws<OracleException>(fun () ->
                    OracleLaws.solveWith solver (cut NegativeCosts.Reject graph) [| theta |]
                    |> ignore)

            Assert.Equal(9L, error.Row)
            Assert.Contains("edge 1 (1 → 2) has theta = 0.5", error.Message)

            let solutions, values =
                OracleLaws.solve (cut NegativeCosts.ClampToZero graph) [| theta |]

            Assert.Equal<float[]>([| 0.0; 1.0; 1.0 |], solutions[0])
            Assert.Equal(-1.5, values[0]))

        sequencedCase "answers depend on theta alone; solvers work side by side and allocate nothing" (fun () ->
            for graph in
                [
                    graphOf 2 [ 0, 1; 1, 0 ]
                    graphOf 3 [ 0, 1; 2, 1 ]
                    randomGraph 12 50 2
                    Digraph.Grid(4, 5, GridMoves.Four)
                ] do
                let oracle = cut NegativeCosts.Reject graph
                let rows = capacities (OracleLaws.wholesOf graph.Edges 21 6)
                OracleLaws.obeys oracle rows)

        testCase "the points that pass as solutions are the cuts" (fun () ->
            for graph in [ graphOf 4 [ 0, 1; 1, 2; 2, 1; 1, 3; 0, 3; 3, 0 ]; randomGraph 5 8 3 ] do
                let all = cuts graph |> List.map List.ofArray |> Set.ofList

                for size in 0 .. graph.Edges do
                    for y in ReferenceSolvers.subsets graph.Edges size do
                        Assert.Equal(
                            all.Contains(List.ofArray y),
                            (cut NegativeCosts.Reject graph: IOracle).IsSolution(ReadOnlySpan y)
                        )

                for entry in [ nan; 0.5 ] do
                    Assert.False(
                        (cut NegativeCosts.Reject graph: IOracle)
                            .IsSolution(ReadOnlySpan(Array.create graph.Edges entry))
                    ))

        testCase "graphs and ends that make no sense, and capacities that overflow, are errors that say so" (fun () ->
            let fails (name: string) (part: string) (make: unit -> obj) =
                let error = Assert.ThrowsAny<ArgumentException>(fun () -> make () |> ignore)

                Assert.Equal(name, error.ParamName)
                Assert.Contains(part, error.Message)

            let two = graphOf 2 [ 0, 1; 0, 1 ]
            fails "graph" "0 edges" (fun () -> cut NegativeCosts.Reject (graphOf 2 []))
            fails "source" "0 to 1" (fun () -> MinimumCutOracle(two, 2, 1, NegativeCosts.Reject))
            fails "target" "0 to 1" (fun () -> MinimumCutOracle(two, 0, 2, NegativeCosts.Reject))
            fails "target" "another node" (fun () -> MinimumCutOracle(two, 1, 1, NegativeCosts.Reject))
            fails "negativeCosts" "expected Reject" (fun () -> MinimumCutOracle(two, 0, 1, enum 4))

            Assert.Throws<OracleException>(fun () ->
                OracleLaws.solve (cut NegativeCosts.Reject two) [| [| -1.7e308; -1.7e308 |] |]
                |> ignore)
            |> ignore)

        testCase
            "with capacities spread over 1e±15 the cut is the best without rounding and has the smallest source side"
            (fun () ->
                for seed in 1..40 do
                    let graph = randomGraph (2 + seed % 6) (1 + seed % 17) seed
                    let oracle = cut NegativeCosts.Reject graph

                    for power in [ 1.0; 15.0; 100.0 ] do
                        let rows =
                            ExactLaws.spreadRows power graph.Edges 13 seed
                            // No capacity of 0, so that different sets leave different traces.
                            |> Array.map (Array.map (fun x -> if x = 0.0 then -1.0 else -(abs x)))

                        OracleLaws.equalRows (Array.map (smallestBest graph) rows) (fst (OracleLaws.solve oracle rows))
                        OracleLaws.isFunctionOfTheta oracle rows[0] rows)
    ]
