/// Exact derivatives against differences of exact values, and the laws they obey.
module Perturbed.Functional.Tests.Exact.DerivativeTests

open Expecto
open MathNet.Numerics.LinearAlgebra
open Perturbed.Functional
open Perturbed.Functional.Tests.Exact.Settings
open Xunit

let private moved (i: int) (h: float) : float[] =
    theta |> Array.mapi (fun j t -> if i = j then t + h else t)

// A central difference of step h errs by h²/6 times a third derivative of order ε⁻³ ≤ 40, and by rounding of 1e-15/h.
let private h = 1e-4

[<Tests>]
let tests =
    testList "Exact.Derivative" [
        testCase "The gradient of the exact maximum is the exact maximizer" (fun () ->
            for op in all do
                if op.Noise.HasMean then
                    let difference (i: int) =
                        (Smoothed.maximum (moved i h) op - Smoothed.maximum (moved i -h) op) / (2.0 * h)

                    allNear 1e-6 (Array.init 5 difference) (Smoothed.maximizer theta op))

        testCase "The exact Jacobian is the derivative of the exact maximizer" (fun () ->
            for op in all do
                let jacobian = Smoothed.jacobian theta op

                for j in 0..4 do
                    let up = Smoothed.maximizer (moved j h) op
                    let down = Smoothed.maximizer (moved j -h) op

                    for i in 0..4 do
                        near 1e-6 ((up[i] - down[i]) / (2.0 * h)) jacobian[i, j])

        testCase "The exact Jacobian is symmetric, positive semi-definite, and blind to shifts" (fun () ->
            for op in all do
                let jacobian = Smoothed.jacobian theta op |> Matrix<float>.Build.DenseOfArray
                Assert.True((jacobian - jacobian.Transpose()).L2Norm() < 1e-12, $"{op}")
                Assert.True((jacobian * Vector<float>.Build.Dense(5, 1.0)).L2Norm() < 1e-12, $"{op}")
                let least = jacobian.Evd().EigenValues |> Seq.map _.Real |> Seq.min
                Assert.True(least > -1e-12, $"{op}: {least}"))

        testCase "Every product of the Jacobian is the Jacobian times the vector, without an error" (fun () ->
            for op in all do
                let product =
                    (Smoothed.jacobian theta op |> Matrix<float>.Build.DenseOfArray)
                    * Vector<float>.Build.DenseOfArray vector
                    |> _.ToArray()

                let same (estimated: Uncertain<float[]>) =
                    allNear 1e-12 product estimated.Value
                    Assert.Equal<float[]>(Array.zeroCreate 5, estimated.StandardErrors)

                Smoothed.vectorJacobian vector theta op |> same
                Smoothed.jacobianVector vector theta op |> same
                Smoothed.hessianVectorBy DerivativeFormula.OfMaximizer vector theta op |> same
                Smoothed.hessianVectorBy DerivativeFormula.OfMaximum vector theta op |> same
                allNear 1e-12 product (Smoothed.hessianVector vector theta op)
                let y, back = Smoothed.pullback theta op
                Assert.Equal<float[]>(Smoothed.maximizer theta op, y)
                allNear 1e-12 product (back vector)

                // ⟨g, Ju⟩ = ⟨Jᵀg, u⟩.
                let u = [| 1.0; 0.5; -0.25; 2.0; -1.0 |]
                near 1e-12 (dot vector (Smoothed.jacobianVector u theta op).Value) (dot (back vector) u)

                let byFormula = Smoothed.jacobianBy DerivativeFormula.OfMaximum theta op
                Assert.Equal<float[,]>(Smoothed.jacobian theta op, byFormula.Value)
                Assert.All(byFormula.StandardErrors |> Seq.cast<float>, (fun error -> Assert.Equal(0.0, error)))

                if op.Noise.HasMean then
                    let gradient = Smoothed.maximizerOfMaximum theta op
                    Assert.Equal<float[]>(y, gradient.Value))

        // 2,000 comparisons at 6 standard errors: a false alarm has probability 4e-6 over keys; the key is fixed.
        testCase "The exact Jacobian lies within 6 standard errors of its score-function estimate" (fun () ->
            for op in all do
                let truth = Smoothed.jacobian theta op

                let estimate =
                    op
                    |> Smoothed.sampled
                    |> Smoothed.withSamples 100_000
                    |> Smoothed.jacobianBy DerivativeFormula.OfMaximizer theta

                for i in 0..4 do
                    for j in 0..4 do
                        let gap = abs (truth[i, j] - estimate.Value[i, j])

                        Assert.True(
                            gap <= 6.0 * estimate.StandardErrors[i, j] + 1e-12,
                            $"{op}, entry ({i}, {j}): {truth[i, j]} against {estimate.Value[i, j]}"
                        ))
    ]
