/// What the machine allows and what the kernels reach, number by number, on one thread: the roofline of docs/performance.md.
module Perturbed.Functional.Benchmarks.Limits

open System
open System.Runtime.Intrinsics
open Perturbed.Functional
open Perturbed.Kernels

// Blocks as the operator cuts them: about 2048 numbers, which stay in the second-level cache.
let private block = 2048

let private repeats = 64

let private perNumber (seconds: float) (numbers: int) (work: unit -> unit) : float =
    let many () =
        for _ in 1..repeats do
            work ()

    1e9 * Clock.least seconds many / float (repeats * numbers)

/// Nanoseconds for a fused multiply-add of eight numbers, with eight independent chains.
let private fusedMultiplyAdd (seconds: float) : float =
    let rounds = 4096
    let mutable sink = Vector512<float>.Zero

    let work () =
        let x = Vector512.Create 0.999
        let mutable a = Vector512.Create 1.0
        let mutable b = Vector512.Create 2.0
        let mutable c = Vector512.Create 3.0
        let mutable d = Vector512.Create 4.0
        let mutable e = Vector512.Create 5.0
        let mutable f = Vector512.Create 6.0
        let mutable g = Vector512.Create 7.0
        let mutable h = Vector512.Create 8.0

        for _ in 1..rounds do
            a <- Vector512.FusedMultiplyAdd(a, x, x)
            b <- Vector512.FusedMultiplyAdd(b, x, x)
            c <- Vector512.FusedMultiplyAdd(c, x, x)
            d <- Vector512.FusedMultiplyAdd(d, x, x)
            e <- Vector512.FusedMultiplyAdd(e, x, x)
            f <- Vector512.FusedMultiplyAdd(f, x, x)
            g <- Vector512.FusedMultiplyAdd(g, x, x)
            h <- Vector512.FusedMultiplyAdd(h, x, x)

        sink <- a + b + c + d + e + f + g + h

    perNumber seconds (rounds * 8 * 8) work

let private line (name: string) (time: float) (bound: string) (limit: float) =
    printfn "%-32s %8.3f   %-24s %8.3f %6.1f" name time bound limit (time / limit)

/// Prints nanoseconds a number: first the machine, then every kernel beside the limit that binds it.
let table (seconds: float) : unit =
    let z: float[] = Array.zeroCreate block
    let other: float[] = Array.zeroCreate block
    let key = Key.create 1UL
    let per = perNumber seconds
    let arithmetic = fusedMultiplyAdd seconds
    let row = 32
    let sums: float[] = Array.zeroCreate row

    let reading =
        per block (fun () -> Sums.AddRows(ReadOnlySpan<float> z, Span<float> sums))

    let copying = per block (fun () -> Array.Copy(z, other, block))
    let far: float[] = Array.zeroCreate (1 <<< 24)
    let further: float[] = Array.zeroCreate far.Length

    let memory =
        1e9 * Clock.least seconds (fun () -> Array.Copy(far, further, far.Length))
        / float far.Length

    printfn "ns a number, one thread"
    printfn "%-32s %8.3f" "fused multiply-add" arithmetic
    printfn "%-32s %8.3f" "reading a block in the cache" reading
    printfn "%-32s %8.3f" "copying a block in the cache" copying
    printfn "%-32s %8.3f" "copying 128 MiB of memory" memory
    printfn ""
    printfn "%-32s %8s   %-24s %8s %6s" "kernel" "ns" "limit" "ns" "ratio"

    let uniforms32 = per block (fun () -> Uniform32.Fill(key, 0u, 0L, Span<float> z))

    // Ten rounds of two multiplications, two shifts and two three-way exclusive ors for 32 numbers, four more to join them: 64 vector operations, eight numbers of 64 bits each.
    line "32-bit numbers (Philox4x32-10)" uniforms32 "64 operations of 32" (64.0 / 32.0 * 8.0 * arithmetic)

    let uniforms = per block (fun () -> Uniforms.Fill(key, 0u, 0L, Span<float> z))

    line "uniforms of 52 bits" uniforms "twice the 32-bit numbers" (2.0 * uniforms32)

    for noise in [ Noise.gaussian; Noise.gumbel; Noise.logistic; Noise.laplace; Noise.cauchy; Noise.studentT 3.0 ] do
        let isSingle = noise.Name = "gaussian" || noise.Name = "gumbel"
        let time = per block (fun () -> noise.Sample(key, 0u, 0L, 1, Span<float> z))

        line
            noise.Name
            time
            (if isSingle then "its 32-bit numbers" else "its uniforms")
            (if isSingle then uniforms32 else uniforms)

    let scores =
        per block (fun () -> Noise.gumbel.SampleScores(key, 0u, 0L, 1, Span<float> z))

    line "gumbel, scores alone" scores "its 32-bit numbers" uniforms32
    Noise.gaussian.Sample(key, 0u, 0L, 1, Span<float> z)

    let theta = Array.init 64 float

    let perturb =
        per block (fun () ->
            Perturbations.Additive(
                ReadOnlySpan<float> theta,
                ReadOnlySpan<float>(theta, 1, 1),
                ReadOnlySpan<float> z,
                Span<float> other
            ))

    line "theta + epsilon z, d = 64" perturb "copying" copying

    for width in [ 5; 32 ] do
        let whole = block / width * width

        let time =
            per whole (fun () -> Sums.AddRows(ReadOnlySpan<float>(z, 0, whole), Span<float>(sums, 0, width)))

        line $"sum of rows, d = {width}" time "reading" reading

    for name, (oracle: Oracle) in
        [
            "argmax, d = 10", Oracle.argmax 10
            "argmax, d = 1000", Oracle.argmax 1000
            "top 10, d = 1000", Oracle.topK 10 1000
            "ranking, d = 5", Oracle.ranking 5
            "ranking, d = 100", Oracle.ranking 100
        ] do
        let d = oracle.Dimension
        let rows = max 16 (block / d / 16 * 16)
        let thetas: float[] = Array.zeroCreate (rows * d)
        Noise.gaussian.Sample(key, 0u, 0L, 1, Span<float> thetas)
        let solutions: float[] = Array.zeroCreate (rows * d)
        let solver = oracle.Implementation.CreateSolver()

        let time =
            per (rows * d) (fun () -> solver.Solve(ReadOnlySpan thetas, Span solutions, Span.Empty))

        line name time "copying" copying

    // Noise and solve in one loop, where there is a fused sampler.
    for name, noise, (oracle: Oracle) in
        [
            "clocks, argmax of 10", Noise.gumbel, Oracle.argmax 10
            "prefilter, argmax of 1000", Noise.gumbel, Oracle.argmax 1000
            "prefilter, top 10 of 1000", Noise.gaussian, Oracle.topK 10 1000
        ] do
        match FusedSampler.Between(noise, oracle.Implementation) with
        | null -> ()
        | sampler ->
            let d = oracle.Dimension
            let rows = max 8 (block / d / 16 * 16)
            let theta: float[] = Array.zeroCreate d
            Noise.gaussian.Sample(key, 1u, 0L, 1, Span<float> theta)
            let solver = sampler.CreateSolver()

            solver.Begin(ReadOnlySpan<float> theta, ReadOnlySpan<float> [| 1.0 |]) |> ignore

            let indices: int[] = Array.zeroCreate (rows * solver.Ones)

            let solve () =
                solver.SolveIndices(key, 0u, 0L, Span<int> indices, Span<float>.Empty, Span<float32>.Empty)

            line name (per (rows * d) solve) "its 32-bit numbers" uniforms32
