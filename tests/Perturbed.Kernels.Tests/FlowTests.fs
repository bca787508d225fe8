/// Flows and b-matchings against all of a small problem's, the cut, and a linear program.
module Perturbed.Kernels.Tests.FlowTests

open System
open Expecto
open Perturbed.Functional.CSharp
open Perturbed.Kernels
open Perturbed.Kernels.Tests
open Xunit

let private randomGraph (nodes: int) (edges: int) (seed: int) : Digraph * int[] =
    let random = Random seed

    let pairs =
        Array.init edges (fun _ ->
            let a = random.Next nodes
            a, (a + 1 + random.Next(nodes - 1)) % nodes)

    Digraph(nodes, Array.map fst pairs, Array.map snd pairs), Array.init edges (fun _ -> random.Next 4)

/// Every flow of whole numbers: all vertices are among them.
let private allFlows (graph: Digraph) (capacities: int[]) (source: int) (target: int) : float[][] =
    let from, upTo = graph.From.ToArray(), graph.To.ToArray()

    let rec choices (e: int) : float list list =
        if e = capacities.Length then
            [ [] ]
        else
            [
                for rest in choices (e + 1) do
                    for y in 0 .. capacities[e] do
                        float y :: rest
            ]

    let isKept (y: float[]) =
        let excess = Array.zeroCreate<float> graph.Nodes

        for e in 0 .. y.Length - 1 do
            excess[from[e]] <- excess[from[e]] - y[e]
            excess[upTo[e]] <- excess[upTo[e]] + y[e]

        excess
        |> Array.indexed
        |> Array.forall (fun (node, x) -> x = 0.0 || node = source || node = target)

    choices 0 |> Seq.map Array.ofList |> Seq.filter isKept |> Array.ofSeq

let private bestOf (points: float[][]) (theta: float[]) : float =
    points |> Seq.map (fun y -> OracleLaws.dot y theta) |> Seq.max

/// {A y = 0} as inequalities, one pair for each node but the ends.
let private asProgram (graph: Digraph) (capacities: int[]) (source: int) (target: int) : LinearProgramOracle =
    let from, upTo = graph.From.ToArray(), graph.To.ToArray()

    let kept =
        [|
            for node in 0 .. graph.Nodes - 1 do
                if node <> source && node <> target then
                    node
        |]

    let balance node e =
        (if upTo[e] = node then 1.0 else 0.0) - (if from[e] = node then 1.0 else 0.0)

    let a =
        Array2D.init (2 * kept.Length) graph.Edges (fun i e ->
            let sign = if i < kept.Length then 1.0 else -1.0
            sign * balance kept[i % kept.Length] e)

    let d = graph.Edges
    LinearProgramOracle(a, Array.zeroCreate (2 * kept.Length), Array.zeroCreate d, Array.map float capacities)

[<Tests>]
let tests =
    testList "Flow" [
        testCase "a flow gains as much as the best of all flows, circles and edges between the ends included" (fun () ->
            for seed in 1..60 do
                let nodes, edges = 2 + seed % 4, 1 + seed % 6
                let graph, capacities = randomGraph nodes edges seed
                let source, target = seed % nodes, (seed + 1) % nodes
                let oracle = FlowOracle(graph, capacities, source, target)
                let rows = OracleLaws.wholesOf edges 15 seed
                OracleLaws.obeys oracle rows
                // Gains of whole flows: sums of at most 6 terms of size 12.
                OracleLaws.maximises (allFlows graph capacities source target) oracle rows)

        testCase "a flow is a vertex, and every vertex passes as a solution, and no other flow" (fun () ->
            for seed in 1..30 do
                let graph, capacities = randomGraph 4 5 seed
                let oracle: IOracle = FlowOracle(graph, capacities, 0, 3)
                let flows = allFlows graph capacities 0 3

                // A vertex is no midpoint of two flows: the whole flows include all vertices.
                for y in flows do
                    let isMidpoint =
                        flows
                        |> Seq.exists (fun z ->
                            let opposite = Array.map2 (fun a b -> 2.0 * a - b) y z
                            z <> y && Array.contains opposite flows)

                    if isMidpoint then
                        Assert.False(oracle.IsSolution(ReadOnlySpan y), $"%A{y}")

                for row in fst (OracleLaws.solve oracle (OracleLaws.wholesOf 5 20 seed)) do
                    Assert.True(oracle.IsSolution(ReadOnlySpan row))

                Assert.False(oracle.IsSolution(ReadOnlySpan(Array.create 5 -1.0)))
                Assert.False(oracle.IsSolution(ReadOnlySpan(Array.create 5 nan))))

        testCase "with a gain on the edges of the source alone it is the maximum flow, worth the minimum cut" (fun () ->
            for seed in 1..40 do
                let graph, capacities = randomGraph 12 40 seed
                // No edge enters the source, or its flow would count against it.
                let from, upTo =
                    Array.zip (graph.From.ToArray()) (graph.To.ToArray())
                    |> Array.map (fun (a, b) -> if b = 0 then b, a else a, b)
                    |> Array.unzip

                let graph = Digraph(12, from, upTo)

                let theta =
                    graph.From.ToArray() |> Array.map (fun node -> if node = 0 then 1.0 else 0.0)

                let _, flow = OracleLaws.solve (FlowOracle(graph, capacities, 0, 11)) [| theta |]

                let _, cut =
                    OracleLaws.solve (MinimumCutOracle(graph, 0, 11, NegativeCosts.Reject)) [|
                        capacities |> Array.map (fun c -> -float c)
                    |]

                Assert.Equal(-cut[0], flow[0]))

        testCase "on larger graphs a flow is worth the linear program with the same constraints" (fun () ->
            for seed in 1..10 do
                let graph, capacities = randomGraph 15 60 seed
                let rows = OracleLaws.wholesOf 60 12 seed
                let _, flows = OracleLaws.solve (FlowOracle(graph, capacities, 2, 7)) rows
                let _, programs = OracleLaws.solve (asProgram graph capacities 2 7) rows

                for i in 0 .. rows.Length - 1 do
                    Assert.True(
                        abs (flows[i] - programs[i]) <= 1e-9 * (1.0 + abs flows[i]),
                        $"{flows[i]}, {programs[i]}"
                    ))

        testCase "a b-matching is the best of all within its limits" (fun () ->
            for a, b in
                [
                    [| 1 |], [| 1 |]
                    [| 0 |], [| 2; 1 |]
                    [| 1; 1; 1 |], [| 1; 1; 1 |]
                    [| 2; 1; 3 |], [| 1; 2; 0; 2 |]
                    [| 5; 5 |], [| 5; 5; 5 |]
                ] do
                let d = a.Length * b.Length

                let isWithin (y: float[]) =
                    Seq.forall
                        (fun i ->
                            Seq.sum (seq { for j in 0 .. b.Length - 1 -> y[i * b.Length + j] })
                            <= float a[i])
                        (seq { 0 .. a.Length - 1 })
                    && Seq.forall
                        (fun j ->
                            Seq.sum (seq { for i in 0 .. a.Length - 1 -> y[i * b.Length + j] })
                            <= float b[j])
                        (seq { 0 .. b.Length - 1 })

                let all = Seq.collect (ReferenceSolvers.subsets d) (seq { 0..d }) |> Array.ofSeq

                let oracle: IOracle = BMatchingOracle(a, b)

                for y in all do
                    Assert.Equal(isWithin y, oracle.IsSolution(ReadOnlySpan y))

                let rows = OracleLaws.wholesOf d 20 3
                OracleLaws.obeys oracle rows
                OracleLaws.maximises (Array.filter isWithin all) oracle rows
                let answers, _ = OracleLaws.solve oracle rows

                for y, theta in Array.zip answers rows do
                    Assert.True(Array.forall2 (fun y t -> y = 0.0 || t >= 0.0) y theta))

        testCase "with limits of one and gains above 0, a square b-matching is the assignment" (fun () ->
            for n in [ 2; 7; 25 ] do
                let rows =
                    OracleLaws.wholesOf (n * n) 6 1 |> Array.map (Array.map (fun t -> t + 5.0))

                let ones = Array.create n 1
                let expected, _ = OracleLaws.solve (AssignmentOracle(n, n)) rows[..0]
                let actual, _ = OracleLaws.solve (BMatchingOracle(ones, ones)) rows[..0]
                OracleLaws.equalRows expected actual)

        testCase
            "problems that make no sense are errors that name the parameter; gains that overflow are errors of the oracle"
            (fun () ->
                let graph = Digraph(3, [| 0; 1 |], [| 1; 2 |])
                OracleLaws.rejects "capacities" (fun () -> FlowOracle(graph, [| 1 |], 0, 2))
                OracleLaws.rejects "capacities" (fun () -> FlowOracle(graph, [| 1; -1 |], 0, 2))
                OracleLaws.rejects "graph" (fun () -> FlowOracle(Digraph(2, [||], [||]), [||], 0, 1))
                OracleLaws.rejects "source" (fun () -> FlowOracle(graph, [| 1; 1 |], 3, 2))
                OracleLaws.rejects "target" (fun () -> FlowOracle(graph, [| 1; 1 |], 0, -1))
                OracleLaws.rejects "target" (fun () -> FlowOracle(graph, [| 1; 1 |], 2, 2))
                OracleLaws.rejects "rowLimits" (fun () -> BMatchingOracle([||], [| 1 |]))
                OracleLaws.rejects "rowLimits" (fun () -> BMatchingOracle([| -1 |], [| 1 |]))
                OracleLaws.rejects "columnLimits" (fun () -> BMatchingOracle([| 1 |], [||]))
                let solver = (FlowOracle(graph, [| 9; 9 |], 0, 2): IOracle).CreateSolver()
                solver.Begin(4L, ReadOnlySpan [| 0.0; 0.0 |])

                let error =
                    Assert.Throws<OracleException>(fun () ->
                        solver.Solve(ReadOnlySpan [| 1e308; 1e308 |], Span(Array.zeroCreate 2), Span.Empty))

                Assert.Equal(4L, error.Row))

        testCase
            "with entries spread over 1e±15 no flow is better without rounding, and no history changes the answer"
            (fun () ->
                for seed in 1..25 do
                    let nodes, edges = 2 + seed % 4, 1 + seed % 6
                    let graph, capacities = randomGraph nodes edges seed
                    let source, target = seed % nodes, (seed + 1) % nodes
                    let points = allFlows graph capacities source target

                    for power in [ 1.0; 15.0; 100.0 ] do
                        ExactLaws.obeys
                            points
                            (FlowOracle(graph, capacities, source, target))
                            (ExactLaws.spreadRows power edges 13 seed))

        testCase "with entries spread over 1e±15 no b-matching is better without rounding" (fun () ->
            for a, b in [ [| 1; 1; 1 |], [| 1; 1; 1 |]; [| 2; 1; 3 |], [| 1; 2; 2 |]; [| 2; 2 |], [| 1; 2; 1; 1 |] ] do
                let oracle: IOracle = BMatchingOracle(a, b)
                let d = a.Length * b.Length

                let points =
                    Seq.collect (ReferenceSolvers.subsets d) (seq { 0..d })
                    |> Seq.filter (fun y -> oracle.IsSolution(ReadOnlySpan y))
                    |> Array.ofSeq

                for seed in 1..4 do
                    for power in [ 1.0; 15.0; 100.0 ] do
                        ExactLaws.obeys points oracle (ExactLaws.spreadRows power d 13 seed))

        testCase "an edge of 1e15 does not hide gains of 1 behind it" (fun () ->
            // Both ways to node 1 pass a gain of 1e15; they part by 1 beyond it.
            let graph = Digraph(4, [| 0; 1; 1; 2 |], [| 1; 2; 3; 3 |])
            let oracle = FlowOracle(graph, [| 1; 1; 1; 1 |], 0, 3)

            let flows, _ =
                OracleLaws.solve oracle [|
                    [| 1e17; -2.0; -3.0; -2.0 |]
                    [| 1e17; -2.0; -3.0; -0.5 |]
                    [| -1e17; 1e17; 1e17; 1.0 |]
                |]

            Assert.Equal<float[]>([| 1.0; 0.0; 1.0; 0.0 |], flows[0])
            Assert.Equal<float[]>([| 1.0; 1.0; 0.0; 1.0 |], flows[1])
            Assert.Equal<float[]>([| 1.0; 1.0; 0.0; 1.0 |], flows[2]))
    ]
