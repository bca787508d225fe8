/// The small problems that are checked against the enumeration of all vertices, and how numbers are compared.
module Perturbed.Functional.Tests.Theory.BruteForce.Settings

open System
open Perturbed.Functional
open Perturbed.Functional.Tests.Theory
open Xunit

/// A problem, an operator on it, and a θ.
type Instance =
    {
        Setting: Naive.Setting
        Theta: float[]
        Vertices: float[][]
    }

let reductions =
    [ VarianceReduction.None; VarianceReduction.Baseline; VarianceReduction.LeaveOneOut ]

// Paths of 4 and 8 neighbours keep costs positive under a multiplicative perturbation.
let private costly (moves: GridMoves) (height: int) (width: int) : Cases.Problem =
    {
        Name = $"grid {moves} {height} × {width}"
        Oracle = Oracle.gridPath moves NegativeCosts.Reject height width
        Vertices = Vertices.paths height width moves
    }

let private signed: Cases.Problem list =
    [
        Cases.argmax 1
        Cases.argmax 2
        Cases.argmax 9
        Cases.topK 2 5
        Cases.topK 4 9
        Cases.ranking [| 1.0; 2.0; 3.0; 4.0 |]
        Cases.ranking [| 3.0; -0.5; 3.0; 0.25; 10.0 |]
        Cases.finiteSet Cases.someRows
        Cases.grid 2 2
        Cases.grid 3 4
    ]

let private costs: Cases.Problem list =
    [ costly GridMoves.Four 3 3; costly GridMoves.Eight 3 3; costly GridMoves.Eight 2 4 ]

let private instance (random: Random) (problem: Cases.Problem) (law: Laws.Law) samples reduction perturbation =
    let d = problem.Oracle.Dimension
    // Below this every law of an exponential tail has the second moment of its factor exp(εZ).
    let widest =
        if perturbation = Perturbation.Multiplicative then
            0.49
        else
            0.6

    let scale =
        if random.Next 2 = 0 then
            Smoothed.withEpsilon (widest - 0.1)
        else
            Smoothed.withEpsilons (Array.init d (fun _ -> 0.1 + (widest - 0.1) * random.NextDouble()))

    let op =
        perturb problem.Oracle law.Noise 1.0 samples
        |> Smoothed.withKey (Key.create (uint64 (random.Next())))
        |> Smoothed.withVarianceReduction reduction
        |> Smoothed.withPerturbation perturbation
        |> scale

    let theta =
        if List.contains problem costs then
            Array.init d (fun _ -> -0.2 - random.NextDouble())
        else
            Cases.vector random 1.5 d

    {
        Setting = Naive.ofVertices problem.Vertices op
        Theta = theta
        Vertices = problem.Vertices
    }

/// Every problem with laws, sample counts (1 among them, and more than one block and one chunk), baselines and perturbations in turn.
let instances: Instance[] =
    let random = Random 20

    let laws =
        [| Laws.gaussian; Laws.centredGumbel; Laws.logistic; Laws.gumbel; Laws.laplace; Laws.studentT 5.0 |]

    let counts = [| 1; 2; 37; 1100 |]
    let mutable turn = 0

    [|
        for problem in signed @ costs do
            for reduction in reductions do
                for perturbation in [ Perturbation.Additive; Perturbation.Multiplicative ] do
                    if perturbation.IsMultiplicative || not (List.contains problem costs) then
                        for samples in [ counts[turn % 4]; counts[(turn + 1) % 4] ] do
                            turn <- turn + 1
                            let law = laws[turn % 6]

                            // A power tail has no multiplicative maximum.
                            let law =
                                if perturbation.IsMultiplicative && law.Noise.ExponentialRate = 0.0 then
                                    Laws.gaussian
                                else
                                    law

                            instance random problem law samples reduction perturbation
    |]

/// Checks a law on each of some instances. A failure tells what reproduces it and whether it fails again.
let each (instances: Instance seq) (law: Instance -> unit) : unit =
    for case in instances do
        Reproduction.each [ case.Setting.Smoothed, case.Theta ] (fun _ _ -> law case)

/// Equal up to 1e-12 of the size of the terms that were summed.
let near (size: float) (expected: float) (actual: float) =
    Assert.True(abs (expected - actual) <= 1e-12 * (size + abs expected), $"{actual} is not {expected}")

/// Equal means, and equal standard errors (their squares, which cancel less).
let nearMean (expected: Naive.Mean) (samples: int) (value: float) (error: float) =
    near expected.Size expected.Value value

    if samples < 2 then
        Assert.True(Double.IsNaN error && Double.IsNaN expected.Error)
    else
        // The squares do not tell a sign.
        Assert.True(error >= 0.0)
        let square = expected.Size * expected.Size / float (samples - 1)
        near square (expected.Error * expected.Error) (error * error)
