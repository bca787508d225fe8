/// What every solver kernel must do, whatever it solves: the laws that each oracle's own tests apply to it.
module Perturbed.Kernels.Tests.OracleLaws

open System
open System.Threading.Tasks
open Perturbed.Functional
open Xunit

let solveWith (solver: ISolver) (oracle: IOracle) (rows: float[][]) : float[][] * float[] =
    let thetas = Array.concat rows
    let solutions = Array.create (rows.Length * oracle.SolutionDimension) nan
    let values = Array.create rows.Length nan
    solver.Solve(ReadOnlySpan thetas, Span solutions, Span values)
    Array.chunkBySize oracle.SolutionDimension solutions, values

let solve (oracle: IOracle) (rows: float[][]) : float[][] * float[] =
    solveWith (oracle.CreateSolver()) oracle rows

let dot (y: float[]) (theta: float[]) : float =
    Array.fold2 (fun sum a b -> sum + a * b) 0.0 y theta

/// Uniform rows in [−2, 2], every third of them rounded to halves so that ties abound, and the first all zeros.
let rows (dimension: int) (count: int) (seed: int) : float[][] =
    let random = Random seed

    Array.init count (fun row ->
        Array.init dimension (fun _ ->
            let x = random.NextDouble() * 4.0 - 2.0

            if row = 0 then 0.0
            elif row % 3 = 1 then Math.Round(2.0 * x) / 2.0
            else x))

/// No point of the list scores better than the answer, the answer is a solution, and its value is its product with θ, to 1e-12.
let maximises (points: float[][]) (oracle: IOracle) (thetas: float[][]) : unit =
    let solutions, values = solve oracle thetas

    for i in 0 .. thetas.Length - 1 do
        let best = points |> Array.map (fun y -> dot y thetas[i]) |> Array.max
        let size = 1e-12 * (1.0 + Array.sumBy abs thetas[i])
        Assert.True(oracle.IsSolution(ReadOnlySpan solutions[i]), $"%A{solutions[i]} is not a solution")
        Assert.True(abs (values[i] - dot solutions[i] thetas[i]) <= size, $"{values[i]} is not the product")
        Assert.True(values[i] >= best - size, $"{values[i]} < {best} at %A{thetas[i]}")

let private bits = Array.map BitConverter.DoubleToInt64Bits

/// Rows are independent of their neighbours and of what was solved before, solvers work side by side, and a solve allocates nothing.
let obeys (oracle: IOracle) (thetas: float[][]) : unit =
    let together, values = solve oracle thetas

    for size in [ 1; 3; 8 ] do
        let solver = oracle.CreateSolver()

        let parts =
            thetas
            |> Array.rev
            |> Array.chunkBySize size
            |> Array.map (solveWith solver oracle)

        let again = parts |> Array.collect fst |> Array.rev
        Assert.Equal<float[]>(Array.concat together, Array.concat again)
        Assert.Equal<int64[]>(bits values, parts |> Array.collect snd |> Array.rev |> bits)

    let answers = Array.init 4 (fun _ -> [||])

    Parallel.For(0, 4, (fun i -> answers[i] <- fst (solve oracle thetas))) |> ignore

    for answer in answers do
        Assert.Equal<float[]>(Array.concat together, Array.concat answer)

    let solver = oracle.CreateSolver()
    let flat = Array.concat thetas
    let solutions: float[] = Array.zeroCreate (thetas.Length * oracle.SolutionDimension)
    let optimal: float[] = Array.zeroCreate thetas.Length

    let once () =
        solver.Begin(0L, ReadOnlySpan(flat, 0, oracle.Dimension))
        solver.Solve(ReadOnlySpan flat, Span solutions, Span optimal)
        solver.Solve(ReadOnlySpan flat, Span solutions, Span.Empty)

    Assert.Equal(0L, Allocation.steadyState once)
    Assert.Equal<float[]>(Array.concat together, solutions)

    for wrong in [ oracle.Dimension + 1; 1 - oracle.Dimension + 2 * oracle.Dimension ] do
        if wrong % oracle.Dimension <> 0 then
            Assert.Throws<ArgumentException>(
                "thetas",
                (fun () -> solver.Solve(ReadOnlySpan(Array.zeroCreate wrong), Span solutions, Span.Empty))
            )
            |> ignore

    Assert.Throws<ArgumentException>(
        "y",
        (fun () ->
            oracle.IsSolution(ReadOnlySpan(Array.zeroCreate (oracle.SolutionDimension + 1)))
            |> ignore)
    )
    |> ignore

    solver.Solve(ReadOnlySpan.Empty, Span.Empty, Span.Empty)

/// An argument error that names its parameter.
let rejects (name: string) (make: unit -> IOracle) : unit =
    let error = Assert.ThrowsAny<ArgumentException>(fun () -> make () |> ignore)
    Assert.Equal(name, error.ParamName)
