/// Minimum cuts, by all sets of nodes, and flows in capacities, by all whole flows.
[<RequireQualifiedAccess>]
module Perturbed.Functional.Fuzz.Flows

open Perturbed.Functional

let private drawGraph (draw: Draw) (nodes: int) (mostEdges: int) : Digraph * string =
    let edges =
        [|
            draw.Int 0 (nodes - 2), nodes - 1

            for _ in 1 .. draw.Int 0 (mostEdges - 1) do
                let a, b = draw.Int 0 (nodes - 1), draw.Int 0 (nodes - 1)

                if a <> b then
                    (a, b)
        |]
        |> Array.sortBy (fun _ -> draw.Word())

    let from, into = Array.map fst edges, Array.map snd edges
    Digraph(nodes, from, into), $"(Digraph({nodes}, {Form.ints from}, {Form.ints into}))"

let minimumCut (draw: Draw) : Outcome =
    let nodes = draw.Int 2 6
    let graph, text = drawGraph draw nodes 10
    let policy = draw.Of [| NegativeCosts.Reject; NegativeCosts.ClampToZero |]
    let oracle = Oracle.minimumCut policy 0 (nodes - 1) graph
    let from, into = graph.From.ToArray(), graph.To.ToArray()

    // The set of each cut, as bits, with the edges out of it.
    let cuts =
        [|
            for inner in 0 .. (1 <<< (nodes - 2)) - 1 do
                let set = 1 ||| (inner <<< 1)
                let isIn v = (set >>> v) &&& 1 = 1
                set, Array.init graph.Edges (fun e -> if isIn from[e] && not (isIn into[e]) then 1.0 else 0.0)
        |]

    // The cut of the smallest set among the best: best sets are closed under intersection.
    let nearest (effective: float[]) : float[] =
        let best = Judge.optimal (Array.map snd cuts) effective |> set
        let sets = cuts |> Array.filter (fun (_, y) -> best.Contains y) |> Array.map fst
        let smallest = Array.reduce (&&&) sets
        cuts |> Array.find (fun (set, _) -> set = smallest) |> snd

    let judge (theta: float[]) (answer: Answer) : Verdict =
        let effective = theta |> Array.map (fun t -> min t 0.0)

        match Judge.listed Judge.OfTerms Judge.AnyOf (Array.map snd cuts) (fun _ -> effective) theta answer, answer with
        | Right, Solved(y, _) ->
            let due = nearest effective

            if y <> due && (Dyadic.dot y effective - Dyadic.dot due effective).Sign = 0 then
                Wrong $"{Form.vector due}, as good and nearest to the source"
            else
                Right
        | verdict, _ -> verdict

    Made
        {
            Form = $"Oracle.minimumCut NegativeCosts.{policy} 0 {nodes - 1} {text}"
            Oracle = oracle
            Theta =
                fun draw ->
                    if draw.Chance 0.2 then
                        Vectors.any draw graph.Edges
                    else
                        Vectors.costs draw graph.Edges
            Judge =
                if policy = NegativeCosts.Reject then
                    Judge.refusing (Array.exists (fun t -> t > 0.0)) judge
                else
                    judge
        }

let flow (draw: Draw) : Outcome =
    let nodes = draw.Int 2 4
    let graph, text = drawGraph draw nodes 6
    let capacities = Array.init graph.Edges (fun _ -> draw.Int 0 2)
    let from, into = graph.From.ToArray(), graph.To.ToArray()

    let rec all (e: int) : float list list =
        if e = graph.Edges then
            [ [] ]
        else
            let rest = all (e + 1)

            [ 0 .. capacities[e] ]
            |> List.collect (fun amount -> rest |> List.map (fun y -> float amount :: y))

    let isKept (y: float[]) =
        Seq.forall
            (fun v ->
                let mutable excess = 0.0

                for e in 0 .. y.Length - 1 do
                    if into[e] = v then
                        excess <- excess + y[e]

                    if from[e] = v then
                        excess <- excess - y[e]

                excess = 0.0)
            [ 1 .. nodes - 2 ]

    let solutions = all 0 |> List.map Array.ofList |> List.filter isKept |> Array.ofList

    Made
        {
            Form = $"Oracle.flow {Form.ints capacities} 0 {nodes - 1} {text}"
            Oracle = Oracle.flow capacities 0 (nodes - 1) graph
            Theta =
                fun draw ->
                    if draw.Chance 0.3 then
                        // Differences of potentials: cycles and paths that gain nothing but by rounding.
                        let potential = Vectors.any draw nodes

                        let rest =
                            if draw.Chance 0.5 then
                                Array.zeroCreate graph.Edges
                            else
                                Vectors.any draw graph.Edges

                        Array.init graph.Edges (fun e -> potential[into[e]] - potential[from[e]] + rest[e])
                    else
                        Vectors.any draw graph.Edges
            Judge = Judge.listed Judge.OfTerms Judge.AnyOf solutions id
        }
