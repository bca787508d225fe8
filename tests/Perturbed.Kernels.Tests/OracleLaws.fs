/// What every solver kernel must do, whatever it solves: the laws that each oracle's own tests apply to it.
module Perturbed.Kernels.Tests.OracleLaws

open System
open System.Threading.Tasks
open Perturbed.Functional.CSharp
open Xunit

let solveWith (solver: ISolver) (oracle: IOracle) (rows: float[][]) : float[][] * float[] =
    let solutions = Array.create (rows.Length * oracle.SolutionDimension) nan
    let values = Array.create rows.Length nan
    solver.Solve(ReadOnlySpan(Array.concat rows), Span solutions, Span values)
    Array.chunkBySize oracle.SolutionDimension solutions, values

let solve (oracle: IOracle) (rows: float[][]) : float[][] * float[] =
    solveWith (oracle.CreateSolver()) oracle rows

let dot (y: float[]) (theta: float[]) : float =
    Array.fold2 (fun sum a b -> sum + a * b) 0.0 y theta

let equalRows (expected: float[][]) (actual: float[][]) : unit =
    Assert.Equal(expected.Length, actual.Length)

    for row in 0 .. expected.Length - 1 do
        Assert.Equal<float[]>(expected[row], actual[row])

let private drawRows (dimension: int) (count: int) (seed: int) (entry: int -> Random -> float) : float[][] =
    let random = Random seed
    Array.init count (fun row -> Array.init dimension (fun _ -> entry row random))

/// Uniform rows in [−2, 2], every third of them rounded to halves so that ties abound, and the first all zeros.
let halvesOf (dimension: int) (count: int) (seed: int) : float[][] =
    drawRows dimension count seed (fun row random ->
        let x = random.NextDouble() * 4.0 - 2.0

        if row = 0 then 0.0
        elif row % 3 = 1 then Math.Round(2.0 * x) / 2.0
        else x)

/// Rows of which every third has entries all different, and the others whole numbers out of a few, so that ties abound.
let wholesOf (dimension: int) (count: int) (seed: int) : float[][] =
    drawRows dimension count seed (fun row random ->
        if row % 3 = 0 then
            random.NextDouble() * 4.0 - 2.0
        else
            float (random.Next(1 + seed % 7)) - 3.0)

// Every answer is a solution, and its value, that of its product with θ over the first d entries, is judged.
let private judge
    (slackOf: float[] -> float)
    (isBest: float -> float -> bool)
    (best: float[] -> float)
    (oracle: IOracle)
    (rows: float[][])
    : unit =
    let solutions, values = solve oracle rows

    for row in 0 .. rows.Length - 1 do
        Assert.True(oracle.IsSolution(ReadOnlySpan solutions[row]), $"row {row} is not a solution: %A{solutions[row]}")
        let slack = slackOf rows[row]
        let y = Array.truncate rows[row].Length solutions[row]
        let terms = Array.map2 (fun y t -> if y = 0.0 then 0.0 else y * t) y rows[row]

        Assert.True(
            abs (Array.sum terms - values[row]) <= slack,
            $"row {row}: value {values[row]} of {Array.sum terms}"
        )

        let expected = best rows[row]

        Assert.True(
            isBest (values[row] - expected) slack,
            $"row {row}: value {values[row]}, but {expected} is the best at %A{rows[row]}"
        )

/// Every answer is a solution, its value is ⟨y, θ⟩ over the first d entries, and it is the best one, all to rounding.
let isOptimal (best: float[] -> float) (oracle: IOracle) (rows: float[][]) : unit =
    // Sums of d terms in two orders, and a search whose labels are such sums.
    let slackOf (theta: float[]) =
        8.0 * float theta.Length * 2.3e-16 * Array.sumBy abs theta

    judge slackOf (fun excess slack -> abs excess <= slack) best oracle rows

/// No point of the list scores better than the answer, the answer is a solution, and its value is its product with θ, to 1e-12.
let maximises (points: float[][]) (oracle: IOracle) (rows: float[][]) : unit =
    let slackOf (theta: float[]) = 1e-12 * (1.0 + Array.sumBy abs theta)

    let best (theta: float[]) =
        points |> Seq.map (fun y -> dot y theta) |> Seq.max

    judge slackOf (fun excess slack -> excess >= -slack) best oracle rows

/// The same rows in calls of other sizes, backwards, by a solver that was told the instance, give the same bits.
let isFunctionOfTheta (oracle: IOracle) (instance: float[]) (rows: float[][]) : unit =
    let bits = Array.map BitConverter.DoubleToInt64Bits
    let together, values = solve oracle rows

    for start in [ None; Some instance; Some rows[0] ] do
        for size in [ 1; 3; 8; rows.Length ] do
            let solver = oracle.CreateSolver()
            start |> Option.iter (fun theta -> solver.Begin(0L, ReadOnlySpan theta))

            let parts =
                rows
                |> Array.rev
                |> Array.chunkBySize size
                |> Array.map (solveWith solver oracle)

            let again = parts |> Array.collect fst |> Array.rev
            Assert.Equal<int64[]>(together |> Array.concat |> bits, again |> Array.concat |> bits)
            Assert.Equal<int64[]>(bits values, parts |> Array.collect snd |> Array.rev |> bits)

let isThreadSafe (oracle: IOracle) (rows: float[][]) : unit =
    let expected, _ = solve oracle rows
    let answers = Array.init 8 (fun _ -> [||])

    let work (i: int) : unit =
        let solver = oracle.CreateSolver()
        solver.Begin(0L, ReadOnlySpan rows[i % rows.Length])
        answers[i] <- fst (solveWith solver oracle rows)

    Parallel.For(0, 8, work) |> ignore
    answers |> Array.iter (equalRows expected)

let allocatesNothing (oracle: IOracle) (rows: float[][]) : unit =
    let thetas = Array.concat rows
    let solutions = Array.zeroCreate<float>(rows.Length * oracle.SolutionDimension)
    let values = Array.zeroCreate<float> rows.Length
    let solver = oracle.CreateSolver()

    let once () =
        solver.Begin(0L, ReadOnlySpan(thetas, 0, oracle.Dimension))
        solver.Solve(ReadOnlySpan thetas, Span solutions, Span values)
        solver.Solve(ReadOnlySpan thetas, Span solutions, Span.Empty)

    Assert.Equal(0L, Allocation.steadyState once)

/// Spans of a wrong length are errors that name the parameter; no rows are legal.
let refusesWrongLengths (oracle: IOracle) : unit =
    let d, k = oracle.Dimension, oracle.SolutionDimension
    let solver = oracle.CreateSolver()

    let fails (name: string) (thetas: int) (solutions: int) (values: int) =
        let error =
            Assert.Throws<ArgumentException>(
                name,
                (fun () ->
                    solver.Solve(
                        ReadOnlySpan(Array.zeroCreate thetas),
                        Span(Array.zeroCreate solutions),
                        Span(Array.zeroCreate values)
                    ))
            )

        Assert.Contains("expected", error.Message)

    // Every length is a multiple of 1.
    if d > 1 then
        fails "thetas" (d + d - 1) k 1

    fails "solutions" d (k + 1) 1
    fails "values" d k 2

    Assert.Throws<ArgumentException>(
        "y",
        (fun () -> oracle.IsSolution(ReadOnlySpan(Array.zeroCreate (k + 1))) |> ignore)
    )
    |> ignore

    solver.Solve(ReadOnlySpan.Empty, Span.Empty, Span.Empty)

/// All of the contract that needs no reference: answers depend on θ alone, solvers work side by side, allocate nothing, and refuse wrong lengths.
let obeys (oracle: IOracle) (rows: float[][]) : unit =
    isFunctionOfTheta oracle rows[rows.Length / 2] rows
    isThreadSafe oracle rows
    allocatesNothing oracle rows
    refusesWrongLengths oracle

/// An argument error that names its parameter.
let rejects (name: string) (make: unit -> IOracle) : unit =
    let error = Assert.ThrowsAny<ArgumentException>(fun () -> make () |> ignore)
    Assert.Equal(name, error.ParamName)
