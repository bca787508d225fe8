/// Knapsacks against the enumeration of all selections.
module Perturbed.Kernels.Tests.KnapsackTests

open Expecto
open Perturbed.Kernels
open Perturbed.Kernels.Tests
open Xunit

let selections (d: int) (fits: float[] -> bool) : float[][] =
    [| for k in 0..d -> ReferenceSolvers.subsets d k |]
    |> List.concat
    |> List.filter fits
    |> Array.ofList

let load (weights: int[]) (y: float[]) : float =
    Array.fold2 (fun sum w taken -> sum + float w * taken) 0.0 weights y

[<Tests>]
let tests =
    testList "Knapsack" [
        testCase "A knapsack answers the best selection that fits, whatever the weights and the capacity" (fun () ->
            for weights, capacity in
                [
                    [| 3 |], 2
                    [| 3 |], 3
                    [| 0; 0; 2 |], 0
                    [| 1; 1; 1; 1; 1 |], 3
                    [| 4; 6; 10; 2; 8; 4 |], 15
                    [| 5; 7; 3; 2; 9; 4; 6; 1 |], 17
                    [| 5; 7; 3; 2; 9; 4; 6; 1 |], 1000
                    [| 100; 250; 75; 300 |], 375
                ] do
                let d = weights.Length
                let oracle = KnapsackOracle(weights, capacity)
                let thetas = OracleLaws.halvesOf d 33 (d + capacity)
                OracleLaws.maximises (selections d (fun y -> load weights y <= float capacity)) oracle thetas
                OracleLaws.obeys oracle thetas)

        testCase "Several constraints are met at once, and the best selection is found" (fun () ->
            let random = System.Random 4

            for d, constraints in [ 1, 1; 3, 2; 6, 1; 9, 3; 11, 2 ] do
                let weights = Array2D.init constraints d (fun _ _ -> random.Next 9)
                let capacities = Array.init constraints (fun _ -> random.Next(3 * d))

                let fits y =
                    Array.forall (fun k -> load weights[k, *] y <= float capacities[k]) [| 0 .. constraints - 1 |]

                let oracle = MultiKnapsackOracle(weights, capacities)
                let thetas = OracleLaws.halvesOf d 33 d
                OracleLaws.maximises (selections d fits) oracle thetas
                OracleLaws.obeys oracle thetas)

        testCase "One constraint has the value of the dynamic program, for thirty items too" (fun () ->
            let weights = Array.init 30 (fun i -> 5 + i * 37 % 41)
            let thetas = OracleLaws.halvesOf 30 12 3
            let _, expected = OracleLaws.solve (KnapsackOracle(weights, 200)) thetas

            let branching =
                MultiKnapsackOracle(Array2D.init 1 30 (fun _ i -> weights[i]), [| 200 |])

            let _, actual = OracleLaws.solve branching thetas

            Array.iter2
                (fun a b -> Assert.True(abs (a - b) <= 1e-12 * (1.0 + abs a), $"{b} is not {a}"))
                expected
                actual)

        testCase "Items of no gain stay out, and of equal solutions the highest index that differs stays out" (fun () ->
            let answer theta =
                (OracleLaws.solve (KnapsackOracle([| 2; 1; 1; 2; 0 |], 2)) [| theta |] |> fst)[0]

            Assert.Equal<float[]>([| 0.0; 0.0; 0.0; 0.0; 0.0 |], answer [| 0.0; -1.0; 0.0; 0.0; 0.0 |])
            Assert.Equal<float[]>([| 1.0; 0.0; 0.0; 0.0; 0.0 |], answer [| 2.0; 1.0; 1.0; 2.0; -0.5 |])
            Assert.Equal<float[]>([| 0.0; 1.0; 1.0; 0.0; 1.0 |], answer [| 1.5; 1.0; 1.0; 2.0; 0.5 |]))

        testCase "Of equal selections under several constraints the lowest indices win" (fun () ->
            let oracle =
                MultiKnapsackOracle(array2D [ [ 1; 1; 1; 1 ]; [ 2; 2; 2; 2 ] ], [| 2; 9 |])

            let answer =
                OracleLaws.solve oracle [| [| 1.0; 1.0; 1.0; 1.0 |] |] |> fst |> Array.head

            Assert.Equal<float[]>([| 1.0; 1.0; 0.0; 0.0 |], answer))

        testCase "Only selections that fit pass as solutions" (fun () ->
            let accepts (y: float[]) =
                (KnapsackOracle([| 2; 3 |], 4) :> Perturbed.Functional.CSharp.IOracle)
                    .IsSolution(System.ReadOnlySpan y)

            Assert.True(accepts [| 1.0; 0.0 |])
            Assert.True(accepts [| 0.0; 0.0 |])
            Assert.False(accepts [| 1.0; 1.0 |])
            Assert.False(accepts [| 0.5; 0.0 |])
            Assert.False(accepts [| nan; 0.0 |]))

        testCase "Wrong weights and capacities are errors that name the parameter" (fun () ->
            OracleLaws.rejects "weights" (fun () -> KnapsackOracle([||], 1))
            OracleLaws.rejects "weights" (fun () -> KnapsackOracle([| 1; -1 |], 1))
            OracleLaws.rejects "capacity" (fun () -> KnapsackOracle([| 1 |], -1))

            OracleLaws.rejects "capacity" (fun () ->
                KnapsackOracle(Array.init 100 (fun i -> 1000000007 - i), 2000000000))

            OracleLaws.rejects "weights" (fun () -> MultiKnapsackOracle(Array2D.zeroCreate 0 3, [||]))
            OracleLaws.rejects "weights" (fun () -> MultiKnapsackOracle(Array2D.zeroCreate 1 65, [| 1 |]))
            OracleLaws.rejects "weights" (fun () -> MultiKnapsackOracle(array2D [ [ -1 ] ], [| 1 |]))
            OracleLaws.rejects "capacities" (fun () -> MultiKnapsackOracle(array2D [ [ 1 ] ], [| 1; 2 |]))
            OracleLaws.rejects "capacities" (fun () -> MultiKnapsackOracle(array2D [ [ 1 ] ], [| -1 |])))
    ]
