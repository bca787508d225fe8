/// Nested derivatives: right where they are known, an error elsewhere.
module Perturbed.Functional.DiffSharp.Tests.HigherDerivativeTests

open System
open Expecto
open DiffSharp
open Perturbed.Functional
open Perturbed.Functional.DiffSharp.Tests.Helpers
open Xunit

let private theta = [| 0.3; -0.6; 1.1 |]

let private cotangent = vector [| 1.0; -2.0; 0.5 |]

let private direction = vector [| 0.4; 1.0; -0.7 |]

// ⟨y*_ε(θ), cotangent⟩, a composed program of one number.
let private inner (soft: Smoothed) (x: Tensor) : Tensor =
    ((soft |> Autodiff.maximizer x) * cotangent).sum()

let private smooth: (string * Smoothed) list =
    [
        for noise in [ Noise.gaussian; Noise.gumbel; Noise.logistic; Noise.cauchy; Noise.studentT 4.0 ] do
            noise.Name, perturb (Oracle.ranking 3) noise 0.9 40
    ]

[<Tests>]
let tests =
    testList "HigherDerivative" [
        testCase "Second derivatives under Gaussian noise are the score-function sum" (fun () ->
            let epsilon = 0.9
            let soft = perturb (Oracle.ranking 3) Noise.gaussian epsilon 60
            let draws = soft |> Batch.draws (array2D [ theta ])
            let g, u = values cotangent, values direction

            // Σ_m ⟨g, y_m − c⟩ (z ⟨z, u⟩ − u) / (n ε²).
            let expected =
                Array.init 3 (fun j ->
                    Seq.sum (
                        seq {
                            for m in 0..59 do
                                let z i = draws.Noise[0, m, i]
                                let weight = Seq.sum (seq { for i in 0..2 -> g[i] * draws.Centred[0, m, i] })
                                let along = Seq.sum (seq { for i in 0..2 -> z i * u[i] })
                                weight * (z j * along - u[j])
                        }
                    )
                    / (draws.Denominator * epsilon * epsilon))

            dsharp.hessianv (inner soft) (vector theta) direction
            |> values
            |> assertWithin 1e-10 expected)

        for name, soft in smooth do
            testCase $"Every nesting of the modes gives the same second and third derivatives: {name}" (fun () ->
                let f, x = inner soft, vector theta
                let along (f: Tensor -> Tensor) (x: Tensor) : Tensor = dsharp.gradv f x direction
                let forwardOverReverse = dsharp.hessianv f x direction |> values
                let reverseOverForward = dsharp.grad (along f) x |> values

                let reverseOverReverse =
                    dsharp.grad (fun (x: Tensor) -> (dsharp.grad f x * direction).sum()) x |> values

                let size = forwardOverReverse |> Array.map abs |> Array.max
                assertWithin (1e-11 * (1.0 + size)) forwardOverReverse reverseOverForward
                assertWithin (1e-11 * (1.0 + size)) forwardOverReverse reverseOverReverse
                let third = along (along (along f)) x |> values

                let thirdByReverse = (dsharp.grad (along (along f)) x * direction).sum() |> values

                assertWithin (1e-10 * (1.0 + abs third[0])) third thirdByReverse)

        testCase "Hessian-vector products of a composed program are those of softmax" (fun () ->
            let epsilon = 0.8
            let a = tensor (thetas 3 2 1UL)
            let x, v = vector [| 0.5; -0.3 |], vector [| 1.0; 0.6 |]
            let scores (x: Tensor) : Tensor = a.matmul(x.unsqueeze -1).squeeze -1

            let expected =
                dsharp.hessianv (fun x -> (((scores x / epsilon).softmax 0) * cotangent).sum()) x v
                |> values

            // 400 independent replicates; five of their standard errors: a false alarm below 2e-6 for both entries.
            let replicates =
                [|
                    for key in 1UL .. 400UL do
                        let soft =
                            perturb (Oracle.argmax 3) Noise.gumbel epsilon 20
                            |> Smoothed.withKey (Key.create key)

                        dsharp.hessianv (fun x -> inner soft (scores x)) x v |> values
                |]

            for i in 0..1 do
                let column = replicates |> Array.map (fun r -> r[i])
                let mean = Array.average column
                let variance = column |> Array.averageBy (fun c -> (c - mean) * (c - mean))
                Assert.InRange(abs (mean - expected[i]), 0.0, 5.0 * sqrt (variance / 399.0)))

        testCase
            "The Hessian of the maximum and of the loss is the Jacobian of the maximizer, under any noise"
            (fun () ->
                let ranking (noise: INoise) : Smoothed = perturb (Oracle.ranking 3) noise 0.9 50

                let operators =
                    [
                        ranking Noise.gaussian
                        ranking Noise.laplace
                        ranking Noise.gaussian |> Smoothed.exact
                        ranking Noise.gaussian |> Smoothed.withSampling SamplingDesign.Antithetic
                    ]

                let x, target = vector theta, vector [| 1.0; 3.0; 2.0 |]

                for soft in operators do
                    let maximizer (x: Tensor) : Tensor = soft |> Autodiff.maximizer x
                    let product = dsharp.jacobianv maximizer x direction |> values
                    // Of an estimate that is not symmetric.
                    let transposed = dsharp.jacobianTv maximizer x direction |> values

                    let programs: (Tensor -> Tensor) list =
                        [ (fun x -> soft |> Autodiff.maximum x); (fun x -> soft |> Autodiff.fenchelYoung x target) ]

                    for f in programs do
                        dsharp.jacobianv (dsharp.grad f) x direction
                        |> values
                        |> assertWithin 1e-11 product

                        dsharp.hessianv f x direction |> values |> assertWithin 1e-11 transposed)

        testCase "Derivatives of another variable go through a first derivative" (fun () ->
            // d/dw of ⟨∂⟨w y, cotangent⟩/∂θ, direction⟩ for each w is that product at w = 1.
            let soft = perturb (Oracle.ranking 3) Noise.laplace 0.9 50

            let product (w: Tensor) : Tensor =
                (dsharp.grad (fun x -> w * inner soft x) (vector theta) * direction).sum()

            let expected = product (dsharp.tensor (1.0, dtype = Dtype.Float64)) |> values

            let slope =
                dsharp.grad product (dsharp.tensor (2.0, dtype = Dtype.Float64)) |> values

            assertWithin 1e-11 expected slope)

        testCase "Where derivatives are not known, asking for them is an error that says why" (fun () ->
            let without: (Smoothed * string) list =
                [
                    perturb (Oracle.ranking 3) Noise.laplace 0.9 50, "laplace"
                    perturb (Oracle.ranking 3) Noise.gaussian 0.9 50 |> Smoothed.exact, "exact"
                    perturb (Oracle.ranking 3) Noise.gaussian 0.9 50
                    |> Smoothed.withSampling SamplingDesign.Antithetic,
                    "Antithetic"
                ]

            let refused (word: string) (nested: unit -> Tensor) : unit =
                let error = Assert.Throws<InvalidOperationException>(fun () -> nested () |> ignore)

                Assert.Contains(word, error.Message)

            let x, target = vector theta, vector [| 1.0; 3.0; 2.0 |]
            let along (f: Tensor -> Tensor) (x: Tensor) : Tensor = dsharp.gradv f x direction

            for soft, word in without do
                refused word (fun () -> dsharp.hessianv (inner soft) x direction)
                refused word (fun () -> dsharp.grad (along (inner soft)) x)

                for f in [ (fun x -> soft |> Autodiff.maximum x); (fun x -> soft |> Autodiff.fenchelYoung x target) ] do
                    refused word (fun () -> dsharp.grad (along (along f)) x)
                    refused word (fun () -> dsharp.hessianv (along f) x direction)

            let multiplicative =
                perturb (Oracle.ranking 3) Noise.gaussian 0.4 50
                |> Smoothed.withPerturbation Perturbation.Multiplicative

            refused "multiplicative" (fun () ->
                dsharp.hessianv (fun x -> multiplicative |> Autodiff.maximum x) x direction))
    ]
