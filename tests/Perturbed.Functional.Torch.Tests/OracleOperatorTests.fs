/// Operators of the core on tensors: the core's numbers, values and derivatives.
module Perturbed.Functional.Torch.Tests.OracleOperatorTests

open System
open Expecto
open TorchSharp
open Perturbed.Functional
open Perturbed.Functional.Torch.Tests.Helpers
open Xunit

let private path =
    Oracle.ofFunction 6 (fun theta -> theta |> Array.map (fun t -> if t > 0.2 then 1.0 else 0.0))

let private operators: (string * Smoothed) list =
    let key = Key.create 11UL

    [
        "argmax, gaussian", perturb (Oracle.argmax 6) Noise.gaussian 0.7 25
        "ranking, gumbel", perturb (Oracle.ranking 6) Noise.gumbel 1.3 25
        "top 2, centred gumbel", perturb (Oracle.topK 2 6) Noise.centredGumbel 0.6 25
        "ranking, logistic", perturb (Oracle.ranking 6) Noise.logistic 0.4 25
        "argmax, laplace", perturb (Oracle.argmax 6) Noise.laplace 0.8 25
        "argmax, cauchy", perturb (Oracle.argmax 6) Noise.cauchy 0.8 25
        "ranking, student", perturb (Oracle.ranking 6) (Noise.studentT 5.0) 0.8 25
        "argmax, sum of gammas", perturb (Oracle.argmax 6) (Noise.sumOfGamma 1.0 10 1.0) 0.8 25
        "own function", perturb path Noise.gaussian 0.5 25
        "one sample", perturb (Oracle.ranking 6) Noise.gaussian 0.9 1
        "scales",
        perturb (Oracle.ranking 6) Noise.gaussian 0.9 25
        |> Smoothed.withEpsilons [| 0.1; 0.2; 0.5; 1.0; 2.0; 3.0 |]
        "multiplicative",
        perturb (Oracle.ranking 6) Noise.gaussian 0.5 25
        |> Smoothed.withPerturbation Perturbation.Multiplicative
        "no baseline",
        perturb (Oracle.ranking 6) Noise.gaussian 0.9 25
        |> Smoothed.withVarianceReduction VarianceReduction.None
        // A constant in the score cancels under a mean baseline: here it would show.
        for noise in [ Noise.gumbel; Noise.logistic; Noise.laplace; Noise.cauchy; Noise.studentT 3.0 ] do
            $"no baseline, {noise.Name}",
            perturb (Oracle.argmax 6) noise 0.9 25
            |> Smoothed.withVarianceReduction VarianceReduction.None

        "baseline",
        perturb (Oracle.ranking 6) Noise.gaussian 0.9 25
        |> Smoothed.withVarianceReduction VarianceReduction.Baseline
        "later rows", perturb (Oracle.ranking 6) Noise.gaussian 0.9 25 |> Smoothed.withFirstRow 1000L
        for design in
            [
                SamplingDesign.Antithetic
                SamplingDesign.Orthogonal
                SamplingDesign.AntitheticOrthogonal
                SamplingDesign.LatinHypercube 5
                SamplingDesign.Sobol 5
            ] do
            $"{design}", perturb (Oracle.ranking 6) Noise.gaussian 0.9 25 |> Smoothed.withSampling design

        "exact", perturb (Oracle.ranking 6) Noise.gaussian 0.9 25 |> Smoothed.exact
    ]
    |> List.map (fun (name, op) -> name, Smoothed.withKey key op)

// Sums of 25 samples in double precision, of terms below a few hundred: 1e-11 is a thousand roundings.
let private rounding (expected: float[]) : float = 1e-11 * size expected

[<Tests>]
let tests =
    testList "OracleOperator" [
        testCase "The maximizer has the bits of the core's" (fun () ->
            for _, op in operators do
                let theta = thetas 5 6 1UL
                let expected = Batch.maximizer theta op |> flatten
                Assert.Equal<float[]>(expected, Torch.ofSmoothed op |> Torch.maximizer (tensor theta) |> values)
                Assert.Equal<float[]>(expected, Torch.ofSmoothed op |> Torch.maximizer (leaf theta) |> values))

        testCase "The gradient of the maximizer is the core's pullback on the same key" (fun () ->
            for name, op in operators do
                let theta, cotangent = thetas 5 6 1UL, thetas 5 6 2UL
                let expected = snd (Batch.pullback theta op) cotangent |> flatten
                let x = leaf theta

                let actual =
                    pull (Torch.ofSmoothed op |> Torch.maximizer x) (tensor cotangent) x |> values

                Assert.True(largestGap expected actual <= rounding expected, $"{name}: {largestGap expected actual}"))

        testCase "Too many samples to keep give the same gradient through the Jacobian" (fun () ->
            // 8 · 4 · 450,000 · 20 bytes are more than 256 MiB.
            let op = perturb (Oracle.argmax 10) Noise.gaussian 0.7 450_000
            let theta, cotangent = thetas 4 10 1UL, thetas 4 10 2UL
            let expected = snd (Batch.pullback theta op) cotangent |> flatten
            let x = leaf theta

            let actual =
                pull (Torch.ofSmoothed op |> Torch.maximizer x) (tensor cotangent) x |> values
            // Sums of 450,000 terms of either sign of about 1, in two orders.
            assertWithin 1e-9 expected actual)

        testCase "The gradient of the Fenchel-Young loss is the mean solution less the target, to the bit" (fun () ->
            for name, op in operators do
                if op.Noise.HasMean then
                    let theta = thetas 5 6 1UL
                    let target = Batch.maximizer (thetas 5 6 3UL) op
                    let losses, gradient = FenchelYoung.valueAndGradientBatch theta target op
                    let x = leaf theta
                    let y = Torch.ofSmoothed op |> Torch.fenchelYoung x (tensor target)
                    Assert.Equal<float[]>(losses |> Array.map _.Value, values y)
                    let actual = pull y (torch.ones_like y) x |> values
                    Assert.True((flatten gradient = actual), name))

        testCase "The gradient of the maximum is the mean solution" (fun () ->
            let op = perturb (Oracle.ranking 6) Noise.gaussian 0.9 25
            let theta = thetas 5 6 1UL
            let x = leaf theta
            let y = Torch.ofSmoothed op |> Torch.maximum x
            Assert.Equal<float[]>(Batch.maximum theta op, values y)
            Assert.Equal<float[]>(Batch.maximizer theta op |> flatten, pull y (torch.ones_like y) x |> values))

        testCase
            "A quotient of differences of the maximum lies between its derivatives at the ends, draw by draw"
            (fun () ->
                // F_ε on fixed noise is convex, so this holds exactly; differences of numbers of about 20 over 2e-3 lose 1e-11.
                let op = perturb (Oracle.ranking 6) Noise.gaussian 0.9 25 |> Torch.ofSmoothed
                let theta, direction = tensor (thetas 3 6 1UL), tensor (thetas 3 6 4UL)

                let along (step: float) =
                    (theta + direction * step.ToScalar()).detach().requires_grad_ true

                let valueAndDerivative (step: float) =
                    let x = along step
                    let y = Torch.maximum x op
                    values y, (pull y (torch.ones_like y) x * direction).sum -1L |> values

                let low, atLow = valueAndDerivative -1e-3
                let high, atHigh = valueAndDerivative 1e-3

                for r in 0..2 do
                    let quotient = (high[r] - low[r]) / 2e-3
                    Assert.InRange(quotient, atLow[r] - 1e-10, atHigh[r] + 1e-10))

        testCase "Bad input is refused with the parameter's name" (fun () ->
            let op = perturb (Oracle.ranking 6) Noise.gaussian 0.9 25 |> Torch.ofSmoothed

            let refused (name: string) (words: string) (act: unit -> Tensor) =
                let e = Assert.ThrowsAny<ArgumentException>(fun () -> act () |> ignore)
                Assert.Equal(name, e.ParamName)
                Assert.Contains(words, e.Message)

            refused "theta" "[2, 5]" (fun () -> op.Maximizer(torch.zeros ([| 2L; 5L |])))

            refused "theta" "Int64" (fun () ->
                op.Maximizer(torch.zeros ([| 2L; 6L |], dtype = Nullable torch.ScalarType.Int64)))

            refused "theta" "scalar" (fun () -> op.Maximizer(torch.tensor 1.0f))
            refused "theta" "null" (fun () -> op.Maximizer(Unchecked.defaultof<Tensor>))

            refused "theta" "[1, 0]" (fun () ->
                op.Maximizer(torch.cat [| torch.zeros [| 1L; 6L |]; torch.full ([| 1L; 6L |], nan.ToScalar()) |]))

            refused "target" "[6]" (fun () -> op.FenchelYoung(torch.zeros [| 2L; 6L |], torch.zeros [| 6L |]))

            let zero =
                perturb (Oracle.ranking 6) Noise.gaussian 0.9 25
                |> Smoothed.withPerturbation Perturbation.Multiplicative
                |> Torch.ofSmoothed

            refused "theta" "row 0" (fun () -> zero.Maximizer((torch.zeros [| 2L; 6L |]).requires_grad_ true)))
    ]
