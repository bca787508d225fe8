/// A thousand calls over all oracles, noises, designs and estimators, whose bits are promised.
module Perturbed.Functional.Tests.PinnedBits

open System
open System.Runtime.InteropServices
open System.Security.Cryptography
open Perturbed.Functional

let private marginals (n: int) : float[] =
    let parts = Array.init n (fun i -> 0.1 + float ((i * 7) % 5))
    parts |> Array.map (fun part -> part / Array.sum parts)

// A directed graph of 8 nodes without cycles, and the same edges with some turned back.
let private from, private target =
    [| 0; 0; 1; 1; 2; 2; 3; 4; 4; 5; 6; 3 |], [| 1; 2; 3; 4; 4; 5; 6; 6; 7; 7; 7; 7 |]

let private uphill = Digraph(8, from, target)

let private roads =
    Digraph(8, Array.append from [| 4; 7 |], Array.append target [| 1; 5 |])

let private links = LinkConstraints([| struct (0, 1) |], [| struct (0, 5) |])

let private points =
    Array2D.init 7 4 (fun i j -> float ((i * 5 + j * 3) % 7) - 0.25 * float j)

let private constraints =
    Array2D.init 5 4 (fun i j -> float (1 + (i * 7 + j * 3) % 5))

/// Oracles of every kind.
let oracles: (string * Oracle) list =
    [
        "argmax 4", Oracle.argmax 4
        "argmax 80", Oracle.argmax 80
        "top 2 of 6", Oracle.topK 2 6
        "top 2 of 70", Oracle.topK 2 70
        "ranking 5", Oracle.ranking 5
        "ranking 20", Oracle.ranking 20
        "ranking of fractions", Oracle.rankingOf [| -0.5; 0.25; 0.25; 3.0 |]
        "grid path, 8 neighbours", Oracle.gridPath GridMoves.Eight NegativeCosts.ClampToZero 3 4
        "grid path, 4 neighbours", Oracle.gridPath GridMoves.Four NegativeCosts.ClampToZero 3 3
        "right and down path", Oracle.rightDownPath 4 4
        "right and down moves", Oracle.rightDownEdgePath 3 3
        "shortest path", Oracle.shortestPath NegativeEdges.Allow 0 7 uphill
        "shortest path within", Oracle.shortestPathWithin 4 0 7 uphill
        "minimum cut", Oracle.minimumCut NegativeCosts.ClampToZero 0 7 roads
        "flow", roads |> Oracle.flow (Array.init 14 (fun e -> 1 + e % 3)) 0 7
        "b-matching", Oracle.bMatching [| 2; 1; 2 |] [| 1; 2; 1 |]
        "assignment 3", Oracle.assignment 3 3
        "assignment 2x4", Oracle.assignment 2 4
        "transport", Oracle.transport (marginals 3) (marginals 2)
        "spanning tree", Oracle.spanningTree (Graph.Complete 5)
        "spanning forest", Oracle.spanningForest 2 (Graph.Complete 5)
        "constrained forest", Oracle.constrainedForest links 2 (Graph.Complete 6)
        "clusters", Oracle.clusters LinkConstraints.None 2 (Graph.Complete 5)
        "knapsack", Oracle.knapsack [| 2; 3; 4; 5; 6 |] 9
        "knapsack of 2 constraints",
        Oracle.multiKnapsack (Array2D.init 2 6 (fun i j -> 1 + (i * 3 + j * 2) % 5)) [| 7; 8 |]
        "tsp", Oracle.tsp 6
        "tsp heuristic", Oracle.tspHeuristic 1 8
        "alignment", Oracle.alignment 3 4
        "local alignment", Oracle.localAlignment 3 3
        "finite set", Oracle.finiteSet points
        "linear program", Oracle.linearProgram constraints (Array.create 5 10.0)
        "linear program with bounds",
        Oracle.boundedLinearProgram (Array.create 4 -0.5) (Array.create 4 1.5) constraints (Array.create 5 6.0)
        "l1 ball", Oracle.l1Ball 1.5 5
        "box", Oracle.box [| -1.0; 0.0; 0.5 |] [| 1.0; 2.0; 0.75 |]
        "signs", Oracle.sign 4
        "group ball", Oracle.groupBall [| 0; 0; 1; 1; 2 |] 1.0
        "nuclear ball", Oracle.nuclearBall 1.0 2 3
        "spectraplex", Oracle.spectraplex 3
        "product", Oracle.product [| Oracle.argmax 3; Oracle.ranking 3 |]
        "restriction", Oracle.restrict [| 0; 2; 3 |] [| 0.0; 0.5; 0.0; 0.0 |] (Oracle.ranking 4)
        "offset", Oracle.withOffset [| 0.5; -0.5; 1.0 |] (Oracle.argmax 3)
        "minimisation", Oracle.minimise (Oracle.ranking 4)
        "user function", Oracle.ofFunction 4 (fun theta -> theta |> Array.map (fun t -> if t > 0.0 then 1.0 else 0.0))
    ]

let private noises: INoise[] =
    [|
        Noise.gaussian
        Noise.gumbel
        Noise.centredGumbel
        Noise.logistic
        Noise.laplace
        Noise.studentT 3.5
        Noise.cauchy
        Noise.sumOfGamma 2.0 4 1.0
    |]

let private designs: SamplingDesign[] =
    [|
        SamplingDesign.Independent
        SamplingDesign.Antithetic
        SamplingDesign.Independent
        SamplingDesign.Orthogonal
        SamplingDesign.LatinHypercube 2
        SamplingDesign.Independent
        SamplingDesign.AntitheticOrthogonal
        SamplingDesign.Sobol 3
    |]

let private reductions: VarianceReduction[] =
    [| VarianceReduction.LeaveOneOut; VarianceReduction.Baseline; VarianceReduction.None |]

let private flat (values: float[,]) : float[] = Seq.cast<float> values |> Seq.toArray

let private both (answer: Uncertain<float[]>) : float[] =
    Array.append answer.Value answer.StandardErrors

// What is asked of an operator, of θ and of a cotangent or tangent; the answer's numbers.
let private questions: (string * (float[] -> Smoothed -> float[]))[] =
    let vector (n: int) : float[] =
        Array.init n (fun i -> 0.5 - float (i % 3))

    let rows (theta: float[]) : float[,] =
        Array2D.init 5 theta.Length (fun r i -> theta[i] * (1.0 - 0.125 * float r))

    [|
        "maximizer", Smoothed.maximizer
        "estimate",
        fun theta op ->
            let found = op |> Smoothed.estimate theta

            Array.concat [
                [| found.Maximum; found.MaximumStandardError |]
                found.Maximizer
                found.MaximizerStandardErrors
            ]
        "maximizers of a batch", (fun theta op -> op |> Batch.maximizer (rows theta) |> flat)
        "vector-Jacobian product",
        (fun theta op -> op |> Smoothed.vectorJacobian (vector op.Oracle.SolutionDimension) theta |> both)
        "pullback of a batch",
        (fun theta op ->
            let y, back = op |> Batch.pullback (rows theta)
            Array.append (flat y) (flat (back y)))
        "loss",
        (fun theta op ->
            let target = Oracle.solve (Array.map (~-) theta) op.Oracle
            let loss, gradient = op |> FenchelYoung.valueAndGradient theta target
            Array.append [| loss.Value; loss.StandardError |] gradient)
        "Jacobian-vector product", (fun theta op -> op |> Smoothed.jacobianVector (vector theta.Length) theta |> both)
        "Jacobian", (fun theta op -> op |> Smoothed.jacobian theta |> flat)
        "Hessian-vector product out of values",
        (fun theta op ->
            op
            |> Smoothed.hessianVectorBy DerivativeFormula.OfMaximum (vector theta.Length) theta
            |> both)
        "maximizer out of values", (fun theta op -> op |> Smoothed.maximizerOfMaximum theta |> both)
        "samples", (fun theta op -> op |> Smoothed.withSamples 7 |> Smoothed.samples theta |> flat)
        "distribution",
        (fun theta op ->
            op
            |> Smoothed.distribution theta
            |> Array.collect (fun found -> Array.append found.Solution [| found.Probability; found.StandardError |]))
    |]

let private sizes = [| 1; 5; 37; 400; 3000 |]

let private digest (numbers: float[]) : string =
    // NaN has many bits; zeros keep their sign.
    let numbers = numbers |> Array.map (fun x -> if Double.IsNaN x then nan else x)
    Convert.ToHexString(SHA256.HashData(MemoryMarshal.AsBytes(ReadOnlySpan numbers)))[..9]

// Under a design that the noise does not allow samples are independent.
let private sampled (design: SamplingDesign) (op: Smoothed) : Smoothed =
    try
        op |> Smoothed.withSampling design
    with :? ArgumentException ->
        op

/// The calls of one oracle, each with the digest of its answer, or the kind of error where the operator has none.
let calls (index: int) : string list =
    let name, oracle = oracles[index]

    [
        for call in 0..23 do
            // Strides without common factors, so that the settings meet in every combination over the oracles.
            let number = index * 24 + call
            let noise = noises[(call + index) % noises.Length]
            let design = designs[(number / 3) % designs.Length]
            let reduction = reductions[(number / 5) % reductions.Length]
            let question, ask = questions[call % questions.Length]
            let samples = sizes[(number / 7 + call) % sizes.Length]

            let theta =
                Array.init oracle.Dimension (fun i -> -0.6 - 0.11 * float ((i * 7 + call) % 9))

            let op =
                perturb oracle noise 0.75 samples
                |> Smoothed.withKey (Key.create (uint64 number))
                |> Smoothed.withVarianceReduction reduction
                |> sampled design

            let answer =
                try
                    op |> ask theta |> digest
                with :? ArgumentException as error ->
                    error.GetType().Name

            $"{name}; {noise.Name}; {op.Sampling}; M {samples}; {reduction}; {question}: {answer}"
    ]

/// All calls.
let all () : string[] =
    [|
        for index in 0 .. oracles.Length - 1 do
            yield! calls index
    |]
