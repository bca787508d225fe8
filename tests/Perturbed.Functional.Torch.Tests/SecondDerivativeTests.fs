/// Second derivatives: right where they are known, NaN elsewhere.
module Perturbed.Functional.Torch.Tests.SecondDerivativeTests

open System
open Expecto
open TorchSharp
open Perturbed.Functional
open Perturbed.Functional.Torch.Tests.Helpers
open Xunit

let private row = [| 0.3; -0.6; 1.1 |]

let private copies = 6000

let private replicated () =
    Array2D.init copies row.Length (fun _ i -> row[i])

let private cotangent = [| 1.0; -2.0; 0.5 |]

let private direction = [| 0.4; 1.0; -0.7 |]

// The derivative of ⟨∂⟨y, cotangent⟩/∂θ, direction⟩.
let private second (y: Tensor) (x: Tensor) : Tensor =
    let first =
        torch.autograd.grad(
            [| y |],
            [| x |],
            [| torch.tensor(cotangent).expand_as y |],
            retain_graph = true,
            create_graph = true
        )[0]

    torch.autograd.grad([| first |], [| x |], [| torch.tensor(direction).expand_as first |])[0]

// Φ in tensor operations.
let private normal (u: Tensor) : Tensor =
    ((u / (sqrt 2.0).ToScalar()).erf() + (1.0).ToScalar()) / (2.0).ToScalar()

// Whether each entry is above 0.5.
let private threshold =
    Oracle.ofFunction 3 (fun theta -> theta |> Array.map (fun t -> if t > 0.5 then 1.0 else 0.0))

[<Tests>]
let tests =
    testList "SecondDerivative" [
        testCase "The second derivative of argmax under Gumbel noise is that of softmax" (fun () ->
            let epsilon = 0.8
            let theta = torch.tensor (row, requires_grad = true)

            let expected =
                second (torch.nn.functional.softmax (theta / epsilon.ToScalar(), -1L)) theta
                |> values

            let x = leaf (replicated ())

            // Five standard errors of the replicates: 6 means, false alarm below 4e-6.
            let onDevice =
                Torch.perturb TensorSolver.Argmax Noise.gumbel epsilon 10 |> Torch.maximizer x

            assertMeans 5.0 expected (second onDevice x |> matrix)

            let ofCore =
                perturb (Oracle.argmax 3) Noise.gumbel epsilon 10
                |> Torch.ofSmoothed
                |> Torch.maximizer x

            assertMeans 5.0 expected (second ofCore x |> matrix))

        testCase "The second derivative of signs is the closed form under each smooth noise" (fun () ->
            let sign = TensorSolver.OfOracle("sign", fun theta -> theta.sign ())
            let epsilon = 0.9

            // E sign(θ + εZ) = 1 − 2 P(Z ≤ −θ/ε), in tensor operations.
            let forms: (INoise * (Tensor -> Tensor)) list =
                [
                    Noise.gaussian, (fun u -> (u / (sqrt 2.0).ToScalar()).erf())
                    Noise.logistic, (fun u -> (u / (2.0).ToScalar()).tanh())
                    Noise.cauchy, (fun u -> u.atan () * (2.0 / Math.PI).ToScalar())
                    Noise.studentT 3.0,
                    (fun u ->
                        let t = u / (sqrt 3.0).ToScalar()
                        (t / (t * t + (1.0).ToScalar()) + t.atan ()) * (2.0 / Math.PI).ToScalar())
                    Noise.gumbel, (fun u -> (1.0).ToScalar() - torch.exp (u.exp().neg()) * (2.0).ToScalar())
                ]

            for noise, form in forms do
                let theta = torch.tensor (row, requires_grad = true)
                let expected = second (form (theta / epsilon.ToScalar())) theta |> values
                let x = leaf (replicated ())
                let y = Torch.perturb sign noise epsilon 10 |> Torch.maximizer x
                assertMeans 5.0 expected (second y x |> matrix))

        testCase
            "The second derivative under multiplicative noise, and under a scale for each coordinate, is the closed form"
            (fun () ->
                let positive = [| 0.3; 0.6; 1.1 |]
                let epsilons = [| 0.5; 0.9; 1.4 |]
                let operator = perturb threshold Noise.gaussian 0.9 10

                let cases: (Smoothed * (Tensor -> Tensor)) list =
                    [
                        // P(θ e^(εZ − ε²/2) > c) = Φ(log(θ/c)/ε − ε/2).
                        operator |> Smoothed.withPerturbation Perturbation.Multiplicative,
                        (fun theta -> normal ((theta / (0.5).ToScalar()).log() / (0.9).ToScalar() - (0.45).ToScalar()))
                        operator |> Smoothed.withEpsilons epsilons,
                        (fun theta -> normal ((theta - (0.5).ToScalar()) / torch.tensor epsilons))
                    ]

                for op, form in cases do
                    for reduction in
                        [ VarianceReduction.None; VarianceReduction.Baseline; VarianceReduction.LeaveOneOut ] do
                        let theta = torch.tensor (positive, requires_grad = true)
                        let expected = second (form theta) theta |> values
                        // Ten times as many: scores divided by θ spread widely.
                        let x = leaf (Array2D.init (10 * copies) 3 (fun _ i -> positive[i]))

                        let y =
                            op
                            |> Smoothed.withVarianceReduction reduction
                            |> Torch.ofSmoothed
                            |> Torch.maximizer x

                        // 18 means within five standard errors: false alarm below 2e-5.
                        assertMeans 5.0 expected (second y x |> matrix))

        testCase "The third derivative is the closed form too" (fun () ->
            let third (y: Tensor) (x: Tensor) =
                let next (z: Tensor) (weights: float[]) =
                    torch.autograd.grad(
                        [| z |],
                        [| x |],
                        [| torch.tensor(weights).expand_as z |],
                        retain_graph = true,
                        create_graph = true
                    )[0]

                pull (next (next y cotangent) direction) (torch.ones_like x) x

            let theta = torch.tensor (row, requires_grad = true)
            let expected = third (normal (theta / (0.9).ToScalar())) theta |> values

            let step =
                TensorSolver.OfFunction("step", fun theta -> theta.gt((0.0).ToScalar()).to_type theta.dtype)

            let x = leaf (replicated ())
            let y = Torch.perturb step Noise.gaussian 0.9 10 |> Torch.maximizer x
            // Three means: false alarm below 2e-6.
            assertMeans 5.0 expected (third y x |> matrix))

        testCase "Where a second derivative is not known it is NaN, and the first is not touched" (fun () ->
            let unknown: (string * (Tensor -> Tensor)) list =
                [
                    "laplace", (fun x -> Torch.perturb TensorSolver.Argmax Noise.laplace 1.0 10 |> Torch.maximizer x)
                    "exact",
                    (fun x ->
                        perturb (Oracle.argmax 3) Noise.gaussian 1.0 10
                        |> Smoothed.exact
                        |> Torch.ofSmoothed
                        |> Torch.maximizer x)
                    "sum of gammas",
                    (fun x ->
                        perturb (Oracle.argmax 3) (Noise.sumOfGamma 1.0 10 1.0) 1.0 10
                        |> Torch.ofSmoothed
                        |> Torch.maximizer x)
                    "maximum",
                    (fun x ->
                        (perturb (Oracle.argmax 3) Noise.gaussian 1.0 10
                         |> Torch.ofSmoothed
                         |> Torch.maximum x)
                            .unsqueeze(1L)
                            .expand_as
                            x)
                    "loss",
                    (fun x ->
                        (Torch.perturb TensorSolver.Argmax Noise.gaussian 1.0 10
                         |> Torch.fenchelYoung x (torch.zeros_like x))
                            .unsqueeze(1L)
                            .expand_as
                            x)
                ]

            for name, f in unknown do
                let x = leaf (thetas 4 3 1UL)
                let y = f x

                let first =
                    torch.autograd.grad(
                        [| y |],
                        [| x |],
                        [| torch.tensor(cotangent).expand_as y |],
                        retain_graph = true,
                        create_graph = true
                    )[0]

                Assert.True(values first |> Array.forall Double.IsFinite, name)

                let again =
                    torch.autograd.grad([| first |], [| x |], [| torch.ones_like first |])[0]

                Assert.True(values again |> Array.forall Double.IsNaN, name))
    ]
