/// Densities and distribution functions of the built-in noises.
module Perturbed.Functional.Tests.Exact.LawTests

open System
open Expecto
open Perturbed.Functional
open Perturbed.Functional.Tests.Exact.Settings
open Xunit

let private laws = noises |> List.map (fun noise -> noise :?> ICoordinateLaw)

let private points = [ -30.0; -4.0; -1.3; -0.2; 0.1; 0.9; 3.7; 25.0 ]

[<Tests>]
let tests =
    testList "Exact.Law" [
        testCase "The distribution function and the upper tail add to one, and run from 0 to 1" (fun () ->
            for law in laws do
                for z in points do
                    near 1e-15 1.0 (law.Cdf z + law.Survival z)

                Assert.Equal(0.0, law.Cdf -infinity)
                Assert.Equal(1.0, law.Cdf infinity)
                Assert.Equal(1.0, law.Survival -infinity)
                Assert.Equal(0.0, law.Survival infinity)
                Assert.Equal(0.0, law.Density -infinity)
                Assert.Equal(0.0, law.Density infinity))

        // The central difference of step h errs by h² f''/6 ≤ 1e-9 and by rounding of at most 1e-15/h.
        testCase "The density is the derivative of the distribution function and falls with the score" (fun () ->
            let h = 1e-5

            for law in laws do
                for z in points do
                    near 1e-9 ((law.Cdf(z + h) - law.Cdf(z - h)) / (2.0 * h)) (law.Density z)

                    if law.Density z > 1e-250 then
                        let score: float[] = Array.zeroCreate 1
                        law.Score(ReadOnlySpan [| z |], 1, Span score)
                        let slope = log (law.Density(z - h) / law.Density(z + h)) / (2.0 * h)
                        near 1e-6 score[0] slope)

        testCase "Lower and upper tails keep their relative accuracy" (fun () ->
            let law (noise: INoise) = noise :?> ICoordinateLaw
            let relative expected actual = near 1e-12 1.0 (actual / expected)
            relative (exp -40.0) ((law Noise.gumbel).Survival 40.0)
            relative (exp -40.0) ((law Noise.logistic).Survival 40.0)
            relative (0.5 * exp -40.0) ((law Noise.laplace).Cdf -40.0)
            relative (1.0 / (Math.PI * 1e12)) ((law Noise.cauchy).Survival 1e12)
            // 1 − Φ(10) to ten digits: Abramowitz and Stegun, table 26.2.
            near 1e-9 1.0 ((law Noise.gaussian).Survival 10.0 / 7.6198530242e-24)
            // Student's t of two degrees of freedom: F = (1 + z/√(2 + z²))/2, and 1/(2z²) far out.
            near 1e-14 (0.5 + 0.5 * 0.7 / sqrt 2.49) ((law (Noise.studentT 2.0)).Cdf 0.7)
            relative 5e-21 ((law (Noise.studentT 2.0)).Survival 1e10)
            relative 5e-241 ((law (Noise.studentT 2.0)).Survival 1e120))

        // Kolmogorov and Smirnov: √n D > 3.2 has probability 2 exp(−2 · 3.2²) = 2.6e-9.
        testCase "Samples have the distribution function" (fun () ->
            let n = 20000

            for law in laws do
                let z =
                    Noise.sample 1 n (Key.create 5UL) law
                    |> Seq.cast<float>
                    |> Array.ofSeq
                    |> Array.sort

                let gap =
                    z
                    |> Array.mapi (fun i value ->
                        max (float (i + 1) / float n - law.Cdf value) (law.Cdf value - float i / float n))
                    |> Array.max

                Assert.True(sqrt (float n) * gap < 3.2, $"{law.Name}: {gap}"))
    ]
