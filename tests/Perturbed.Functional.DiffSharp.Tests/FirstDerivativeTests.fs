/// Values and first derivatives, against the core, finite differences and softmax.
module Perturbed.Functional.DiffSharp.Tests.FirstDerivativeTests

open Expecto
open DiffSharp
open Perturbed.Functional
open Perturbed.Functional.DiffSharp.Tests.Helpers
open Xunit

let private operators: (string * Smoothed) list =
    [
        "argmax", perturb (Oracle.argmax 5) Noise.gumbel 0.7 200
        "ranking", perturb (Oracle.ranking 5) Noise.gaussian 0.7 200
        "one sample", perturb (Oracle.topK 2 5) Noise.gaussian 0.7 1
        "Laplace noise", perturb (Oracle.ranking 5) Noise.laplace 0.7 100
        "antithetic",
        perturb (Oracle.ranking 5) Noise.gaussian 0.7 100
        |> Smoothed.withSampling SamplingDesign.Antithetic
        "multiplicative",
        perturb (Oracle.argmax 5) Noise.gaussian 0.4 100
        |> Smoothed.withPerturbation Perturbation.Multiplicative
        "exact", perturb (Oracle.ranking 5) Noise.gaussian 0.7 1 |> Smoothed.exact
    ]

// Rounding: sums of some hundred terms of the size of 10.
let private rounding = 1e-11

[<Tests>]
let tests =
    testList "FirstDerivative" [
        for name, soft in operators do
            testCase $"Values and derivatives of both modes are those of the core: {name}" (fun () ->
                let theta, cotangent, tangent = thetas 3 5 1UL, thetas 3 5 2UL, thetas 3 5 3UL
                let y, back = soft |> Batch.pullback theta
                let f (x: Tensor) : Tensor = soft |> Autodiff.maximizer x

                Assert.Equal<float>(flatten y, f (tensor theta) |> values)

                pull f (tensor theta) (tensor cotangent)
                |> values
                |> assertWithin rounding (flatten (back cotangent))

                dsharp.jacobianv
                    (fun (x: Tensor) -> (f (x.view [| 3; 5 |])).flatten())
                    ((tensor theta).flatten())
                    ((tensor tangent).flatten())
                |> values
                |> assertWithin rounding (flatten (soft |> Batch.jacobianVector tangent theta).Value))

            testCase $"The maximum and the loss have the gradients of the core: {name}" (fun () ->
                let theta = thetas 3 5 1UL
                let target = Oracle.solveBatch (thetas 3 5 2UL) soft.Oracle
                let maxima, gradient = soft |> Batch.maximumAndGradient theta
                let losses, slope = soft |> FenchelYoung.valueAndGradientBatch theta target
                let weights = vector [| 1.0; -2.0; 0.5 |]

                let weighted (rows: float[,]) =
                    Array2D.mapi (fun r _ v -> [| 1.0; -2.0; 0.5 |][r] * v) rows |> flatten

                let f (x: Tensor) = soft |> Autodiff.maximum x

                let loss (x: Tensor) =
                    soft |> Autodiff.fenchelYoung x (tensor target)

                Assert.Equal<float>(maxima, f (tensor theta) |> values)
                Assert.Equal<float>(losses |> Array.map _.Value, loss (tensor theta) |> values)

                pull f (tensor theta) weights
                |> values
                |> assertWithin rounding (weighted gradient)

                pull loss (tensor theta) weights
                |> values
                |> assertWithin rounding (weighted slope)

                let tangent = thetas 3 5 3UL

                let expected =
                    Array.init 3 (fun r -> Array.fold2 (fun sum g u -> sum + g * u) 0.0 gradient[r, *] tangent[r, *])

                dsharp.jacobianv
                    (fun (x: Tensor) -> f (x.view [| 3; 5 |]))
                    ((tensor theta).flatten())
                    ((tensor tangent).flatten())
                |> values
                |> assertWithin rounding expected)

        testCase "A composed program has the derivatives of finite differences" (fun () ->
            // The exact ranking is smooth: central differences of 1e-5 are right to 1e-8 or so.
            let soft = perturb (Oracle.ranking 4) Noise.gaussian 1.0 1 |> Smoothed.exact
            let a, b = tensor (thetas 4 3 1UL), tensor (thetas 2 4 2UL)

            let f (x: Tensor) : Tensor =
                let theta = a.matmul(x.unsqueeze -1).squeeze -1
                b.matmul((tanh (soft |> Autodiff.maximizer theta)).unsqueeze -1).squeeze -1

            let x = thetas 1 3 3UL |> flatten
            let jacobian = dsharp.jacobian f (vector x) |> values

            for j in 0..2 do
                let at (step: float) =
                    f (vector (x |> Array.mapi (fun i v -> if i = j then v + step else v)))
                    |> values

                let quotient = Array.map2 (fun high low -> (high - low) / 2e-5) (at 1e-5) (at -1e-5)
                assertWithin 1e-7 quotient [| jacobian[j]; jacobian[3 + j] |])

        testCase "Argmax under Gumbel noise is softmax, in value and Jacobian" (fun () ->
            let epsilon = 0.8
            let soft = perturb (Oracle.argmax 4) Noise.gumbel epsilon 1 |> Smoothed.exact
            let x = vector [| 0.3; -0.6; 1.1; 0.2 |]
            let f (x: Tensor) = soft |> Autodiff.maximizer x
            let softmax (x: Tensor) = (x / epsilon).softmax 0
            assertWithin 1e-12 (softmax x |> values) (f x |> values)
            assertWithin 1e-12 (dsharp.jacobian softmax x |> values) (dsharp.jacobian f x |> values))

        testCase "The key alone decides the noise" (fun () ->
            let soft = perturb (Oracle.ranking 5) Noise.gaussian 0.7 10
            let x = tensor (thetas 3 5 1UL)

            let at (key: uint64) =
                soft |> Smoothed.withKey (Key.create key) |> Autodiff.maximizer x |> values

            Assert.Equal<float>(at 3UL, at 3UL)
            Assert.NotEqual<float>(at 3UL, at 4UL))

        testCase "Single precision gives the numbers of double precision, rounded" (fun () ->
            let soft = perturb (Oracle.ranking 5) Noise.gaussian 0.7 50
            let rows = thetas 3 5 1UL |> Array2D.map (fun v -> float (float32 v))
            let g = thetas 3 5 2UL |> Array2D.map (fun v -> float (float32 v))
            let f (x: Tensor) = soft |> Autodiff.maximizer x
            let single (t: float[,]) = (tensor t).cast Dtype.Float32
            let x = single rows
            Assert.Equal(Dtype.Float32, (f x).dtype)
            assertWithin 1e-5 (f (tensor rows) |> values) (f x |> values)
            // Sums of 50 terms of the size of 10.
            assertWithin 1e-4 (pull f (tensor rows) (tensor g) |> values) (pull f x (single g) |> values))
    ]
