/// What starting from the unperturbed problem saves: perturbations of one θ, solved warm and from nothing, on one thread.
module Perturbed.Functional.Benchmarks.WarmStarts

open System
open Perturbed.Functional

let private rows = 64

let private draw (key: uint64) (rows: int) (d: int) : float[] =
    let z = Noise.gaussian |> Noise.sample d rows (Key.create key)
    Array.init z.Length (fun at -> z[at / d, at % d])

/// A program of M dense constraints on d entries between 0 and 1.
let boundedProgram (constraints: int) (d: int) : Oracle =
    let random = Random 1

    Oracle.boundedLinearProgram
        (Array.zeroCreate d)
        (Array.create d 1.0)
        (Array2D.init constraints d (fun _ _ -> random.NextDouble()))
        (Array.init constraints (fun _ -> float d * (0.1 + 0.1 * random.NextDouble())))

/// Marginals in no special position.
let transport (r: int) (c: int) : Oracle =
    let random = Random 1

    let draw n =
        let x = Array.init n (fun _ -> 0.1 + random.NextDouble())
        x |> Array.map (fun v -> v / Array.sum x)

    Oracle.transport (draw r) (draw c)

let private cases: (string * Oracle) list =
    [
        "assignment 20", Oracle.assignment 20 20
        "assignment 50", Oracle.assignment 50 50
        "assignment 100", Oracle.assignment 100 100
        "transport 20x20", transport 20 20
        "transport 50x50", transport 50 50
        "linear program 20x10", boundedProgram 20 10
        "linear program 60x40", boundedProgram 60 40
        "linear program 150x100", boundedProgram 150 100
    ]

/// Prints microseconds a solve, cold and warm, and their ratio, for noise of several sizes ε beside entries of θ of size 1.
let table (seconds: float) : unit =
    printfn "%-24s %8s %12s %12s %10s" "oracle" "epsilon" "cold µs" "warm µs" "warm/cold"

    for name, oracle in cases do
        let d = oracle.Dimension
        let theta = draw 1UL 1 d
        let noise = draw 2UL rows d
        let solutions = Array.zeroCreate (rows * d)

        for epsilon in [ 0.001; 0.01; 0.1; 1.0 ] do
            let thetas = noise |> Array.mapi (fun i z -> theta[i % d] + epsilon * z)
            let warm = oracle.Implementation.CreateSolver()

            // A solver's first row has nothing to start from but what it was told.
            let cold () =
                for row in 0 .. rows - 1 do
                    oracle.Implementation
                        .CreateSolver()
                        .Solve(ReadOnlySpan(thetas, row * d, d), Span(solutions, row * d, d), Span.Empty)

            let told () =
                warm.Begin(0L, ReadOnlySpan theta)
                warm.Solve(ReadOnlySpan thetas, Span solutions, Span.Empty)

            let reused = oracle.Implementation.CreateSolver()

            let coldTime =
                if name.StartsWith "transport" then
                    Clock.least seconds cold
                else
                    // These start warm only when they are told the instance.
                    Clock.least seconds (fun () -> reused.Solve(ReadOnlySpan thetas, Span solutions, Span.Empty))

            let warmTime = Clock.least seconds told
            let micro (time: float) = 1e6 * time / float rows

            printfn
                "%-24s %8.3f %12.2f %12.2f %9.2f×"
                name
                epsilon
                (micro coldTime)
                (micro warmTime)
                (warmTime / coldTime)
