/// Which expectations and standard errors exist, by the moments of the noise; what does not exist is an error or ∞ with a reason.
module Perturbed.Functional.Tests.MomentTests

open System
open Expecto
open Perturbed.Functional
open Perturbed.Kernels
open Xunit

let private theta = [| 1.0; 2.0; -0.5 |]

let private multiplicative (noise: INoise) (epsilon: float) (samples: int) : Smoothed =
    perturb (Oracle.unitBox 3) noise epsilon samples
    |> Smoothed.withPerturbation Perturbation.Multiplicative

let private fails (parts: string list) (action: unit -> unit) : unit =
    let error = Assert.ThrowsAny<ArgumentException> action

    for part in parts do
        Assert.Contains(part, error.Message)

let private own (quantile: float -> float) (score: float -> float) : INoise =
    Noise.ofQuantile "own" quantile score None 0.0 1.0 true

[<Tests>]
let tests =
    testList "Robustness.Moment" [
        testCase "The order of moments is the power of the tail, and the exponential rate its rate" (fun () ->
            let tail (noise: INoise) (z: float) : float =
                -log((noise :?> ICoordinateLaw).Survival z)

            for noise in [ Noise.laplace; Noise.logistic; Noise.gumbel; Noise.centredGumbel ] do
                Assert.Equal(1.0, noise.ExponentialRate)
                Assert.Equal(infinity, noise.MomentOrder)
                // The density is e^(−z) up to a constant factor.
                Assert.True(abs ((tail noise 600.0 - tail noise 300.0) / 300.0 - 1.0) < 1e-9)

            for order, noise in [ 1.0, Noise.cauchy; 0.5, Noise.studentT 0.5; 2.0, Noise.studentT 2.0 ] do
                Assert.Equal(order, noise.MomentOrder)
                Assert.Equal(0.0, noise.ExponentialRate)
                Assert.True(abs ((tail noise 1e60 - tail noise 1e30) / log 1e30 - order) < 1e-9)

            for noise in [ Noise.gaussian; Noise.gaussianWith (array2D [ [ 2.0; 0.5 ]; [ 0.5; 1.0 ] ]) ] do
                Assert.Equal(infinity, noise.ExponentialRate)
                Assert.Equal(infinity, noise.MomentOrder)

            Assert.Equal(0.25, (Noise.sumOfGamma 3.0 10 4.0).ExponentialRate))

        testCase "A multiplicative maximum that is infinite is an error, and the maximizer exists beside it" (fun () ->
            let infinite =
                [
                    Noise.studentT 3.0, 1e-3
                    Noise.studentT 30.0, 1.0
                    Noise.cauchy, 0.1
                    Noise.laplace, 1.0
                    Noise.logistic, 1.5
                    Noise.gumbel, 1.0
                    Noise.sumOfGamma 2.0 10 4.0, 0.25
                ]

            for noise, epsilon in infinite do
                let op = multiplicative noise epsilon 100
                Assert.False(Smoothed.hasMaximum op)
                fails [ noise.Name; string epsilon ] (fun () -> Smoothed.maximum theta op |> ignore)
                fails [ noise.Name ] (fun () -> FenchelYoung.gradient theta [| 1.0; 1.0; 0.0 |] op |> ignore)
                fails [ noise.Name ] (fun () -> FenchelYoung.value theta [| 1.0; 1.0; 0.0 |] op |> ignore)
                fails [ noise.Name ] (fun () -> Batch.maximum (array2D [ theta ]) op |> ignore)

            let estimate = multiplicative Noise.laplace 1.0 100 |> Smoothed.estimate theta
            Assert.True(Double.IsNaN estimate.Maximum)
            Assert.Contains("below 1", estimate.Remark.Value)
            Assert.Equal<float[]>([| 1.0; 1.0; 0.0 |], estimate.Maximizer))

        testCase
            "A multiplicative maximum has its closed form where E exp(εZ) is finite, and a standard error where E exp(2εZ) is"
            (fun () ->
                // F_ε = Σ θ⁺ E exp(εZ − ε²/2), and E exp(εZ) = 1/(1 − ε²) under Laplace noise.
                let epsilon, samples = 0.3, 200000

                let estimate =
                    multiplicative Noise.laplace epsilon samples |> Smoothed.estimate theta

                let expected = 3.0 * exp (-0.5 * epsilon * epsilon) / (1.0 - epsilon * epsilon)
                Assert.True(estimate.Remark.IsNone)
                Assert.True(abs (estimate.Maximum - expected) <= 5.0 * estimate.MaximumStandardError)

                for epsilon in [ 0.5; 0.9 ] do
                    let estimate = multiplicative Noise.laplace epsilon 100 |> Smoothed.estimate theta
                    Assert.True(Double.IsFinite estimate.Maximum)
                    Assert.Equal(infinity, estimate.MaximumStandardError)
                    Assert.Contains("standard error", estimate.Remark.Value)

                    let loss, _ =
                        multiplicative Noise.laplace epsilon 100
                        |> FenchelYoung.valueAndGradient theta [| 1.0; 1.0; 0.0 |]

                    Assert.Equal(infinity, loss.StandardError)
                    Assert.Equal(estimate.Remark, loss.Remark)

                let whole, _ =
                    multiplicative Noise.laplace 0.4 100
                    |> FenchelYoung.valueAndGradient theta [| 1.0; 1.0; 0.0 |]

                Assert.Equal(None, whole.Remark))

        testCase
            "Additive standard errors are infinite up to two degrees of freedom, and those of the maximizer never"
            (fun () ->
                for freedom, hasMaximum, hasError in
                    [ 1.0, false, false; 1.5, true, false; 2.0, true, false; 2.5, true, true ] do
                    let op = perturb (Oracle.argmax 3) (Noise.studentT freedom) 1.0 1000
                    let estimate = Smoothed.estimate theta op
                    Assert.Equal(hasMaximum, Double.IsFinite estimate.Maximum)
                    Assert.Equal(hasError, Double.IsFinite estimate.MaximumStandardError)
                    Assert.Equal(hasError, estimate.Remark.IsNone)
                    Assert.All(estimate.MaximizerStandardErrors, (fun error -> Assert.InRange(error, 1e-6, 0.1)))

                    if hasMaximum && not hasError then
                        Assert.All(
                            (Smoothed.maximizerOfMaximum theta op).StandardErrors,
                            (fun e -> Assert.Equal(infinity, e))
                        )

                        Assert.All(
                            (Smoothed.vectorJacobian theta theta op).StandardErrors,
                            (fun e -> Assert.True(Double.IsFinite e))
                        )

                        fails [ "no variance" ] (fun () -> Adaptive.maximum 0.1 100000 theta op |> ignore))

        testCase "Derivatives have infinite standard errors where the score has no second moment" (fun () ->
            let errors (noise: INoise) =
                (perturb (Oracle.argmax 3) noise 1.0 100 |> Smoothed.vectorJacobian theta theta).StandardErrors

            Assert.All(errors (Noise.sumOfGamma 6.0 10 1.0), (fun e -> Assert.Equal(infinity, e)))
            Assert.All(errors (Noise.sumOfGamma 3.0 10 1.0), (fun e -> Assert.True(Double.IsFinite e))))

        testCase "A user's noise tells its moments, and one that does not is trusted to have them" (fun () ->
            let laplace =
                own (fun u -> if u < 0.5 then log (2.0 * u) else -log(2.0 * (1.0 - u))) (fun z -> float (sign z))

            Assert.True(Smoothed.hasMaximum (multiplicative laplace 1.0 10))
            let known = laplace |> Noise.withMoments infinity 1.0
            Assert.False(Smoothed.hasMaximum (multiplicative known 1.0 10))
            fails [ "gaussian" ] (fun () -> Noise.withMoments 3.0 0.0 Noise.gaussian |> ignore)
            fails [ "momentOrder" ] (fun () -> Noise.withMoments 0.5 0.0 laplace |> ignore)
            fails [ "exponentialRate" ] (fun () -> Noise.withMoments 3.0 -1.0 laplace |> ignore))

        testCase
            "A user's noise that is not finite is an error with the noise, the row, the sample and the coordinate"
            (fun () ->
                let answers (op: Smoothed) =
                    op |> Batch.maximizer (Array2D.create 2 3 0.5) |> ignore

                for bad in [ nan; infinity; -infinity ] do
                    let noise = own (fun u -> if u > 0.999 then bad else u) id
                    let op = perturb (Oracle.argmax 3) noise 1.0 1000
                    fails [ "'own'"; "row 0"; "sample"; "coordinate"; string bad ] (fun () -> answers op)

                let op = perturb (Oracle.argmax 3) (own (fun u -> u - 0.5) (fun _ -> nan)) 1.0 10
                answers op

                fails [ "'own'"; "row 0"; "sample 0"; "its score is NaN" ] (fun () ->
                    Smoothed.jacobian theta op |> ignore)

                // Heavy tails at a huge scale: the perturbed θ overflows.
                let heavy = perturb (Oracle.argmax 3) (Noise.studentT 0.0625) 1e280 1000
                fails [ "student-t"; "perturbed θ" ] (fun () -> answers heavy))

        testCase
            "Samples agree where epsilon is far below the gaps, under every design, and an exact operator has none"
            (fun () ->
                let agree (op: Smoothed) =
                    (Smoothed.estimate [| 0.0; 1.0; 2.0 |] op).SamplesAgree

                let op = perturb (Oracle.ranking 3) Noise.gaussian 1e-3 100
                Assert.True(agree op)
                Assert.True(agree (Smoothed.withSampling SamplingDesign.Antithetic op))
                Assert.True(agree (perturb (Oracle.ranking 3) Noise.cauchy 1e-9 100))
                Assert.False(agree (Smoothed.withEpsilon 1.0 op))
                Assert.False(agree (Smoothed.withSamples 1 op))
                Assert.False(agree (Smoothed.exact op))

                Assert.All(
                    Seq.cast<float>(Smoothed.jacobian [| 0.0; 1.0; 2.0 |] op),
                    (fun entry -> Assert.Equal(0.0, entry))
                ))

        testCase
            "An epsilon too small to divide by is an error, and the smallest one gives finite derivatives"
            (fun () ->
                fails [ "epsilon"; "1E-301" ] (fun () -> perturb (Oracle.argmax 3) Noise.gaussian 1e-301 10 |> ignore)
                let op = perturb (Oracle.argmax 3) Noise.gaussian 1e-300 100
                fails [ "epsilons[1]" ] (fun () -> Smoothed.withEpsilons [| 1.0; 1e-310; 1.0 |] op |> ignore)
                let jacobian = op |> Smoothed.jacobian [| 0.0; 0.0; 0.0 |]
                Assert.All(Seq.cast<float> jacobian, (fun entry -> Assert.True(Double.IsFinite entry)))

                fails [ "formula"; "1E-200" ] (fun () ->
                    op
                    |> Smoothed.withEpsilon 1e-200
                    |> Smoothed.jacobianBy DerivativeFormula.OfMaximum theta
                    |> ignore)

                fails [ "theta"; "coordinate 1" ] (fun () ->
                    multiplicative Noise.gaussian 1e-200 10
                    |> Smoothed.jacobian [| 1.0; 1e-200; 1.0 |]
                    |> ignore))
    ]
