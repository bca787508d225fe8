/// Tier (a): the partial Fenchel-Young loss is a difference of perturbed maxima on shared noise.
module Perturbed.Functional.Tests.Theory.ExactLaws.PartialLossLaws

open System
open Expecto
open Perturbed.Functional
open Perturbed.Functional.Tests.Theory
open Perturbed.Functional.Tests.Theory.Reproduction
open Perturbed.Functional.Tests.Theory.Vertices
open Perturbed.Suite
open Xunit

/// The oracle of some of a problem's vertices, at least one.
let private some (case: Cases.Case) : Oracle =
    let random = Random case.Seed

    match case.Problem.Vertices |> Array.filter (fun _ -> random.Next 2 = 0) with
    | [||] -> [| case.Problem.Vertices[0] |]
    | kept -> kept
    |> array2D
    |> Oracle.finiteSet

let private on (oracle: Oracle) (op: Smoothed) : Smoothed =
    perturb oracle op.Noise op.Epsilon[0] op.Samples |> Smoothed.withKey op.Key

let tests: Test list =
    [
        property
            200
            "The partial loss is the difference of two perturbed maxima on shared noise, at least 0, and its gradient that of the maximizers"
            (fun () ->
                Cases.forAll Cases.all Cases.noisesWithMean (fun case ->
                    let op, restricted = case.Smoothed, some case
                    let twin = op |> on restricted

                    let loss, gradient =
                        op |> PartialFenchelYoung.valueAndGradient case.Theta restricted

                    let slack = Cases.rounding case [| case.Theta |]
                    equal loss.Value (Smoothed.maximum case.Theta op - Smoothed.maximum case.Theta twin) slack
                    atMost loss.Value 0.0 slack

                    let largest =
                        case.Problem.Vertices |> Array.map (Array.map abs >> Array.max) |> Array.max

                    for i in 0 .. gradient.Length - 1 do
                        let between =
                            (Smoothed.maximizer case.Theta op)[i] - (Smoothed.maximizer case.Theta twin)[i]

                        equal gradient[i] between (float (op.Samples + 4) * Cases.roundoff * 4.0 * largest)

                    Assert.Equal<float[]>(gradient, op |> PartialFenchelYoung.gradient case.Theta restricted)
                    Assert.True loss.IsTrueLoss))

        property
            200
            "With all solutions left the partial loss is 0, and with one it is the Fenchel-Young loss less eps <mean z - E Z, y>"
            (fun () ->
                Cases.forAll Cases.balanced Cases.noisesWithMean (fun case ->
                    let op = case.Smoothed
                    let all, zero = op |> PartialFenchelYoung.valueAndGradient case.Theta op.Oracle
                    Assert.Equal(0.0, all.Value)
                    Assert.All(zero, (fun g -> Assert.Equal(0.0, g)))
                    let y = case.Problem.Vertices[case.Seed % case.Problem.Vertices.Length]
                    let one = Oracle.finiteSet (array2D [ y ])
                    let loss, gradient = op |> PartialFenchelYoung.valueAndGradient case.Theta one
                    let whole, expected = op |> FenchelYoung.valueAndGradient case.Theta y
                    let law = Laws.ofNoise op.Noise
                    let mean = Cases.noiseOf op |> Vertices.mean |> Array.map (fun z -> z - law.Mean)

                    equal
                        loss.Value
                        (whole.Value - op.Epsilon[0] * dot mean y)
                        (2.0 * Cases.rounding case [| case.Theta |])

                    let largest = y |> Array.map abs |> Array.max

                    for i in 0 .. gradient.Length - 1 do
                        equal gradient[i] expected[i] (float (op.Samples + 4) * Cases.roundoff * 4.0 * largest)))
    ]
