/// Tier (a): the mean argmax stays in the polytope, draw by draw. Tolerances are bounds of rounding errors.
module Perturbed.Functional.Tests.Theory.ExactLaws.PolytopeLaws

open Expecto
open Perturbed.Functional
open Perturbed.Functional.Tests.Theory
open Perturbed.Functional.Tests.Theory.Reproduction
open Perturbed.Functional.Tests.Theory.Vertices
open Perturbed.Suite
open Xunit

// A mean of M numbers, and a sum of d of them, of size at most `size`.
let private slack (case: Cases.Case) (size: float) =
    float (case.Smoothed.Samples + case.Theta.Length) * 4.0 * Cases.roundoff * size

let private insideHypersimplex (k: int) (problems: Cases.Problem list) =
    Cases.forAll (Array.ofList problems) Cases.noises (fun case ->
        let y = Smoothed.maximizer case.Theta case.Smoothed
        Assert.All(y, (fun entry -> Assert.InRange(entry, 0.0, 1.0)))
        equal (float k) (Array.sum y) (slack case (float k)))

let tests: Test list =
    [
        property 200 "The mean argmax is in the simplex" (fun () ->
            insideHypersimplex 1 [ Cases.argmax 2; Cases.argmax 5; Cases.argmax 33 ])

        property 200 "The mean top k is in the hypersimplex" (fun () ->
            insideHypersimplex 3 [ Cases.topK 3 4; Cases.topK 3 7 ])

        property 200 "The mean ranking is majorised by the reference vector: it is in the permutahedron" (fun () ->
            let references =
                [ [| 1.0; 2.0; 3.0; 4.0; 5.0 |]; [| 4.0; 4.0; -1.0 |]; [| 0.5; -2.0; 7.0; 3.0 |] ]

            Cases.forAll (references |> List.map Cases.ranking |> Array.ofList) Cases.noises (fun case ->
                let largestFirst =
                    Smoothed.maximizer case.Theta case.Smoothed |> Array.sortDescending

                let reference = case.Problem.Vertices[0] |> Array.sortDescending
                let tolerance = slack case (Array.sumBy abs reference)

                for k in 1 .. reference.Length do
                    atMost (Array.sum reference[.. k - 1]) (Array.sum largestFirst[.. k - 1]) tolerance

                equal (Array.sum reference) (Array.sum largestFirst) tolerance))

        property
            200
            "The mean of every oracle is the convex combination of its vertices with the drawn frequencies as weights"
            (fun () ->
                Cases.forAll Cases.all Cases.noises (fun case ->
                    let drawn = Smoothed.distribution case.Theta case.Smoothed
                    Assert.Equal(int64 case.Smoothed.Samples, drawn |> Array.sumBy _.Count)

                    for frequency in drawn do
                        Assert.Contains(frequency.Solution, case.Problem.Vertices)

                    let combination =
                        drawn
                        |> Array.map (fun f -> scaled f.Probability f.Solution)
                        |> Array.reduce add

                    let size = case.Problem.Vertices |> Array.map (Array.sumBy abs) |> Array.max

                    Array.iter2
                        (fun expected actual -> equal expected actual (slack case size))
                        combination
                        (Smoothed.maximizer case.Theta case.Smoothed)))

        property
            200
            "The ranking gradient sums to zero over coordinates, and so does every derivative along the ones"
            (fun () ->
                Cases.forAll Cases.balanced Cases.noisesWithMean (fun case ->
                    let target = case.Problem.Vertices[case.Seed % case.Problem.Vertices.Length]
                    let size = Array.sumBy abs target
                    let gradient = FenchelYoung.gradient case.Theta target case.Smoothed
                    Assert.InRange(abs (Array.sum gradient), 0.0, slack case size)

                    // 1ᵀJ = 0 where a baseline is subtracted: each term is (Σy_m − Σy) ∇ν. Its size is bounded by M times the largest term.
                    let ones = Array.create target.Length 1.0
                    let back = (Smoothed.vectorJacobian ones case.Theta case.Smoothed).Value
                    let law = Laws.ofNoise case.Smoothed.Noise

                    let largest =
                        Cases.noiseOf case.Smoothed
                        |> Array.collect (Array.map (law.Score >> abs))
                        |> Array.max

                    let bound = slack case (2.0 * size * largest / case.Smoothed.Epsilon[0]) * 2.0
                    Assert.All(back, (fun entry -> Assert.InRange(abs entry, 0.0, bound)))))
    ]
