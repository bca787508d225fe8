/// Tier (c), Proposition 2.1's example: Gumbel noise on the simplex is the Gibbs distribution.
module Perturbed.Functional.Tests.Theory.ClosedForms.GumbelSimplexTests

open Expecto
open Perturbed.Functional
open Perturbed.Functional.Tests.Theory
open Perturbed.Functional.Tests.Theory.ClosedForms.Comparison
open Xunit

let private theta = [| 0.3; -0.9; 1.1; 0.0 |]

let private operator (noise: INoise) (epsilon: float) (samples: int) =
    perturb (Oracle.argmax 4) noise epsilon samples
    |> Smoothed.withKey (Key.create 21UL)

let private softmax (epsilon: float) =
    let weights = theta |> Array.map (fun t -> exp (t / epsilon))
    weights |> Array.map (fun w -> w / Array.sum weights)

let private settings =
    [
        for noise in [ Noise.gumbel; Noise.centredGumbel ] do
            for epsilon in [ 0.3; 1.0; 4.0 ] -> noise, epsilon
    ]

let tests: Test list =
    [
        testCase "Under Gumbel noise p_theta is the Gibbs distribution" (fun () ->
            for noise, epsilon in settings do
                let drawn = operator noise epsilon 200000 |> Smoothed.distribution theta
                let expected = softmax epsilon

                for f in drawn do
                    within 2e-3 expected[Array.findIndex ((=) 1.0) f.Solution] f.Probability f.StandardError)

        testCase "Under Gumbel noise the maximizer is softmax(theta / eps)" (fun () ->
            for noise, epsilon in settings do
                operator noise epsilon 200000
                |> maximizerOf theta
                |> allWithin 2e-3 (softmax epsilon))

        testCase
            "Under Gumbel noise F_eps is eps logsumexp(theta / eps), plus eps gamma where the noise is not centred"
            (fun () ->
                for noise, epsilon in settings do
                    let estimate = operator noise epsilon 200000 |> Smoothed.estimate theta
                    let logSum = epsilon * log (theta |> Array.sumBy (fun t -> exp (t / epsilon)))
                    let expected = logSum + epsilon * (Laws.ofNoise noise).Mean
                    within (4e-3 * epsilon) expected estimate.Maximum estimate.MaximumStandardError)

        testCase "Under Gumbel noise both formulas of the Jacobian give (diag p - p p') / eps" (fun () ->
            for noise, epsilon in settings do
                let p = softmax epsilon

                let expected =
                    Array2D.init 4 4 (fun i j -> ((if i = j then p[i] else 0.0) - p[i] * p[j]) / epsilon)

                let op = operator noise epsilon 200000

                op
                |> Smoothed.jacobianBy DerivativeFormula.OfMaximizer theta
                |> matrixWithin (3e-3 / epsilon) expected

                op
                |> Smoothed.jacobianBy DerivativeFormula.OfMaximum theta
                |> matrixWithin (2e-2 / epsilon) expected)

        testCase
            "Under Gumbel noise the dual gives Omega = sum y log y and its gradient log y, up to a shift"
            (fun () ->
                let y = [| 0.1; 0.4; 0.3; 0.2 |]
                let entropy = y |> Array.sumBy (fun p -> p * log p)
                let logs = y |> Array.map log
                let expected = logs |> Array.map (fun l -> l - Array.average logs)
                let tolerance = 2e-4

                for noise in [ Noise.gumbel; Noise.centredGumbel ] do
                    let dual = operator noise 1.0 50000 |> Regularizer.solveAt tolerance y
                    within 6e-3 (entropy - (Laws.ofNoise noise).Mean) dual.Value dual.StandardError
                    // The point found has y*(θ) = y + r with |r| ≤ tolerance, which moves each log by at most this.
                    let moved = 2.0 * log (1.0 + tolerance / (Array.min y - tolerance))

                    for i in 0..3 do
                        Assert.InRange(dual.GradientStandardErrors[i], 1e-4, 0.03)

                        Assert.InRange(
                            abs (dual.Gradient[i] - expected[i]),
                            0.0,
                            moved + errors * dual.GradientStandardErrors[i]
                        ))

        testCase
            "The Fenchel-Young loss on the simplex under Gumbel noise is eps KL(y, softmax(theta / eps))"
            (fun () ->
                let y = [| 0.1; 0.4; 0.3; 0.2 |]

                for noise, epsilon in settings do
                    let p = softmax epsilon
                    let divergence = Array.map2 (fun yi pi -> yi * log (yi / pi)) y p |> Array.sum
                    let loss = operator noise epsilon 200000 |> FenchelYoung.value theta y
                    Assert.True loss.IsTrueLoss
                    within (4e-3 * epsilon) (epsilon * divergence) loss.Value loss.StandardError
                    // At a vertex it is the logistic loss −ε log p_i.
                    let atVertex =
                        operator noise epsilon 200000 |> FenchelYoung.value theta (Vertices.oneHot 4 1)

                    within (4e-3 * epsilon) (-epsilon * log p[1]) atVertex.Value atVertex.StandardError)
    ]
