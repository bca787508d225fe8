/// Spanning trees, forests and clusters, by Kruskal's algorithm as it is defined.
[<RequireQualifiedAccess>]
module Perturbed.Functional.Fuzz.Forests

open System
open Perturbed.Functional

type private Links =
    {
        Must: (int * int)[]
        Cannot: (int * int)[]
    }

// The tree of each node under a choice of edges.
let private labels (nodes: int) (pairs: (int * int)[]) (chosen: bool[]) : int[] =
    let label = Array.init nodes id

    for e in 0 .. pairs.Length - 1 do
        if chosen[e] then
            let a, b = label[fst pairs[e]], label[snd pairs[e]]

            Array.iteri
                (fun v l ->
                    if l = a then
                        label[v] <- b)
                label

    label

let private trees (label: int[]) : int = label |> Array.distinct |> Array.length

// Edges in falling order of θ, ties by index; those inside must-link groups first; refused where a cannot-link pair would meet.
let private kruskal
    (nodes: int)
    (pairs: (int * int)[])
    (components: int)
    (links: Links)
    (theta: float[])
    : bool[] option =
    let group = labels nodes links.Must (Array.create links.Must.Length true)
    let chosen = Array.create pairs.Length false

    let falling =
        Array.init pairs.Length id
        |> Array.sortWith (fun e f ->
            match compare theta[f] theta[e] with
            | 0 -> compare e f
            | order -> order)

    let pass (isEligible: int -> bool) =
        for e in falling do
            if isEligible e && not chosen[e] then
                let label = labels nodes pairs chosen
                let a, b = label[fst pairs[e]], label[snd pairs[e]]

                if trees label > components && a <> b then
                    chosen[e] <- true
                    let merged = labels nodes pairs chosen

                    if links.Cannot |> Array.exists (fun (i, j) -> merged[i] = merged[j]) then
                        chosen[e] <- false

    if links.Must.Length > 0 then
        pass (fun e -> group[fst pairs[e]] = group[snd pairs[e]])

    pass (fun _ -> true)

    if trees (labels nodes pairs chosen) = components then
        Some chosen
    else
        None

let private drawGraph (draw: Draw) : Graph * string =
    if draw.Chance 0.4 then
        let n = draw.Int 2 6
        Graph.Complete n, $"(Graph.Complete {n})"
    else
        let n = draw.Int 2 6

        let rest =
            Array.init (draw.Int 0 5) (fun _ -> draw.Int 0 (n - 1), draw.Int 0 (n - 1))

        let pairs =
            Array.append
                (Array.init (n - 1) (fun i -> i + 1, draw.Int 0 i))
                (rest |> Array.filter (fun (a, b) -> a <> b))
            |> Array.sortBy (fun _ -> draw.Word())

        let from, into = Array.map fst pairs, Array.map snd pairs
        Graph(n, from, into), $"(Graph({n}, {Form.ints from}, {Form.ints into}))"

let private judge
    (graph: Graph)
    (components: int)
    (links: Links)
    (withClusters: bool)
    (theta: float[])
    (answer: Answer)
    : Verdict =
    let pairs = Array.zip (graph.From.ToArray()) (graph.To.ToArray())

    let solution (chosen: bool[]) : float[] =
        let label = labels graph.Nodes pairs chosen

        [|
            yield! chosen |> Array.map (fun c -> if c then 1.0 else 0.0)

            if withClusters then
                for i in 0 .. graph.Nodes - 1 do
                    for j in 0 .. graph.Nodes - 1 do
                        if label[i] = label[j] then 1.0 else 0.0
        |]

    match kruskal graph.Nodes pairs components links theta, answer with
    | Some chosen, Failed _ -> Wrong(Form.vector (solution chosen))
    | Some chosen, Solved(y, value) ->
        if y = solution chosen then
            Judge.value (Array.take graph.Edges y) theta value
        else
            Wrong(Form.vector (solution chosen))
    | None, Failed _ -> Right
    | None, Solved(y, value) ->
        // The greedy forest has too many trees; any other that obeys the pairs will do.
        let chosen = Array.init graph.Edges (fun e -> y[e] = 1.0)
        let label = labels graph.Nodes pairs chosen
        let group = labels graph.Nodes links.Must (Array.create links.Must.Length true)

        let isForest =
            trees label = components
            && Seq.length (Seq.filter id chosen) = graph.Nodes - components
            && y = solution chosen

        let obeys =
            links.Cannot |> Array.forall (fun (i, j) -> label[i] <> label[j])
            && Seq.forall2
                (fun (i, _) (g: int) -> label[i] = label[Array.findIndex ((=) g) group])
                (Array.indexed label)
                group

        if isForest && obeys then
            Judge.value (Array.take graph.Edges y) theta value
        else
            Wrong "a forest of the number of trees that obeys the pairs"

let private problem (form: string) (oracle: Oracle) (judge: float[] -> Answer -> Verdict) : Outcome =
    Made
        {
            Form = form
            Oracle = oracle
            Theta = fun draw -> Vectors.any draw oracle.Dimension
            Judge = judge
        }

let private free = { Must = [||]; Cannot = [||] }

let spanningForest (draw: Draw) : Outcome =
    let graph, text = drawGraph draw

    if draw.Chance 0.5 then
        problem $"Oracle.spanningTree {text}" (Oracle.spanningTree graph) (judge graph 1 free false)
    else
        let k = draw.Int 1 graph.Nodes
        problem $"Oracle.spanningForest {k} {text}" (Oracle.spanningForest k graph) (judge graph k free false)

let constrainedForest (draw: Draw) : Outcome =
    let graph, text = drawGraph draw
    let k = draw.Int 1 graph.Nodes

    let pair () =
        draw.Int 0 (graph.Nodes - 1), draw.Int 0 (graph.Nodes - 1)

    let links =
        {
            Must = Array.init (draw.Int 0 2) (fun _ -> pair ())
            Cannot =
                Array.init (draw.Int 0 2) (fun _ -> pair ())
                |> Array.filter (fun (a, b) -> a <> b)
        }

    let pairsForm (pairs: (int * int)[]) =
        "[| "
        + String.Join("; ", pairs |> Array.map (fun (a, b) -> $"struct ({a}, {b})"))
        + " |]"

    let structs (pairs: (int * int)[]) =
        pairs |> Array.map (fun (a, b) -> struct (a, b))

    let constraints = LinkConstraints(structs links.Must, structs links.Cannot)

    let linksText =
        $"(LinkConstraints({pairsForm links.Must}, {pairsForm links.Cannot}))"

    try
        if draw.Chance 0.5 then
            problem
                $"Oracle.constrainedForest {linksText} {k} {text}"
                (Oracle.constrainedForest constraints k graph)
                (judge graph k links false)
        else
            problem
                $"Oracle.clusters {linksText} {k} {text}"
                (Oracle.clusters constraints k graph)
                (judge graph k links true)
    with :? ArgumentException ->
        // Pairs that contradict each other, the graph or k.
        Refused
