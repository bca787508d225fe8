/// Random problems for the laws: an oracle with all its vertices, a noise, ε, θ, and a key.
module Perturbed.Functional.Tests.Theory.Cases

open System
open FsCheck
open FsCheck.FSharp
open Perturbed.Functional
open Perturbed.Functional.Tests.Theory

/// An oracle and the vertices of its polytope.
type Problem =
    {
        Name: string
        Oracle: Oracle
        Vertices: float[][]
    }

/// Some fixed rows in no special position.
let someRows: float[,] =
    array2D [
        [ 1.0; 0.5; -2.0 ]
        [ 0.0; 3.0; 1.0 ]
        [ -1.5; 0.25; 0.0 ]
        [ 2.0; 2.0; 2.0 ]
        [ 0.5; -1.0; 4.0 ]
    ]

let argmax (d: int) =
    {
        Name = $"argmax {d}"
        Oracle = Oracle.argmax d
        Vertices = Vertices.simplex d
    }

let topK (k: int) (d: int) =
    {
        Name = $"top {k} of {d}"
        Oracle = Oracle.topK k d
        Vertices = Vertices.hypersimplex k d
    }

let ranking (v: float[]) =
    {
        Name = $"ranking of %A{v}"
        Oracle = Oracle.rankingOf v
        Vertices = Vertices.permutations v
    }

let finiteSet (solutions: float[,]) =
    {
        Name = "finite set"
        Oracle = Oracle.finiteSet solutions
        Vertices = Vertices.rows solutions
    }

let grid (height: int) (width: int) =
    {
        Name = $"grid {height} × {width}"
        Oracle = Oracle.rightDownPath height width
        Vertices = Vertices.paths height width GridMoves.RightDown
    }

/// The polytopes in a space Σy = s, where a shift of θ by c adds c·s to F.
let balanced: Problem[] =
    [|
        argmax 3
        argmax 9
        topK 2 4
        topK 3 6
        ranking [| 1.0; 2.0; 3.0; 4.0 |]
        ranking [| 5.0; -1.0; 0.5 |]
    |]

/// Every kind of polytope, for noise of any sign.
let all: Problem[] =
    Array.append balanced [| finiteSet someRows; grid 2 3; grid 3 3 |]

/// A drawn case; numbers beyond it come from its own generator.
type Case =
    {
        Problem: Problem
        Smoothed: Smoothed
        Theta: float[]
        /// A second θ, near or far.
        Other: float[]
        Seed: int
    }

/// A vector of uniform entries in (−size, size).
let vector (random: Random) (size: float) (dimension: int) : float[] =
    Array.init dimension (fun _ -> size * (2.0 * random.NextDouble() - 1.0))

/// A case out of a number: ε = 2^e with e in −4..3, M in 1..150, θ of sizes 2^−6 to 2^6.
let caseOf (problems: Problem[]) (noises: INoise[]) (seed: int) : Case =
    let random = Random seed
    let problem = problems[random.Next problems.Length]
    let d = problem.Oracle.Dimension
    let size () = Math.ScaleB(1.0, random.Next(-6, 7))
    let theta = vector random (size ()) d

    {
        Problem = problem
        Smoothed =
            perturb
                problem.Oracle
                noises[random.Next noises.Length]
                (Math.ScaleB(1.0, random.Next(-4, 4)))
                (random.Next(1, 151))
            |> Smoothed.withKey (Key.create (uint64 seed))
        Theta = theta
        Other = Vertices.add theta (vector random (size ()) d)
        Seed = seed
    }

/// A law of random cases. A failure tells what reproduces it and whether it fails again.
let forAll (problems: Problem[]) (noises: INoise[]) (law: Case -> unit) : Property =
    let arbitrary = Gen.choose (0, Int32.MaxValue - 1) |> Arb.fromGen

    let checkSeed (seed: int) : unit =
        let case = caseOf problems noises seed

        let details () =
            [
                $"seed of the case {seed}; {case.Problem.Name}; {Reproduction.describe case.Smoothed}"
                yield! Reproduction.recompute case.Smoothed [ "theta", case.Theta; "other", case.Other ]
            ]

        Reproduction.check details (fun () -> law case)

    Prop.forAll arbitrary checkSeed

let noisesWithMean: INoise[] = Laws.withMean |> Array.map _.Noise
let noises: INoise[] = Laws.all |> Array.map _.Noise

/// The unit roundoff of a double.
let roundoff = Math.ScaleB(1.0, -53)

/// The noise of a case, M × d.
let noiseOf (smoothed: Smoothed) : float[][] =
    Noise.sample smoothed.Oracle.Dimension smoothed.Samples smoothed.Key smoothed.Noise
    |> Vertices.rows

/// Their scores as the noise draws them.
let scoresOf (smoothed: Smoothed) : float[][] =
    let d = smoothed.Oracle.Dimension
    let scores: float[] = Array.zeroCreate (smoothed.Samples * d)
    smoothed.Noise.SampleScores(smoothed.Key, 0u, 0L, d, Span scores)
    Array.chunkBySize d scores

/// The size of the largest |⟨y, θ + εz⟩| that can occur: max ‖y‖₁ times max (‖θ‖∞ + ε‖z‖∞).
let magnitude (case: Case) (thetas: float[][]) : float =
    let largest (v: float[]) = v |> Array.map abs |> Array.max
    let epsilon = case.Smoothed.Epsilon |> Array.max
    let noise = noiseOf case.Smoothed |> Array.map largest |> Array.max
    let theta = thetas |> Array.map largest |> Array.max
    let longest = case.Problem.Vertices |> Array.map (Array.sumBy abs) |> Array.max
    longest * (theta + epsilon * noise)

/// A bound of the rounding error of F_{ε,M} at some θ: a sum of d products, then a mean of M numbers, each step at most u of the magnitude.
/// The factor 8 covers a handful of such sums in one law.
let rounding (case: Case) (thetas: float[][]) : float =
    let steps = case.Problem.Oracle.Dimension + case.Smoothed.Samples + 4
    8.0 * float steps * roundoff * magnitude case thetas
