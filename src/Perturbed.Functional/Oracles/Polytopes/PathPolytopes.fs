namespace Perturbed.Functional

open Perturbed.Kernels

/// Paths over the edges of a directed graph.
module internal PathPolytopes =

    // A unit flow from source to target that comes back to neither and passes each node once at most; with cycles, all
    // of it comes from the source.
    let private unitFlow (graph: Digraph) (source: int) (target: int) (y: float[]) : Requirement seq =
        let throughput (node: int) (bound: float) (description: float -> string) =
            let terms =
                [|
                    for e in 0 .. graph.Edges - 1 do
                        if graph.To[e] = node then
                            struct (e, 1.0)
                |]

            Requirement.linear y 1.0 false terms bound description

        seq {
            yield! EdgeRequirements.unitEntries "which no path takes" graph source target y

            yield!
                EdgeRequirements.balances graph y (fun _ -> 1.0) (fun node ->
                    ValueSome(
                        if node = source then 1.0
                        elif node = target then -1.0
                        else 0.0
                    ))

            if not graph.IsAcyclic then
                let struct (into, _) = EdgeRequirements.throughputs graph y

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
                                $"node {node} gets {into[node]}, {excess} more than can come to it from the source: "
                                + $"there is a cycle beside the paths")
        }
        |> Seq.map (fun r -> if graph.IsAcyclic then r else Requirement.notOfBoundary r)

    // Whether the edges with positive entries have no cycle: then a unit flow is a mixture of paths.
    let private isAcyclicWhere (graph: Digraph) (isUsed: int -> bool) : bool =
        let used = [| 0 .. graph.Edges - 1 |] |> Array.filter isUsed

        Digraph(graph.Nodes, used |> Array.map (fun e -> graph.From[e]), used |> Array.map (fun e -> graph.To[e]))
            .IsAcyclic

    let private ofFractions (graph: Digraph) (allowance: Allowance) (y: float[]) : Membership =
        if isAcyclicWhere graph (fun e -> y[e] > allowance.OfRange) then
            Membership.Inside
        else
            Membership.Undecided(
                "bounds of entries, the balance of nodes and what can come from the source hold; "
                + "whether paths mix to a flow with cycles is hard to decide"
            )

    let private withCycles (graph: Digraph) (source: int) (target: int) =
        PolytopeFacts.binaryOr
            "path from the source to the target"
            (fun () -> ShortestPathOracle(graph, source, target, NegativeEdges.Reject))
            (ofFractions graph)

    /// The edge indicators of paths from source to target.
    let paths (graph: Digraph) (source: int) (target: int) : PolytopeFacts =
        { PolytopeFacts.describedBy (unitFlow graph source target) with
            LargestInteger = 1.0
            BeyondRequirements =
                if graph.IsAcyclic then
                    PolytopeFacts.complete
                else
                    withCycles graph source target
        }

    let private withinLimit (graph: Digraph) (source: int) (target: int) (edges: int) (y: float[]) : Requirement seq =
        seq {
            yield! unitFlow graph source target y

            Requirement.linear y 1.0 false (Array.init y.Length (fun e -> struct (e, 1.0))) (float edges) (fun sum ->
                $"the entries sum to {sum}; a path has at most {edges} edges")
        }

    let private ofMixtures =
        PolytopeFacts.necessary
            "bounds of entries, the balance of nodes and the sum of entries hold; whether paths within the limit mix to it was not tried"

    /// The edge indicators of paths of at most so many edges, without cycles.
    let pathsWithin (graph: Digraph) (source: int) (target: int) (edges: int) : PolytopeFacts =
        { PolytopeFacts.describedBy (withinLimit graph source target edges) with
            LargestInteger = 1.0
            BeyondRequirements =
                // A path without cycles has fewer edges than there are nodes.
                if edges >= graph.Nodes - 1 then
                    PolytopeFacts.complete
                else
                    PolytopeFacts.binaryOr
                        "path within the limit"
                        (fun () -> LimitedPathOracle(graph, source, target, edges))
                        ofMixtures
        }
