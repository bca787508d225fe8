/// Tier (d): derivatives of every sampling design against finite differences of its own values, on shared samples.
module Perturbed.Functional.Tests.Theory.FiniteDifferences.SamplingDifferenceTests

open System
open Expecto
open Perturbed.Functional
open Perturbed.Functional.Tests.Theory
open Xunit

let private theta = [| 0.4; -0.3; 0.6; 1.1 |]

let private moved (i: int) (h: float) : float[] =
    theta |> Array.mapi (fun j t -> if i = j then t + h else t)

let tests: Test list =
    [
        // A convex function's central difference lies between its slopes at the two ends: no tolerance but the rounding of values below 10 over 2h.
        testCase
            "Under every design the central difference of F_eps lies between the maximizers at both ends"
            (fun () ->
                for noise in [ Noise.gaussian; Noise.gumbel; Designs.correlated ] do
                    for design in Designs.on noise do
                        let op = perturb (Oracle.ranking 4) noise 0.7 2001 |> Smoothed.withSampling design

                        for i in 0..3 do
                            let h = 0.01
                            let low, high = moved i -h, moved i h
                            let slope = (Smoothed.maximum high op - Smoothed.maximum low op) / (2.0 * h)
                            let y (at: float[]) = (Smoothed.maximizer at op)[i]

                            Assert.True(
                                y low - 1e-10 <= slope && slope <= y high + 1e-10,
                                $"{op}: {slope} is not in [{y low}, {y high}]"
                            )

                            Assert.True(y high - y low < 0.2, $"{op}: the slopes are too far apart to tell."))

        // The smoothing of a smooth map: its value's central difference on shared samples is the mean of f′(θ + εz), the score's estimate another
        // mean with the same expectation. 6 standard errors of the latter, whose variance is many times that of the former; groups enough for a
        // normal tail. h² f‴/6 is below 1e-8.
        testCase
            "Under every design the Jacobian of a smooth map's smoothing is the central difference of its value"
            (fun () ->
                let f (x: float[]) =
                    [| sin x[0] + x[1] * x[2]; cos (x[3] - x[0]) |]

                for noise in [ Noise.gaussian; Noise.logistic; Designs.correlated ] do
                    for design in
                        [
                            SamplingDesign.Antithetic
                            SamplingDesign.LatinHypercube 60
                            SamplingDesign.Sobol 60
                            if noise.Name.Contains "gaussian" then
                                SamplingDesign.Orthogonal
                                SamplingDesign.AntitheticOrthogonal
                        ] do
                        let smoothed =
                            SmoothedFunction.create 4 2 f noise 0.5 6000
                            |> SmoothedFunction.configure (Smoothed.withSampling design)

                        let jacobian = SmoothedFunction.jacobian theta smoothed

                        for j in 0..3 do
                            let h = 1e-4

                            let value (at: float[]) =
                                (SmoothedFunction.value at smoothed).Value

                            let slope =
                                Array.map2
                                    (fun up down -> (up - down) / (2.0 * h))
                                    (value (moved j h))
                                    (value (moved j -h))

                            for i in 0..1 do
                                let gap = abs (slope[i] - jacobian.Value[i, j])
                                let error = jacobian.StandardErrors[i, j]

                                Assert.True(
                                    error < 0.1,
                                    $"{design}, {noise.Name}: the standard error {error} tells nothing."
                                )

                                Assert.True(
                                    gap <= 6.0 * error + 1e-7,
                                    $"{design}, {noise.Name}, ({i}, {j}): {gap} against {error}"
                                ))
    ]
