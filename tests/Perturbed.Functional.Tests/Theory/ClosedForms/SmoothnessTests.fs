/// Tier (c), Proposition 2.2: smoothness of F_ε, strong convexity of Ω, interior points. Errors are in standard errors (see Comparison).
module Perturbed.Functional.Tests.Theory.ClosedForms.SmoothnessTests

open System
open Expecto
open MathNet.Numerics.Distributions
open MathNet.Numerics.LinearAlgebra
open Perturbed.Functional
open Perturbed.Functional.Tests.Theory
open Perturbed.Functional.Tests.Theory.Vertices
open Perturbed.Functional.Tests.Theory.ClosedForms.Comparison
open Xunit

let private problems =
    [
        Cases.argmax 3
        Cases.topK 2 4
        Cases.ranking [| 1.0; 2.0; 3.0 |]
        Cases.finiteSet Cases.someRows
        Cases.grid 2 3
    ]

let private operator (problem: Cases.Problem) (noise: INoise) (epsilon: float) =
    perturb problem.Oracle noise epsilon 20000 |> Smoothed.withKey (Key.create 41UL)

/// R_C · M_μ / ε.
let private lipschitz (problem: Cases.Problem) (noise: INoise) (epsilon: float) =
    radius problem.Vertices * noise.ScoreNorm problem.Oracle.Dimension / epsilon

let private thetaOf (problem: Cases.Problem) (seed: int) =
    Cases.vector (Random seed) 1.0 problem.Oracle.Dimension

/// Ω(y) by a fixed sample of the noise; the residual of the solver.
let private tolerance = 2e-3

let tests: Test list =
    [
        testCase "M_mu is the root mean square of the norm of the score" (fun () ->
            let noises =
                [
                    for law in Laws.all do
                        law.Noise
                    // Its score has a fourth moment for s > 4κ.
                    Noise.sumOfGamma 1.0 10 1.0
                    Noise.gaussianWith (array2D [ [ 2.0; 0.9 ]; [ 0.9; 1.0 ] ])
                ]

            for noise in noises do
                let flat =
                    Noise.sample 2 50000 (Key.create 3UL) noise |> Seq.cast<float> |> Array.ofSeq

                let score = Array.zeroCreate<float> flat.Length
                noise.Score(ReadOnlySpan flat, 2, Span score)

                let squares =
                    Array.init 50000 (fun m -> score[2 * m] * score[2 * m] + score[2 * m + 1] * score[2 * m + 1])

                let mean = Array.average squares
                let variance = squares |> Array.averageBy (fun s -> (s - mean) * (s - mean))
                within 0.1 (noise.ScoreNorm 2 ** 2.0) mean (sqrt (variance / 49999.0)))

        testCase "The gradient of F_eps is (R_C M_mu / eps)-Lipschitz between pairs of theta" (fun () ->
            for problem in problems do
                for law in Laws.all do
                    for epsilon in [ 0.3; 2.0 ] do
                        let op = operator problem law.Noise epsilon
                        let here, there = thetaOf problem 1, thetaOf problem 2
                        let a, b = maximizerOf here op, maximizerOf there op
                        let change = norm (subtract b.Value a.Value)
                        // On shared noise the error of a difference is at most the sum of both.
                        let slack = errors * norm (add a.StandardErrors b.StandardErrors)

                        Assert.True(
                            change
                            <= lipschitz problem law.Noise epsilon * norm (subtract there here) + slack
                        ))

        testCase "The Jacobian has no direction steeper than R_C M_mu / eps" (fun () ->
            for problem in problems do
                for law in Laws.all do
                    let op = operator problem law.Noise 0.5

                    let jacobian =
                        Smoothed.jacobianBy DerivativeFormula.OfMaximizer (thetaOf problem 3) op

                    let steepest = (Matrix<float>.Build.DenseOfArray jacobian.Value).L2Norm()

                    let slack =
                        errors
                        * (Matrix<float>.Build.DenseOfArray jacobian.StandardErrors).FrobeniusNorm()

                    Assert.True(steepest <= lipschitz problem law.Noise 0.5 + slack))

        testCase "The bound R_C M_mu / eps is attained: signs under Laplace noise at 0" (fun () ->
            // At 0 the solution is the score, sign z, so that without a baseline each term y ∇ν(z)/ε is 1/ε, and R_C = M_μ = 1.
            let op =
                perturb (signs 1) Noise.laplace 0.5 1000
                |> Smoothed.withVarianceReduction VarianceReduction.None

            Assert.Equal(Noise.laplace.ScoreNorm 1 / 0.5, (Smoothed.jacobian [| 0.0 |] op)[0, 0], 1e-12))

        testCase "F_eps is strictly convex along the polytope and linear across it" (fun () ->
            for problem in problems do
                for law in Laws.all do
                    let op = operator problem law.Noise 2.0
                    let theta = thetaOf problem 3
                    let along = subtract problem.Vertices[1] problem.Vertices[0]
                    let curved = Smoothed.jacobianVector along theta op
                    // Σ |u_i| se_i bounds the standard error of ⟨u, J u⟩.
                    let error =
                        Array.fold2 (fun sum u se -> sum + abs u * se) 0.0 along curved.StandardErrors

                    Assert.True(dot along curved.Value > errors * error, $"{problem.Name}, {law.Noise.Name}")

                    if Array.contains problem Cases.balanced then
                        let across = Array.create theta.Length 1.0
                        let flat = (Smoothed.vectorJacobian across theta op).Value
                        Assert.All(flat, (fun entry -> Assert.InRange(abs entry, 0.0, 1e-9))))

        testCase "Omega is 1 / (R_C M_mu)-strongly convex between pairs of interior points" (fun () ->
            for problem in [ Cases.argmax 3; Cases.topK 2 4; Cases.ranking [| 1.0; 2.0; 3.0 |] ] do
                for noise in [ Noise.gaussian; Noise.logistic; Noise.laplace ] do
                    let op = operator problem noise 1.0
                    let other = op |> Smoothed.withKey (Key.create 42UL)

                    for seed in 1..2 do
                        let y = Smoothed.maximizer (scaled 2.0 (thetaOf problem seed)) other
                        let y' = Smoothed.maximizer (scaled 2.0 (thetaOf problem (seed + 10))) other
                        let move = subtract y' y

                        let at, there =
                            Regularizer.solveAt tolerance y op, Regularizer.solveAt tolerance y' op

                        let least = dot move move / (2.0 * lipschitz problem noise 1.0)
                        let gap = there.Value - at.Value - dot at.Gradient move

                        let slack =
                            errors
                            * (at.StandardError
                               + there.StandardError
                               + norm at.GradientStandardErrors * norm move)

                        Assert.True(gap >= least - slack)
                        // The error does not hide a sign: the gap itself is positive wherever the bound is clear of it.
                        Assert.True(least < slack || gap > 0.0))

        testCase
            "Signs under Laplace noise: the maximizer is 1 - exp(-theta) from 0 up, and Omega is the integral of its inverse"
            (fun () ->
                let op =
                    perturb (signs 1) Noise.laplace 1.0 40000 |> Smoothed.withKey (Key.create 43UL)

                for y in [ -0.7; 0.0; 0.4; 0.9 ] do
                    let dual = Regularizer.solveAt 1e-3 [| y |] op
                    let left = 1.0 - abs y
                    within 0.02 (left * log left + abs y - 1.0) dual.Value dual.StandardError
                    Assert.InRange(dual.GradientStandardErrors[0], 1e-4, 0.1)
                    let slack = errors * dual.GradientStandardErrors[0] + 2e-3 / left
                    Assert.InRange(abs (dual.Gradient[0] + float (sign y) * log left), 0.0, slack))

        testCase "The box under Gaussian noise: Omega = -sum of phi(q), gradient q, the quantiles of y" (fun () ->
            let op =
                perturb (Oracle.finiteSet (array2D (cube 2))) Noise.gaussian 1.0 40000
                |> Smoothed.withKey (Key.create 44UL)

            let tolerance = 2e-4

            // Legendre: the gradient grows without bound towards the boundary, as the quantile does.
            for y in [ [| 0.5; 0.5 |]; [| 0.2; 0.9 |]; [| 0.99; 0.4 |]; [| 0.998; 0.5 |] ] do
                let quantiles = y |> Array.map (fun p -> Normal.InvCDF(0.0, 1.0, p))
                let dual = Regularizer.solveAt tolerance y op
                within 0.02 (-(quantiles |> Array.sumBy phi)) dual.Value dual.StandardError

                for i in 0..1 do
                    // The quantile of y + r, |r| ≤ tolerance; the error of a frequency is √(p(1 − p)/M), the slope of the quantile 1/phi.
                    let frequency = sqrt (y[i] * (1.0 - y[i]) / 40000.0)
                    let slack = (errors * frequency + tolerance) / phi quantiles[i]
                    // The slope grows along the way by less than half.
                    Assert.InRange(abs (dual.Gradient[i] - quantiles[i]), 0.0, 1.5 * slack)

            for outside in [ [| 1.2; 0.5 |]; [| -0.1; 0.4 |]; [| 2.0; 2.0 |] ] do
                Assert.True((Regularizer.trySolve 1e-3 outside op).IsError))

        testCase "Legendre: the gradient of Omega inverts the maximizer, on the space along the polytope" (fun () ->
            for problem in [ Cases.argmax 3; Cases.ranking [| 1.0; 2.0; 3.0 |] ] do
                let op = operator problem Noise.gaussian 1.0
                let theta = thetaOf problem 5
                let centred = theta |> Array.map (fun t -> t - Array.average theta)
                let dual = Regularizer.solveAt tolerance (Smoothed.maximizer theta op) op
                // On the same noise there is no Monte Carlo error: y differs by the residual, θ by that times the steepest slope of ∇Ω.
                let jacobian = Matrix<float>.Build.DenseOfArray(Smoothed.jacobian theta op)

                let eigenvalues =
                    ((jacobian + jacobian.Transpose()) * 0.5).Evd().EigenValues
                    |> Seq.map _.Real
                    |> Seq.sort

                let slope = 1.0 / Seq.item 1 eigenvalues
                let slack = 2.0 * sqrt 3.0 * tolerance * slope
                Assert.InRange(norm (subtract dual.Gradient centred), 0.0, slack)

                // At a vertex and in the middle of an edge the gradient would be infinite.
                for boundary in [ problem.Vertices[0]; mean problem.Vertices[..1] ] do
                    Assert.True((Regularizer.trySolve tolerance boundary op).IsError))

        testCase "Every vertex has positive probability, under every noise" (fun () ->
            for problem in problems do
                for law in Laws.all do
                    let theta = thetaOf problem 7
                    let drawn = operator problem law.Noise 2.0 |> Smoothed.distribution theta

                    for vertex in problem.Vertices do
                        let f = drawn |> Array.find (fun f -> f.Solution = vertex)
                        // Its probability is above 0 by 6 standard errors: more than 36 draws.
                        Assert.True(
                            f.Probability > errors * f.StandardError,
                            $"{problem.Name}, {law.Noise.Name}, %A{vertex}"
                        ))

        testCase "The maximizer is in the relative interior: every facet is cleared by 6 standard errors" (fun () ->
            for law in Laws.all do
                for problem in [ Cases.argmax 3; Cases.topK 2 4 ] do
                    let y = operator problem law.Noise 1.0 |> maximizerOf (thetaOf problem 8)

                    Array.iter2
                        (fun value error -> Assert.True(value > errors * error && value < 1.0 - errors * error))
                        y.Value
                        y.StandardErrors

                let problem = Cases.ranking [| 1.0; 2.0; 3.0 |]
                let y = operator problem law.Noise 1.0 |> maximizerOf (thetaOf problem 8)
                // The facets of the permutahedron: single entries below 3, pairs below 5.
                Array.iter2 (fun value error -> Assert.True(value < 3.0 - errors * error)) y.Value y.StandardErrors

                for i, j in [ 0, 1; 0, 2; 1, 2 ] do
                    let error = y.StandardErrors[i] + y.StandardErrors[j]
                    Assert.True(y.Value[i] + y.Value[j] < 5.0 - errors * error))
    ]
