/// Exact expectations against formulas, against each other, and against samples.
module Perturbed.Functional.Tests.Exact.ClosedFormTests

open System
open Expecto
open MathNet.Numerics.Distributions
open Perturbed.Functional
open Perturbed.Functional.Tests.Exact.Settings
open Xunit

let private euler = 0.57721566490153286

let private phi (x: float) = Normal.CDF(0.0, 1.0, x)

let private formOf (refinement: float) (op: Smoothed) : ExactForm =
    match Exact.tryForm op.Settings refinement with
    | Ok form -> form
    | Error reason -> invalidOp reason

let private exact (oracle: Oracle) (noise: INoise) (epsilon: float) : Smoothed =
    perturb oracle noise epsilon 100 |> Smoothed.exact

let private sameForm (tolerance: float) (hasMean: bool) (expected: ExactForm) (actual: ExactForm) : unit =
    for theta in [ theta; Array.map (fun t -> 30.0 * t) theta; Array.zeroCreate 5 ] do
        allNear tolerance (expected.Maximizer theta) (actual.Maximizer theta)

        allNear tolerance (expected.Products(theta, [| vector |])[0]) (actual.Products(theta, [| vector |])[0])

        if hasMean then
            near tolerance (expected.Maximum theta) (actual.Maximum theta)

[<Tests>]
let tests =
    testList "Exact.ClosedForm" [
        testCase "Argmax under Gumbel noise is softmax and log-sum-exp" (fun () ->
            let epsilon = 0.8
            let weights = theta |> Array.map (fun t -> exp (t / epsilon))
            let p = weights |> Array.map (fun w -> w / Array.sum weights)
            let value = epsilon * log (Array.sum weights)
            let standard = exact (Oracle.argmax 5) Noise.gumbel epsilon
            allNear 1e-14 p (Smoothed.maximizer theta standard)
            near 1e-14 (value + epsilon * euler) (Smoothed.maximum theta standard)
            near 1e-14 value (exact (Oracle.argmax 5) Noise.centredGumbel epsilon |> Smoothed.maximum theta)

            let product = Smoothed.hessianVector vector theta standard
            allNear 1e-14 (Array.map2 (fun x v -> x * (v - dot p vector) / epsilon) p vector) product)

        testCase "Quadrature gives softmax where it takes the place of the closed form" (fun () ->
            for noise in [ Noise.gumbel; Noise.centredGumbel ] do
                let closed = exact (Oracle.argmax 5) noise 0.8
                let quadrature = closed |> Smoothed.withEpsilons (Array.create 5 0.8)
                allNear 1e-13 (Smoothed.maximizer theta closed) (Smoothed.maximizer theta quadrature)
                near 1e-13 (Smoothed.maximum theta closed) (Smoothed.maximum theta quadrature)

                allNear
                    1e-13
                    (Smoothed.hessianVector vector theta closed)
                    (Smoothed.hessianVector vector theta quadrature))

        // E max of d numbers: 3/(2√π) of three Gaussian ones, the harmonic number H_(d−1) of logistic ones, 3/4 of two Laplace ones,
        // log d + γ of Gumbel ones, √2 π/4 of two of Student's t with two degrees of freedom.
        testCase "The perturbed maximum at 0 is the mean of the largest number" (fun () ->
            let largest (d: int) noise =
                exact (Oracle.argmax d) noise 1.0
                |> Smoothed.withEpsilons (Array.create d 1.0)
                |> Smoothed.maximum (Array.zeroCreate d)

            near 1e-13 (1.5 / sqrt Math.PI) (largest 3 Noise.gaussian)
            near 1e-13 (25.0 / 12.0) (largest 5 Noise.logistic)
            near 1e-13 0.75 (largest 2 Noise.laplace)
            near 1e-13 (log 1000.0 + euler) (largest 1000 Noise.gumbel)
            near 1e-12 (sqrt 2.0 * Math.PI / 4.0) (largest 2 (Noise.studentT 2.0)))

        testCase "Of two coordinates the greater wins with the probability of its difference" (fun () ->
            let theta = [| 0.7; -0.2 |]
            let difference = 0.9
            let first (op: Smoothed) = (Smoothed.maximizer theta op)[0]

            for oracle, step in [ Oracle.argmax 2, 1.0; Oracle.rankingOf [| 0.0; 1.0 |], 1.0 ] do
                let op = exact oracle Noise.gaussian 1.0
                near 1e-13 (step * phi (difference / (0.6 * sqrt 2.0))) (op |> Smoothed.withEpsilon 0.6 |> first)
                let sigma = sqrt (0.3 * 0.3 + 1.4 * 1.4)
                let skewed = op |> Smoothed.withEpsilons [| 0.3; 1.4 |]
                near 1e-13 (phi (difference / sigma)) (first skewed)

                near
                    1e-13
                    (-0.2
                     + difference * phi (difference / sigma)
                     + sigma * Normal.PDF(0.0, 1.0, difference / sigma))
                    (Smoothed.maximum theta skewed)

                near 1e-13 (1.0 / (1.0 + exp (-difference / 0.6))) (exact oracle Noise.gumbel 0.6 |> first)
                near 1e-13 (0.5 + atan (difference / 1.2) / Math.PI) (exact oracle Noise.cauchy 0.6 |> first))

        testCase "The ranking is one plus the probabilities to beat each other coordinate" (fun () ->
            let beats (i: int) (j: int) =
                if i = j then
                    0.0
                else
                    phi ((theta[i] - theta[j]) / (0.8 * sqrt 2.0))

            let expected = Array.init 5 (fun i -> 1.0 + (seq { 0..4 } |> Seq.sumBy (beats i)))

            allNear 1e-13 expected (exact (Oracle.ranking 5) Noise.gaussian 0.8 |> Smoothed.maximizer theta))

        testCase "Pairs, the integral over ranks, and the sum of all top k are one ranking" (fun () ->
            for noise in noises do
                for scales in [ Array.create 5 0.8; epsilons ] do
                    let law = noise :?> ICoordinateLaw
                    let mean: float[] = Array.zeroCreate 1
                    noise.Mean(Span mean)

                    let integral (rule: unit -> OrderRule) =
                        ExactForms.byQuadrature law scales 1.0 rule

                    let ranks = integral (fun () -> RankRule 5)

                    let tops =
                        [| for k in 1..4 -> struct (1.0, integral (fun () -> TopRule(5, k))) |]
                        |> ExactForms.combine 0.0 scales mean[0]

                    sameForm 1e-12 noise.HasMean ranks tops

                    match PairLaws.tryFind law scales with
                    | ValueSome(struct (pairs, scale)) ->
                        sameForm 1e-12 noise.HasMean ranks (ExactForms.byPairs pairs scale scales mean[0])
                    | ValueNone -> ())

        // Both sides of u = 1/2, where the series and the closed form of the difference of two logistic numbers meet.
        testCase "The logistic difference has one law on both sides of where its formula changes" (fun () ->
            match PairLaws.tryFind (Noise.logistic :?> ICoordinateLaw) [| 1.0 |] with
            | ValueSome(struct (law, _)) ->
                let below, above = -0.5 + 1e-14, -0.5 - 1e-14
                near 1e-13 (law.Excess below) (law.Excess above)
                near 1e-13 (law.Cdf below) (law.Cdf above)
                near 1e-13 (law.Density below) (law.Density above)
            | ValueNone -> Assert.Fail "no law")

        // The measure of the quadrature's error: panels of half the width change nothing.
        testCase "Halving every panel changes no digit beyond 1e-13" (fun () ->
            for op in all do
                sameForm 1e-13 op.Noise.HasMean (formOf 1.0 op) (formOf 2.0 op))

        // Over all combinations 1,200 comparisons at 6 standard errors: a false alarm has probability 2.4e-6 over keys; the key is fixed.
        testCase "Exact values lie within 6 standard errors of the means of 200,000 samples" (fun () ->
            for op in all do
                let truth = Smoothed.estimate theta op
                let sampled = op |> Smoothed.sampled |> Smoothed.withSamples 200_000
                let estimate = Smoothed.estimate theta sampled

                for i in 0..4 do
                    let gap = abs (truth.Maximizer[i] - estimate.Maximizer[i])

                    Assert.True(
                        gap <= 6.0 * estimate.MaximizerStandardErrors[i] + 1e-12,
                        $"{op}, entry {i}: {truth.Maximizer[i]} against {estimate.Maximizer[i]}"
                    )

                    Assert.Equal(0.0, truth.MaximizerStandardErrors[i])

                if op.Noise.HasMean then
                    let gap = abs (truth.Maximum - estimate.Maximum)

                    Assert.True(
                        gap <= 6.0 * estimate.MaximumStandardError,
                        $"{op}: {truth.Maximum} against {estimate.Maximum}"
                    )

                    Assert.Equal(0.0, truth.MaximumStandardError))
    ]
