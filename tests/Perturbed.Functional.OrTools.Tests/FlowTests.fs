/// Minimum-cost flows, beside paths and linear programs of the core.
module Perturbed.Functional.OrTools.Tests.FlowTests

open System
open Google.OrTools.Graph
open Perturbed.Functional
open Perturbed.Functional.OrTools.Tests.Models
open Expecto
open Xunit

/// Arcs with capacities, one unit from the first node to the last.
let private network (nodes: int) (arcs: (int * int * int)[]) (units: int) : MinCostFlow =
    let flow = new MinCostFlow()

    for tail, head, capacity in arcs do
        flow.AddArcWithCapacityAndUnitCost(tail, head, int64 capacity, 0L) |> ignore

    flow.SetNodeSupply(0, int64 units)
    flow.SetNodeSupply(nodes - 1, -(int64 units))
    flow

// A graph without cycles, in which the last node is reached.
let private layered (random: Random) (nodes: int) : (int * int)[] =
    [|
        for i in 0 .. nodes - 2 do
            for j in i + 1 .. nodes - 1 do
                if j = i + 1 || random.NextDouble() < 0.5 then
                    i, j
    |]

[<Tests>]
let tests =
    testList "Flows" [
        testCase "One unit is the core's shortest path, on 100 graphs" (fun () ->
            for number in 1..100 do
                let random = random number
                let nodes = random.Next(3, 8)
                let arcs = layered random nodes
                let digraph = Digraph(nodes, Array.map fst arcs, Array.map snd arcs)
                let own = Oracle.shortestPath NegativeEdges.Allow 0 (nodes - 1) digraph
                let flow = network nodes (arcs |> Array.map (fun (i, j) -> i, j, 1)) 1
                let theta = gains random arcs.Length
                Assert.Equal<float[]>(Oracle.solve theta own, OrToolsOracle.ofMinCostFlow flow |> Oracle.solve theta))

        testCase "More units, cycles and costs of either sign give the maximum of a linear program" (fun () ->
            for number in 1..60 do
                let random = random number
                let nodes, units = random.Next(3, 6), random.Next(0, 4)

                let arcs =
                    [|
                        for i in 0 .. nodes - 1 do
                            for j in 0 .. nodes - 1 do
                                if i <> j then
                                    i, j, (if j = i + 1 then 4 else random.Next 4)
                    |]

                // Conservation as two inequalities a node.
                let balance (node: int) (sign: float) =
                    arcs
                    |> Array.map (fun (i, j, _) ->
                        if i = node then sign
                        elif j = node then -sign
                        else 0.0)

                let supply (node: int) =
                    if node = 0 then float units
                    elif node = nodes - 1 then -(float units)
                    else 0.0

                let rows =
                    [
                        for node in 0 .. nodes - 1 do
                            for sign in [ 1.0; -1.0 ] -> balance node sign, sign * supply node
                    ]

                let upper = arcs |> Array.map (fun (_, _, c) -> float c)

                let program =
                    Oracle.boundedLinearProgram
                        (Array.zeroCreate arcs.Length)
                        upper
                        (rows |> List.map fst |> array2D)
                        (rows |> List.map snd |> Array.ofList)

                let theta = gains random arcs.Length

                let theirs =
                    OrToolsOracle.ofMinCostFlow (network nodes arcs units) |> Oracle.solve theta

                sameMaximum 1e-9 theta (Oracle.solve theta program) theirs)

        testCase "A flow keeps the contract, ties and badly scaled θ included" (fun () ->
            let arcs = [| 0, 1, 2; 0, 2, 2; 1, 2, 1; 2, 1, 1; 1, 3, 2; 2, 3, 3 |]
            OrToolsOracle.ofMinCostFlow (network 4 arcs 3) |> check 40)

        testCase "Arcs that are not in y keep their cost" (fun () ->
            let flow = new MinCostFlow()
            let there = flow.AddArcWithCapacityAndUnitCost(0, 1, 1L, 0L)
            flow.AddArcWithCapacityAndUnitCost(0, 1, 1L, 5L) |> ignore
            flow.SetNodeSupply(0, 1L)
            flow.SetNodeSupply(1, -1L)
            let oracle = OrToolsOracle.ofMinCostFlowWith OrToolsOptions.Default [ there ] flow
            Assert.Equal<float[]>([| 1.0 |], oracle |> Oracle.solve [| -4.9 |])
            Assert.Equal<float[]>([| 0.0 |], oracle |> Oracle.solve [| -5.1 |])
            check 20 oracle)

        testCase "Supplies that do not add up, and arcs that are not there, are errors that say so" (fun () ->
            let flow = network 3 [| 0, 1, 1; 1, 2, 1 |] 1

            let make arcs =
                OrToolsOracle.ofMinCostFlowWith OrToolsOptions.Default arcs flow |> ignore

            Assert.Contains("arcs[1] is 2", Assert.Throws<ArgumentException>(fun () -> make [ 0; 2 ]).Message)
            Assert.Contains("arcs has 1 twice", Assert.Throws<ArgumentException>(fun () -> make [ 1; 1 ]).Message)
            flow.SetNodeSupply(0, 2L)
            Assert.Contains("add up to 1", Assert.Throws<ArgumentException>(fun () -> make []).Message))

        testCase "Capacities that do not carry the supplies are an error that says so" (fun () ->
            let oracle = OrToolsOracle.ofMinCostFlow (network 3 [| 0, 1, 1; 1, 2, 1 |] 2)

            let error =
                Assert.Throws<OracleException>(fun () -> oracle |> Oracle.solve [| 1.0; 1.0 |] |> ignore)

            Assert.Contains("infeasible: the capacities do not carry the supplies", error.Message))
    ]
