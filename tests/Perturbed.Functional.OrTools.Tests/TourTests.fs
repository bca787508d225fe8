/// Tours of CP-SAT, beside those of the core and of a list of all tours.
module Perturbed.Functional.OrTools.Tests.TourTests

open System
open Perturbed.Functional
open Perturbed.Functional.OrTools.Tests.Models
open Expecto
open Xunit

let private plain = OrToolsOptions.Default

// All directed tours of n cities, as arcs in the order of asymmetricTsp.
let private allTours (n: int) : float[][] =
    let rec orders (rest: int list) : int list list =
        match rest with
        | [] -> [ [] ]
        | _ ->
            [
                for city in rest do
                    for tail in orders (List.except [ city ] rest) -> city :: tail
            ]

    [|
        for order in orders [ 1 .. n - 1 ] do
            let y = Array.zeroCreate (n * (n - 1))

            for i, j in List.pairwise (0 :: order @ [ 0 ]) do
                y[i * (n - 1) + (if j > i then j - 1 else j)] <- 1.0

            y
    |]

[<Tests>]
let tests =
    testList "Tours" [
        testCase "Tours of up to 9 cities are the core's" (fun () ->
            for number in 1..25 do
                let random = random number
                let n = random.Next(3, 10)
                let theta = gains random (n * (n - 1) / 2)
                let own = Oracle.tsp n |> Oracle.solve theta
                Assert.Equal<float[]>(own, OrToolsOracle.tsp plain n |> Oracle.solve theta))

        testCase "Directed tours of up to 6 cities are the best of all" (fun () ->
            for number in 1..25 do
                let random = random number
                let n = random.Next(2, 7)
                let theta = gains random (n * (n - 1))
                let best = allTours n |> Array.maxBy (fun y -> value y theta)
                Assert.Equal<float[]>(best, OrToolsOracle.asymmetricTsp plain n |> Oracle.solve theta))

        testCase "An oracle of tours knows them from others" (fun () ->
            let oracle = OrToolsOracle.asymmetricTsp plain 4

            let isTour (y: float[]) =
                oracle.Implementation.IsSolution(ReadOnlySpan y)

            Assert.All(allTours 4, fun y -> Assert.True(isTour y))
            // Two circuits of two cities, and one that is half there.
            let pairs = Array.zeroCreate 12

            for i, j in [ 0, 1; 1, 0; 2, 3; 3, 2 ] do
                pairs[i * 3 + (if j > i then j - 1 else j)] <- 1.0

            Assert.False(isTour pairs)
            Assert.False(isTour (Array.create 12 0.5))
            Assert.False(isTour (Array.zeroCreate 12))
            let edges = OrToolsOracle.tsp plain 6
            let tour = edges |> Oracle.solve (gains (random 1) 15)
            Assert.True(edges.Implementation.IsSolution(ReadOnlySpan tour))
            // Triangles 0-1-2 and 3-4-5.
            let triangles =
                Array.init 15 (fun e -> if List.contains e [ 0; 1; 5; 12; 13; 14 ] then 1.0 else 0.0)

            Assert.False(edges.Implementation.IsSolution(ReadOnlySpan triangles)))

        testCase "More than 12 cities are solved, no worse than by the heuristic" (fun () ->
            let random = random 4
            let theta = gains random (15 * 14 / 2)
            let exact = OrToolsOracle.tsp plain 15 |> Oracle.solve theta
            let heuristic = Oracle.tspHeuristic 15 15 |> Oracle.solve theta
            Assert.Equal(15.0, Array.sum exact)
            Assert.True(value exact theta >= value heuristic theta - 1e-9))

        testCase "Tours keep the contract" (fun () ->
            OrToolsOracle.tsp plain 5 |> check 9
            OrToolsOracle.asymmetricTsp plain 4 |> check 9)
    ]
