/// Perturbed oracles whose expectation has a closed form.
module Perturbed.Functional.Tests.OracleClosedFormTests

open System
open Expecto
open MathNet.Numerics.Distributions
open Perturbed.Functional
open Xunit

let private samples = 20_000

let private theta = [| -1.3; -0.2; 0.0; 0.4; 2.0 |]

let private epsilon = 0.7

// Five standard errors of a mean: 6e-7 of false alarms an entry.
let private near (expected: float) (error: float) (actual: float) =
    Assert.True(abs (actual - expected) <= 5.0 * error, $"{actual} is not {expected}, standard error {error}")

[<Tests>]
let tests =
    testList "Oracles.OracleClosedForm" [
        testCase
            "Under Gaussian noise the unit box gives the normal distribution function, and the sign twice that minus one"
            (fun () ->
                let box =
                    perturb (Oracle.unitBox 5) Noise.gaussian epsilon samples
                    |> Smoothed.maximizer theta

                let sign =
                    perturb (Oracle.sign 5) Noise.gaussian epsilon samples
                    |> Smoothed.maximizer theta

                for i in 0..4 do
                    let p = Normal.CDF(0.0, 1.0, theta[i] / epsilon)
                    let error = sqrt (p * (1.0 - p) / float samples)
                    near p error box[i]
                    near (2.0 * p - 1.0) (2.0 * error) sign[i])

        testCase
            "Under Gaussian noise the perturbed maximum of the box is the sum of the positive parts' expectations"
            (fun () ->
                let estimate =
                    perturb (Oracle.unitBox 5) Noise.gaussian epsilon samples
                    |> Smoothed.estimate theta

                let expected =
                    theta
                    |> Array.sumBy (fun t ->
                        t * Normal.CDF(0.0, 1.0, t / epsilon)
                        + epsilon * Normal.PDF(0.0, 1.0, t / epsilon))

                near expected estimate.MaximumStandardError estimate.Maximum)

        testCase
            "At theta 0 the Euclidean ball has the mean norm of a Gaussian vector for its maximum, and the centre for its mean"
            (fun () ->
                let d = 3
                let zero = Array.zeroCreate<float> d

                let estimate =
                    perturb (Oracle.groupBall (Array.zeroCreate d) 2.0) Noise.gaussian epsilon samples
                    |> Smoothed.estimate zero
                // E‖Z‖ = √2 Γ(2) / Γ(3/2) = 2√(2/π) in three dimensions.
                near (2.0 * epsilon * 2.0 * sqrt (2.0 / Math.PI)) estimate.MaximumStandardError estimate.Maximum
                Array.iter2 (near 0.0) estimate.MaximizerStandardErrors estimate.Maximizer)

        testCase "A knapsack with room for one item of many is the maximum, but for gains that are negative" (fun () ->
            let gains = [| 1.2; 0.3; 0.9 |]
            let op oracle = perturb oracle Noise.gumbel 0.1 500
            let knapsack = op (Oracle.knapsack [| 2; 2; 2 |] 3) |> Smoothed.maximizer gains
            let argmax = op (Oracle.argmax 3) |> Smoothed.maximizer gains
            // With gains so far above 0 no perturbed maximum is negative, so both see the same draws alike.
            Assert.Equal<float[]>(argmax, knapsack))

        testCase "A linear program over the simplex is the maximum, draw by draw" (fun () ->
            let simplex =
                Oracle.linearProgram (array2D [ [ 1.0; 1.0; 1.0; 1.0 ]; [ -1.0; -1.0; -1.0; -1.0 ] ]) [| 1.0; -1.0 |]

            let op oracle =
                perturb oracle Noise.gaussian 1.0 2_000 |> Smoothed.maximizer theta[..3]

            Assert.Equal<float[]>(op (Oracle.argmax 4), op simplex))
    ]
