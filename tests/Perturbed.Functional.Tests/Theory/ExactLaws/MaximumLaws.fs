/// Tier (a): what holds of F_ε and its gradient draw by draw, on shared noise. Tolerances are bounds of rounding errors.
module Perturbed.Functional.Tests.Theory.ExactLaws.MaximumLaws

open System
open Expecto
open Perturbed.Functional
open Perturbed.Functional.Tests.Theory
open Perturbed.Functional.Tests.Theory.Reproduction
open Perturbed.Functional.Tests.Theory.Vertices
open Perturbed.Suite
open Xunit

let private bits (values: float[]) =
    values |> Array.map BitConverter.DoubleToInt64Bits

let tests: Test list =
    [
        property 200 "F_eps lies above its tangent at every theta, draw by draw" (fun () ->
            Cases.forAll Cases.all Cases.noisesWithMean (fun case ->
                let single = case.Smoothed |> Smoothed.withSamples 1

                for op in [ case.Smoothed; single ] do
                    let at, slope = Smoothed.maximum case.Theta op, Smoothed.maximizer case.Theta op
                    let tangent = at + dot slope (subtract case.Other case.Theta)
                    atMost (Smoothed.maximum case.Other op) tangent (Cases.rounding case [| case.Theta; case.Other |])))

        property 200 "F_eps is convex on shared noise" (fun () ->
            Cases.forAll Cases.all Cases.noisesWithMean (fun case ->
                let f theta = Smoothed.maximum theta case.Smoothed

                for t in [ 0.25; 0.5; 0.9 ] do
                    let between = add (scaled (1.0 - t) case.Theta) (scaled t case.Other)
                    let chord = (1.0 - t) * f case.Theta + t * f case.Other
                    atMost chord (f between) (Cases.rounding case [| case.Theta; case.Other |])))

        property 200 "The gradient of F_eps is monotone on shared noise" (fun () ->
            Cases.forAll Cases.all Cases.noises (fun case ->
                let y theta = Smoothed.maximizer theta case.Smoothed

                let growth =
                    dot (subtract (y case.Other) (y case.Theta)) (subtract case.Other case.Theta)

                atMost growth 0.0 (Cases.rounding case [| case.Theta; case.Other |])))

        property 200 "F_eps is R_C-Lipschitz on shared noise" (fun () ->
            Cases.forAll Cases.all Cases.noisesWithMean (fun case ->
                let f theta = Smoothed.maximum theta case.Smoothed
                let distance = norm (subtract case.Other case.Theta)

                atMost
                    (radius case.Problem.Vertices * distance)
                    (abs (f case.Other - f case.Theta))
                    (Cases.rounding case [| case.Theta; case.Other |])))

        property 200 "F_eps is the mean of inner products of the samples with their perturbed theta" (fun () ->
            Cases.forAll Cases.all Cases.noisesWithMean (fun case ->
                let epsilon = case.Smoothed.Epsilon[0]
                let samples = Smoothed.samples case.Theta case.Smoothed |> rows

                let fromNoise =
                    Array.map2 (fun y z -> dot y z) samples (Cases.noiseOf case.Smoothed)
                    |> Array.average

                equal
                    (dot (Smoothed.maximizer case.Theta case.Smoothed) case.Theta
                     + epsilon * fromNoise)
                    (Smoothed.maximum case.Theta case.Smoothed)
                    (Cases.rounding case [| case.Theta |])))

        property
            200
            "The gradient of F_eps on shared noise is the mean argmax: inside a linear piece differences are exact"
            (fun () ->
                Cases.forAll Cases.all Cases.noisesWithMean (fun case ->
                    let op = case.Smoothed
                    let direction = subtract case.Other case.Theta

                    let drawn theta =
                        Smoothed.samples theta op |> Seq.cast<float> |> Array.ofSeq

                    let here = drawn case.Theta

                    // The first of h = 1, ½, ¼ … that changes no sample: F_{ε,M} is then linear between the two ends.
                    let step =
                        Seq.initInfinite (fun i -> Math.ScaleB(1.0, -i))
                        |> Seq.find (fun h -> drawn (add case.Theta (scaled h direction)) = here)

                    let there = add case.Theta (scaled step direction)

                    equal
                        (dot (Smoothed.maximizer case.Theta op) (subtract there case.Theta))
                        (Smoothed.maximum there op - Smoothed.maximum case.Theta op)
                        (Cases.rounding case [| case.Theta; there |])))

        property
            200
            "A shift of every coordinate shifts F_eps and leaves the maximizer, where solutions sum to a constant"
            (fun () ->
                Cases.forAll Cases.balanced Cases.noisesWithMean (fun case ->
                    let shift = case.Other[0] - case.Theta[0]
                    let moved = case.Theta |> Array.map (fun t -> t + shift)
                    let sum = Array.sum case.Problem.Vertices[0]
                    let slack = Cases.rounding case [| case.Theta; moved |]
                    let f theta = Smoothed.maximum theta case.Smoothed
                    equal (f case.Theta + shift * sum) (f moved) slack

                    // The solutions of the moved problem are as good for the first one: rounding may only choose between ties.
                    let gap =
                        Array.map2
                            (fun y z ->
                                let eta = add case.Theta (scaled case.Smoothed.Epsilon[0] z)
                                dot (argmaxOver case.Problem.Vertices eta) eta - dot y eta)
                            (Smoothed.samples moved case.Smoothed |> rows)
                            (Cases.noiseOf case.Smoothed)

                    atMost 0.0 (Array.max gap) slack))

        property
            200
            "F_eps(theta) = eps F_1(theta / eps) and y_eps(theta) = y_1(theta / eps), to the bit for powers of two"
            (fun () ->
                Cases.forAll Cases.all Cases.noisesWithMean (fun case ->
                    let epsilon = case.Smoothed.Epsilon[0]
                    let unit = case.Smoothed |> Smoothed.withEpsilon 1.0
                    let reduced = scaled (1.0 / epsilon) case.Theta
                    let maximum = Smoothed.maximum case.Theta case.Smoothed
                    Assert.Equal(maximum, epsilon * Smoothed.maximum reduced unit)

                    Assert.Equal<int64[]>(
                        bits (Smoothed.maximizer reduced unit),
                        bits (Smoothed.maximizer case.Theta case.Smoothed)
                    )

                    Assert.Equal<float[,]>(Smoothed.samples reduced unit, Smoothed.samples case.Theta case.Smoothed)))

        property 200 "F_eps(theta) = eps F_1(theta / eps) for any eps, within rounding" (fun () ->
            Cases.forAll Cases.all Cases.noisesWithMean (fun case ->
                let epsilon = 0.1 + Random(case.Seed).NextDouble()
                let op = case.Smoothed |> Smoothed.withEpsilon epsilon
                let unit = case.Smoothed |> Smoothed.withEpsilon 1.0
                let reduced = scaled (1.0 / epsilon) case.Theta
                let slack = Cases.rounding { case with Smoothed = op } [| case.Theta |]
                equal (epsilon * Smoothed.maximum reduced unit) (Smoothed.maximum case.Theta op) slack))

        property 200 "F is positively homogeneous, and F_eps jointly in theta and eps" (fun () ->
            Cases.forAll Cases.all Cases.noisesWithMean (fun case ->
                let factor = Math.ScaleB(1.0, case.Seed % 9 - 4)
                let moved = scaled factor case.Theta

                let wider =
                    case.Smoothed |> Smoothed.withEpsilon (factor * case.Smoothed.Epsilon[0])

                Assert.Equal<float[]>(
                    Oracle.solve case.Theta case.Problem.Oracle,
                    Oracle.solve moved case.Problem.Oracle
                )

                Assert.Equal(factor * Smoothed.maximum case.Theta case.Smoothed, Smoothed.maximum moved wider)))

        property 200 "F + eps <y, mean z> <= F_eps <= F + eps F_1(0), on shared noise" (fun () ->
            Cases.forAll Cases.all Cases.noisesWithMean (fun case ->
                let epsilon = case.Smoothed.Epsilon[0]
                let solution = Oracle.solve case.Theta case.Problem.Oracle
                let unperturbed = dot solution case.Theta
                let zero = Array.zeroCreate case.Theta.Length
                let atZero = case.Smoothed |> Smoothed.withEpsilon 1.0 |> Smoothed.maximum zero
                let smoothed = Smoothed.maximum case.Theta case.Smoothed

                let lower =
                    unperturbed + epsilon * dot solution (mean (Cases.noiseOf case.Smoothed))

                let slack = Cases.rounding case [| case.Theta |]
                atMost smoothed lower slack
                atMost (unperturbed + epsilon * atZero) smoothed slack))

        property
            200
            "The smoothed solution loses at most eps (F_1(0) - <y, mean z>) of the optimum, on shared noise"
            (fun () ->
                Cases.forAll Cases.all Cases.noisesWithMean (fun case ->
                    let solution = Oracle.solve case.Theta case.Problem.Oracle

                    let loss =
                        dot solution case.Theta
                        - dot (Smoothed.maximizer case.Theta case.Smoothed) case.Theta

                    let zero = Array.zeroCreate case.Theta.Length
                    let atZero = case.Smoothed |> Smoothed.withEpsilon 1.0 |> Smoothed.maximum zero
                    let constant = atZero - dot solution (mean (Cases.noiseOf case.Smoothed))
                    let slack = Cases.rounding case [| case.Theta |]
                    atMost loss 0.0 slack
                    atMost (case.Smoothed.Epsilon[0] * constant) loss slack))

        property
            200
            "With eps below half the gap between the best two vertices over the noise, the maximizer is the vertex itself"
            (fun () ->
                Cases.forAll Cases.all Cases.noises (fun case ->
                    let values =
                        case.Problem.Vertices |> Array.map (dot case.Theta) |> Array.sortDescending

                    let gap = values[0] - values[1]

                    let noise =
                        Cases.noiseOf case.Smoothed
                        |> Array.map (Array.map abs >> Array.max)
                        |> Array.max

                    let longest = case.Problem.Vertices |> Array.map (Array.sumBy abs) |> Array.max

                    if gap > 1e-6 * longest * (Array.map abs case.Theta |> Array.max) then
                        let op = case.Smoothed |> Smoothed.withEpsilon (0.4 * gap / (longest * noise))

                        Assert.Equal<float[]>(
                            Oracle.solve case.Theta case.Problem.Oracle,
                            Smoothed.maximizer case.Theta op
                        )))
    ]
