/// Knapsacks of several constraints that take a search: against a dynamic program over all loads, and against enumeration in whole numbers.
module Perturbed.Kernels.Tests.MultiKnapsackTests

open System
open System.Numerics
open System.Threading
open Expecto
open Perturbed.Functional.CSharp
open Perturbed.Kernels
open Xunit

/// 50 items and 5 constraints, gains close to the weights: the kind of instance whose fractional bounds are far from the optimum.
let private correlated (seed: int) : int[,] * int[] * float[] =
    let random = Random seed
    let weights = Array2D.init 5 50 (fun _ _ -> 1 + random.Next 5)

    let gains =
        Array.init 50 (fun i ->
            float (Seq.sum (seq { for k in 0..4 -> weights[k, i] })) / 5.0
            + random.NextDouble())

    weights, [| 10; 11; 12; 11; 10 |], gains

// The best value for each vector of loads, in a table over (c_1 + 1)…(c_5 + 1) of them.
let private byLoads (weights: int[,]) (capacities: int[]) (gains: float[]) : float =
    let strides = Array.scan (fun size c -> size * (c + 1)) 1 capacities
    let size = Array.last strides
    let best: float[] = Array.zeroCreate size

    for i in 0 .. gains.Length - 1 do
        let step =
            Seq.sum (
                seq {
                    for k in 0 .. capacities.Length - 1 do
                        weights[k, i] * strides[k]
                }
            )

        for load in size - 1 .. -1 .. step do
            let fits =
                Seq.forall
                    (fun k -> load / strides[k] % (capacities[k] + 1) >= weights[k, i])
                    (seq { 0 .. capacities.Length - 1 })

            if fits then
                best[load] <- max best[load] (best[load - step] + gains[i])

    best[size - 1]

// A double as a whole number of the smallest one.
let private exact (x: float) : BigInteger =
    let bits = BitConverter.DoubleToInt64Bits x
    let exponent = int (bits >>> 52) &&& 0x7FF
    let mantissa = bits &&& 0xFFFFFFFFFFFFFL
    BigInteger(mantissa ||| (1L <<< 52)) <<< (exponent - 1)

[<Tests>]
let tests =
    testList "MultiKnapsack" [
        testTheory
            "Fifty items under five constraints have the value of the dynamic program over all loads"
            [ 1; 2; 3 ]
            (fun (seed: int) ->
                let weights, capacities, gains = correlated seed
                let oracle = MultiKnapsackOracle(weights, capacities)
                let solutions, values = OracleLaws.solve oracle [| gains |]
                let expected = byLoads weights capacities gains
                Assert.True(oracle.IsSolution(ReadOnlySpan solutions[0]))
                // Sums of at most fifty gains in two orders.
                Assert.True(abs (values[0] - expected) <= 100.0 * 1.2e-16 * expected, $"{values[0]} is not {expected}"))

        testTheory
            "Gains over thirty orders of magnitude and gains with ties find the first of the best, by both searches"
            [ 0; 1; 2 ]
            (fun (kind: int) ->
                let random = Random(17 + kind)

                for _ in 1..300 do
                    let d, constraints = 1 + random.Next 9, 1 + random.Next 4
                    let weights = Array.init (d * constraints) (fun _ -> random.Next 20)
                    let capacities = Array.init constraints (fun _ -> 19 + random.Next(10 * d))

                    let gains =
                        Array.init d (fun _ ->
                            match kind with
                            | 0 -> random.NextDouble() + 0.1
                            | 1 -> (random.NextDouble() + 0.1) * Math.Pow(10.0, float (random.Next(-15, 16)))
                            | _ -> float (1 + random.Next 4))

                    // In falling order of gain per share, as the oracle sorts items, so that both searches have one rule for ties.
                    let share (i: int) =
                        Seq.sum (
                            seq {
                                for k in 0 .. constraints - 1 do
                                    float weights[i * constraints + k] / float capacities[k]
                            }
                        )

                    let order =
                        [| 0 .. d - 1 |]
                        |> Array.sortBy (fun i -> if share i > 0.0 then -gains[i] / share i else -infinity)

                    let weights =
                        order
                        |> Array.collect (fun i -> Array.sub weights (i * constraints) constraints)

                    let gains = order |> Array.map (fun i -> gains[i])
                    let units = gains |> Array.map exact

                    let fits (selection: uint64) =
                        Seq.forall
                            (fun k ->
                                Seq.sum (
                                    seq {
                                        for i in 0 .. d - 1 do
                                            if selection >>> i &&& 1UL = 1UL then
                                                weights[i * constraints + k]
                                    }
                                )
                                <= capacities[k])
                            (seq { 0 .. constraints - 1 })

                    let value (selection: uint64) =
                        Seq.fold
                            (fun total i ->
                                if selection >>> i &&& 1UL = 1UL then
                                    total + units[i]
                                else
                                    total)
                            BigInteger.Zero
                            (seq { 0 .. d - 1 })

                    // Of equal ones that which takes the first item at which they differ: the greatest with its bits turned round.
                    let turned (selection: uint64) =
                        Seq.fold (fun total i -> total * 2UL + (selection >>> i &&& 1UL)) 0UL (seq { 0 .. d - 1 })

                    let expected =
                        seq { 0UL .. (1UL <<< d) - 1UL }
                        |> Seq.filter fits
                        |> Seq.maxBy (fun s -> value s, turned s)

                    let unit = 0.999 * CommonUnit.Of(ReadOnlySpan gains)

                    let found =
                        MultiKnapsackSearch(constraints).Solve(ReadOnlySpan gains, unit, weights, capacities, 0UL)

                    Assert.Equal(expected, found)

                    let matrix = Array2D.init constraints d (fun k i -> weights[i * constraints + k])

                    let solutions, _ =
                        OracleLaws.solve (MultiKnapsackOracle(matrix, capacities)) [| gains |]

                    let chosen =
                        Seq.fold
                            (fun total i ->
                                if solutions[0][i] = 1.0 then
                                    total ||| (1UL <<< i)
                                else
                                    total)
                            0UL
                            (seq { 0 .. d - 1 })

                    if kind = 1 then
                        // Within the rounding of its own terms.
                        Assert.True(value expected - value chosen <= value expected / BigInteger(1L <<< 48))
                    else
                        Assert.Equal(expected, chosen))

        testCase "A cancelled token stops a search, and the solver answers the next call" (fun () ->
            let weights, capacities, gains = correlated 1
            let oracle = MultiKnapsackOracle(weights, capacities)
            let solver = oracle.CreateSolver()
            let expected, _ = OracleLaws.solve oracle [| gains |]
            solver.Cancellation <- CancellationToken true

            Assert.Throws<OperationCanceledException>(fun () ->
                OracleLaws.solveWith solver oracle [| gains |] |> ignore)
            |> ignore

            solver.Cancellation <- CancellationToken.None
            Assert.Equal<float[]>(expected[0], (OracleLaws.solveWith solver oracle [| gains |] |> fst)[0]))

        testCase
            "The common unit of whole numbers, halves and tenths is found, and that of random numbers is 0"
            (fun () ->
                let unit (numbers: float list) =
                    CommonUnit.Of(ReadOnlySpan(Array.ofList numbers))

                Assert.Equal(3.0, unit [ 6.0; 9.0; 300.0 ])
                Assert.Equal(0.5, unit [ 1.5; 2.0 ])
                Assert.True(abs (unit [ 0.1; 0.2; 0.3; 0.7 ] - 0.1) < 1e-15)
                Assert.Equal(0.0, unit [ 0.7310585786300049; 0.30151134457776363; 0.5547001962252291 ])
                Assert.Equal(0.0, unit [ 1.0; 1e-16 ])
                Assert.Equal(0.0, unit []))
    ]
