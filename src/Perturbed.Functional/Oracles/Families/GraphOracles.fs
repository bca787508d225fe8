namespace Perturbed.Functional

open System
open Perturbed.Kernels

/// Cuts, flows and spanning forests.
module internal GraphOracles =

    let spanningTree (graph: Graph) : Oracle =
        Check.notNull (nameof graph) graph

        try
            SpanningForestOracle(graph, 1, ForestOutput.Edges, LinkConstraints.None)
            |> Construct.builtIn (Polytope.SpanningForests(graph, 1))
        with :? ArgumentOutOfRangeException ->
            // The caller of a tree gave no number of components for the forest's message to name.
            invalidArg
                (nameof graph)
                $"graph has {graph.Nodes} nodes that are not connected; expected a connected graph."

    let spanningForest (components: int) (graph: Graph) : Oracle =
        Check.notNull (nameof graph) graph

        SpanningForestOracle(graph, components, ForestOutput.Edges, LinkConstraints.None)
        |> Construct.builtIn (Polytope.SpanningForests(graph, components))

    let clusters (constraints: LinkConstraints) (components: int) (graph: Graph) : Oracle =
        Check.notNull (nameof graph) graph
        Check.notNull (nameof constraints) constraints

        let implementation =
            SpanningForestOracle(graph, components, ForestOutput.EdgesAndClusters, constraints)

        Construct.builtIn (Polytope.Unknown (implementation :> IOracle).SolutionDimension) implementation

    let constrainedForest (constraints: LinkConstraints) (components: int) (graph: Graph) : Oracle =
        Check.notNull (nameof graph) graph
        Check.notNull (nameof constraints) constraints

        SpanningForestOracle(graph, components, ForestOutput.Edges, constraints)
        |> Construct.builtIn (Polytope.Unknown graph.Edges)

    let minimumCut (negativeCosts: NegativeCosts) (source: int) (target: int) (graph: Digraph) : Oracle =
        Check.notNull (nameof graph) graph

        MinimumCutOracle(graph, source, target, negativeCosts)
        |> Construct.builtIn (Polytope.Cuts(graph, source, target))

    let flow (capacities: int[]) (source: int) (target: int) (graph: Digraph) : Oracle =
        Check.notNull (nameof graph) graph

        FlowOracle(graph, capacities, source, target)
        |> Construct.builtInSlow (Polytope.Flows(graph, Array.copy capacities, source, target))
