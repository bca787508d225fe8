/// Tier (c): boxes, signs and rankings, whose maximizers are distribution functions of the noise.
module Perturbed.Functional.Tests.Theory.ClosedForms.DistributionFunctionTests

open Expecto
open MathNet.Numerics.Distributions
open Perturbed.Functional
open Perturbed.Functional.Tests.Theory
open Perturbed.Functional.Tests.Theory.ClosedForms.Comparison

let private theta = [| -0.7; 0.1; 1.4 |]

let private operator (oracle: Oracle) (noise: INoise) (epsilon: float) =
    perturb oracle noise epsilon 40000 |> Smoothed.withKey (Key.create 31UL)

let private epsilons = [ 0.4; 1.0; 3.0 ]

/// Symmetric laws with distribution function and density.
let private symmetric: (INoise * (float -> float) * (float -> float)) list =
    [
        Noise.gaussian, cdf, phi
        Noise.laplace, (fun x -> Laplace(0.0, 1.0).CumulativeDistribution x), (fun x -> Laplace(0.0, 1.0).Density x)
        Noise.logistic, (fun x -> 1.0 / (1.0 + exp -x)), (fun x -> 0.25 / (cosh (x / 2.0) ** 2.0))
        Noise.cauchy, (fun x -> Cauchy.CDF(0.0, 1.0, x)), (fun x -> Cauchy.PDF(0.0, 1.0, x))
        Noise.studentT 5.0, (fun x -> StudentT.CDF(0.0, 1.0, 5.0, x)), (fun x -> StudentT.PDF(0.0, 1.0, 5.0, x))
    ]

let private ranks = [| 2.0; -1.0; 0.3; 2.4; 0.9 |]

let private covariance =
    array2D [ [ 2.0; 0.9; 0.0 ]; [ 0.9; 1.0; -0.2 ]; [ 0.0; -0.2; 0.5 ] ]

let tests: Test list =
    [
        testCase "The box gives the distribution function of the noise at theta / eps: Phi for the Gaussian" (fun () ->
            for noise, distribution, _ in symmetric do
                for epsilon in epsilons do
                    operator (box 3) noise epsilon
                    |> maximizerOf theta
                    |> allWithin 3e-3 (theta |> Array.map (fun t -> distribution (t / epsilon))))

        testCase "Signs give 2 Phi(theta / eps) - 1, and the like for every symmetric law" (fun () ->
            for noise, distribution, _ in symmetric do
                operator (signs 3) noise 0.8
                |> maximizerOf theta
                |> allWithin 6e-3 (theta |> Array.map (fun t -> 2.0 * distribution (t / 0.8) - 1.0)))

        testCase "The Jacobian of the box is diagonal, with the density of the noise at theta / eps over eps" (fun () ->
            for noise, _, density in symmetric do
                for epsilon in epsilons do
                    let expected =
                        Array2D.init 3 3 (fun i j ->
                            if i = j then
                                density (theta[i] / epsilon) / epsilon
                            else
                                0.0)

                    operator (box 3) noise epsilon
                    |> Smoothed.jacobianBy DerivativeFormula.OfMaximizer theta
                    |> matrixWithin (5e-3 / epsilon) expected)

        testCase
            "F_eps of the box under Gaussian noise is the sum of theta Phi(theta / eps) + eps phi(theta / eps)"
            (fun () ->
                for epsilon in epsilons do
                    let estimate = operator (box 3) Noise.gaussian epsilon |> Smoothed.estimate theta

                    let expected =
                        theta
                        |> Array.sumBy (fun t -> t * cdf (t / epsilon) + epsilon * phi (t / epsilon))

                    within 0.02 expected estimate.Maximum estimate.MaximumStandardError)

        testCase "The argmax of two under Gaussian noise is Phi((theta_1 - theta_2) / (eps sqrt 2))" (fun () ->
            for epsilon in epsilons do
                let p = cdf ((0.3 - -0.2) / (epsilon * sqrt 2.0))

                operator (Oracle.argmax 2) Noise.gaussian epsilon
                |> maximizerOf [| 0.3; -0.2 |]
                |> allWithin 3e-3 [| p; 1.0 - p |])

        testCase
            "A multiplicative perturbation decides between two positive entries by their ratio: Phi(log(theta_1 / theta_2) / (eps sqrt 2))"
            (fun () ->
                let first, second, epsilon = 1.5, 1.1, 0.7
                let scale = epsilon * sqrt 2.0
                let ratio = log (first / second) / scale
                let p = cdf ratio

                let op =
                    operator (Oracle.argmax 2) Noise.gaussian epsilon
                    |> Smoothed.withPerturbation Perturbation.Multiplicative

                op |> maximizerOf [| first; second |] |> allWithin 3e-3 [| p; 1.0 - p |]
                let slope = phi ratio / scale

                op
                |> Smoothed.jacobianBy DerivativeFormula.OfMaximizer [| first; second |]
                |> matrixWithin
                    1e-2
                    (array2D [ [ slope / first; -slope / second ]; [ -slope / first; slope / second ] ]))

        testCase
            "With one eps for each coordinate the argmax of two is Phi((theta_1 - theta_2) / sqrt(eps_1^2 + eps_2^2))"
            (fun () ->
                let p = cdf (0.5 / sqrt (0.09 + 1.44))

                operator (Oracle.argmax 2) Noise.gaussian 1.0
                |> Smoothed.withEpsilons [| 0.3; 1.2 |]
                |> maximizerOf [| 0.3; -0.2 |]
                |> allWithin 3e-3 [| p; 1.0 - p |])

        testCase
            "The ranking under Gaussian noise is 1 + sum over j of Phi((theta_i - theta_j) / (eps sqrt 2))"
            (fun () ->
                for epsilon in epsilons do
                    operator (Oracle.ranking 5) Noise.gaussian epsilon
                    |> maximizerOf ranks
                    |> allWithin 0.01 (gaussianRanking epsilon ranks))

        testCase "The Jacobian of the ranking under Gaussian noise has the densities of the differences" (fun () ->
            for epsilon in epsilons do
                operator (Oracle.ranking 5) Noise.gaussian epsilon
                |> Smoothed.jacobianBy DerivativeFormula.OfMaximizer ranks
                |> matrixWithin (0.02 / epsilon) (gaussianRankingJacobian epsilon ranks))

        testCase "Correlated Gaussian noise: the box sees each variance, and its Jacobian stays diagonal" (fun () ->
            let op = operator (box 3) (Noise.gaussianWith covariance) 0.7
            let deviation i = 0.7 * sqrt covariance[i, i]

            op
            |> maximizerOf theta
            |> allWithin 3e-3 (theta |> Array.mapi (fun i t -> cdf (t / deviation i)))

            op
            |> Smoothed.jacobianBy DerivativeFormula.OfMaximizer theta
            |> matrixWithin
                0.02
                (Array2D.init 3 3 (fun i j ->
                    if i = j then
                        phi (theta[i] / deviation i) / deviation i
                    else
                        0.0)))

        testCase "Correlated Gaussian noise: the ranking sees the variance of each difference" (fun () ->
            let expected =
                theta
                |> Array.mapi (fun i ti ->
                    1.0
                    + Array.sum (
                        Array.init 3 (fun j ->
                            if j = i then
                                0.0
                            else
                                let variance = covariance[i, i] + covariance[j, j] - 2.0 * covariance[i, j]
                                cdf ((ti - theta[j]) / (0.7 * sqrt variance)))
                    ))

            operator (Oracle.ranking 3) (Noise.gaussianWith covariance) 0.7
            |> maximizerOf theta
            |> allWithin 5e-3 expected)

        testCase "A linear map keeps its value and has Jacobian A, for several M and eps" (fun () ->
            let a = array2D [ [ 1.0; -2.0; 0.5 ]; [ 0.0; 3.0; 1.0 ] ]

            let map (x: float[]) =
                Array.init 2 (fun i -> Vertices.dot a[i, *] x)

            for samples, epsilon in [ 2000, 0.1; 2000, 10.0; 20000, 1.0 ] do
                let smoothing =
                    SmoothedFunction.create 3 2 map Noise.gaussian epsilon samples
                    |> SmoothedFunction.configure (Smoothed.withKey (Key.create 8UL))

                SmoothedFunction.value theta smoothing |> allWithin (0.1 * epsilon) (map theta)
                SmoothedFunction.jacobian theta smoothing |> matrixWithin 0.1 a

            // The smallest M, whose single estimates are wild: their mean over keys is A all the same.
            for samples, epsilon in [ 1, 0.5; 2, 3.0; 5, 0.1 ] do
                let smoothing = SmoothedFunction.create 3 2 map Noise.gaussian epsilon samples

                overKeys 4000 (fun key ->
                    let fresh = smoothing |> SmoothedFunction.configure (Smoothed.withKey key)
                    (SmoothedFunction.jacobian theta fresh).Value |> Seq.cast<float> |> Array.ofSeq)
                |> allWithin 0.15 (a |> Seq.cast<float> |> Array.ofSeq))
    ]
