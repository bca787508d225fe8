/// Time per solve of every oracle on one thread, and the cases that scripts/compare-scipy.sh measures side by side.
module Perturbed.Functional.Benchmarks.Solves

open System
open System.IO
open Perturbed.Functional

/// Prints nanoseconds per solve: perturbations of one theta, by blocks of 64 rows, on one thread.
/// Of every oracle whose name contains one of the names, or of every oracle where none is given.
let table (names: string list) (seconds: float) : unit =
    printfn "%-28s %8s %14s" "oracle" "d" "ns per solve"

    let isAsked (name: string, _, _) =
        List.isEmpty names || names |> List.exists name.Contains

    for name, oracle, isCost in List.filter isAsked OracleCases.all do
        let d, k, rows = oracle.Dimension, oracle.SolutionDimension, 64

        let thetas = OracleCases.thetas rows oracle isCost

        let solutions = Array.zeroCreate (rows * k)
        let solver = oracle.Implementation.CreateSolver()
        solver.Begin(0L, ReadOnlySpan(thetas, 0, d))

        let time =
            Clock.least seconds (fun () -> solver.Solve(ReadOnlySpan thetas, Span solutions, Span.Empty))

        printfn "%-28s %8d %14.1f" name d (1e9 * time / float rows)

let private writeNumbers (path: string) (numbers: float seq) : unit =
    use writer = new BinaryWriter(File.Create path)

    for number in numbers do
        writer.Write number

/// Solves what scipy and plain Python will solve: instances go to files of doubles in `folder`, JSON lines with seconds and the value to standard output.
let scipy (seconds: float) (folder: string) : unit =
    let emit (case: string) (time: float) (value: float) =
        printfn "{\"case\":\"%s\",\"seconds\":%.9g,\"value\":%.17g}" case time value

    // An instance and perturbations of it: cold solves each as if alone, warm is told the instance.
    let rows = 16

    let coldAndWarm (name: string) (oracle: Oracle) =
        let d = oracle.Dimension
        let theta = OracleCases.gaussian 1 d 1UL
        let noise = OracleCases.gaussian rows d 2UL
        let thetas = noise |> Array.mapi (fun i z -> theta[i % d] + 0.1 * z)
        let solution = Array.zeroCreate d
        let values = Array.zeroCreate rows

        let solveAll (solver: ISolver) () =
            for row in 0 .. rows - 1 do
                solver.Solve(ReadOnlySpan(thetas, row * d, d), Span solution, Span(values, row, 1))

        let cold = oracle.Implementation.CreateSolver()
        let warm = oracle.Implementation.CreateSolver()
        warm.Begin(0L, ReadOnlySpan theta)

        for kind, solver in [ "cold", cold; "warm", warm ] do
            let time = Clock.least seconds (solveAll solver)
            emit $"{name} {kind}" (time / float rows) (Array.sum values)

        thetas

    for n in [ 20; 50; 100 ] do
        coldAndWarm $"assignment {n}" (Oracle.assignment n n)
        |> writeNumbers (Path.Combine(folder, $"assignment-{n}"))

    for constraints, d in [ 20, 10; 60, 40 ] do
        let oracle = OracleCases.boundedProgram constraints d
        let thetas = coldAndWarm $"linear program {constraints}x{d}" oracle

        match oracle.Polytope with
        | Polytope.Inequalities(a, b, _, _) ->
            writeNumbers
                (Path.Combine(folder, $"program-{constraints}-{d}"))
                (Seq.concat [ Seq.cast<float> a; b; thetas ])
        | _ -> ()

    let grids =
        [
            "grid 12x12, 8 neighbours", Oracle.gridPath GridMoves.Eight NegativeCosts.Reject 12 12
            "grid 5x5 right/down", Oracle.rightDownPath 5 5
        ]

    for name, oracle in grids do
        let d, rows = oracle.Dimension, 64
        let thetas = OracleCases.gaussian rows d 4UL |> Array.map (fun c -> -0.1 - abs c)
        writeNumbers (Path.Combine(folder, $"cells-{d}")) thetas
        let solutions, values = Array.zeroCreate (rows * d), Array.zeroCreate rows
        let solver = oracle.Implementation.CreateSolver()

        let time =
            Clock.least seconds (fun () -> solver.Solve(ReadOnlySpan thetas, Span solutions, Span values))

        emit name (time / float rows) (Array.sum values)

    for nodes in [ 1000; 10000 ] do
        let from, target = OracleCases.sparse nodes
        let edges = from.Length
        let costs = OracleCases.gaussian 1 edges 3UL |> Array.map (fun c -> 0.1 + abs c)
        let theta = costs |> Array.map (~-)

        writeNumbers
            (Path.Combine(folder, $"graph-{nodes}"))
            (Seq.concat [ Seq.map float from; Seq.map float target; Seq.ofArray costs ])

        let solution = Array.zeroCreate edges
        let value = Array.zeroCreate 1

        let time (oracle: Oracle) =
            let solver = oracle.Implementation.CreateSolver()

            Clock.least seconds (fun () ->
                solver.Begin(0L, ReadOnlySpan theta)
                solver.Solve(ReadOnlySpan theta, Span solution, Span value))

        let tree = time (Oracle.spanningTree (Graph(nodes, from, target)))
        emit $"spanning tree {nodes}" tree value[0]

        let path =
            time (Oracle.shortestPath NegativeEdges.Reject 0 (nodes - 1) (Digraph(nodes, from, target)))

        emit $"shortest path {nodes}" path value[0]
