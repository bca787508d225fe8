/// What starting from the unperturbed problem saves: perturbations of one θ, solved warm and from nothing, on one thread.
module Perturbed.Functional.Benchmarks.WarmStarts

open System
open Perturbed.Functional

let private rows = 64

let private cases: (string * Oracle) list =
    [
        "assignment 20", Oracle.assignment 20 20
        "assignment 50", Oracle.assignment 50 50
        "assignment 100", Oracle.assignment 100 100
        "transport 20x20", OracleCases.transport 20 20
        "transport 50x50", OracleCases.transport 50 50
        "linear program 20x10", OracleCases.boundedProgram 20 10
        "linear program 60x40", OracleCases.boundedProgram 60 40
        "linear program 150x100", OracleCases.boundedProgram 150 100
    ]

/// Prints microseconds a solve, cold and warm, and their ratio, for noise of several sizes ε beside entries of θ of size 1.
let table (seconds: float) : unit =
    printfn "%-24s %8s %12s %12s %10s" "oracle" "epsilon" "cold µs" "warm µs" "warm/cold"

    for name, oracle in cases do
        let d = oracle.Dimension
        let theta = OracleCases.gaussian 1 d 1UL
        let noise = OracleCases.gaussian rows d 2UL
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

            // Transport starts from the row before unless the solver is new; the others start warm only when they are told the instance.
            let once =
                if name.StartsWith "transport" then
                    cold
                else
                    fun () -> reused.Solve(ReadOnlySpan thetas, Span solutions, Span.Empty)

            let coldTime, warmTime = Clock.leastOfBoth seconds once told
            let micro (time: float) = 1e6 * time / float rows

            printfn
                "%-24s %8.3f %12.2f %12.2f %9.2f×"
                name
                epsilon
                (micro coldTime)
                (micro warmTime)
                (warmTime / coldTime)
