/// Tier (c), Proposition 2.3: small ε, large ε, and F between. Errors are in standard errors (see Comparison).
module Perturbed.Functional.Tests.Theory.ClosedForms.TemperatureTests

open System
open Expecto
open Perturbed.Functional
open Perturbed.Functional.Tests.Theory
open Perturbed.Functional.Tests.Theory.Vertices
open Perturbed.Functional.Tests.Theory.ClosedForms.Comparison
open Xunit

// Y is closed under permutations of the coordinates.
let private exchangeable =
    [ Cases.argmax 4; Cases.topK 2 5; Cases.ranking [| 1.0; 2.0; 3.0; 4.0 |] ]

let private problems = exchangeable @ [ Cases.grid 3 3 ]

let private centred =
    [ Noise.gaussian; Noise.centredGumbel; Noise.logistic; Noise.laplace ]

let private operator (problem: Cases.Problem) (noise: INoise) (epsilon: float) (key: uint64) =
    perturb problem.Oracle noise epsilon 20000 |> Smoothed.withKey (Key.create key)

let private thetaOf (problem: Cases.Problem) =
    Cases.vector (Random 5) 1.0 problem.Oracle.Dimension

let private zero (problem: Cases.Problem) =
    Array.zeroCreate<float> problem.Oracle.Dimension

let tests: Test list =
    [
        testCase "0 <= F_eps - F <= eps F_1(0) for centred noise" (fun () ->
            for problem in problems do
                for noise in centred do
                    let theta = thetaOf problem
                    let unperturbed = dot (Oracle.solve theta problem.Oracle) theta
                    let atZero = operator problem noise 1.0 50UL |> Smoothed.estimate (zero problem)

                    for epsilon in [ 0.01; 0.3; 1.0; 10.0 ] do
                        let smoothed = operator problem noise epsilon 51UL |> Smoothed.estimate theta
                        let gap = smoothed.Maximum - unperturbed
                        let error = smoothed.MaximumStandardError
                        Assert.True(gap >= -errors * error)
                        let slack = errors * (error + epsilon * atZero.MaximumStandardError)
                        Assert.True(gap <= epsilon * atZero.Maximum + slack)
                        // The bound says something: it is well above its error.
                        Assert.True(epsilon * atZero.Maximum > 2.0 * slack))

        testCase "F <= F_eps under a multiplicative Gaussian perturbation, whose factors have mean one" (fun () ->
            for problem in problems do
                for epsilon in [ 0.1; 0.5; 1.0 ] do
                    let theta = thetaOf problem

                    let smoothed =
                        operator problem Noise.gaussian epsilon 59UL
                        |> Smoothed.withPerturbation Perturbation.Multiplicative
                        |> Smoothed.estimate theta

                    let unperturbed = dot (Oracle.solve theta problem.Oracle) theta
                    let error = smoothed.MaximumStandardError
                    Assert.InRange(error, 0.0, 0.05 * norm theta)
                    Assert.True(smoothed.Maximum >= unperturbed - errors * error))

        testCase "F_eps grows with eps for centred noise, from F" (fun () ->
            for problem in problems do
                for noise in centred do
                    let at epsilon =
                        operator problem noise epsilon 52UL |> Smoothed.estimate (thetaOf problem)

                    for smaller, larger in [ 0.1, 0.5; 0.5, 2.0; 2.0, 20.0 ] do
                        let a, b = at smaller, at larger
                        let slack = errors * (a.MaximumStandardError + b.MaximumStandardError)
                        Assert.True(b.Maximum >= a.Maximum - slack))

        testCase
            "As eps goes to 0 the maximum goes to F and the maximizer to y*(theta), at the rate eps F_1(0)"
            (fun () ->
                for problem in problems do
                    for noise in centred do
                        let theta = thetaOf problem
                        let solution = Oracle.solve theta problem.Oracle
                        let constant = operator problem noise 1.0 53UL |> Smoothed.estimate (zero problem)

                        for epsilon in [ 1.0; 0.1; 0.01 ] do
                            let y = operator problem noise epsilon 54UL |> maximizerOf theta
                            let loss = dot solution theta - dot y.Value theta

                            let error =
                                Array.fold2 (fun sum t se -> sum + abs t * se) 0.0 theta y.StandardErrors

                            let slack = errors * (error + epsilon * constant.MaximumStandardError)
                            Assert.InRange(loss, -1e-12, epsilon * constant.Maximum + slack)

                        let y = operator problem noise 1e-6 55UL |> Smoothed.estimate theta
                        Assert.Equal<float[]>(solution, y.Maximizer)
                        within 1e-6 (dot solution theta) y.Maximum (y.MaximumStandardError + 1e-7))

        testCase "As eps goes to infinity the maximizer goes to y_1(0): the barycentre for independent noise" (fun () ->
            for problem in exchangeable do
                for law in Laws.all do
                    let theta = thetaOf problem
                    let barycentre = mean problem.Vertices
                    let epsilon = 1e5

                    operator problem law.Noise 1.0 56UL
                    |> maximizerOf (zero problem)
                    |> allWithin 0.02 barycentre
                    // By Proposition 2.2 the distance from y_1(0) is at most R_C M_μ ‖θ‖/ε, below the standard error.
                    let distance =
                        radius problem.Vertices * law.Noise.ScoreNorm theta.Length * norm theta
                        / epsilon

                    let y = operator problem law.Noise epsilon 57UL |> maximizerOf theta
                    Assert.True(distance < Array.max y.StandardErrors)

                    allWithin
                        0.02
                        barycentre
                        { y with
                            StandardErrors = y.StandardErrors |> Array.map (fun se -> se + distance / errors)
                        })

        testCase "y_1(0) is the argmin of Omega, and -F_1(0) its minimum" (fun () ->
            for problem in [ Cases.argmax 4; Cases.topK 2 5; Cases.ranking [| 1.0; 2.0; 3.0 |] ] do
                let op = operator problem Noise.gaussian 1.0 58UL
                let atZero = Smoothed.estimate (zero problem) op
                let least = Regularizer.solveAt 1e-3 (Smoothed.maximizer (zero problem) op) op
                // On the same noise: θ = 0 is the exact solution, reached before the first step.
                Assert.Equal(-atZero.Maximum, least.Value, 1e-12)
                Assert.Equal(0, least.Iterations)

                for seed in 1..3 do
                    let theta = Cases.vector (Random seed) 1.0 problem.Oracle.Dimension
                    let y = Smoothed.maximizer theta op
                    Assert.True((Regularizer.solveAt 2e-3 y op).Value > least.Value))
    ]
