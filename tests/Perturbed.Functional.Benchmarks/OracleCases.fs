/// Every oracle at a size or two, for the benchmarks of solves.
module Perturbed.Functional.Benchmarks.OracleCases

open System
open Perturbed.Functional

/// Standard normal numbers, rows × d.
let gaussian (rows: int) (d: int) (key: uint64) : float[] =
    let z = Noise.gaussian |> Noise.sample d rows (Key.create key)
    Array.init z.Length (fun at -> z[at / d, at % d])

/// Directions for an oracle, or negative ones for one that takes costs.
let thetas (rows: int) (oracle: Oracle) (isCost: bool) : float[] =
    gaussian rows oracle.Dimension 1UL
    |> Array.map (fun t -> if isCost then -1.0 - abs t else t)

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

// A path through all nodes, so that every node is reached, and random edges beside it.
let sparse (nodes: int) : int[] * int[] =
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

/// Name, oracle, and whether it wants costs of one sign.
let all: (string * Oracle * bool) list =
    [
        "argmax 10", Oracle.argmax 10, false
        "top 10 of 1000", Oracle.topK 10 1000, false
        "ranking 100", Oracle.ranking 100, false
        "grid 5x5 right/down", Oracle.rightDownPath 5 5, true
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
        "assignment 100", Oracle.assignment 100 100, false
        "assignment 20x30", Oracle.assignment 20 30, false
        "transport 20x20", transport 20 20, false
        "spanning tree, complete 20", Oracle.spanningTree (Graph.Complete 20), false
        "forest of 5, complete 20", Oracle.spanningForest 5 (Graph.Complete 20), false
        "forest with links", Oracle.constrainedForest links 5 (Graph.Complete 20), false
        "clusters of 5, complete 20", Oracle.clusters LinkConstraints.None 5 (Graph.Complete 20), false
        "knapsack 20, capacity 100", Oracle.knapsack (Array.init 20 (fun i -> 5 + i % 7)) 100, false
        "knapsack of 3 constraints",
        Oracle.multiKnapsack (Array2D.init 3 20 (fun i j -> 1 + (i * 11 + j * 7) % 19)) [| 80; 80; 80 |],
        false
        "tsp 10", Oracle.tsp 10, true
        "tsp 12", Oracle.tsp 12, true
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
        "linear program 20x10, bounds", boundedProgram 20 10, false
        "linear program 60x40, bounds", boundedProgram 60 40, false
    ]
