namespace Perturbed.Functional

open Perturbed.Kernels

/// What polytopes over the edges of a directed graph share: the balance of nodes.
module internal EdgeRequirements =

    /// The sums of the flows into each node and out of it.
    let throughputs (graph: Digraph) (y: float[]) : struct (float[] * float[]) =
        let into, out =
            Array.zeroCreate<float> graph.Nodes, Array.zeroCreate<float> graph.Nodes

        for e in 0 .. graph.Edges - 1 do
            out[graph.From[e]] <- out[graph.From[e]] + y[e]
            into[graph.To[e]] <- into[graph.To[e]] + y[e]

        struct (into, out)

    /// Out less in at every node: what the node adds. None where a node may add anything.
    let balances (graph: Digraph) (y: float[]) (ranges: int -> float) (added: int -> float voption) =
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
                        Description =
                            fun () ->
                                $"node {node} gets {into[node]} and passes on {out[node]}; it must pass on {bound} more than it gets"
                    }
        }

    /// An edge in messages.
    let edgeWords (graph: Digraph) (e: int) : string =
        $"it is the edge {graph.From[e]} → {graph.To[e]}"

    /// Entries from 0 to 1, and 0 on edges into the source or out of the target, which no solution has.
    let unitEntries (reason: string) (graph: Digraph) (source: int) (target: int) (y: float[]) : Requirement seq =
        seq {
            for e in 0 .. graph.Edges - 1 do
                let isNever = graph.To[e] = source || graph.From[e] = target
                let most = if isNever then 0.0 else 1.0

                let description =
                    if isNever then
                        $"{edgeWords graph e}, {reason}: it must be 0"
                    else
                        "entries run from 0 to 1"

                yield! Requirement.entry y e (0.0, 1.0) (most, 1.0) description
        }
