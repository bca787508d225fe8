module Perturbed.Experiments.Tests.NoiseSyntaxTests

open Expecto
open Perturbed.Experiments
open Perturbed.Experiments.Tests.Helpers
open Perturbed.Functional
open Xunit

let private draws (noise: INoise) : float[,] =
    noise |> Noise.sample 2 50 (Key.create 7UL)

[<Tests>]
let tests =
    testList "NoiseSyntax" [
        testCase "Every form names the noise of the library with its parameters" (fun () ->
            use covariance = new TemporaryFile(".csv", "2,1\n1,2\n")

            let expected =
                [
                    "gaussian", "gaussian", Noise.gaussian
                    "gumbel", "gumbel", Noise.gumbel
                    "centred-gumbel", "centred-gumbel", Noise.centredGumbel
                    "logistic", "logistic", Noise.logistic
                    "laplace", "laplace", Noise.laplace
                    "cauchy", "cauchy", Noise.cauchy
                    "student-t", "student-t:5", Noise.studentT 5.0
                    "sum-of-gamma", "sum-of-gamma:5/10/0.5", Noise.sumOfGamma 5.0 10 0.5
                    "gaussian-with",
                    $"gaussian-with:{covariance.Path}",
                    Noise.gaussianWith (array2D [ [ 2.0; 1.0 ]; [ 1.0; 2.0 ] ])
                ]

            for _, text, noise in expected do
                Assert.Equal<float[,]>(draws noise, draws (NoiseSyntax.parse text))

            // A form that is added to the list needs a line above.
            Assert.Equal<string list>(
                NoiseSyntax.forms |> List.map _.Name,
                expected |> List.map (fun (name, _, _) -> name)
            ))

        testCase "A noise that cannot be read is refused with what was written and what was expected" (fun () ->
            for text, words in
                [
                    "", "noise '' is unknown"
                    "normal", "noise 'normal' is unknown. Did you mean gaussian? One of gaussian"
                    "Gaussian", "noise 'Gaussian' is unknown"
                    "gaussian:2", "gaussian takes no parameter"
                    "student-t", "it is written student-t:DF"
                    "student-t:x", "DF of student-t is 'x'"
                    "student-t:0", "DF of student-t is 0"
                    "student-t:nan", "DF of student-t is 'nan'"
                    "sum-of-gamma:5/10", "2 parameters; three were expected"
                    "sum-of-gamma:5/0/1", "TERMS of sum-of-gamma is '0'"
                    "sum-of-gamma:0/10/1", "KAPPA of sum-of-gamma is 0"
                    "sum-of-gamma:5/10/-1", "TAU of sum-of-gamma is -1"
                ] do
                Assert.Contains(words, refusal (fun () -> NoiseSyntax.parse text)))
    ]
