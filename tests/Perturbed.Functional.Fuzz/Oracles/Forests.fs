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

// Every forest that obeys the pairs.
let private obeying (graph: Graph) (components: int) (links: Links) : float[][] =
    let pairs = Array.zip (graph.From.ToArray()) (graph.To.ToArray())
    let group = labels graph.Nodes links.Must (Array.create links.Must.Length true)
    let isInside (a: int, b: int) = group[a] = group[b]
    let size = graph.Nodes - components

    [|
        for bits in 0 .. (1 <<< pairs.Length) - 1 do
            if Numerics.BitOperations.PopCount(uint32 bits) = size then
                let chosen = Array.init pairs.Length (fun e -> (bits >>> e) &&& 1 = 1)
                let label = labels graph.Nodes pairs chosen

                // Groups hang together by edges of their own.
                let inside =
                    labels graph.Nodes pairs (Array.map2 (fun c pair -> c && isInside pair) chosen pairs)

                if
                    trees label = components
                    && links.Cannot |> Array.forall (fun (i, j) -> label[i] <> label[j])
                    && links.Must |> Array.forall (fun (i, j) -> inside[i] = inside[j])
                then
                    chosen |> Array.map (fun c -> if c then 1.0 else 0.0)
    |]

// Edges in falling order of θ, ties by index; those inside must-link groups first.
let private kruskal (nodes: int) (pairs: (int * int)[]) (components: int) (links: Links) (theta: float[]) : bool[] =
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

    if links.Must.Length > 0 then
        pass (fun e -> group[fst pairs[e]] = group[snd pairs[e]])

    pass (fun _ -> true)

    chosen

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

let private judge (graph: Graph) (components: int) (links: Links) (withClusters: bool) : float[] -> Answer -> Verdict =
    let pairs = Array.zip (graph.From.ToArray()) (graph.To.ToArray())

    let solution (edges: float[]) : float[] =
        let label = labels graph.Nodes pairs (edges |> Array.map ((=) 1.0))

        [|
            yield! edges

            if withClusters then
                for i in 0 .. graph.Nodes - 1 do
                    for j in 0 .. graph.Nodes - 1 do
                        if label[i] = label[j] then 1.0 else 0.0
        |]

    // Only cannot-link pairs need the list: graphs this small are answered exactly.
    let all = lazy (obeying graph components links)

    fun theta answer ->
        match answer with
        | Failed _ -> Wrong "an answer"
        | Solved(y, value) ->
            let edges = Array.take graph.Edges y

            if y <> solution edges then
                Wrong $"clusters of its own edges, {Form.vector (solution edges)}"
            elif links.Cannot.Length = 0 then
                let due =
                    kruskal graph.Nodes pairs components links theta
                    |> Array.map (fun c -> if c then 1.0 else 0.0)

                if edges = due then
                    Judge.value edges theta value
                else
                    Wrong(Form.vector due)
            elif not (Array.contains edges all.Value) then
                Wrong "a forest of the number of trees that obeys the pairs"
            else
                match Judge.value edges theta value with
                | Right ->
                    Judge.optimal all.Value theta
                    |> Array.head
                    |> Judge.gap Judge.OfTerms theta edges
                | wrong -> wrong

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
