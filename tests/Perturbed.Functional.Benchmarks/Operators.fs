/// Time per sample of an operator on one thread, beside what its noise and its solves alone take: in seconds where BenchmarkDotNet takes minutes.
module Perturbed.Functional.Benchmarks.Operators

open System
open Perturbed.Functional

let private cases =
    [
        "argmax 5", Oracle.argmax 5, Noise.gumbel
        "argmax 10", Oracle.argmax 10, Noise.gumbel
        "argmax 1000", Oracle.argmax 1000, Noise.gumbel
        "ranking 5", Oracle.ranking 5, Noise.gaussian
        "ranking 100", Oracle.ranking 100, Noise.gaussian
        "top 10 of 1000", Oracle.topK 10 1000, Noise.gaussian
        "grid 12x12", Oracle.gridPath GridMoves.Eight NegativeCosts.ClampToZero 12 12, Noise.gaussian
    ]

/// Prints nanoseconds per sample, and the operator's time over that of noise and solve alone.
let table (seconds: float) : unit =
    printfn
        "%-16s %9s %9s | %9s %6s | %9s %6s | %9s %6s"
        "ns per sample"
        "noise"
        "solve"
        "maximizer"
        "ratio"
        "FY both"
        "ratio"
        "pullback"
        "ratio"

    for name, oracle, noise in cases do
        let d, samples = oracle.Dimension, 4096
        let op = perturb oracle noise 0.5 samples |> Smoothed.withThreads 1
        let sample = Noise.gaussian |> Noise.sample d 1 (Key.create 1UL)
        let theta = sample[0, *] |> Array.map (fun t -> -2.0 - t)
        // Block by block, as the operator does: one buffer for the whole run would measure memory.
        let block = max 16 (2048 / d / 16 * 16)
        let blocks = samples / block
        let z: float[] = Array.zeroCreate (block * d)
        let solutions: float[] = Array.zeroCreate (block * d)
        let solver = oracle.Implementation.CreateSolver()

        let perSample (count: int) (work: unit -> unit) =
            1e9 * Clock.least seconds work / float count

        let noiseAlone =
            perSample (blocks * block) (fun () ->
                for b in 0 .. blocks - 1 do
                    noise.Sample(op.Key, 0u, int64 (b * block), d, Span z))

        for i in 0 .. z.Length - 1 do
            z[i] <- theta[i % d] + 0.5 * z[i]

        let solveAlone =
            perSample (blocks * block) (fun () ->
                for _ in 1..blocks do
                    solver.Solve(ReadOnlySpan z, Span solutions, Span.Empty))

        let maximizer =
            perSample samples (fun () -> op |> Smoothed.maximizer theta |> ignore)

        let target = Oracle.solve theta op.Oracle

        let loss =
            perSample samples (fun () -> op |> FenchelYoung.valueAndGradient theta target |> ignore)

        let both =
            perSample samples (fun () ->
                let value, pullback = op |> Smoothed.pullback theta
                pullback value |> ignore)

        let alone = noiseAlone + solveAlone

        printfn
            "%-16s %9.1f %9.1f | %9.1f %6.2f | %9.1f %6.2f | %9.1f %6.2f"
            name
            noiseAlone
            solveAlone
            maximizer
            (maximizer / alone)
            loss
            (loss / alone)
            both
            (both / (2.0 * alone))

/// Prints the time of a maximizer on one thread over that on all, for a batch of 32 rankings of 100.
let threads (seconds: float) : unit =
    let op = perturb (Oracle.ranking 100) Noise.gaussian 1.0 1000
    let thetas = Noise.gaussian |> Noise.sample 100 32 (Key.create 1UL)

    let time (threads: int) =
        Clock.least seconds (fun () -> op |> Smoothed.withThreads threads |> Batch.maximizer thetas |> ignore)

    let one, all = time 1, time Environment.ProcessorCount

    printfn
        "one thread %.2f ms, %d threads %.2f ms: %.2f times"
        (1e3 * one)
        Environment.ProcessorCount
        (1e3 * all)
        (one / all)
