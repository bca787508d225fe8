/// Real gains as whole numbers, and what that may cost.
module Perturbed.Functional.OrTools.Tests.ScaleTests

open System
open Perturbed.Functional
open Perturbed.Functional.OrTools.Tests.Models
open Expecto
open Xunit

let private exponent (bits: int) (theta: float[]) : int =
    IntegerScale.exponent bits (ReadOnlySpan theta) [||]

let private loss (bits: int) (distance: float) (theta: float[]) : float =
    IntegerScale.loss bits distance (ReadOnlySpan theta) [||]

[<Tests>]
let tests =
    testList "Scale" [
        testCase "Gains of any size have so many bits and lose half a unit at most" (fun () ->
            let random = random 1

            for _ in 1..2000 do
                let bits = random.Next(1, 53)
                let size = Math.Pow(10.0, float (random.Next(-290, 281)))
                let theta = gains random 6 |> Array.map (fun t -> size * t)
                let e = exponent bits theta
                let largest = theta |> Array.map abs |> Array.max
                let whole = theta |> Array.map (IntegerScale.round e)
                Assert.InRange(whole |> Array.map abs |> Array.max, 1L <<< (bits - 1), 1L <<< bits)

                for i in 0..5 do
                    let back = Math.ScaleB(float whole[i], -e)
                    Assert.True(abs (back - theta[i]) <= loss bits 1.0 theta)

                Assert.True(loss bits 1.0 theta <= largest * Math.ScaleB(1.0, -bits)))

        testCase "Whole numbers that fit lose nothing" (fun () ->
            Assert.Equal(0, exponent 10 [| 3.0; -1024.0; 0.0 |])
            Assert.Equal(0.0, loss 10 5.0 [| 3.0; -1024.0; 0.0 |])
            Assert.Equal(0, exponent 10 [| 0.0; 0.0 |])
            Assert.NotEqual(0, exponent 10 [| 3.0; -1025.0 |])
            Assert.NotEqual(0, exponent 10 [| 0.5 |]))

        testCase "Bits shrink where sums over the variables could pass 2^60" (fun () ->
            Assert.Equal(40, IntegerScale.bits 40 100.0)
            Assert.Equal(29, IntegerScale.bits 40 (Math.ScaleB(1.0, 30)))
            Assert.Equal(1, IntegerScale.bits 40 (Math.ScaleB(1.0, 70))))

        testCase "The loss of optimality is within the bound, and reaches a part of it" (fun () ->
            let random = random 2
            let mutable worst = 0.0

            for _ in 1..150 do
                let bits = random.Next(1, 5)
                let weights = Array.init 7 (fun _ -> random.Next(1, 12))
                let model, taken = knapsack weights 20

                let options =
                    { OrToolsOptions.Default with
                        ObjectiveBits = bits
                    }

                let oracle = OrToolsOracle.ofCpModelWith options taken model
                let theta = gains random 7
                let best = Oracle.knapsack weights 20 |> Oracle.solve theta
                let answer = oracle |> Oracle.solve theta
                let distance = Array.map2 (fun a b -> abs (a - b)) best answer |> Array.sum
                let lost = value best theta - value answer theta
                let bound = oracle.Implementation.Shortfall(ReadOnlySpan theta, distance)
                Assert.True(lost <= bound + 1e-12, $"{lost} of {bound}")

                if bound > 0.0 then
                    worst <- max worst (lost / bound)

            Assert.InRange(worst, 0.01, 1.0))
    ]
