module Perturbed.Experiments.Tests.MeanCostTests

open System
open Expecto
open Perturbed.Experiments
open Perturbed.Functional
open Xunit

[<Tests>]
let tests =
    testList "MeanCost" [
        testCase "costs get the given mean in every row, and the pullback is the derivative" (fun () ->
            let random = Random 3
            let theta = Array2D.init 3 7 (fun _ _ -> -0.1 - random.NextDouble())
            let cotangent = Array2D.init 3 7 (fun _ _ -> random.NextDouble() - 0.5)
            let value, pullback = MeanCost.fix 2.5 theta

            for r in 0..2 do
                Assert.Equal(-2.5, Array.average value[r, *], 12)

            let along (t: float[,]) =
                Seq.map2 (*) (Seq.cast<float> cotangent) (Seq.cast<float>(fst (MeanCost.fix 2.5 t)))
                |> Seq.sum

            let back = pullback cotangent
            let h = 1e-5

            // Rounding of order 1e-15/h and truncation of order h².
            theta
            |> Array2D.iteri (fun r i t ->
                let moved step =
                    let copy = Array2D.copy theta
                    copy[r, i] <- t + step
                    along copy

                let quotient = (moved h - moved -h) / (2.0 * h)
                Assert.True(abs (quotient - back[r, i]) < 1e-7, $"({r}, {i}): {quotient}, {back[r, i]}")))
    ]
