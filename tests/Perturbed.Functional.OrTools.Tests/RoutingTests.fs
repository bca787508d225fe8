/// Vehicle routing.
module Perturbed.Functional.OrTools.Tests.RoutingTests

open System
open Google.OrTools.ConstraintSolver
open Perturbed.Functional
open Perturbed.Functional.OrTools.Tests.Models
open Expecto
open Xunit

let private build (nodes: int) (vehicles: int) () =
    let manager = new RoutingIndexManager(nodes, vehicles, 0)
    manager, new RoutingModel(manager)

// Each customer is one unit, and a vehicle carries so many.
let private capacitated (nodes: int) (vehicles: int) (capacity: int64) () =
    let manager, model = build nodes vehicles ()

    let demand =
        model.RegisterUnaryTransitVector(Array.init nodes (fun i -> if i = 0 then 0L else 1L))

    model.AddDimension(demand, 0L, capacity, true, "load") |> ignore
    manager, model

let private distances (random: Random) (nodes: int) : float[] =
    let places =
        Array.init nodes (fun _ -> struct (random.NextDouble(), random.NextDouble()))

    [|
        for i in 0 .. nodes - 1 do
            for j in 0 .. nodes - 1 do
                if i <> j then
                    let struct (x, y), struct (x', y') = places[i], places[j]
                    -(Math.Sqrt((x - x') * (x - x') + (y - y') * (y - y')))
    |]

let private arc (nodes: int) (i: int) (j: int) =
    i * (nodes - 1) + (if j > i then j - 1 else j)

[<Tests>]
let tests =
    testList "Routing" [
        testCase "One vehicle's route is a tour, near the best one" (fun () ->
            for number in 1..10 do
                let random = random number
                let n = random.Next(4, 8)
                let theta = distances random n
                let y = OrToolsOracle.ofRouting (build n 1) |> Oracle.solve theta

                Assert.True(
                    (OrToolsOracle.asymmetricTsp OrToolsOptions.Default n).Implementation.IsSolution(ReadOnlySpan y)
                )

                let best =
                    OrToolsOracle.asymmetricTsp OrToolsOptions.Default n |> Oracle.solve theta

                Assert.True(value y theta >= 1.25 * value best theta))

        testCase "Routes visit each customer once and keep to the capacity" (fun () ->
            let n, vehicles = 10, 4
            let theta = distances (random 1) n
            let y = OrToolsOracle.ofRouting (capacitated n vehicles 3L) |> Oracle.solve theta

            for j in 1 .. n - 1 do
                Assert.Equal(
                    1.0,
                    [
                        for i in 0 .. n - 1 do
                            if i <> j then
                                y[arc n i j]
                    ]
                    |> List.sum
                )

                Assert.Equal(
                    1.0,
                    [
                        for i in 0 .. n - 1 do
                            if i <> j then
                                y[arc n j i]
                    ]
                    |> List.sum
                )

            Assert.True([ for j in 1 .. n - 1 -> y[arc n 0 j] ] |> List.sum >= 3.0))

        testCase "Costs of either sign give a tour near the best one" (fun () ->
            for number in 1..20 do
                let random = random number
                let n = random.Next(3, 7)
                let theta = gains random (n * (n - 1))
                let y = OrToolsOracle.ofRouting (build n 1) |> Oracle.solve theta

                let best =
                    OrToolsOracle.asymmetricTsp OrToolsOptions.Default n |> Oracle.solve theta

                Assert.Equal(float n, Array.sum y)
                Assert.True(value y theta >= value best theta - 2.0, $"{value y theta} {value best theta}"))

        testCase "It is named a heuristic, and its answers are functions of θ" (fun () ->
            let oracle = OrToolsOracle.ofRouting (capacitated 5 2 3L)
            Assert.Contains("heuristic", oracle.Name)
            Assert.Equal(infinity, oracle.Implementation.Shortfall(ReadOnlySpan(Array.create 20 1.0), 1.0))
            check 9 oracle)

        testCase "Routes that cannot be are an error that says so" (fun () ->
            let oracle = OrToolsOracle.ofRouting (capacitated 6 2 2L)

            let error =
                Assert.Throws<OracleException>(fun () -> oracle |> Oracle.solve (distances (random 1) 6) |> ignore)

            Assert.Contains("routing", error.Message))

        testCase "A limit of wall-clock time, in the options or the search parameters, marks the oracle" (fun () ->
            Assert.True((OrToolsOracle.ofRouting (build 4 1)).IsReproducible)
            let search = operations_research_constraint_solver.DefaultRoutingSearchParameters()
            search.TimeLimit <- Google.Protobuf.WellKnownTypes.Duration(Seconds = 1L)
            Assert.False((OrToolsOracle.ofRoutingWith OrToolsOptions.Default search (build 4 1)).IsReproducible)

            let timed =
                { OrToolsOptions.Default with
                    TimeLimit = Some 1.0
                }

            let oracle = OrToolsOracle.ofRoutingWith timed null (build 4 1)
            Assert.False oracle.IsReproducible
            Assert.Equal(4.0, oracle |> Oracle.solve (distances (random 1) 4) |> Array.sum))
    ]
