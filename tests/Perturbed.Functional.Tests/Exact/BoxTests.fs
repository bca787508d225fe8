/// Boxes and signs, whose exact forms are the distribution function of the noise and the integral of its tails.
module Perturbed.Functional.Tests.Exact.BoxTests

open System
open Expecto
open Perturbed.Functional
open Perturbed.Functional.Tests.Exact.Settings
open Xunit

let private lower = [| -1.0; 0.0; 2.0; -3.0; 0.0 |]

let private upper = [| 1.0; 1.0; 2.0; 5.0; 1.0 |]

let private boxes: Smoothed list =
    [
        for oracle in [ Oracle.box lower upper; Oracle.sign 5; Oracle.unitBox 5 ] do
            for noise in noises do
                let scalar = perturb oracle noise 0.8 100 |> Smoothed.exact
                scalar
                Smoothed.withEpsilons epsilons scalar
    ]

[<Tests>]
let tests =
    testList "Exact.Box" [
        testCase
            "The exact box is its lower bound and the width times the upper tail of the noise, with the density in the Jacobian"
            (fun () ->
                for noise in noises do
                    let law = noise :?> ICoordinateLaw

                    let op =
                        perturb (Oracle.box lower upper) noise 1.0 1
                        |> Smoothed.withEpsilons epsilons
                        |> Smoothed.exact

                    let t = Array.map2 (fun theta e -> -theta / e) theta epsilons
                    let y = Array.init 5 (fun i -> lower[i] + (upper[i] - lower[i]) * law.Survival t[i])
                    allNear 1e-15 y (Smoothed.maximizer theta op)
                    let jacobian = Smoothed.jacobian theta op

                    for i in 0..4 do
                        for j in 0..4 do
                            let slope = (upper[i] - lower[i]) * law.Density t[i] / epsilons[i]
                            near 1e-15 (if i = j then slope else 0.0) jacobian[i, j])

        // E max(X, 0) of X = θ + εZ: θ Φ(θ/ε) + ε φ(θ/ε) under the normal law, ε log(1 + e^(θ/ε)) under the logistic.
        testCase
            "The exact maximum of the unit box is the mean of the positive parts, in closed form for normal and logistic noise"
            (fun () ->
                let unitBox (noise: INoise) =
                    perturb (Oracle.unitBox 5) noise 0.8 1
                    |> Smoothed.exact
                    |> Smoothed.maximum theta

                let normal = Noise.gaussian :?> ICoordinateLaw

                theta
                |> Array.sumBy (fun t -> t * normal.Cdf(t / 0.8) + 0.8 * normal.Density(t / 0.8))
                |> fun expected -> near 1e-13 expected (unitBox Noise.gaussian)

                theta
                |> Array.sumBy (fun t -> 0.8 * log (1.0 + exp (t / 0.8)))
                |> fun expected -> near 1e-13 expected (unitBox Noise.logistic)

                // Laplace: max(θ, 0) + ε e^(−|θ|/ε)/2.
                theta
                |> Array.sumBy (fun t -> max t 0.0 + 0.4 * exp (-(abs t) / 0.8))
                |> fun expected -> near 1e-13 expected (unitBox Noise.laplace))

        // A central difference of step 1e-4 errs by h²/6 times a third derivative of order ε⁻³ ≤ 40 times the width 8, and rounding of 1e-14/h.
        testCase
            "Box: the gradient of the maximum is the maximizer, and the Jacobian is its derivative, by differences"
            (fun () ->
                let h = 1e-4

                let moved i h =
                    theta |> Array.mapi (fun j t -> if i = j then t + h else t)

                for op in boxes do
                    let jacobian = Smoothed.jacobian theta op
                    let y = Smoothed.maximizer theta op

                    for i in 0..4 do
                        if op.Noise.HasMean then
                            let slope =
                                (Smoothed.maximum (moved i h) op - Smoothed.maximum (moved i -h) op) / (2.0 * h)

                            near 1e-5 y[i] slope

                        let up, down = Smoothed.maximizer (moved i h) op, Smoothed.maximizer (moved i -h) op

                        for j in 0..4 do
                            near 1e-5 ((up[j] - down[j]) / (2.0 * h)) jacobian[j, i])

        // 240 comparisons at 6 standard errors: a false alarm has probability 5e-7 over keys; the key is fixed.
        testCase
            "Box: exact values lie within 6 standard errors of sampled ones, and halving the panels moves nothing"
            (fun () ->
                for op in boxes do
                    let sampled =
                        op
                        |> Smoothed.sampled
                        |> Smoothed.withSamples 100_000
                        |> Smoothed.estimate theta

                    let exact = Smoothed.estimate theta op

                    for i in 0..4 do
                        // The error of a share p is √(p(1 − p)/M), which no sample tells where p is small.
                        let bounds =
                            Oracle.solve (Array.create 5 -1.0) op.Oracle, Oracle.solve (Array.create 5 1.0) op.Oracle

                        let low, high = (fst bounds)[i], (snd bounds)[i]

                        let error =
                            sqrt (max 0.0 ((exact.Maximizer[i] - low) * (high - exact.Maximizer[i])) / 1e5)

                        let gap = abs (sampled.Maximizer[i] - exact.Maximizer[i])
                        Assert.True(gap <= 6.0 * error + 1e-12, $"{op}, entry {i}")

                    // Student's t of 3 degrees of freedom has a variance, so its mean obeys a standard error.
                    if op.Noise.HasMean then
                        let gap = abs (sampled.Maximum - exact.Maximum)
                        Assert.True(gap <= 6.0 * sampled.MaximumStandardError, $"{op}: {gap}")

                        match Exact.tryForm op.Settings 1.0, Exact.tryForm op.Settings 2.0 with
                        | Ok form, Ok finer -> near 1e-13 (finer.Maximum theta) (form.Maximum theta)
                        | _ -> Assert.Fail "no form")

        testCase "Box: far theta gives a bound and its value, and a loss at a vertex is whole and at least 0" (fun () ->
            for op in boxes do
                if op.Epsilon.Length = 1 then
                    let scores = [| 1e30; -1e30; 1e30; 1e30; -1e30 |]
                    let solution = Oracle.solve scores op.Oracle
                    // The heaviest tail, Student's of one half, falls as 1/√(size/ε).
                    allNear 1e-13 solution (Smoothed.maximizer scores op)

                    if op.Noise.HasMean then
                        near 1e-12 1.0 (Smoothed.maximum scores op / dot scores solution)
                        let loss = FenchelYoung.value theta solution op
                        Assert.True(loss.IsTrueLoss && loss.Value >= 0.0)
                        Assert.Equal(0.0, loss.StandardError))
    ]
