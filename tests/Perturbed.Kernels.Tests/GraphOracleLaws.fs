/// Laws that every oracle obeys, for the tests of each.
module Perturbed.Kernels.Tests.GraphOracleLaws

open System
open System.Threading.Tasks
open Perturbed.Functional
open Xunit

/// Solves rows with a given solver, as perturbations of `instance` where there is one.
let solveWith (solver: ISolver) (oracle: IOracle) (instance: float[] option) (rows: float[][]) : float[][] * float[] =
    let solutions = Array.create (rows.Length * oracle.SolutionDimension) nan
    let values = Array.create rows.Length nan

    instance |> Option.iter (fun theta -> solver.Begin(0L, ReadOnlySpan theta))

    solver.Solve(ReadOnlySpan(Array.concat rows), Span solutions, Span values)
    Array.chunkBySize oracle.SolutionDimension solutions, values

let solve (oracle: IOracle) (rows: float[][]) : float[][] * float[] =
    solveWith (oracle.CreateSolver()) oracle None rows

let equalRows (expected: float[][]) (actual: float[][]) : unit =
    Assert.Equal(expected.Length, actual.Length)

    for row in 0 .. expected.Length - 1 do
        Assert.Equal<float[]>(expected[row], actual[row])

/// Rows whose entries are sometimes all different and sometimes whole numbers out of a few, so that ties abound.
let rowsOf (dimension: int) (count: int) (seed: int) : float[][] =
    let random = Random seed

    Array.init count (fun row ->
        Array.init dimension (fun _ ->
            if row % 3 = 0 then
                random.NextDouble() * 4.0 - 2.0
            else
                float (random.Next(1 + seed % 7)) - 3.0))

/// Every answer is a solution, its value is ⟨y, θ⟩ over the first d entries, and no known value is larger, all to rounding.
let isOptimal (best: float[] -> float) (oracle: IOracle) (rows: float[][]) : unit =
    let solutions, values = solve oracle rows

    for row in 0 .. rows.Length - 1 do
        Assert.True(oracle.IsSolution(ReadOnlySpan solutions[row]), $"row {row} is not a solution: %A{solutions[row]}")

        let terms =
            Array.init rows[row].Length (fun i ->
                if solutions[row][i] = 0.0 then
                    0.0
                else
                    solutions[row][i] * rows[row][i])

        let scale = rows[row] |> Array.sumBy abs
        // Sums of d terms in two orders, and a search whose labels are such sums.
        let slack = 8.0 * float rows[row].Length * 2.3e-16 * scale

        Assert.True(
            abs (Array.sum terms - values[row]) <= slack,
            $"row {row}: value {values[row]} of {Array.sum terms}"
        )

        let expected = best rows[row]

        Assert.True(
            abs (values[row] - expected) <= slack,
            $"row {row}: value {values[row]}, but {expected} is the best"
        )

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
                |> Array.map (solveWith solver oracle None)

            equalRows together (parts |> Array.collect fst |> Array.rev)
            Assert.Equal<int64[]>(bits values, parts |> Array.collect snd |> Array.rev |> bits)

let isThreadSafe (oracle: IOracle) (rows: float[][]) : unit =
    let expected, _ = solve oracle rows
    let answers = Array.init 8 (fun _ -> [||])

    Parallel.For(
        0,
        8,
        fun i -> answers[i] <- fst (solveWith (oracle.CreateSolver()) oracle (Some rows[i % rows.Length]) rows)
    )
    |> ignore

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

    fails "thetas" (d + d - 1) k 1
    fails "solutions" d (k + 1) 1
    fails "values" d k 2

    Assert.Throws<ArgumentException>(
        "y",
        (fun () -> oracle.IsSolution(ReadOnlySpan(Array.zeroCreate (k + 1))) |> ignore)
    )
    |> ignore

    solver.Solve(ReadOnlySpan.Empty, Span.Empty, Span.Empty)
