namespace Perturbed.Functional.Benchmarks

open System
open BenchmarkDotNet.Attributes
open Perturbed.Functional

/// Bare solves on one thread, without noise: 256 directions a call, standard normal (distances of random cities for the heuristic). Times are for one solve.
[<MemoryDiagnoser>]
type OracleBenchmarks() =
    let mutable solver = Unchecked.defaultof<ISolver>
    let mutable thetas: float[] = [||]
    let mutable solutions: float[] = [||]
    let values: float[] = Array.zeroCreate 256

    let distances (cities: int) (random: Random) : float[] =
        let places = Array.init cities (fun _ -> random.NextDouble(), random.NextDouble())

        [|
            for i in 0 .. cities - 1 do
                for j in i + 1 .. cities - 1 do
                    let (a, b), (c, d) = places[i], places[j]
                    -sqrt((a - c) * (a - c) + (b - d) * (b - d))
        |]

    [<Params("l1 1000",
             "box 1000",
             "group 100",
             "nuclear 20x20",
             "spectraplex 20",
             "knapsack 50",
             "multi-knapsack 30",
             "tsp 8",
             "tsp 12",
             "tsp-heuristic 30",
             "alignment 8x9",
             "local-alignment 8x9",
             "linear-program 20x20")>]
    member val Case = "" with get, set

    [<GlobalSetup>]
    member this.Setup() =
        let random = Random 1

        let oracle =
            match this.Case with
            | "l1 1000" -> Oracle.l1Ball 1.0 1000
            | "box 1000" -> Oracle.unitBox 1000
            | "group 100" -> Oracle.groupBall (Array.init 100 (fun i -> i % 20)) 1.0
            | "nuclear 20x20" -> Oracle.nuclearBall 1.0 20 20
            | "spectraplex 20" -> Oracle.spectraplex 20
            | "knapsack 50" -> Oracle.knapsack (Array.init 50 (fun i -> 3 + i * 7 % 23)) 200
            | "multi-knapsack 30" ->
                Oracle.multiKnapsack (Array2D.init 3 30 (fun _ _ -> 1 + random.Next 20)) [| 120; 120; 120 |]
            | "tsp 8" -> Oracle.tsp 8
            | "tsp 12" -> Oracle.tsp 12
            | "tsp-heuristic 30" -> Oracle.tspHeuristic 1 30
            | "alignment 8x9" -> Oracle.alignment 8 9
            | "local-alignment 8x9" -> Oracle.localAlignment 8 9
            | _ ->
                Oracle.linearProgram
                    (Array2D.init 20 20 (fun _ _ -> random.NextDouble()))
                    (Array.init 20 (fun _ -> 1.0 + random.NextDouble()))

        let d = oracle.Dimension

        thetas <-
            if this.Case = "tsp-heuristic 30" then
                Array.init values.Length (fun _ -> distances 30 random) |> Array.concat
            else
                let rows = Noise.gaussian |> Noise.sample d values.Length (Key.create 1UL)
                Array.init (values.Length * d) (fun at -> rows[at / d, at % d])

        solutions <- Array.zeroCreate (values.Length * oracle.SolutionDimension)
        solver <- oracle.Implementation.CreateSolver()

    [<Benchmark(OperationsPerInvoke = 256)>]
    member _.Solve() =
        solver.Solve(ReadOnlySpan thetas, Span solutions, Span values)
        solutions
