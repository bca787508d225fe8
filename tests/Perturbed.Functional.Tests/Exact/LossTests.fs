/// Fenchel-Young losses, duals and estimation with exact expectations.
module Perturbed.Functional.Tests.Exact.LossTests

open Expecto
open Perturbed.Functional
open Perturbed.Functional.Tests.Exact.Settings
open Xunit

let private withMean = all |> List.filter _.Noise.HasMean

[<Tests>]
let tests =
    testList "Exact.Loss" [
        testCase
            "The exact loss at a solution is true, not negative, and has the gradient of its differences"
            (fun () ->
                let h = 1e-4

                for op in withMean do
                    for scores in [ theta; vector ] do
                        let target = op.Oracle |> Oracle.solve scores
                        let loss, gradient = FenchelYoung.valueAndGradient theta target op
                        Assert.True loss.IsTrueLoss
                        Assert.Equal(0.0, loss.StandardError)
                        Assert.True(loss.Value >= -1e-12, $"{op}: {loss.Value}")
                        Assert.Equal<float[]>(Array.map2 (-) (Smoothed.maximizer theta op) target, gradient)
                        Assert.Equal<float[]>(gradient, FenchelYoung.gradient theta target op)

                        let moved (i: int) (step: float) =
                            theta |> Array.mapi (fun j t -> if i = j then t + step else t)

                        for i in 0..2 do
                            let up = (FenchelYoung.value (moved i h) target op).Value
                            let down = (FenchelYoung.value (moved i -h) target op).Value
                            near 1e-6 ((up - down) / (2.0 * h)) gradient[i])

        testCase "The exact loss is the relative entropy on the simplex under Gumbel noise, and 0 at softmax" (fun () ->
            for noise in [ Noise.gumbel; Noise.centredGumbel ] do
                let op = perturb (Oracle.argmax 5) noise 0.8 1 |> Smoothed.exact
                let p = Smoothed.maximizer theta op
                let zero, gradient = FenchelYoung.valueAndGradient theta p op
                Assert.True zero.IsTrueLoss
                near 1e-14 0.0 zero.Value
                Assert.Equal<float[]>(Array.zeroCreate 5, gradient)
                let q = [| 0.1; 0.2; 0.3; 0.15; 0.25 |]
                let entropy = Array.map2 (fun a b -> 0.8 * a * log (a / b)) q p |> Array.sum
                near 1e-13 entropy (FenchelYoung.value theta q op).Value)

        // ½·10⁻¹⁰ of residual moves Ω by no more than its product with ‖θ‖.
        testCase
            "The dual at y(theta) is found without samples: its gradient is theta up to a shift, and the loss there is 0"
            (fun () ->
                for oracle in [ Oracle.argmax 5; Oracle.topK 2 5; Oracle.ranking 5 ] do
                    for noise in [ Noise.gaussian; Noise.gumbel; Noise.logistic ] do
                        let op = perturb oracle noise 1.0 1 |> Smoothed.exact
                        let y = Smoothed.maximizer theta op
                        let dual = Regularizer.solveAt 1e-10 y op
                        let shift = Array.average theta
                        let size = 1e-7
                        allNear size (theta |> Array.map (fun t -> t - shift)) dual.Gradient
                        Assert.Equal(0.0, dual.StandardError)
                        Assert.Equal<float[]>(Array.zeroCreate 5, dual.GradientStandardErrors)
                        // L(θ; y) = F(θ) + Ω(y) − ⟨θ, y⟩.
                        let loss (scores: float[]) =
                            Smoothed.maximum scores op + dual.Value - dot scores y

                        near 1e-8 0.0 (loss theta)
                        Assert.True(loss vector > 0.1))

        testCase "Estimation with an exact model meets the mean solution and carries no error of simulation" (fun () ->
            let truth = [| 0.5; -0.5; 0.0 |]
            let model = perturb (Oracle.ranking 3) Noise.gaussian 1.0 4000
            let observations = Smoothed.samples truth model
            let fit = Estimation.fit 1e-9 observations (Smoothed.exact model)

            let mean =
                Array.init 3 (fun i -> Seq.init 4000 (fun n -> observations[n, i]) |> Seq.average)

            allNear 1e-8 mean (model |> Smoothed.exact |> Smoothed.maximizer fit.Theta)
            let simulated = Estimation.fit 1e-2 observations model

            for i in 0..2 do
                // Without the simulation the variance halves: n = M.
                near 0.2 (sqrt 0.5) (fit.StandardErrors[i] / simulated.StandardErrors[i])
                Assert.True(abs (fit.Theta[i] - truth[i]) <= 6.0 * fit.StandardErrors[i]))

        testCase
            "The exact dual is solved to the last digits, far below where differences of F_eps can tell one theta from another"
            (fun () ->
                for oracle, noise in
                    [
                        Oracle.argmax 5, Noise.gumbel
                        Oracle.ranking 8, Noise.gaussian
                        Oracle.ranking 20, Noise.gumbel
                        Oracle.topK 2 5, Noise.logistic
                    ] do
                    let op = perturb oracle noise 1.0 1 |> Smoothed.exact
                    let random = System.Random 3

                    for size in [ 0.1; 1.0; 3.0 ] do
                        for _ in 1..5 do
                            let scores =
                                Array.init oracle.Dimension (fun _ -> size * (random.NextDouble() - 0.5))

                            let y = Smoothed.maximizer scores op
                            let tolerance = 1e-13 * Array.max y
                            let dual = Regularizer.solveAt tolerance y op
                            Assert.InRange(dual.Residual, 0.0, tolerance)
                            // θ is found but for a shift along (1, …, 1).
                            let shift = Array.average (Array.map2 (-) scores dual.Gradient)
                            Array.iter2 (fun score found -> near 1e-8 (score - shift) found) scores dual.Gradient)
    ]
