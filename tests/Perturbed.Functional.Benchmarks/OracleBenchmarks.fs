namespace Perturbed.Functional.Benchmarks

open System
open BenchmarkDotNet.Attributes
open Perturbed.Functional

/// Bare solves of every oracle on one thread, without noise: 64 directions a call, standard normal, or costs of one sign. Times are for one solve.
[<MemoryDiagnoser>]
type OracleBenchmarks() =
    let mutable solver = Unchecked.defaultof<ISolver>
    let mutable thetas: float[] = [||]
    let mutable solutions: float[] = [||]
    let values: float[] = Array.zeroCreate 64

    member _.Cases: string seq = OracleCases.all |> Seq.map (fun (name, _, _) -> name)

    [<ParamsSource("Cases")>]
    member val Case = "" with get, set

    [<GlobalSetup>]
    member this.Setup() =
        let _, oracle, isCost =
            OracleCases.all |> List.find (fun (name, _, _) -> name = this.Case)

        thetas <- OracleCases.thetas values.Length oracle isCost
        solutions <- Array.zeroCreate (values.Length * oracle.SolutionDimension)
        solver <- oracle.Implementation.CreateSolver()

    [<Benchmark(OperationsPerInvoke = 64)>]
    member _.Solve() =
        solver.Solve(ReadOnlySpan thetas, Span solutions, Span values)
        solutions
