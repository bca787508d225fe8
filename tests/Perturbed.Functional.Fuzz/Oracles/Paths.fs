/// Shortest paths over the edges of graphs and grids, by listing all simple ones.
[<RequireQualifiedAccess>]
module Perturbed.Functional.Fuzz.Paths

open Perturbed.Functional

// The nodes on a walk from the source to the target.
let private useful (graph: Digraph) (source: int) (target: int) : bool[] =
    let reach (start: int) (tails: int[]) (heads: int[]) =
        let seen = Array.create graph.Nodes false
        seen[start] <- true

        for _ in 1 .. graph.Nodes do
            for e in 0 .. tails.Length - 1 do
                if seen[tails[e]] then
                    seen[heads[e]] <- true

        seen

    let from, into = graph.From.ToArray(), graph.To.ToArray()
    Array.map2 (&&) (reach source from into) (reach target into from)

// Whether a cycle through useful nodes gains, by Bellman's and Ford's rounds in exact arithmetic.
let private hasGainingCycle (graph: Digraph) (isUseful: bool[]) (theta: float[]) : bool =
    let from, into = graph.From.ToArray(), graph.To.ToArray()
    let gain = theta |> Array.map Dyadic.ofFloat
    let best = Array.create graph.Nodes Dyadic.Zero
    let mutable changed = true
    let mutable round = 0

    while changed && round <= graph.Nodes do
        changed <- false
        round <- round + 1

        for e in 0 .. from.Length - 1 do
            if isUseful[from[e]] && isUseful[into[e]] then
                let found = best[from[e]] + gain[e]

                if (found - best[into[e]]).Sign > 0 then
                    best[into[e]] <- found
                    changed <- true

    changed

// Acyclic paths walked back from the target: the first of the best edges into each node.
let private firstEdges (graph: Digraph) (target: int) (a: float[]) (b: float[]) : int =
    let from, into = graph.From.ToArray(), graph.To.ToArray()

    let last (y: float[]) node =
        Seq.tryFind (fun e -> y[e] = 1.0 && into[e] = node) [ 0 .. from.Length - 1 ]

    let rec back node =
        match last a node, last b node with
        | Some x, Some y when x = y -> back from[x]
        | Some x, Some y -> compare x y
        | _ -> 0

    back target

let private pathProblem
    (form: string)
    (oracle: Oracle)
    (graph: Digraph)
    (source: int)
    (target: int)
    (policy: NegativeEdges)
    : Outcome =
    let solutions =
        Routes.simplePaths graph source target
        |> Array.map (fun path -> Routes.indicator graph.Edges path.Edges)

    let isUseful = useful graph source target
    let from, into = graph.From.ToArray(), graph.To.ToArray()
    let plain = Judge.listed Judge.OfTerms Judge.AnyOf solutions

    let judge =
        if graph.IsAcyclic then
            Judge.listed Judge.OfTerms (Judge.FirstBy(firstEdges graph target)) solutions id
        else
            match policy with
            | NegativeEdges.ClampToZero -> plain Routes.clamp
            | NegativeEdges.Allow ->
                fun theta answer ->
                    match answer with
                    | Failed _ when hasGainingCycle graph isUseful theta -> Right
                    | Solved(y, _) when hasGainingCycle graph isUseful theta ->
                        // A cycle that gains less than labels round may go unseen, where the path is the best one without cycles.
                        match plain id theta answer with
                        | Wrong _ -> Wrong $"an OracleException; {Form.vector y} hides a cycle that gains"
                        | _ -> Coarse
                    | _ -> plain id theta answer
            | _ ->
                // An edge that is on no walk may have any sign, or be refused.
                let isNegative (mustCount: bool) (theta: float[]) =
                    theta
                    |> Array.indexed
                    |> Array.exists (fun (e, t) ->
                        t > 0.0 && (not mustCount || (isUseful[from[e]] && isUseful[into[e]])))

                fun theta answer ->
                    match answer with
                    | Failed _ when isNegative false theta -> Right
                    | Solved _ when isNegative true theta -> Wrong "an OracleException"
                    | _ -> plain id theta answer

    Made
        {
            Form = form
            Oracle = oracle
            Theta =
                fun draw ->
                    if graph.IsAcyclic || draw.Chance 0.25 then
                        Vectors.any draw graph.Edges
                    elif policy = NegativeEdges.Allow && draw.Chance 0.6 then
                        // Costs between potentials: of any sign, and no cycle gains but by rounding.
                        let potential = Vectors.any draw graph.Nodes

                        let cost =
                            if draw.Chance 0.5 then
                                Array.zeroCreate graph.Edges
                            else
                                Vectors.costs draw graph.Edges

                        Array.init graph.Edges (fun e -> potential[into[e]] - potential[from[e]] + cost[e])
                    else
                        Vectors.costs draw graph.Edges
            Judge = judge
        }

let shortestPath (draw: Draw) : Outcome =
    let policy =
        draw.Of [| NegativeEdges.Reject; NegativeEdges.ClampToZero; NegativeEdges.Allow; NegativeEdges.Allow |]

    let nodes = draw.Int 2 5
    let isAcyclic = draw.Chance 0.4
    let count = draw.Int 1 9

    let edges =
        [|
            0, nodes - 1

            for _ in 1..count do
                let a, b = draw.Int 0 (nodes - 1), draw.Int 0 (nodes - 1)

                if a <> b then
                    if isAcyclic then (min a b, max a b) else (a, b)
        |]
        |> Array.sortBy (fun _ -> draw.Word())

    let from, into = Array.map fst edges, Array.map snd edges
    let graph = Digraph(nodes, from, into)

    pathProblem
        $"Oracle.shortestPath NegativeEdges.{policy} 0 {nodes - 1} (Digraph({nodes}, {Form.ints from}, {Form.ints into}))"
        (Oracle.shortestPath policy 0 (nodes - 1) graph)
        graph
        0
        (nodes - 1)
        policy

let shortestPathWithin (draw: Draw) : Outcome =
    let nodes = draw.Int 2 5

    let edges =
        [|
            0, nodes - 1

            for _ in 1 .. draw.Int 1 9 do
                let a, b = draw.Int 0 (nodes - 1), draw.Int 0 (nodes - 1)

                if a <> b then
                    min a b, max a b
        |]
        |> Array.sortBy (fun _ -> draw.Word())

    let from, into = Array.map fst edges, Array.map snd edges
    let graph = Digraph(nodes, from, into)
    let most = draw.Int 1 4

    let solutions =
        Routes.simplePaths graph 0 (nodes - 1)
        |> Array.filter (fun path -> path.Edges.Length <= most)
        |> Array.map (fun path -> Routes.indicator graph.Edges path.Edges)

    // Fewer edges before the first edges.
    let before (a: float[]) (b: float[]) : int =
        match compare (Array.sum a) (Array.sum b) with
        | 0 -> firstEdges graph (nodes - 1) a b
        | difference -> difference

    Made
        {
            Form =
                $"Oracle.shortestPathWithin {most} 0 {nodes - 1} (Digraph({nodes}, {Form.ints from}, {Form.ints into}))"
            Oracle = Oracle.shortestPathWithin most 0 (nodes - 1) graph
            Theta = fun draw -> Vectors.any draw graph.Edges
            Judge = Judge.listed Judge.OfTerms (Judge.FirstBy before) solutions id
        }

let gridEdgePath (draw: Draw) : Outcome =
    let moves = draw.Of [| GridMoves.RightDown; GridMoves.Four; GridMoves.Eight |]

    let policy =
        draw.Of [| NegativeEdges.Reject; NegativeEdges.ClampToZero; NegativeEdges.Allow |]

    let rows, columns =
        if draw.Chance 0.5 then
            draw.Int 1 2, draw.Int 2 3
        else
            draw.Int 2 3, draw.Int 1 2

    let graph = Digraph.Grid(rows, columns, moves)

    let form, oracle =
        if moves = GridMoves.RightDown then
            $"Oracle.rightDownEdgePath {rows} {columns}", Oracle.rightDownEdgePath rows columns
        else
            $"Oracle.gridEdgePath GridMoves.{moves} NegativeEdges.{policy} {rows} {columns}",
            Oracle.gridEdgePath moves policy rows columns

    pathProblem form oracle graph 0 (rows * columns - 1) policy
