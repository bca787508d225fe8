/// Tier (c), Proposition 3.1: the formulas agree with one another. Errors are in standard errors (see Comparison).
module Perturbed.Functional.Tests.Theory.ClosedForms.FormulaTests

open System
open Expecto
open MathNet.Numerics.LinearAlgebra
open Perturbed.Functional
open Perturbed.Functional.Tests.Theory
open Perturbed.Functional.Tests.Theory.Vertices
open Perturbed.Functional.Tests.Theory.ClosedForms.Comparison
open Xunit

let private problems =
    [
        Cases.argmax 4
        Cases.topK 2 4
        Cases.ranking [| 1.0; 2.0; 3.0; 4.0 |]
        Cases.finiteSet Cases.someRows
        Cases.grid 2 3
    ]

let private laws = Laws.withMean |> Array.filter (fun law -> law.Noise.HasCurvature)

let private operator (problem: Cases.Problem) (noise: INoise) (key: uint64) =
    perturb problem.Oracle noise 0.6 20000 |> Smoothed.withKey (Key.create key)

let private thetaOf (problem: Cases.Problem) =
    Cases.vector (Random 6) 1.0 problem.Oracle.Dimension

/// Two independent estimates of one number: their difference is within 6 standard errors of it.
let private agree (first: float, firstError: float) (second: float, secondError: float) =
    let slack = errors * sqrt (firstError * firstError + secondError * secondError)
    Assert.True(abs (first - second) <= slack + 1e-12, $"{first} and {second} differ by more than {slack}")

let tests: Test list =
    [
        testCase "E[F score] / eps is the maximizer, for every noise with a mean" (fun () ->
            for problem in problems do
                for law in Laws.withMean do
                    let theta = thetaOf problem
                    let direct = operator problem law.Noise 61UL |> maximizerOf theta
                    let ofValues = operator problem law.Noise 62UL |> Smoothed.maximizerOfMaximum theta

                    for i in 0 .. theta.Length - 1 do
                        Assert.InRange(ofValues.StandardErrors[i], 0.0, 0.3)

                        agree
                            (direct.Value[i], direct.StandardErrors[i])
                            (ofValues.Value[i], ofValues.StandardErrors[i]))

        testCase
            "Under a multiplicative perturbation E[F score] / (eps theta) is the gradient of F_eps, the mean of y times the factor"
            (fun () ->
                for problem in problems do
                    let theta = thetaOf problem

                    let op =
                        operator problem Noise.gaussian 66UL
                        |> Smoothed.withPerturbation Perturbation.Multiplicative

                    let ofValues = Smoothed.maximizerOfMaximum theta op
                    let zero = Array.zeroCreate problem.Oracle.Dimension

                    let direct =
                        overKeys 1000 (fun key ->
                            op
                            |> Smoothed.withKey key
                            |> Smoothed.withSamples 40
                            |> FenchelYoung.gradient theta zero)

                    for i in 0 .. theta.Length - 1 do
                        agree
                            (direct.Value[i], direct.StandardErrors[i])
                            (ofValues.Value[i], ofValues.StandardErrors[i]))

        testCase "Both formulas of the Jacobian agree, under every baseline" (fun () ->
            for problem in problems do
                for law in laws do
                    let theta = thetaOf problem

                    let reference =
                        operator problem law.Noise 63UL
                        |> Smoothed.jacobianBy DerivativeFormula.OfMaximizer theta

                    for reduction in
                        [ VarianceReduction.None; VarianceReduction.Baseline; VarianceReduction.LeaveOneOut ] do
                        for formula in [ DerivativeFormula.OfMaximizer; DerivativeFormula.OfMaximum ] do
                            let other =
                                operator problem law.Noise 64UL
                                |> Smoothed.withVarianceReduction reduction
                                |> Smoothed.jacobianBy formula theta

                            Array2D.iteri
                                (fun i j value ->
                                    agree
                                        (reference.Value[i, j], reference.StandardErrors[i, j])
                                        (value, other.StandardErrors[i, j]))
                                other.Value)

        testCase "The Jacobian is symmetric and positive semi-definite: it is the Hessian of F_eps" (fun () ->
            for problem in problems do
                for law in Laws.all do
                    let jacobian =
                        operator problem law.Noise 65UL
                        |> Smoothed.jacobianBy DerivativeFormula.OfMaximizer (thetaOf problem)

                    Array2D.iteri
                        (fun i j value ->
                            let error = jacobian.StandardErrors[i, j] + jacobian.StandardErrors[j, i]
                            Assert.InRange(abs (value - jacobian.Value[j, i]), 0.0, errors * error + 1e-12))
                        jacobian.Value

                    let full = Matrix<float>.Build.DenseOfArray jacobian.Value

                    let least =
                        ((full + full.Transpose()) * 0.5).Evd().EigenValues |> Seq.map _.Real |> Seq.min
                    // By Weyl's inequality an eigenvalue errs by at most the norm of the error.
                    let slack =
                        errors
                        * (Matrix<float>.Build.DenseOfArray jacobian.StandardErrors).FrobeniusNorm()

                    Assert.True(least >= -slack)
                    // Positive along the polytope: the trace is above its error.
                    Assert.True(full.Trace() > slack))

        testCase
            "A single sample is unbiased: the mean over keys of derivatives with M = 1 or 2 is the Jacobian of the Gaussian ranking"
            (fun () ->
                let theta = [| 0.5; -0.3; 0.1 |]
                let expected = gaussianRankingJacobian 0.6 theta |> Seq.cast<float> |> Array.ofSeq

                for samples in [ 1; 2 ] do
                    for reduction in
                        [ VarianceReduction.None; VarianceReduction.Baseline; VarianceReduction.LeaveOneOut ] do
                        overKeys 10000 (fun key ->
                            perturb (Oracle.ranking 3) Noise.gaussian 0.6 samples
                            |> Smoothed.withVarianceReduction reduction
                            |> Smoothed.withKey key
                            |> Smoothed.jacobian theta
                            |> Seq.cast<float>
                            |> Array.ofSeq)
                        |> allWithin 0.09 expected)

        testCase "The standard error is the spread of the estimates over keys" (fun () ->
            // The variance over 2000 keys has a relative standard error of about √((κ − 1)/2000), κ ≤ 6 the kurtosis of an average of 100 terms: 5%.
            let theta = [| 0.5; -0.3; 0.1 |]

            let spread (estimator: Smoothed -> Uncertain<float[]>) =
                let op = perturb (Oracle.ranking 3) Noise.gaussian 0.6 100

                let both =
                    Key.create 7UL
                    |> Key.split 2000
                    |> Array.map (fun key -> op |> Smoothed.withKey key |> estimator)

                let values = both |> Array.map (fun e -> e.Value[0])
                let average = Array.average values
                let variance = values |> Array.averageBy (fun v -> (v - average) * (v - average))

                let claimed =
                    both |> Array.averageBy (fun e -> e.StandardErrors[0] * e.StandardErrors[0])

                Assert.InRange(claimed / variance, 1.0 - errors * 0.05, 1.0 + errors * 0.05)

            spread (maximizerOf theta)
            spread (Smoothed.vectorJacobian [| 1.0; 0.0; -0.5 |] theta)
            spread (Smoothed.jacobianVector [| 1.0; 0.0; -0.5 |] theta)
            spread (Smoothed.maximizerOfMaximum theta)
            spread (Smoothed.hessianVectorBy DerivativeFormula.OfMaximum [| 1.0; 0.0; -0.5 |] theta))

        testCase "The maximizer is an unbiased Monte Carlo mean whose error falls as one over the root of M" (fun () ->
            let theta = [| 0.5; -0.3; 0.1 |]

            let error samples =
                (perturb (Oracle.ranking 3) Noise.gaussian 0.6 samples |> maximizerOf theta).StandardErrors

            let coarse, fine = error 4000, error 64000
            // The standard deviation of 4000 bounded draws is known to about 2%.
            Array.iter2 (fun (c: float) f -> Assert.InRange(c / f, 4.0 * 0.85, 4.0 * 1.15)) coarse fine)
    ]
