namespace Perturbed.Functional.Benchmarks

open System
open BenchmarkDotNet.Attributes
open Perturbed.Functional

module Sizes =

    /// Samples of a call.
    [<Literal>]
    let Samples = 4096

/// One sample of an operator: its noise alone, its solve alone, both with the sums (the operator), and the plain twin of arrays.
/// Times are per sample: each call takes `Samples` of them, on one thread.
[<MemoryDiagnoser>]
type OperatorBenchmarks() =
    let mutable op = Unchecked.defaultof<Smoothed>
    let mutable solver = Unchecked.defaultof<ISolver>
    let mutable theta: float[] = [||]
    let mutable target: float[] = [||]
    let mutable z: float[] = [||]
    let mutable solutions: float[] = [||]

    [<Params("argmax 5", "argmax 10", "argmax 1000", "ranking 5", "ranking 100", "grid 12x12")>]
    member val Case = "" with get, set

    [<GlobalSetup>]
    member this.Setup() =
        let oracle, noise =
            match this.Case.Split ' ' with
            | [| "argmax"; d |] -> Oracle.argmax (int d), Noise.gumbel
            | [| "ranking"; d |] -> Oracle.ranking (int d), Noise.gaussian
            | _ -> Oracle.gridPath GridMoves.Eight NegativeCosts.ClampToZero 12 12, Noise.gaussian

        op <- perturb oracle noise 0.5 Sizes.Samples |> Smoothed.withThreads 1
        let d = oracle.Dimension

        theta <-
            (Noise.gaussian |> Noise.sample d 1 (Key.create 1UL))[0, *]
            |> Array.map (fun t -> -2.0 - t)

        target <- Oracle.solve theta oracle
        z <- Array.zeroCreate (Sizes.Samples * d)
        solutions <- Array.zeroCreate (Sizes.Samples * d)
        solver <- oracle.Implementation.CreateSolver()
        noise.Sample(Key.create 1UL, 0u, 0L, d, Span z)

        for i in 0 .. z.Length - 1 do
            z[i] <- theta[i % d] + 0.5 * z[i]

    [<Benchmark(OperationsPerInvoke = Sizes.Samples, Description = "noise alone")>]
    member _.NoiseAlone() =
        // Block by block, as the operator does: a buffer of the whole run would measure memory.
        let d = op.Oracle.Dimension
        let block = max 16 (2048 / d)
        let buffer = Span(solutions, 0, block * d)

        for first in 0..block .. Sizes.Samples - 1 do
            op.Noise.Sample(op.Key, 0u, int64 first, d, buffer)

    [<Benchmark(OperationsPerInvoke = Sizes.Samples, Description = "solve alone")>]
    member _.SolveAlone() =
        let d = op.Oracle.Dimension
        let block = max 16 (2048 / d)

        for first in 0..block .. Sizes.Samples - block do
            solver.Solve(ReadOnlySpan(z, first * d, block * d), Span(solutions, 0, block * d), Span.Empty)

    [<Benchmark(OperationsPerInvoke = Sizes.Samples, Description = "maximizer")>]
    member _.Maximizer() = op |> Smoothed.maximizer theta

    [<Benchmark(OperationsPerInvoke = Sizes.Samples, Description = "Fenchel-Young value and gradient")>]
    member _.FenchelYoung() =
        op |> FenchelYoung.valueAndGradient theta target

    [<Benchmark(OperationsPerInvoke = Sizes.Samples, Description = "value and pullback")>]
    member _.Pullback() =
        let value, pullback = op |> Smoothed.pullback theta
        pullback value

    [<Benchmark(OperationsPerInvoke = Sizes.Samples, Description = "maximizer, all threads")>]
    member _.AllThreads() =
        op
        |> Smoothed.withThreads Environment.ProcessorCount
        |> Smoothed.maximizer theta

    // The definition, written with arrays: the solver called row by row through the user's door.
    [<Benchmark(Baseline = true, OperationsPerInvoke = Sizes.Samples, Description = "plain twin")>]
    member _.PlainTwin() =
        let d = op.Oracle.Dimension
        let random = Random 1
        let mutable mean: float[] = Array.zeroCreate d

        let draw () =
            match op.Noise.Name with
            | "gumbel" -> -log(-log(1.0 - random.NextDouble()))
            | _ ->
                sqrt (-2.0 * log (1.0 - random.NextDouble()))
                * cos (2.0 * Math.PI * random.NextDouble())

        for _ in 1 .. Sizes.Samples do
            let eta = theta |> Array.map (fun t -> t + 0.5 * draw ())
            let y = op.Oracle |> Oracle.solve eta
            mean <- Array.map2 (+) mean y

        mean |> Array.map (fun s -> s / float Sizes.Samples)
