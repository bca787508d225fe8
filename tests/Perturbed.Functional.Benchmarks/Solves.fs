/// Time per solve of every oracle on one thread, and the cases that scripts/compare-scipy.sh measures side by side.
module Perturbed.Functional.Benchmarks.Solves

open System
open System.IO
open Perturbed.Functional

let private gaussian (rows: int) (d: int) (key: uint64) : float[] =
    let z = Noise.gaussian |> Noise.sample d rows (Key.create key)
    let flat = Array.zeroCreate z.Length
    Buffer.BlockCopy(z, 0, flat, 0, 8 * z.Length)
    flat

// A path through all nodes, so that every node is reached, and random edges beside it.
let private sparse (nodes: int) : int[] * int[] =
    let random = Random 1
    let extra = 4 * nodes

    let from =
        Array.init (nodes - 1 + extra) (fun e -> if e < nodes - 1 then e else random.Next nodes)

    let target =
        Array.init (nodes - 1 + extra) (fun e -> if e < nodes - 1 then e + 1 else random.Next nodes)

    let pairs =
        Array.zip from target
        |> Array.filter (fun (a, b) -> a <> b)
        |> Array.distinctBy (fun (a, b) -> min a b, max a b)

    Array.map fst pairs, Array.map snd pairs

let private roads (nodes: int) : Digraph =
    let from, target = sparse nodes
    Digraph(nodes, from, target)

// The same edges, all uphill.
let private layered (nodes: int) : Digraph =
    let from, target = sparse nodes
    Digraph(nodes, Array.map2 min from target, Array.map2 max from target)

let private flow (nodes: int) : Oracle =
    let graph = roads nodes
    graph |> Oracle.flow (Array.init graph.Edges (fun e -> 1 + e % 5)) 0 (nodes - 1)

let private links: LinkConstraints =
    LinkConstraints([| struct (0, 1); struct (2, 3) |], [| struct (0, 19); struct (4, 5) |])

let private points: float[,] = Noise.gaussian |> Noise.sample 20 50 (Key.create 5UL)

let private oracles: (string * Oracle * bool) list =
    // Name, oracle, and whether it wants costs of one sign.
    [
        "argmax 10", Oracle.argmax 10, false
        "top 10 of 1000", Oracle.topK 10 1000, false
        "ranking 100", Oracle.ranking 100, false
        "grid 5x5 right/down", Oracle.gridPath GridMoves.RightDown NegativeCosts.ClampToZero 5 5, true
        "grid 12x12, 8 neighbours", Oracle.gridPath GridMoves.Eight NegativeCosts.ClampToZero 12 12, true
        "grid 12x12, 4 neighbours", Oracle.gridPath GridMoves.Four NegativeCosts.ClampToZero 12 12, true
        "moves of a 12x12 grid, 8", Oracle.gridEdgePath GridMoves.Eight NegativeEdges.Reject 12 12, true
        "path without cycles 100", Oracle.shortestPath NegativeEdges.Reject 0 99 (layered 100), true
        "path, Dijkstra 100", Oracle.shortestPath NegativeEdges.Reject 0 99 (roads 100), true
        "path, Bellman-Ford 100", Oracle.shortestPath NegativeEdges.Allow 0 99 (roads 100), true
        "minimum cut 100", Oracle.minimumCut NegativeCosts.Reject 0 99 (roads 100), true
        "flow 100", flow 100, false
        "b-matching 20x20, 3", Oracle.bMatching (Array.create 20 3) (Array.create 20 3), false
        "assignment 20", Oracle.assignment 20 20, false
        "assignment 20x30", Oracle.assignment 20 30, false
        "transport 20x20", WarmStarts.transport 20 20, false
        "spanning tree, complete 20", Oracle.spanningTree (Graph.Complete 20), false
        "forest of 5, complete 20", Oracle.spanningForest 5 (Graph.Complete 20), false
        "forest with links", Oracle.constrainedForest links 5 (Graph.Complete 20), false
        "clusters of 5, complete 20", Oracle.clusters LinkConstraints.None 5 (Graph.Complete 20), false
        "knapsack 20, capacity 100", Oracle.knapsack (Array.init 20 (fun i -> 5 + i % 7)) 100, false
        "knapsack of 3 constraints",
        Oracle.multiKnapsack (Array2D.init 3 20 (fun i j -> 1 + (i * 11 + j * 7) % 19)) [| 80; 80; 80 |],
        false
        "tsp 10", Oracle.tsp 10, true
        "tsp heuristic 30", Oracle.tspHeuristic 1 30, true
        "alignment 20x20", Oracle.alignment 20 20, false
        "local alignment 20x20", Oracle.localAlignment 20 20, false
        "finite set, 50 of 20", Oracle.finiteSet points, false
        "l1 ball 100", Oracle.l1Ball 1.0 100, false
        "box 100", Oracle.unitBox 100, false
        "group ball 100", Oracle.groupBall (Array.init 100 (fun i -> i / 10)) 1.0, false
        "nuclear ball 10x10", Oracle.nuclearBall 1.0 10 10, false
        "spectraplex 10", Oracle.spectraplex 10, false
        "linear program 20x10",
        Oracle.linearProgram (Array2D.init 20 10 (fun i j -> float (1 + (i * 7 + j * 3) % 5))) (Array.create 20 10.0),
        false
        "linear program 20x10, bounds", WarmStarts.boundedProgram 20 10, false
    ]

/// Prints nanoseconds per solve for every oracle: perturbations of one theta, by blocks of 64 rows, on one thread.
let table (seconds: float) : unit =
    printfn "%-28s %8s %14s" "oracle" "d" "ns per solve"

    for name, oracle, isCost in oracles do
        let d, k, rows = oracle.Dimension, oracle.SolutionDimension, 64

        let thetas =
            gaussian rows d 1UL |> Array.map (fun t -> if isCost then -1.0 - abs t else t)

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
        let theta = gaussian 1 d 1UL
        let noise = gaussian rows d 2UL
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
        let oracle = WarmStarts.boundedProgram constraints d
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
            "grid 5x5 right/down", Oracle.gridPath GridMoves.RightDown NegativeCosts.Reject 5 5
        ]

    for name, oracle in grids do
        let d, rows = oracle.Dimension, 64
        let thetas = gaussian rows d 4UL |> Array.map (fun c -> -0.1 - abs c)
        writeNumbers (Path.Combine(folder, $"cells-{d}")) thetas
        let solutions, values = Array.zeroCreate (rows * d), Array.zeroCreate rows
        let solver = oracle.Implementation.CreateSolver()

        let time =
            Clock.least seconds (fun () -> solver.Solve(ReadOnlySpan thetas, Span solutions, Span values))

        emit name (time / float rows) (Array.sum values)

    for nodes in [ 1000; 10000 ] do
        let from, target = sparse nodes
        let edges = from.Length
        let costs = gaussian 1 edges 3UL |> Array.map (fun c -> 0.1 + abs c)
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
