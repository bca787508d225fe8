/// The combinations that have exact expectations, and points to try them at.
module Perturbed.Functional.Tests.Exact.Settings

open Perturbed.Functional
open Xunit

let noises: INoise list =
    [
        Noise.gaussian
        Noise.gumbel
        Noise.centredGumbel
        Noise.logistic
        Noise.laplace
        Noise.cauchy
        Noise.studentT 3.0
        Noise.studentT 0.5
    ]

let oracles: Oracle list =
    [
        Oracle.argmax 5
        Oracle.topK 2 5
        Oracle.ranking 5
        Oracle.rankingOf [| 7.0; 3.0; -1.0; 5.0; 1.0 |]
        // Neither affine nor without ties.
        Oracle.rankingOf [| 0.0; 1.0; 1.0; 4.0; 9.0 |]
    ]

/// A tie, and one entry far from the others.
let theta = [| 0.4; -0.3; 0.4; 1.1; -2.5 |]

let epsilons = [| 0.5; 0.9; 0.7; 0.3; 1.4 |]

let vector = [| 0.3; -1.2; 2.0; 0.1; 0.7 |]

/// Every combination with one ε and with one for each coordinate, exact.
let all: Smoothed list =
    [
        for oracle in oracles do
            for noise in noises do
                let scalar = perturb oracle noise 0.8 100 |> Smoothed.exact
                scalar
                Smoothed.withEpsilons epsilons scalar
    ]

let near (tolerance: float) (expected: float) (actual: float) : unit =
    Assert.True(
        abs (actual - expected) <= tolerance * (1.0 + abs expected),
        $"{actual} is not {expected} to {tolerance}"
    )

let allNear (tolerance: float) (expected: float[]) (actual: float[]) : unit =
    Assert.Equal(expected.Length, actual.Length)
    Array.iter2 (near tolerance) expected actual

let dot (a: float[]) (b: float[]) : float =
    Array.fold2 (fun total x y -> total + x * y) 0.0 a b
