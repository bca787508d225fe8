/// Tier (c): every design and baseline against exact values, over independent keys, within 5 standard errors.
module Perturbed.Functional.Tests.Theory.ClosedForms.SamplingTests

open Expecto
open Perturbed.Functional
open Perturbed.Functional.Tests.Theory
open Perturbed.Functional.Tests.Theory.ClosedForms.Comparison
open Xunit

let private theta = [| 0.4; -0.3; 0.6; 1.1 |]

let private cotangent = [| 1.0; -0.5; 2.0; 0.3 |]

// 5 standard errors over keys: a right estimate fails one comparison with probability 6·10⁻⁷; keys are fixed.
let private within5 (resolution: float) (expected: float[]) (actual: Uncertain<float[]>) (context: string) : unit =
    for i in 0 .. expected.Length - 1 do
        let gap = abs (actual.Value[i] - expected[i])

        Assert.True(
            actual.StandardErrors[i] <= resolution,
            $"{context}, number {i}: the standard error {actual.StandardErrors[i]} tells nothing."
        )

        Assert.True(
            gap <= 5.0 * actual.StandardErrors[i] + 1e-12,
            $"{context}, number {i}: {actual.Value[i]} ± {actual.StandardErrors[i]} is not {expected[i]}"
        )

/// F, y, gᵀJ and row 0 of J by the formula from solutions; y and ∇²F v out of values where they hold.
let private answers (op: Smoothed) : float[] =
    let y, back = Smoothed.pullback theta op

    [|
        if op.Noise.HasMean then
            Smoothed.maximum theta op
        yield! y
        yield! back cotangent
        yield! (Smoothed.jacobian theta op)[0, *]
        if op.Noise.HasMean then
            yield! (Smoothed.maximizerOfMaximum theta op).Value

            if op.Noise.HasCurvature then
                yield! (Smoothed.hessianVectorBy DerivativeFormula.OfMaximum cotangent theta op).Value
    |]

let private oracles =
    [
        Oracle.argmax 4
        Oracle.topK 2 4
        Oracle.ranking 4
        Oracle.box [| 0.0; -1.0; 0.0; 2.0 |] [| 1.0; 1.0; 3.0; 2.0 |]
    ]

let tests: Test list =
    [
        testCase
            "Every design is unbiased under every baseline, for every noise that allows it, whole groups or not"
            (fun () ->
                let reductions =
                    [ VarianceReduction.None; VarianceReduction.Baseline; VarianceReduction.LeaveOneOut ]

                let mutable turn = 0

                for noise in
                    [ Noise.gaussian; Noise.gumbel; Noise.logistic; Noise.laplace; Noise.cauchy; Noise.studentT 3.0 ] do
                    for design in Designs.on noise do
                        for reduction in reductions do
                            turn <- turn + 1
                            let oracle = oracles[turn % 4]
                            // Whole groups, an odd last one, and a single group.
                            let samples = [| 16; 21; 5 |][turn % 3]

                            let op =
                                perturb oracle noise 0.7 samples
                                |> Smoothed.withSampling design
                                |> Smoothed.withVarianceReduction reduction

                            let truth = answers (Smoothed.exact op)
                            let found = overKeys 4000 (fun key -> op |> Smoothed.withKey key |> answers)
                            within5 0.7 truth found $"{op}, {reduction}")

        // The covariance Σ of N(0, Σ) enters a comparison of two as √(Σ_ii + Σ_jj − 2Σ_ij): P(θ_i + εZ_i > θ_j + εZ_j) = Φ((θ_i − θ_j)/(ε·that)).
        testCase
            "Correlated Gaussian noise is unbiased under every design: ranks are sums of normal probabilities"
            (fun () ->
                let covariance =
                    array2D [
                        [ 2.0; 0.5; -0.3; 0.0 ]
                        [ 0.5; 1.0; 0.2; 0.1 ]
                        [ -0.3; 0.2; 0.7; 0.0 ]
                        [ 0.0; 0.1; 0.0; 1.5 ]
                    ]

                let ranks =
                    Array.init 4 (fun i ->
                        1.0
                        + Seq.sum (
                            seq {
                                for j in 0..3 do
                                    if j <> i then
                                        let spread =
                                            sqrt (covariance[i, i] + covariance[j, j] - 2.0 * covariance[i, j])

                                        cdf ((theta[i] - theta[j]) / (0.7 * spread))
                            }
                        ))

                for design in Designs.all do
                    let op =
                        perturb (Oracle.ranking 4) Designs.correlated 0.7 21
                        |> Smoothed.withSampling design

                    let found =
                        overKeys 2000 (fun key -> op |> Smoothed.withKey key |> Smoothed.maximizer theta)

                    within5 0.02 ranks found (string op))

        // The variance over N keys has a relative error of √(2/N) (more for heavy tails: κ − 1 in place of 2, κ < 6 here); the mean of squared
        // standard errors less. 5 of their joint errors: 0.25 at N = 2000.
        testCase
            "Squared standard errors average to the variance over keys, under every design with more than one group"
            (fun () ->
                for design in Designs.all do
                    for samples in [ 32; 45 ] do
                        let op =
                            perturb (Oracle.ranking 4) Noise.gaussian 0.7 samples
                            |> Smoothed.withSampling design

                        if (Designs.groupsOf op).Length > 2 then
                            let runs =
                                Key.create 5UL
                                |> Key.split 2000
                                |> Array.map (fun key ->
                                    let op = Smoothed.withKey key op
                                    let estimate = Smoothed.estimate theta op
                                    let product = Smoothed.vectorJacobian cotangent theta op

                                    [|
                                        estimate.Maximum, estimate.MaximumStandardError
                                        estimate.Maximizer[0], estimate.MaximizerStandardErrors[0]
                                        product.Value[0], product.StandardErrors[0]
                                    |])

                            for i in 0..2 do
                                let values = runs |> Array.map (fun r -> fst r[i])
                                let mean = Array.average values
                                let variance = (values |> Array.sumBy (fun v -> (v - mean) ** 2.0)) / 1999.0
                                let claimed = runs |> Array.averageBy (fun r -> snd r[i] ** 2.0)
                                // Leave-one-out takes the others' mean as given: of order 1/G too small with G groups.
                                let groups = float (Designs.groupsOf op).Length
                                let slack = 0.25 + (if i = 2 then 2.0 / groups else 0.0)

                                Assert.True(
                                    abs (claimed / variance - 1.0) <= slack,
                                    $"{op}, number {i}: {claimed} against {variance}"
                                )
                        else
                            let estimate = Smoothed.estimate theta op
                            Assert.True(System.Double.IsNaN estimate.MaximumStandardError)

                            Assert.True(
                                System.Double.IsNaN (Smoothed.vectorJacobian cotangent theta op).StandardErrors[0]
                            ))

        // Ranking is odd about its centre along antithetic pairs and near linear at ε = 1: the variance must fall to less than half, by a margin
        // of many errors; the direction of the effect is what a wrong pairing would lose.
        testCase "Designs do what they are for: less variance of the mean at the same number of samples" (fun () ->
            let variance (design: SamplingDesign) =
                let op =
                    perturb (Oracle.ranking 4) Noise.gaussian 1.0 64 |> Smoothed.withSampling design

                let found =
                    overKeys 500 (fun key -> op |> Smoothed.withKey key |> Smoothed.maximizer theta)

                found.StandardErrors |> Array.sumBy (fun e -> e * e)

            let independent = variance SamplingDesign.Independent

            for design, share in
                [
                    SamplingDesign.Antithetic, 0.5
                    SamplingDesign.AntitheticOrthogonal, 0.5
                    SamplingDesign.LatinHypercube 1, 0.5
                    SamplingDesign.Sobol 1, 0.2
                ] do
                Assert.True(variance design < share * independent, $"{design}"))
    ]
