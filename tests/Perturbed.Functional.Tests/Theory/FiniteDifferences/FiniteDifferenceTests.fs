/// Tier (d): derivatives against finite differences under common random numbers (the same key on both sides).
module Perturbed.Functional.Tests.Theory.FiniteDifferences.FiniteDifferenceTests

open System
open Expecto
open Perturbed.Functional
open Perturbed.Functional.Tests.Theory
open Perturbed.Functional.Tests.Theory.Vertices
open Perturbed.Functional.Tests.Theory.ClosedForms.Comparison
open Xunit

let private moved (theta: float[]) (i: int) (h: float) =
    theta |> Array.mapi (fun j t -> if i = j then t + h else t)

let private problems =
    [
        Cases.argmax 3
        Cases.topK 2 4
        Cases.ranking [| 1.0; 2.0; 3.0; 4.0 |]
        Cases.finiteSet Cases.someRows
        Cases.grid 2 3
    ]

let private perturbations = [ Perturbation.Additive; Perturbation.Multiplicative ]

let private operator (problem: Cases.Problem) (noise: INoise) (perturbation: Perturbation) =
    perturb problem.Oracle noise 0.5 20000
    |> Smoothed.withKey (Key.create 81UL)
    |> Smoothed.withPerturbation perturbation

let private thetaOf (problem: Cases.Problem) =
    Cases.vector (Random 8) 1.0 problem.Oracle.Dimension

/// A convex function's central difference lies between its slopes at the two ends: no tolerance is chosen.
let private between (low: float) (high: float) (actual: float) =
    let slack = 1e-8 // rounding of values of size 10 over 2h = 0.002, some 1e-12 in the values
    Assert.True(low - slack <= actual && actual <= high + slack, $"{actual} is not in [{low}, {high}]")
    Assert.True(high - low < 0.05, $"The slopes {low} and {high} are too far apart to tell.")

/// The central difference of the maximizer with its standard error, from the samples on both sides.
let private maximizerDifference (h: float) (i: int) (theta: float[]) (op: Smoothed) : Uncertain<float[]> =
    let above = Smoothed.samples (moved theta i h) op
    let below = Smoothed.samples (moved theta i -h) op
    let n = float op.Samples
    let k = op.Oracle.SolutionDimension

    let column j =
        Array.init op.Samples (fun m -> (above[m, j] - below[m, j]) / (2.0 * h))

    let columns = Array.init k column

    {
        Value = columns |> Array.map Array.average
        LeftOut = 0
        StandardErrors =
            columns
            |> Array.map (fun values ->
                let mean = Array.average values
                sqrt (Array.sumBy (fun v -> (v - mean) * (v - mean)) values / (n - 1.0) / n))
    }

let tests: Test list =
    [
        testCase "The central difference of F_eps lies between the maximizers at both ends, on shared noise" (fun () ->
            for problem in problems do
                for noise in [ Noise.gaussian; Noise.gumbel; Noise.studentT 5.0 ] do
                    let op = operator problem noise Perturbation.Additive
                    let theta = thetaOf problem
                    let h = 1e-3
                    let here = Smoothed.maximizer theta op

                    for i in 0 .. theta.Length - 1 do
                        let above, below = moved theta i h, moved theta i -h
                        let difference = (Smoothed.maximum above op - Smoothed.maximum below op) / (2.0 * h)
                        let low, high = (Smoothed.maximizer below op)[i], (Smoothed.maximizer above op)[i]
                        between low high difference
                        between low high here[i])

        testCase
            "The central difference of the Fenchel-Young value lies between the gradients at both ends, additive and multiplicative"
            (fun () ->
                for problem in problems do
                    for perturbation in perturbations do
                        let op = operator problem Noise.gaussian perturbation
                        let theta = thetaOf problem
                        let target = problem.Vertices[1]
                        let h = 1e-3

                        for i in 0 .. theta.Length - 1 do
                            let above, highest = FenchelYoung.valueAndGradient (moved theta i h) target op
                            let below, lowest = FenchelYoung.valueAndGradient (moved theta i -h) target op
                            between lowest[i] highest[i] ((above.Value - below.Value) / (2.0 * h)))

        testCase "The Jacobian is the finite difference of the maximizer, additive and multiplicative" (fun () ->
            let theta = [| 0.9; 0.5; 1.2 |]

            for problem in [ Cases.argmax 3; Cases.topK 2 3; Cases.ranking [| 1.0; 2.0; 3.0 |] ] do
                for perturbation in perturbations do
                    for law in [ Laws.gaussian; Laws.centredGumbel; Laws.logistic ] do
                        let op = operator problem law.Noise perturbation |> Smoothed.withSamples 30000

                        let jacobian =
                            op
                            |> Smoothed.withKey (Key.create 82UL)
                            |> Smoothed.jacobianBy DerivativeFormula.OfMaximizer theta

                        let h = 0.05

                        for j in 0..2 do
                            let difference = maximizerDifference h j theta op

                            for i in 0..2 do
                                let error =
                                    sqrt (difference.StandardErrors[i] ** 2.0 + jacobian.StandardErrors[i, j] ** 2.0)

                                // The bias of the difference is h²/6 of a third derivative: of the order of (range of y)/ε³ = 8·2, below 0.01.
                                within 0.07 difference.Value[i] jacobian.Value[i, j] (error + 0.01 / errors))

        testCase "The Jacobian of the Gaussian ranking is the finite difference of its closed form" (fun () ->
            let theta = [| 0.4; -0.2; 0.9; 0.1 |]
            let epsilon, h = 0.7, 1e-4
            let op = perturb (Oracle.ranking 4) Noise.gaussian epsilon 60000
            let jacobian = Smoothed.jacobianBy DerivativeFormula.OfMaximizer theta op

            for j in 0..3 do
                let above, below =
                    gaussianRanking epsilon (moved theta j h), gaussianRanking epsilon (moved theta j -h)

                for i in 0..3 do
                    // The error of the difference is below 1e-8.
                    within 0.03 ((above[i] - below[i]) / (2.0 * h)) jacobian.Value[i, j] jacobian.StandardErrors[i, j])

        testCase "Products with the Jacobian are finite differences of the maximizer along a direction" (fun () ->
            let theta, u, g = [| 0.4; -0.2; 0.9 |], [| 1.0; -0.5; 0.3 |], [| 0.2; 1.0; -1.5 |]
            let epsilon, h = 0.7, 1e-4
            let op = perturb (Oracle.ranking 3) Noise.gaussian epsilon 60000

            let y t =
                gaussianRanking epsilon (add theta (scaled t u))

            let expected = scaled (1.0 / (2.0 * h)) (subtract (y h) (y -h))
            Smoothed.jacobianVector u theta op |> allWithin 0.03 expected

            Smoothed.hessianVectorBy DerivativeFormula.OfMaximizer u theta op
            |> allWithin 0.03 expected

            Smoothed.hessianVectorBy DerivativeFormula.OfMaximum u theta op
            |> allWithin 0.3 expected

            let back =
                Array.init 3 (fun j ->
                    dot
                        g
                        (scaled
                            (1.0 / (2.0 * h))
                            (subtract
                                (gaussianRanking epsilon (moved theta j h))
                                (gaussianRanking epsilon (moved theta j -h)))))

            Smoothed.vectorJacobian g theta op |> allWithin 0.06 back)

        testCase
            "The Jacobian of a smoothed function is the finite difference of its value, on shared noise where it is smooth"
            (fun () ->
                // E sin(θ + εZ) = exp(−ε²/2) sin θ for Gaussian noise, and its product with another coordinate.
                let f (x: float[]) = [| sin x[0]; sin x[0] * x[1] |]
                let theta, epsilon, h = [| 0.4; 1.3 |], 0.5, 1e-4

                let smoothing = SmoothedFunction.create 2 2 f Noise.gaussian epsilon 100000

                let shrink = exp (-epsilon * epsilon / 2.0)
                let value = SmoothedFunction.value theta smoothing

                value
                |> allWithin 5e-3 [| shrink * sin theta[0]; shrink * sin theta[0] * theta[1] |]

                let jacobian = SmoothedFunction.jacobian theta smoothing

                for j in 0..1 do
                    let at t =
                        (SmoothedFunction.value (moved theta j t) smoothing).Value

                    let difference = scaled (1.0 / (2.0 * h)) (subtract (at h) (at -h))

                    for i in 0..1 do
                        // The difference is the mean of the true slopes on 100,000 samples, each at most 3 in size: its error is below 3/√100000.
                        within 0.02 difference[i] jacobian.Value[i, j] (jacobian.StandardErrors[i, j] + 0.01 / errors))

        testCase "The Jacobian of a smoothed step is the finite difference of its closed form" (fun () ->
            // E ⌈θ + εZ⌉ for a step at every integer: Σ_n P(θ + εZ > n) less the constant, over the integers in reach.
            let integers = [| -8.0 .. 8.0 |]

            let steps theta =
                integers |> Array.sumBy (fun n -> cdf ((theta - n) / 0.6))

            let smoothing =
                SmoothedFunction.create
                    1
                    1
                    (fun x -> [| float (integers |> Array.filter (fun n -> x[0] > n) |> Array.length) |])
                    Noise.gaussian
                    0.6
                    60000

            let theta, h = 0.8, 1e-4
            SmoothedFunction.value [| theta |] smoothing |> allWithin 0.01 [| steps theta |]

            SmoothedFunction.jacobian [| theta |] smoothing
            |> matrixWithin 0.03 (array2D [ [ (steps (theta + h) - steps (theta - h)) / (2.0 * h) ] ]))
    ]
