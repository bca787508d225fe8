/// Solvers in tensor operations.
module Perturbed.Functional.Torch.Tests.SolverOperatorTests

open System
open Expecto
open TorchSharp
open Perturbed.Functional
open Perturbed.Functional.Torch.Tests.Helpers
open Xunit

// The same row many times: as many independent replicates, whose spread gives the standard errors. Five of them: a normal mean leaves
// that range with probability 5.7e-7, and a test compares fewer than 50 means.
let private errors = 5.0

let private copies = 4000

let private row = [| 0.3; -0.6; 1.1; 0.2 |]

let private replicated () =
    Array2D.init copies row.Length (fun _ i -> row[i])

let private softmax (epsilon: float) (theta: Tensor) : Tensor =
    torch.nn.functional.softmax (theta / epsilon.ToScalar(), -1L)

[<Tests>]
let tests =
    testList "SolverOperator" [
        testCase "Argmax under Gumbel noise is softmax, in value and in gradient by autograd" (fun () ->
            let epsilon = 0.8
            let cotangent = [| 1.0; -2.0; 0.5; 3.0 |]

            for noise in [ Noise.gumbel; Noise.centredGumbel ] do
                for reduction in [ VarianceReduction.None; VarianceReduction.Baseline; VarianceReduction.LeaveOneOut ] do
                    let op = Torch.perturbWith reduction TensorSolver.Argmax noise epsilon 8
                    let x = leaf (replicated ())
                    let y = Torch.maximizer x op
                    let gradient = pull y (torch.tensor(cotangent).expand_as y) x

                    let theta = torch.tensor (row, requires_grad = true)
                    let expected = softmax epsilon theta
                    assertMeans errors (values expected) (matrix y)
                    assertMeans errors (pull expected (torch.tensor cotangent) theta |> values) (matrix gradient))

        testCase "The maximum under centred Gumbel noise is the log of the sum of exponentials" (fun () ->
            let epsilon = 0.8
            let op = Torch.perturb TensorSolver.Argmax Noise.centredGumbel epsilon 8
            let y = Torch.maximum (tensor (replicated ())) op

            let expected =
                (torch.tensor row / epsilon.ToScalar()).logsumexp(0L) * epsilon.ToScalar()

            assertMeans errors (values expected) (matrix (y.unsqueeze 1L)))

        testCase "Every solver has the smoothed value and derivative of the core's oracle, under every noise" (fun () ->
            let oracles =
                [
                    TensorSolver.Argmax, Oracle.argmax 4
                    TensorSolver.TopK 2, Oracle.topK 2 4
                    TensorSolver.Ranking, Oracle.ranking 4
                ]

            let noises =
                [ Noise.gaussian; Noise.gumbel; Noise.logistic; Noise.laplace; Noise.cauchy; Noise.studentT 4.0 ]

            let cotangent = [| 1.0; -2.0; 0.5; 3.0 |]

            for solver, oracle in oracles do
                for noise in noises do
                    // 3 · 6 · 8 means: the level of all together is below 1e-4.
                    let exact = perturb oracle noise 0.9 1 |> Smoothed.exact
                    let expected, back = Smoothed.pullback row exact
                    let x = leaf (replicated ())
                    let y = Torch.perturb solver noise 0.9 6 |> Torch.maximizer x
                    assertMeans errors expected (matrix y)
                    assertMeans errors (back cotangent) (pull y (torch.tensor(cotangent).expand_as y) x |> matrix))

        testCase
            "A quotient of differences of the loss lies between its derivatives at the ends, draw by draw"
            (fun () ->
                let op = Torch.perturb TensorSolver.Ranking Noise.gaussian 0.9 25

                let theta, direction, target =
                    tensor (thetas 3 6 1UL), tensor (thetas 3 6 4UL), tensor (thetas 3 6 5UL)

                let valueAndDerivative (step: float) =
                    let x = (theta + direction * step.ToScalar()).detach().requires_grad_ true
                    let y = Torch.fenchelYoung x target op
                    values y, (pull y (torch.ones_like y) x * direction).sum -1L |> values

                let low, atLow = valueAndDerivative -1e-3
                let high, atHigh = valueAndDerivative 1e-3

                // Differences of numbers of about 30 over 2e-3 lose 1e-11.
                for r in 0..2 do
                    let quotient = (high[r] - low[r]) / 2e-3
                    Assert.InRange(quotient, atLow[r] - 1e-10, atHigh[r] + 1e-10))

        testCase "A user's own solver in tensor operations has the derivative of its smoothed value" (fun () ->
            // The sign of each coordinate under Gaussian noise: 2Φ(θ/ε) − 1, and 2φ(θ/ε)/ε.
            let own = TensorSolver.OfOracle("sign", fun theta -> theta.sign ())
            let epsilon = 0.7
            let x = leaf (replicated ())
            let y = Torch.perturb own Noise.gaussian epsilon 8 |> Torch.maximizer x
            let t = torch.tensor (row, requires_grad = true)
            let expected = (t / (epsilon * sqrt 2.0).ToScalar()).erf()
            assertMeans errors (values expected) (matrix y)
            let slope = pull expected (torch.ones_like expected) t
            assertMeans errors (values slope) (pull y (torch.ones_like y) x |> matrix))

        testCase "Sorting has a smoothed value with a derivative and no loss" (fun () ->
            let x = leaf (replicated ())
            let op = Torch.perturb TensorSolver.Sorting Noise.gaussian 0.1 8
            let y = Torch.maximizer x op

            Assert.True(
                (matrix y
                 |> fun m -> m[0, 0] <= m[0, 1] && m[0, 1] <= m[0, 2] && m[0, 2] <= m[0, 3])
            )
            // The sum of the sorted entries is the sum of θ + εZ: its derivative is 1 in each coordinate.
            assertMeans errors [| 1.0; 1.0; 1.0; 1.0 |] (pull y (torch.ones_like y) x |> matrix)
            let e = Assert.Throws<ArgumentException>(fun () -> op.FenchelYoung(x, x) |> ignore)
            Assert.Contains("sorting", e.Message))

        testCase "The same key gives the same bits, another key gives others" (fun () ->
            let theta = tensor (thetas 5 6 1UL)
            let op = Torch.perturb TensorSolver.Ranking Noise.gaussian 0.9 25
            let first = Torch.maximizer theta op |> values
            torch.randn [| 100L |] |> ignore
            Assert.Equal<float[]>(first, Torch.maximizer theta op |> values)
            Assert.NotEqual<float[]>(first, Torch.maximizer theta (op |> Torch.withKey (Key.create 1UL)) |> values))

        testCase "The global generator is left alone" (fun () ->
            let draw (act: unit -> unit) =
                torch.manual_seed 5L |> ignore
                act ()
                values (torch.randn ([| 4L |], dtype = float64))

            let op = Torch.perturb TensorSolver.Ranking Noise.gaussian 0.9 25
            Assert.Equal<float[]>(draw ignore, draw (fun () -> Torch.maximizer (tensor (thetas 5 6 1UL)) op |> ignore)))

        testCase "Bad solvers and settings are refused with a reason" (fun () ->
            let theta = tensor (thetas 5 6 1UL)
            let flat = TensorSolver.OfOracle("flat", fun t -> t.sum -1L)

            let e =
                Assert.Throws<InvalidOperationException>(fun () ->
                    Torch.perturb flat Noise.gaussian 1.0 2 |> Torch.maximizer theta |> ignore)

            Assert.Contains("'flat'", e.Message)
            Assert.Contains("[10]", e.Message)

            let refused (act: unit -> obj) (words: string) =
                let e = Assert.ThrowsAny<ArgumentException>(fun () -> act () |> ignore)
                Assert.Contains(words, e.Message)

            refused
                (fun () -> Torch.perturb TensorSolver.Argmax (Noise.sumOfGamma 1.0 10 1.0) 1.0 2 |> box)
                "oracle of the core"

            refused (fun () -> Torch.perturb TensorSolver.Argmax Noise.gaussian 0.0 2 |> box) "epsilon is 0"
            refused (fun () -> Torch.perturb TensorSolver.Argmax Noise.gaussian 1.0 0 |> box) "samples is 0"

            refused
                (fun () ->
                    Torch.perturb (TensorSolver.TopK 7) Noise.gaussian 1.0 2
                    |> Torch.maximizer theta
                    |> box)
                "top 7"

            refused
                (fun () ->
                    Torch.perturb TensorSolver.Argmax Noise.cauchy 1.0 2
                    |> Torch.maximum theta
                    |> box)
                "has no mean")
    ]
