/// The core's argmax under Gumbel noise beside autograd's softmax.
module Perturbed.Functional.Torch.Tests.SoftmaxTests

open Expecto
open TorchSharp
open Perturbed.Functional
open Perturbed.Functional.Torch.Tests.Helpers

[<Tests>]
let tests =
    testList "Softmax" [
        testCase
            "Exact argmax under Gumbel noise is autograd's softmax, and its maximum the log of the sum of exponentials"
            (fun () ->
                let epsilon = 0.7

                let op =
                    perturb (Oracle.argmax 6) Noise.centredGumbel epsilon 1
                    |> Smoothed.exact
                    |> Torch.ofSmoothed

                let gradient (f: Tensor -> Tensor) =
                    let x = leaf (thetas 5 6 1UL)
                    let y = f x
                    values y, pull y (tensor (thetas 5 6 2UL)) x |> values

                let scaled (x: Tensor) = x / epsilon.ToScalar()
                let softmax, slope = gradient (fun x -> (scaled x).softmax 1L)
                let y, ofOperator = gradient (fun x -> op.Maximizer x)
                // Closed forms in double precision.
                assertWithin 1e-13 softmax y
                assertWithin 1e-12 slope ofOperator

                let maximum (f: Tensor -> Tensor) =
                    let x = leaf (thetas 5 6 1UL)
                    let y = f x
                    values y, pull y (torch.ones_like y) x |> values

                let value, slope = maximum (fun x -> (scaled x).logsumexp(1L) * epsilon.ToScalar())

                let y, ofOperator = maximum (fun x -> op.Maximum x)
                assertWithin 1e-12 value y
                assertWithin 1e-12 slope ofOperator)

        testCase "Samples of argmax under Gumbel noise have the mean and the gradient of autograd's softmax" (fun () ->
            let epsilon, row = 0.7, [| 0.3; -0.6; 1.1; 0.2 |]
            let cotangent = torch.tensor [| 1.0; -2.0; 0.5; 3.0 |]
            let theta = torch.tensor (row, requires_grad = true)
            let expected = (theta / epsilon.ToScalar()).softmax 0L
            let slope = pull expected cotangent theta |> values

            for reduction in [ VarianceReduction.None; VarianceReduction.Baseline; VarianceReduction.LeaveOneOut ] do
                let op =
                    perturb (Oracle.argmax 4) Noise.gumbel epsilon 8
                    |> Smoothed.withVarianceReduction reduction
                    |> Smoothed.withKey (Key.create 3UL)
                    |> Torch.ofSmoothed

                // As many independent replicates. 24 means within five standard errors: false alarm below 2e-5.
                let x = leaf (Array2D.init 4000 4 (fun _ i -> row[i]))
                let y = op.Maximizer x
                assertMeans 5.0 (values expected) (matrix y)
                assertMeans 5.0 slope (pull y (cotangent.expand_as y) x |> matrix))
    ]
