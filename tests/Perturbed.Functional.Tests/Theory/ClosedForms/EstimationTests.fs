/// Tier (c), Propositions 4.1 and 4.2: moment matching and doubly stochastic gradients.
module Perturbed.Functional.Tests.Theory.ClosedForms.EstimationTests

open Expecto
open MathNet.Numerics.Distributions
open MathNet.Numerics.LinearAlgebra
open Perturbed.Functional
open Perturbed.Functional.Tests.Theory
open Perturbed.Functional.Tests.Theory.Vertices
open Perturbed.Functional.Tests.Theory.ClosedForms.Comparison
open Xunit

let private epsilon = 0.5

let private model (oracle: Oracle) (noise: INoise) (samples: int) = perturb oracle noise epsilon samples

/// Σ over replicates of (θ̂ − θ₀)ᵀ Cov⁺ (θ̂ − θ₀): χ² of replicates · rank degrees of freedom, asymptotically.
let private mahalanobis (fit: Fit) (theta: float[]) =
    let evd =
        (Matrix<float>.Build.DenseOfArray fit.Covariance).Evd Symmetricity.Symmetric

    let error = Vector<float>.Build.DenseOfArray(subtract fit.Theta theta)
    let values = evd.EigenValues |> Seq.map _.Real |> Array.ofSeq

    Array.sum (
        Array.init values.Length (fun i ->
            if values[i] < 1e-9 * Array.max values then
                0.0
            else
                let component' = evd.EigenVectors.Column i * error
                component' * component' / values[i])
    )

let private replicates = 150

let private fits (oracle: Oracle) (noise: INoise) (theta: float[]) =
    Key.create 72UL
    |> Key.split replicates
    |> Array.map (fun key ->
        let observed =
            model oracle noise 400 |> Smoothed.withKey key |> Smoothed.samples theta

        model oracle noise 2000
        |> Smoothed.withKey (Key.fold 1 key)
        |> Estimation.fit 2e-3 observed)

let tests: Test list =
    [
        testCase
            "On the simplex under Gumbel noise moment matching is eps log of the frequencies, with the multinomial covariance"
            (fun () ->
                let theta = [| 0.3; -0.2; -0.1 |]

                let observed =
                    model (Oracle.argmax 3) Noise.gumbel 400
                    |> Smoothed.withKey (Key.create 71UL)
                    |> Smoothed.samples theta

                let frequencies = rows observed |> mean
                let logs = frequencies |> Array.map (fun p -> epsilon * log p)
                let expected = logs |> Array.map (fun l -> l - Array.average logs)

                let fit =
                    model (Oracle.argmax 3) Noise.gumbel 100000 |> Estimation.fit 1e-4 observed

                Assert.Equal(400, fit.Observations)

                // √n(θ̂ − θ₀) has covariance ε² P diag(1/p) P with P the projection off the ones.
                let centring =
                    Array2D.init 3 3 (fun i j -> (if i = j then 1.0 else 0.0) - 1.0 / 3.0)

                let p = Matrix<float>.Build.DenseOfArray centring

                let inverse =
                    Matrix<float>.Build.DenseOfDiagonalArray(frequencies |> Array.map (fun f -> epsilon * epsilon / f))

                let covariance = p * inverse * p * (1.0 / 400.0 + 1.0 / 100000.0)

                for i in 0..2 do
                    // Simulation error of M = 100,000 samples: √(400/100000) of the standard error of 400 observations, and the residual.
                    let simulation =
                        errors * sqrt (covariance[i, i] * 400.0 / 100000.0)
                        + 4.0 * epsilon * 1e-4 / Array.min frequencies

                    Assert.InRange(abs (fit.Theta[i] - expected[i]), 0.0, simulation)
                    // The Hessian is estimated from 100,000 samples: entries to about 1%, their inverses squared to about 4%.
                    Assert.InRange(fit.Covariance[i, i] / covariance[i, i], 0.9, 1.1))

        testCase "Moment matching recovers theta_0 with the covariance of Proposition 4.1" (fun () ->
            for oracle, noise, theta in
                [
                    Oracle.argmax 3, Noise.gumbel, [| 0.2; -0.2; 0.0 |]
                    Oracle.ranking 3, Noise.gaussian, [| 0.2; -0.3; 0.1 |]
                ] do
                let found = fits oracle noise theta
                // 2 directions each. A χ² of ν = 300 degrees: 6 standard deviations √(2ν) are 49% of ν; a wrong factor of 2 is 100%.
                let total = found |> Array.sumBy (fun fit -> mahalanobis fit theta)
                let degrees = float (2 * replicates)
                Assert.InRange(total, degrees - errors * sqrt (2.0 * degrees), degrees + errors * sqrt (2.0 * degrees))

                // Half of the 50% intervals cover: a binomial of 150 trials, whose tails outside 39..111 have probability below 10⁻⁸ together.
                for i in 0..2 do
                    let covered =
                        found
                        |> Array.filter (fun fit ->
                            let low, high = (Estimation.confidenceIntervals 0.5 fit)[i]
                            low <= theta[i] && theta[i] <= high)

                    Assert.InRange(covered.Length, 39, 111)
                    Assert.True(Binomial.CDF(0.5, replicates, 38.0) < 5e-9)

                // And the estimates centre on θ₀: their mean is within its own 6 standard errors, and a bias of order 1/n = 1/400.
                for i in 0..2 do
                    let values = found |> Array.map (fun fit -> fit.Theta[i])
                    let centre = Array.average values

                    let deviation =
                        sqrt (values |> Array.averageBy (fun v -> (v - centre) * (v - centre)))

                    within 0.02 theta[i] centre (deviation / sqrt (float replicates) + 1.0 / 400.0 / errors))

        testCase "The error of moment matching falls as one over the root of n" (fun () ->
            let theta = [| 0.2; -0.3; 0.1 |]

            let error (n: int) =
                let observed =
                    model (Oracle.ranking 3) Noise.gaussian n
                    |> Smoothed.withKey (Key.create 73UL)
                    |> Smoothed.samples theta

                (model (Oracle.ranking 3) Noise.gaussian 40000 |> Estimation.fit 1e-3 observed).StandardErrors

            // Covariances of bounded draws, known to about 5% at n = 500; 1/n + 1/M has the ratio 16 (1 + 500/40000)/(1 + 8000/40000).
            let ratio = sqrt (16.0 * (1.0 + 500.0 / 40000.0) / (1.0 + 8000.0 / 40000.0))
            Array.iter2 (fun (a: float) b -> Assert.InRange(a / b / ratio, 0.75, 1.25)) (error 500) (error 8000))

        testCase
            "The gradient of the loss is y_eps(theta) - y: the closed form of the Gaussian ranking less the target"
            (fun () ->
                let theta, target = [| 1.0; -0.4; 0.2; 0.9 |], [| 4.0; 2.0; 1.0; 3.0 |]
                let op = model (Oracle.ranking 4) Noise.gaussian 100000
                let gradient = FenchelYoung.gradient theta target op
                let y = maximizerOf theta op

                Array.iteri
                    (fun i e -> within 0.01 (e - target[i]) gradient[i] y.StandardErrors[i])
                    (gaussianRanking epsilon theta))

        testCase "The doubly stochastic gradient of an affine model is unbiased for any M, even 1" (fun () ->
            let inputs = array2D [ [ 1.0; -0.5 ]; [ 0.2; 2.0 ]; [ -1.3; 0.4 ] ]

            let targets =
                array2D [ [ 1.0; 2.0; 3.0; 4.0 ]; [ 4.0; 1.0; 2.0; 3.0 ]; [ 2.0; 1.0; 4.0; 3.0 ] ]

            let affine = Model.affine 2 4
            let parameters = Array.init affine.ParameterCount (fun i -> 0.3 * sin (float i))
            let theta, pullback = affine.Apply inputs parameters

            // γ = J_wᵀ (y*_ε(g_w(x)) − y), the maximizer in closed form, the mean over the rows.
            let expected =
                Array2D.init 3 4 (fun r i -> ((gaussianRanking epsilon theta[r, *])[i] - targets[r, i]) / 3.0)
                |> pullback

            for samples, count in [ 1, 10000; 3, 4000; 1000, 1000 ] do
                let loss = Loss.fenchelYoung (model (Oracle.ranking 4) Noise.gaussian samples)

                overKeys count (fun key ->
                    loss |> Loss.evaluate (LossBatch.create key theta targets) |> snd |> pullback)
                |> allWithin 0.03 expected)
    ]
