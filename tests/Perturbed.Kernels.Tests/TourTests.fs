/// Tours against the enumeration of all of them, and the heuristic against the exact solver.
module Perturbed.Kernels.Tests.TourTests

open System
open Expecto
open Perturbed.Functional.CSharp
open Perturbed.Kernels
open Perturbed.Kernels.Tests
open Xunit

let edge (n: int) (a: int) (b: int) : int =
    [|
        for i in 0 .. n - 1 do
            for j in i + 1 .. n - 1 -> i, j
    |]
    |> Array.findIndex ((=) (min a b, max a b))

let tours (n: int) : float[][] =
    ReferenceSolvers.permutations [ for i in 1 .. n - 1 -> float i ]
    |> List.map (fun order ->
        let walk = 0 :: List.map int order
        let edges = List.map2 (edge n) walk (List.tail walk @ [ 0 ])
        ReferenceSolvers.indicator (n * (n - 1) / 2) edges)
    |> List.distinct
    |> Array.ofList

[<Tests>]
let tests =
    testList "Tour" [
        testCase "The exact salesman answers the best of all tours, costs of either sign" (fun () ->
            for n in 3..7 do
                let all = tours n
                Assert.Equal((if n = 3 then 1 else Seq.fold (*) 1 [ 3 .. n - 1 ]), all.Length)
                let oracle = TourOracle n
                let thetas = OracleLaws.halvesOf oracle.Dimension 20 n
                OracleLaws.maximises all oracle thetas
                OracleLaws.obeys oracle thetas)

        testCase "Of equal tours the lowest city comes next on the way back from city 0" (fun () ->
            let y =
                OracleLaws.solve (TourOracle 5) [| Array.zeroCreate 10 |] |> fst |> Array.head

            let ring = [ 0, 1; 1, 2; 2, 3; 3, 4; 0, 4 ] |> List.map (fun (a, b) -> edge 5 a b)
            Assert.Equal<float[]>(ReferenceSolvers.indicator 10 ring, y))

        testCase
            "The heuristic answers tours, with eight starts within one percent of the best on the mean of twelve cities"
            (fun () ->
                let random = Random 8
                let n = 12

                let euclidean () =
                    let cities = Array.init n (fun _ -> random.NextDouble(), random.NextDouble())

                    [|
                        for i in 0 .. n - 1 do
                            for j in i + 1 .. n - 1 ->
                                let (a, b), (c, d) = cities[i], cities[j]
                                -sqrt((a - c) * (a - c) + (b - d) * (b - d))
                    |]

                let thetas = Array.init 40 (fun _ -> euclidean ())
                let _, exact = OracleLaws.solve (TourOracle n) thetas

                let gap starts =
                    let solutions, values = OracleLaws.solve (TourHeuristicOracle(n, starts)) thetas

                    for y in solutions do
                        Assert.True((TourHeuristicOracle(n, starts): IOracle).IsSolution(ReadOnlySpan y))

                    Array.iter2 (fun best found -> Assert.True(found <= best + 1e-12)) exact values
                    Array.map2 (fun best found -> found / best - 1.0) exact values |> Array.average

                // Fixed instances: these are measurements of this heuristic, not estimates.
                let one, eight = gap 1, gap 8
                Assert.True(one < 0.05, $"one start: {one}")
                Assert.True(eight < 0.01, $"eight starts: {eight}"))

        testCase "The heuristic keeps the laws of a solver, for the smallest and for larger graphs" (fun () ->
            for n in [ 3; 4; 5; 6; 13; 40 ] do
                let oracle = TourHeuristicOracle(n, min n 3)
                OracleLaws.obeys oracle (OracleLaws.halvesOf oracle.Dimension 10 n))

        testCase "Small graphs leave the heuristic no way to miss" (fun () ->
            for n in [ 3; 4 ] do
                OracleLaws.maximises (tours n) (TourHeuristicOracle(n, n)) (OracleLaws.halvesOf (n * (n - 1) / 2) 20 n))

        testCase "Only cycles through all cities pass as solutions" (fun () ->
            let n = 6
            let oracle: IOracle = TourOracle n

            let accepts edges =
                oracle.IsSolution(
                    ReadOnlySpan(ReferenceSolvers.indicator 15 (edges |> List.map (fun (a, b) -> edge n a b)))
                )

            Assert.True(accepts [ 0, 3; 3, 1; 1, 5; 5, 2; 2, 4; 4, 0 ])
            Assert.False(accepts [ 0, 1; 1, 2; 2, 0; 3, 4; 4, 5; 5, 3 ]) // two rings
            Assert.False(accepts [ 0, 1; 1, 2; 2, 3; 3, 4; 4, 5 ]) // open
            Assert.False(accepts [ 0, 1; 1, 2; 2, 3; 3, 0; 3, 4; 4, 5 ]) // a tail
            Assert.False(accepts [ 0, 1; 1, 2; 2, 3; 3, 4; 4, 1; 4, 5 ]))

        testCase "Wrong sizes are errors that name the parameter" (fun () ->
            for cities in [ -1; 0; 2; 13 ] do
                OracleLaws.rejects "cities" (fun () -> TourOracle cities)

            OracleLaws.rejects "cities" (fun () -> TourHeuristicOracle(2, 1))
            OracleLaws.rejects "cities" (fun () -> TourHeuristicOracle(5000, 1))
            OracleLaws.rejects "starts" (fun () -> TourHeuristicOracle(5, 0))
            OracleLaws.rejects "starts" (fun () -> TourHeuristicOracle(5, 6)))
    ]
