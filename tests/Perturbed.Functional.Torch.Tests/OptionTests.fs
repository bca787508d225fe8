/// Settings of operators that are changed by copies, and antithetic pairs on devices.
module Perturbed.Functional.Torch.Tests.OptionTests

open System
open Expecto
open TorchSharp
open Perturbed.Functional
open Perturbed.Functional.Torch.Tests.Helpers
open Xunit

let private antithetic (solver: TensorSolver) (noise: INoise) (samples: int) : TensorOperator =
    Torch.perturb solver noise 0.9 samples
    |> Torch.withSampling SamplingDesign.Antithetic

let private noises =
    [
        Noise.gaussian
        Noise.gumbel
        Noise.centredGumbel
        Noise.logistic
        Noise.laplace
        Noise.cauchy
        Noise.studentT 4.0
    ]

[<Tests>]
let tests =
    testList "Option" [
        testCase "A copy with another scale, number of samples or design is the operator made with it" (fun () ->
            let theta = tensor (thetas 3 4 1UL)

            let same (expected: TensorOperator) (actual: TensorOperator) =
                Assert.Equal<float[]>(expected.Maximizer theta |> values, actual.Maximizer theta |> values)
                Assert.Equal(expected.SampleCount, actual.SampleCount)
                Assert.Equal(expected.ToString(), actual.ToString())

            let core epsilon samples =
                perturb (Oracle.ranking 4) Noise.gaussian epsilon samples

            same (core 0.3 12 |> Torch.ofSmoothed) (core 0.9 12 |> Torch.ofSmoothed |> Torch.withEpsilon 0.3)
            same (core 0.9 7 |> Torch.ofSmoothed) (core 0.9 12 |> Torch.ofSmoothed |> Torch.withSamples 7)

            same
                (core 0.9 12
                 |> Smoothed.withSampling (SamplingDesign.Sobol 2)
                 |> Torch.ofSmoothed)
                (core 0.9 12 |> Torch.ofSmoothed |> Torch.withSampling (SamplingDesign.Sobol 2))

            let own epsilon samples =
                Torch.perturb TensorSolver.Ranking Noise.gaussian epsilon samples

            same (own 0.3 12) (own 0.9 12 |> Torch.withEpsilon 0.3)
            same (own 0.9 7) (own 0.9 12 |> Torch.withSamples 7)

            same
                (own 0.9 12 |> Torch.withSampling SamplingDesign.Antithetic)
                ((own 0.9 12).WithSampling CSharp.SamplingDesign.Antithetic)

            Assert.Contains(
                "12 antithetic samples",
                (own 0.9 12).WithSampling(CSharp.SamplingDesign.Antithetic).ToString()
            )

            same
                (own 0.9 12)
                ((own 0.9 12).WithSampling(CSharp.SamplingDesign.Antithetic).WithSampling
                    CSharp.SamplingDesign.Independent)

            for op in [ own 0.9 12; Torch.ofSmoothed (core 0.9 12) ] do
                Assert.Throws<ArgumentOutOfRangeException>(fun () -> op.WithEpsilon 0.0 |> ignore)
                |> ignore

                Assert.Throws<ArgumentOutOfRangeException>(fun () -> op.WithEpsilon nan |> ignore)
                |> ignore

                Assert.Throws<ArgumentOutOfRangeException>(fun () -> op.WithSamples 0 |> ignore)
                |> ignore)

        testCase "Designs that devices do not draw are refused, and the message says what to do" (fun () ->
            for design in
                [
                    SamplingDesign.Orthogonal
                    SamplingDesign.AntitheticOrthogonal
                    SamplingDesign.Sobol 2
                    SamplingDesign.LatinHypercube 2
                ] do
                let e =
                    Assert.Throws<ArgumentException>(fun () ->
                        Torch.perturb TensorSolver.Argmax Noise.gaussian 1.0 8
                        |> Torch.withSampling design
                        |> ignore)

                Assert.Equal("sampling", e.ParamName)
                Assert.Contains(string design, e.Message)
                Assert.Contains("Independent and Antithetic", e.Message)
                Assert.Contains("oracle of the core", e.Message))

        testCase "The second of a pair is the first mirrored: its negative, or the quantile at 1 − u" (fun () ->
            for noise in noises do
                for samples in [ 1; 2; 7; 1000 ] do
                    let mutable seen: float[] = [||]

                    let spy =
                        TensorSolver.OfFunction(
                            "spy",
                            fun t ->
                                seen <- values t
                                t
                        )

                    let op =
                        Torch.perturb spy noise 1.0 samples
                        |> Torch.withSampling SamplingDesign.Antithetic

                    op.Maximizer(torch.zeros ([| 1L; 3L |], dtype = float64)) |> ignore
                    let drawn = (samples + 1) / 2
                    Assert.Equal(3 * samples, seen.Length)

                    // Standard Gumbel numbers, and their distribution function e^(−e^(−x)).
                    let law (z: float) =
                        let x =
                            z
                            + (if noise = Noise.centredGumbel then
                                   0.57721566490153286
                               else
                                   0.0)

                        exp (-exp(-x))

                    for i in 0 .. 3 * (samples / 2) - 1 do
                        let first, second = seen[i], seen[3 * drawn + i]

                        match noise with
                        | :? Perturbed.Kernels.GumbelNoise ->
                            // A hundred roundings of numbers of about 1.
                            Assert.True(
                                abs (law first + law second - 1.0) <= 2e-14,
                                $"{noise.Name}: {first} and {second}"
                            )
                        | _ -> Assert.Equal(-first, second))

        testCase "Antithetic samples have the exact value and derivative, under every noise and baseline" (fun () ->
            let row = [| 0.3; -0.6; 1.1; 0.2 |]
            let cotangent = [| 1.0; -2.0; 0.5; 3.0 |]

            for noise in noises do
                let expected, back =
                    perturb (Oracle.ranking 4) noise 0.9 1
                    |> Smoothed.exact
                    |> Smoothed.pullback row

                // One pair, an odd sample beside pairs, pairs alone.
                for samples in [ 2; 5; 8 ] do
                    for reduction in
                        [ VarianceReduction.None; VarianceReduction.Baseline; VarianceReduction.LeaveOneOut ] do
                        let x = leaf (Array2D.init 3000 4 (fun _ i -> row[i]))

                        let y =
                            Torch.perturbWith reduction TensorSolver.Ranking noise 0.9 samples
                            |> Torch.withSampling SamplingDesign.Antithetic
                            |> Torch.maximizer x

                        // 7 · 3 · 3 · 8 = 504 means within 5.5 standard errors: false alarm below 2e-5.
                        assertMeans 5.5 expected (matrix y)
                        assertMeans 5.5 (back cotangent) (pull y (torch.tensor(cotangent).expand_as y) x |> matrix))

        testCase
            "The antithetic gradient is, sample by sample, that with the mean outside of the pair left out"
            (fun () ->
                let d = 4
                let row, cotangent = thetas 1 d 1UL |> flatten, thetas 1 d 2UL |> flatten
                // Under symmetric noise the baselines of a pair cancel, under Gumbel noise they do not.
                let laws: (INoise * (float -> float)) list =
                    [ Noise.gaussian, id; Noise.gumbel, (fun z -> 1.0 - exp -z) ]
                // A pair alone has no outside: the solution at θ stands in its place.
                for (noise, score), samples in List.allPairs laws [ 7; 8; 2 ] do
                    let mutable seen: float[] = [||]

                    let spy =
                        TensorSolver.OfOracle(
                            "spy",
                            fun t ->
                                if t.shape[0] = int64 samples then
                                    seen <- values t

                                t.sign ()
                        )

                    let epsilon = 0.9
                    let x = leaf (Array2D.init 1 d (fun _ i -> row[i]))
                    let y = antithetic spy noise samples |> Torch.maximizer x
                    let actual = pull y (torch.tensor(cotangent).reshape(1L, int64 d)) x |> values

                    let solution m =
                        Array.init d (fun i -> float (sign seen[m * d + i]))

                    let pairs, drawn = samples / 2, (samples + 1) / 2
                    // The number of a sample's pair: the odd one's is its own.
                    let pair m = if m < drawn then m else m - drawn

                    let expected =
                        Array.init d (fun j ->
                            Seq.sum (
                                seq {
                                    for m in 0 .. samples - 1 do
                                        let outside =
                                            [|
                                                for n in 0 .. samples - 1 do
                                                    if pair n <> pair m then
                                                        solution n
                                            |]

                                        let centre =
                                            if outside.Length = 0 then
                                                row |> Array.map (sign >> float)
                                            else
                                                Array.init d (fun i -> outside |> Array.averageBy (fun y -> y[i]))

                                        let inner =
                                            Seq.sum (
                                                seq {
                                                    for i in 0 .. d - 1 ->
                                                        (solution m)[i] * cotangent[i] - centre[i] * cotangent[i]
                                                }
                                            )

                                        let z = (seen[m * d + j] - row[j]) / epsilon
                                        inner * score z / (epsilon * float samples)
                                }
                            ))

                    Assert.Equal(samples * d, seen.Length)
                    Assert.Equal(drawn, pairs + samples % 2)
                    // Tens of terms of a few units.
                    assertWithin 1e-13 expected actual)

        testCase "Antithetic pairs halve the variance of a ranking at least" (fun () ->
            // The core measures a factor of 2.9 for 20 entries at ε = 0.1 and of 6.9 at ε = 1 (docs/estimators.md).
            let row = thetas 1 20 3UL |> flatten
            let x = tensor (Array2D.init 2000 20 (fun _ i -> row[i]))

            let variance (op: TensorOperator) =
                (op.Maximizer x).``var``(0L).sum().item<float>()

            let op = Torch.perturb TensorSolver.Ranking Noise.gaussian 0.9 8
            Assert.True(2.0 * variance (op.WithSampling CSharp.SamplingDesign.Antithetic) < variance op))

        testCase "The second derivative of antithetic argmax under Gumbel noise is that of softmax" (fun () ->
            let row = [| 0.3; -0.6; 1.1 |]

            let cotangent, direction =
                torch.tensor [| 1.0; -2.0; 0.5 |], torch.tensor [| 0.4; 1.0; -0.7 |]

            let second (y: Tensor) (x: Tensor) =
                let first =
                    torch.autograd.grad(
                        [| y |],
                        [| x |],
                        [| cotangent.expand_as y |],
                        retain_graph = true,
                        create_graph = true
                    )[0]

                pull first (direction.expand_as first) x

            let theta = torch.tensor (row, requires_grad = true)
            let expected = second ((theta / (0.9).ToScalar()).softmax 0L) theta |> values

            for samples in [ 5; 10 ] do
                let x = leaf (Array2D.init 6000 3 (fun _ i -> row[i]))
                // Five standard errors of the replicates: 6 means, false alarm below 4e-6.
                assertMeans
                    5.0
                    expected
                    (second (antithetic TensorSolver.Argmax Noise.gumbel samples |> Torch.maximizer x) x
                     |> matrix))

        testCase "An antithetic loss and its gradient are those of the mean solution" (fun () ->
            let op = antithetic TensorSolver.Ranking Noise.gaussian 6
            let theta, target = thetas 5 4 1UL, tensor (thetas 5 4 2UL)
            let x = leaf theta
            let losses = op.FenchelYoung(x, target)
            let expected = op.Maximizer(tensor theta) - target
            Assert.Equal<float[]>(values expected, pull losses (torch.ones_like losses) x |> values))

        testCase "A module takes another operator between steps and keeps its count" (fun () ->
            let theta = tensor (thetas 3 4 1UL)
            let wide = perturb (Oracle.ranking 4) Noise.gaussian 2.0 6 |> Torch.ofSmoothed
            use layer = new PerturbedMaximizer(wide)
            layer.train ()
            layer.forward(theta).Dispose()
            layer.Operator <- layer.Operator.WithEpsilon 0.5
            let expected = wide.WithEpsilon(0.5).WithKey(wide.Key.Fold 1UL).Maximizer theta
            Assert.Equal<float[]>(values expected, layer.forward theta |> values)
            Assert.Equal(2L, layer.Step)

            use loss = new FenchelYoungLoss(wide)
            loss.eval ()
            loss.Operator <- wide.WithSamples 30
            let target = wide |> targetAt (thetas 3 4 2UL)
            let losses = wide.WithSamples(30).FenchelYoung(theta, target)
            assertWithin 1e-14 (losses.mean () |> values) (loss.forward (theta, target) |> values))
    ]
