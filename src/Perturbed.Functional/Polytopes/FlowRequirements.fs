namespace Perturbed.Functional

open Perturbed.Kernels

/// Requirements of flows, of mixtures of paths and of cuts: edges of a directed graph.
module internal FlowRequirements =

    /// What each node gets and passes on.
    let private throughputs (graph: Digraph) (y: float[]) : struct (float[] * float[]) =
        let into, out =
            Array.zeroCreate<float> graph.Nodes, Array.zeroCreate<float> graph.Nodes

        for e in 0 .. graph.Edges - 1 do
            out[graph.From[e]] <- out[graph.From[e]] + y[e]
            into[graph.To[e]] <- into[graph.To[e]] + y[e]

        struct (into, out)

    // Out less in at every node: what the node adds. None where a node may add anything.
    let private balances (graph: Digraph) (y: float[]) (ranges: int -> float) (added: int -> float voption) =
        let struct (into, out) = throughputs graph y
        let range = Array.zeroCreate<float> graph.Nodes

        for e in 0 .. graph.Edges - 1 do
            range[graph.From[e]] <- range[graph.From[e]] + ranges e
            range[graph.To[e]] <- range[graph.To[e]] + ranges e

        let terms (node: int) =
            fun () ->
                [|
                    for e in 0 .. graph.Edges - 1 do
                        if graph.From[e] = node then
                            struct (e, 1.0)
                        elif graph.To[e] = node then
                            struct (e, -1.0)
                |]

        seq {
            for node in 0 .. graph.Nodes - 1 do
                match added node with
                | ValueNone -> ()
                | ValueSome bound ->
                    {
                        Value = out[node] - into[node]
                        Bound = bound
                        Size = abs into[node] + abs out[node] + abs bound
                        Range = range[node]
                        IsEquation = true
                        Terms = ValueSome(terms node)
                        Margin = 0.0
                        Words =
                            fun () ->
                                $"node {node} gets {into[node]} and passes on {out[node]}; it must pass on {bound} more than it gets"
                    }
        }

    /// 0 ≤ y ≤ c, and every node but source and target passes on what it gets.
    let flows (graph: Digraph) (capacities: int[]) (source: int) (target: int) (y: float[]) : Requirement seq =
        Seq.append
            (MatrixRequirements.entriesWithin y (fun e -> struct (0.0, float capacities[e])))
            (balances graph y (fun e -> float capacities[e]) (fun node ->
                if node = source || node = target then
                    ValueNone
                else
                    ValueSome 0.0))

    let private edgeWords (graph: Digraph) (e: int) : string =
        $"it is the edge {graph.From[e]} → {graph.To[e]}"

    /// A unit flow from source to target that comes back to neither and passes each node once at most; with cycles, all of it from the source.
    let paths (graph: Digraph) (source: int) (target: int) (y: float[]) : Requirement seq =
        let throughput (node: int) (bound: float) (words: float -> string) =
            let terms =
                [|
                    for e in 0 .. graph.Edges - 1 do
                        if graph.To[e] = node then
                            struct (e, 1.0)
                |]

            Requirement.linear y 1.0 false terms bound words

        seq {
            for e in 0 .. graph.Edges - 1 do
                let isBack = graph.To[e] = source || graph.From[e] = target
                let most = if isBack then 0.0 else 1.0

                let words =
                    if isBack then
                        $"{edgeWords graph e}, which no path takes: it must be 0"
                    else
                        "entries run from 0 to 1"

                yield! Requirement.entry y e (0.0, 1.0) (most, 1.0) words

            yield!
                balances graph y (fun _ -> 1.0) (fun node ->
                    ValueSome(
                        if node = source then 1.0
                        elif node = target then -1.0
                        else 0.0
                    ))

            if not graph.IsAcyclic then
                let struct (into, _) = throughputs graph y

                for node in 0 .. graph.Nodes - 1 do
                    if node <> source && into[node] > 0.0 then
                        throughput node 1.0 (fun sum ->
                            $"node {node} gets {sum}; a path visits it once at most, so it may get at most 1")

                if GraphCuts.isSearched graph.Nodes graph.Edges then
                    let arcs =
                        Array.init graph.Edges (fun e -> struct (graph.From[e], graph.To[e], y[e]))

                    for node in 0 .. graph.Nodes - 1 do
                        if node <> source && into[node] > 0.0 then
                            let near = GraphCuts.sourceSide graph.Nodes arcs source node

                            let terms =
                                [|
                                    for e in 0 .. graph.Edges - 1 do
                                        let isInto = graph.To[e] = node
                                        let isAcross = near[graph.From[e]] && not near[graph.To[e]]

                                        if isInto <> isAcross then
                                            struct (e, (if isInto then 1.0 else -1.0))
                                |]

                            Requirement.linear y 1.0 false terms 0.0 (fun excess ->
                                $"node {node} gets {into[node]}, {excess} more than can come to it from the source: there is a cycle beside the paths")
        }
        |> Seq.map (fun r -> if graph.IsAcyclic then r else Requirement.notOfBoundary r)

    /// Whether the edges with positive entries have no cycle: then a unit flow is a mixture of paths.
    let isAcyclicWhere (graph: Digraph) (isUsed: int -> bool) : bool =
        let used = [| 0 .. graph.Edges - 1 |] |> Array.filter isUsed

        Digraph(graph.Nodes, used |> Array.map (fun e -> graph.From[e]), used |> Array.map (fun e -> graph.To[e]))
            .IsAcyclic

    /// A mixture of cuts has numbers p, how often each node is with the source: p = 1 at the source, 0 at the target, and for every edge
    /// p_from − p_to ≤ y ≤ min(p_from, 1 − p_to).
    let cuts (graph: Digraph) (source: int) (target: int) (y: float[]) : Requirement seq =
        seq {
            for e in 0 .. graph.Edges - 1 do
                let isNever = graph.To[e] = source || graph.From[e] = target
                let most = if isNever then 0.0 else 1.0

                let words =
                    if isNever then
                        $"{edgeWords graph e}, which no cut holds: it must be 0"
                    else
                        "entries run from 0 to 1"

                yield! Requirement.entry y e (0.0, 1.0) (most, 1.0) words

            let least, most = Array.zeroCreate<float> graph.Nodes, Array.create graph.Nodes 1.0

            least[source] <- 1.0
            most[target] <- 0.0

            for e in 0 .. graph.Edges - 1 do
                least[graph.From[e]] <- max least[graph.From[e]] y[e]
                most[graph.To[e]] <- min most[graph.To[e]] (1.0 - y[e])

            // Shortest ways with lengths y ≥ 0 end after as many rounds as there are nodes.
            let mutable isChanged = true
            let mutable rounds = 0

            while isChanged && rounds < graph.Nodes do
                isChanged <- false
                rounds <- rounds + 1

                for e in 0 .. graph.Edges - 1 do
                    let through = most[graph.To[e]] + max 0.0 y[e]

                    if through < most[graph.From[e]] then
                        most[graph.From[e]] <- through
                        isChanged <- true

            for node in 0 .. graph.Nodes - 1 do
                Requirement.convex
                    least[node]
                    most[node]
                    1.0
                    $"by its edges node {node} is with the source at least {least[node]} of the time, and at most {most[node]}: no cuts mix to that"
        }
        |> Seq.map Requirement.notOfBoundary
