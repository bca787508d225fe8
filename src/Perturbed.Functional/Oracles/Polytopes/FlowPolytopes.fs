namespace Perturbed.Functional

open Perturbed.Kernels

/// Flows and cuts: edges of a directed graph.
module internal FlowPolytopes =

    // 0 ≤ y ≤ c, with conservation at every node but source and target.
    let private conserved
        (graph: Digraph)
        (capacities: int[])
        (source: int)
        (target: int)
        (y: float[])
        : Requirement seq =
        Seq.append
            (LinearRequirements.entriesWithin y (fun e -> struct (0.0, float capacities[e])))
            (EdgeRequirements.balances graph y (fun e -> float capacities[e]) (fun node ->
                if node = source || node = target then
                    ValueNone
                else
                    ValueSome 0.0))

    /// The flows from source to target within capacities.
    let flows (graph: Digraph) (capacities: int[]) (source: int) (target: int) : PolytopeFacts =
        { PolytopeFacts.describedBy (conserved graph capacities source target) with
            LargestInteger = PolytopeFacts.largestInteger (Seq.map float capacities)
            AllowsUnknownEntries = true
        }

    // A mixture of cuts has numbers p, how often each node is with the source: p = 1 at the source, 0 at the target,
    // and for every edge p_from − p_to ≤ y ≤ min(p_from, 1 − p_to).
    let private potentials (graph: Digraph) (source: int) (target: int) (y: float[]) : Requirement seq =
        seq {
            yield! EdgeRequirements.unitEntries "which no cut holds" graph source target y

            let least, most = Array.zeroCreate<float> graph.Nodes, Array.create graph.Nodes 1.0

            least[source] <- 1.0
            most[target] <- 0.0

            for e in 0 .. graph.Edges - 1 do
                least[graph.From[e]] <- max least[graph.From[e]] y[e]
                most[graph.To[e]] <- min most[graph.To[e]] (1.0 - y[e])

            // Shortest paths with lengths y ≥ 0 end after as many rounds as there are nodes.
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
                    ($"by its edges node {node} is with the source at least {least[node]} of the time, "
                     + $"and at most {most[node]}: no cuts mix to that")
        }
        |> Seq.map Requirement.notOfBoundary

    let private ofFractions =
        PolytopeFacts.necessary
            "bounds of entries and how often each node may be with the source hold; whether cuts mix to it is hard to decide"

    let private ofSides (graph: Digraph) (source: int) (target: int) =
        PolytopeFacts.binaryOr
            "cut between source and target"
            (fun () -> MinimumCutOracle(graph, source, target, NegativeCosts.Reject))
            ofFractions

    /// The edge indicators of cuts that separate source and target.
    let cuts (graph: Digraph) (source: int) (target: int) : PolytopeFacts =
        { PolytopeFacts.describedBy (potentials graph source target) with
            LargestInteger = 1.0
            BeyondRequirements = ofSides graph source target
        }
