/// Tier (a): products with the Jacobian agree with one another, batches with single rows, losses with their bounds.
module Perturbed.Functional.Tests.Theory.ExactLaws.DerivativeLaws

open System
open Expecto
open Perturbed.Functional
open Perturbed.Functional.Tests.Theory
open Perturbed.Functional.Tests.Theory.Reproduction
open Perturbed.Functional.Tests.Theory.Vertices
open Perturbed.Suite
open Xunit

let private reductions =
    [| VarianceReduction.None; VarianceReduction.Baseline; VarianceReduction.LeaveOneOut |]

/// Some setting of every kind: additive or multiplicative, one ε or one for each coordinate, any baseline.
let private varied (case: Cases.Case) : Smoothed =
    let random = Random case.Seed
    let op = case.Smoothed |> Smoothed.withVarianceReduction reductions[case.Seed % 3]

    match case.Seed / 3 % 3 with
    | 0 -> op
    // A power tail has no multiplicative maximum.
    | 1 when op.Noise.ExponentialRate > 0.25 ->
        op
        |> Smoothed.withEpsilon 0.25
        |> Smoothed.withPerturbation Perturbation.Multiplicative
    | _ ->
        op
        |> Smoothed.withEpsilons (Array.init case.Theta.Length (fun _ -> 0.1 + random.NextDouble()))

let tests: Test list =
    [
        property
            200
            "<g, J u> = <J' g, u> = g' J u: jacobianVector, vectorJacobian, pullback and jacobian are one matrix"
            (fun () ->
                // Scores of the Gumbel are exponential in −z, so that they may be 10⁹ times their size elsewhere; the bound scales with them.
                Cases.forAll Cases.all Cases.noises (fun case ->
                    let op = varied case
                    let random = Random(case.Seed + 1)
                    let k, d = op.Oracle.SolutionDimension, op.Oracle.Dimension
                    let g, u = Cases.vector random 1.0 k, Cases.vector random 1.0 d
                    let forward = dot g (Smoothed.jacobianVector u case.Theta op).Value
                    let backward = dot (Smoothed.vectorJacobian g case.Theta op).Value u
                    let jacobian = Smoothed.jacobian case.Theta op
                    let full = dot g (Array.init k (fun i -> dot jacobian[i, *] u))
                    let pulled = dot (snd (Smoothed.pullback case.Theta op) g) u
                    let law = Laws.ofNoise op.Noise

                    let scale (j: int) =
                        let epsilon =
                            if op.Epsilon.Length = 1 then
                                op.Epsilon[0]
                            else
                                op.Epsilon[j]

                        match op.Perturbation with
                        | Perturbation.Additive -> 1.0 / epsilon
                        | Perturbation.Multiplicative -> abs (1.0 / (epsilon * case.Theta[j]))

                    // All four sum the M k d products g_i (y_i − c_i) s_j u_j in another order; each order errs by at most (M + k + d + 8) u Σ|…|.
                    let largest =
                        case.Problem.Vertices |> Array.map (Array.map abs >> Array.max) |> Array.max

                    let left = 2.0 * largest * Array.sumBy abs g

                    let right =
                        Cases.noiseOf op
                        |> Array.averageBy (fun z ->
                            Array.sum (Array.init d (fun j -> abs (law.Score z[j] * u[j]) * scale j)))

                    let slack =
                        4.0 * float (op.Samples + k + d + 8) * Cases.roundoff * left * right * 2.0

                    equal forward backward slack
                    equal forward full slack
                    equal backward pulled slack))

        property 200 "A row of a batch has the bits of the single row of the same number" (fun () ->
            Cases.forAll Cases.all Cases.noisesWithMean (fun case ->
                let op = varied case
                let random = Random(case.Seed + 2)
                let d, k = op.Oracle.Dimension, op.Oracle.SolutionDimension
                let thetas = [| case.Theta; case.Other; Cases.vector random 1.0 d |]

                let targets =
                    Array.init 3 (fun r -> case.Problem.Vertices[(case.Seed + r) % case.Problem.Vertices.Length])

                let batch = array2D thetas
                let cotangents = array2D (Array.init 3 (fun _ -> Cases.vector random 1.0 k))
                let maxima, maximizers = Batch.maximum batch op, Batch.maximizer batch op
                let jacobians = Batch.jacobian batch op
                let back = (Batch.vectorJacobian cotangents batch op).Value

                let losses, gradients =
                    FenchelYoung.valueAndGradientBatch batch (array2D targets) op

                for r in 0..2 do
                    let single = op |> Smoothed.withFirstRow (int64 r)
                    Assert.Equal(Smoothed.maximum thetas[r] single, maxima[r])
                    Assert.Equal<float[]>(Smoothed.maximizer thetas[r] single, maximizers[r, *])
                    Assert.Equal<float[,]>(Smoothed.jacobian thetas[r] single, jacobians[r, *, *])

                    Assert.Equal<float[]>(
                        (Smoothed.vectorJacobian cotangents[r, *] thetas[r] single).Value,
                        back[r, *]
                    )

                    let loss, gradient = FenchelYoung.valueAndGradient thetas[r] targets[r] single
                    Assert.Equal(loss.Value, losses[r].Value)
                    Assert.Equal<float[]>(gradient, gradients[r, *])))

        property
            200
            "A Fenchel-Young loss at a solution is at least eps <mean z - E Z, y>, so at least 0 in expectation"
            (fun () ->
                let problems = Cases.all |> Array.filter (fun p -> p.Oracle.Polytope.IsHull |> not)

                Cases.forAll problems Cases.noisesWithMean (fun case ->
                    let y = case.Problem.Vertices[case.Seed % case.Problem.Vertices.Length]
                    let loss = FenchelYoung.value case.Theta y case.Smoothed
                    let law = Laws.ofNoise case.Smoothed.Noise

                    let shift = Cases.noiseOf case.Smoothed |> mean |> Array.map (fun z -> z - law.Mean)

                    let lower = case.Smoothed.Epsilon[0] * dot shift y
                    Assert.True(loss.IsTrueLoss)
                    atMost loss.Value lower (Cases.rounding case [| case.Theta |])))

        property
            200
            "The loss at y_eps(theta') is the Bregman divergence of F_eps from theta' to theta: at least 0, and 0 at theta'"
            (fun () ->
                Cases.forAll Cases.all Cases.noisesWithMean (fun case ->
                    let op = case.Smoothed
                    let y = Smoothed.maximizer case.Other op
                    let gap theta = (FenchelYoung.value theta y op).Value
                    let f theta = Smoothed.maximum theta op

                    let divergence =
                        f case.Theta - f case.Other - dot y (subtract case.Theta case.Other)

                    let slack = Cases.rounding case [| case.Theta; case.Other |]
                    equal (gap case.Theta - gap case.Other) divergence slack
                    atMost divergence 0.0 slack
                    Assert.All(FenchelYoung.gradient case.Other y op, (fun g -> Assert.Equal(0.0, g)))))

        property
            200
            "The Fenchel-Young loss is convex in theta and its gradient is the mean argmax minus the target"
            (fun () ->
                Cases.forAll Cases.all Cases.noisesWithMean (fun case ->
                    let op = case.Smoothed
                    let y = case.Problem.Vertices[case.Seed % case.Problem.Vertices.Length]
                    let here, gradient = FenchelYoung.valueAndGradient case.Theta y op
                    let there = FenchelYoung.value case.Other y op
                    Assert.Equal<float[]>(subtract (Smoothed.maximizer case.Theta op) y, gradient)
                    let tangent = here.Value + dot gradient (subtract case.Other case.Theta)
                    atMost there.Value tangent (Cases.rounding case [| case.Theta; case.Other |])))

        testCase
            "(F_eps)* = eps Omega: the dual solved at y_eps(theta) gives <theta, y> - F_eps on the same noise"
            (fun () ->
                for problem in [ Cases.argmax 3; Cases.topK 2 4; Cases.ranking [| 1.0; 2.0; 3.0 |] ] do
                    for noise in [ Noise.gaussian; Noise.gumbel; Noise.logistic ] do
                        let epsilon = 0.5

                        let op =
                            perturb problem.Oracle noise epsilon 4000 |> Smoothed.withKey (Key.create 17UL)

                        let theta = Array.init problem.Oracle.Dimension (fun i -> 0.3 * float i - 0.2)
                        let y = Smoothed.maximizer theta op
                        let tolerance = 4e-3
                        let dual = Regularizer.solveAt tolerance y op
                        let conjugate = (dot theta y - Smoothed.maximum theta op) / epsilon
                        // The dual is a supremum, reached at θ/ε; by concavity the solver's value is below by at most the residual times the distance.
                        let distance =
                            Array.sumBy abs (subtract (scaled (1.0 / epsilon) theta) dual.Gradient)

                        Assert.InRange(dual.Residual, 0.0, tolerance)
                        Assert.InRange(conjugate - dual.Value, -1e-12, tolerance * distance + 1e-12))
    ]
