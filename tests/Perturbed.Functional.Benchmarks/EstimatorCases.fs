/// The problems of docs/estimators.md, and the truth that estimates are held to.
module Perturbed.Functional.Benchmarks.EstimatorCases

open Perturbed.Functional

/// A problem: an oracle, and how to make a θ of standard normal numbers.
type Case =
    {
        Name: string
        Oracle: Oracle
        Theta: float -> float
    }

// Costs of paths are positive: θ = −cost.
let private cost (x: float) : float = -1.0 - abs x

let cases: Case list =
    let case (name: string) (oracle: Oracle) (theta: float -> float) =
        {
            Name = name
            Oracle = oracle
            Theta = theta
        }

    let grid (side: int) =
        Oracle.gridPath GridMoves.Eight NegativeCosts.ClampToZero side side

    [
        case "argmax of 5" (Oracle.argmax 5) id
        case "ranking of 20" (Oracle.ranking 20) id
        case "top 5 of 20" (Oracle.topK 5 20) id
        case "path on a 5 × 5 grid" (grid 5) cost
        case "path on a 12 × 12 grid" (grid 12) cost
        case "assignment of 6 to 6" (Oracle.assignment 6 6) id
    ]

/// How M samples are drawn, by name.
let designs: (string * SamplingDesign) list =
    [
        "independent", SamplingDesign.Independent
        "antithetic", SamplingDesign.Antithetic
        "orthogonal", SamplingDesign.Orthogonal
        "antithetic orthogonal", SamplingDesign.AntitheticOrthogonal
        "4 Latin hypercubes", SamplingDesign.LatinHypercube 4
        "1 Latin hypercube", SamplingDesign.LatinHypercube 1
        "4 Sobol sequences", SamplingDesign.Sobol 4
        "1 Sobol sequence", SamplingDesign.Sobol 1
    ]

/// What is subtracted in derivatives, by name.
let baselines: (string * VarianceReduction) list =
    [
        "none", VarianceReduction.None
        "y*(θ)", VarianceReduction.Baseline
        "leave-one-out", VarianceReduction.LeaveOneOut
    ]

/// Points, cotangents and targets, a row each, that the errors are taken over.
type Rows =
    {
        Thetas: float[,]
        Cotangents: float[,]
        /// A solution at another point: the Fenchel-Young gradient is y*_ε(θ) minus it.
        Targets: float[,]
    }

let rowsOf (count: int) (case: Case) : Rows =
    let d = case.Oracle.Dimension

    let thetas (seed: uint64) =
        Noise.gaussian
        |> Noise.sample d count (Key.create seed)
        |> Array2D.map case.Theta

    let elsewhere = thetas 3UL
    let targets = Array.init count (fun r -> Oracle.solve elsewhere[r, *] case.Oracle)

    {
        Thetas = thetas 1UL
        Cotangents =
            Noise.gaussian
            |> Noise.sample case.Oracle.SolutionDimension count (Key.create 2UL)
        Targets = Array2D.init count case.Oracle.SolutionDimension (fun r i -> targets[r][i])
    }

/// Value, vector-Jacobian product and Fenchel-Young gradient of each row.
type Answers =
    {
        Values: float[]
        Products: float[,]
        Gradients: float[,]
    }

let answers (rows: Rows) (op: Smoothed) : Answers =
    let y, back = Batch.pullback rows.Thetas op

    {
        Values = Batch.maximum rows.Thetas op
        Products = back rows.Cotangents
        Gradients = Array2D.mapi (fun r i t -> y[r, i] - t) rows.Targets
    }

// Each row many times over, with noise of its own each time.
let repeated (times: int) (rows: Rows) : Rows =
    let repeat (values: float[,]) =
        Array2D.init (times * Array2D.length1 values) (Array2D.length2 values) (fun r i ->
            values[r % Array2D.length1 values, i])

    {
        Thetas = repeat rows.Thetas
        Cotangents = repeat rows.Cotangents
        Targets = repeat rows.Targets
    }

/// Exact where there is a form; else the mean over `sets` scrambled Sobol sequences of 2^16 points, of a key that no estimate has.
let truth (sets: int) (rows: Rows) (op: Smoothed) : Answers =
    let isExact =
        match op.Oracle.Polytope with
        | Polytope.Simplex _
        | Polytope.Hypersimplex _
        | Polytope.Permutahedron _ -> true
        | _ -> false

    if isExact then
        answers rows (Smoothed.exact op)
    else
        op
        |> Smoothed.withSamples (sets <<< 16)
        |> Smoothed.withSampling (SamplingDesign.Sobol sets)
        |> Smoothed.withKey (Key.create 0x7A11UL)
        |> answers rows
