/// Tier (b): values, maximizers, samples and distributions against the enumeration of all vertices.
module Perturbed.Functional.Tests.Theory.BruteForce.EstimateTests

open Expecto
open Perturbed.Functional
open Perturbed.Functional.Tests.Theory
open Perturbed.Functional.Tests.Theory.BruteForce.Settings
open Xunit

let tests: Test list =
    [
        testCase "The unperturbed oracle is the argmax over all vertices" (fun () ->
            each instances (fun case ->
                Assert.Equal<float[]>(
                    case.Setting.Solve case.Theta,
                    Oracle.solve case.Theta case.Setting.Smoothed.Oracle
                )))

        testCase "F_eps and y_eps are the means over the enumerated samples, with their standard errors" (fun () ->
            each instances (fun case ->
                let op = case.Setting.Smoothed
                let draws = Naive.draws case.Setting case.Theta
                let estimate = Smoothed.estimate case.Theta op
                let value = draws |> Array.map _.Value |> Naive.meanOf
                nearMean value op.Samples estimate.Maximum estimate.MaximumStandardError
                near value.Size value.Value (Smoothed.maximum case.Theta op)
                let maximizer = Smoothed.maximizer case.Theta op

                for i in 0 .. maximizer.Length - 1 do
                    let entry = draws |> Array.map (fun s -> s.Solution[i]) |> Naive.meanOf
                    near entry.Size entry.Value maximizer[i]
                    nearMean entry op.Samples estimate.Maximizer[i] estimate.MaximizerStandardErrors[i]))

        testCase "Samples of p_theta are the enumerated argmaxes, in the order of the noise" (fun () ->
            each instances (fun case ->
                let drawn = Smoothed.samples case.Theta case.Setting.Smoothed |> Vertices.rows

                Assert.True(
                    (drawn = (Naive.draws case.Setting case.Theta |> Array.map _.Solution)),
                    $"{case.Setting.Smoothed}"
                )))

        testCase "The distribution counts the enumerated argmaxes, the most frequent first" (fun () ->
            each instances (fun case ->
                let op = case.Setting.Smoothed

                let expected =
                    Naive.draws case.Setting case.Theta
                    |> Array.countBy _.Solution
                    |> Array.sortWith (fun (y, n) (y', n') -> compare (-n, List.ofArray y) (-n', List.ofArray y'))

                let actual = Smoothed.distribution case.Theta op
                Assert.Equal<(float[] * int)[]>(expected, actual |> Array.map (fun f -> f.Solution, int f.Count))

                for f in actual do
                    let p = float f.Count / float op.Samples
                    near 1.0 p f.Probability
                    near 1.0 (sqrt (p * (1.0 - p) / float op.Samples)) f.StandardError))

        testCase "Noise without a mean has a maximizer and no maximum" (fun () ->
            let op =
                perturb (Oracle.topK 2 4) Noise.cauchy 0.5 500
                |> Smoothed.withKey (Key.create 4UL)

            let theta = [| 0.1; 0.9; -0.4; 0.3 |]
            let setting = Naive.ofVertices (Vertices.hypersimplex 2 4) op
            let expected = Naive.draws setting theta |> Array.map _.Solution |> Vertices.mean
            Array.iter2 (near 1.0) expected (Smoothed.maximizer theta op)
            Assert.True(System.Double.IsNaN (Smoothed.estimate theta op).Maximum))
    ]
