namespace Perturbed.Functional.Charts

open System
open Perturbed.Functional

/// Graphs with weights: paths, flows, trees, and clusters of points.
[<RequireQualifiedAccess; CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module GraphChart =

    /// <summary>Points on a circle, for graphs whose nodes have no place; the first is at the top.</summary>
    /// <param name="nodes">How many, at least 1.</param>
    /// <returns>Positions, clockwise.</returns>
    let circle (nodes: int) : (float * float)[] =
        Check.positiveInt (nameof nodes) nodes

        Array.init nodes (fun i ->
            let angle = 2.0 * Math.PI * float i / float nodes
            sin angle, cos angle)

    let private create
        (isDirected: bool)
        (positions: (float * float)[])
        (from: int[])
        (target: int[])
        (solution: float[])
        (weights: float[])
        : GraphChart =
        Check.notNull (nameof positions) positions
        Check.finiteVector (nameof solution) solution
        Check.finiteVector (nameof weights) weights
        Check.length (nameof weights) weights.Length from.Length "the number of edges"
        Check.length (nameof solution) solution.Length from.Length "the number of edges"

        {
            Title = "Edges"
            Positions = positions
            Names = [||]
            Groups = [||]
            Edges =
                Array.init from.Length (fun e ->
                    {
                        From = from[e]
                        To = target[e]
                        Weight = weights[e]
                        IsFramed = solution[e] > 0.0
                    })
            IsDirected = isDirected
            WeightTitle = "probability"
        }

    /// <summary>An undirected graph with weights: trees, forests, matchings, clusters of points.</summary>
    /// <param name="positions">Where its nodes are.</param>
    /// <param name="graph">The graph.</param>
    /// <param name="solution">y*(θ), a number for each edge: those above 0 are dashed.</param>
    /// <param name="weights">y*_ε(θ), a number for each edge, at least 0.</param>
    /// <returns>A graph chart; names and groups of nodes are its fields.</returns>
    /// <exception cref="T:System.ArgumentException">A wrong length, or a number that is not finite.</exception>
    let ofGraph (positions: (float * float)[]) (graph: Graph) (solution: float[]) (weights: float[]) : GraphChart =
        Check.notNull (nameof graph) graph
        create false positions (graph.From.ToArray()) (graph.To.ToArray()) solution weights

    /// <summary>A directed graph with weights: shortest paths and flows.</summary>
    /// <param name="positions">Where its nodes are.</param>
    /// <param name="graph">The graph.</param>
    /// <param name="solution">y*(θ), a number for each edge: those above 0 are dashed.</param>
    /// <param name="weights">y*_ε(θ), a number for each edge, at least 0.</param>
    /// <returns>A graph chart.</returns>
    /// <exception cref="T:System.ArgumentException">A wrong length, or a number that is not finite.</exception>
    let ofDigraph (positions: (float * float)[]) (graph: Digraph) (solution: float[]) (weights: float[]) : GraphChart =
        Check.notNull (nameof graph) graph
        create true positions (graph.From.ToArray()) (graph.To.ToArray()) solution weights

    let private check (chart: GraphChart) : unit =
        let nodes = chart.Positions.Length

        if nodes = 0 then
            invalidArg (nameof chart) $"'{chart.Title}' has no node; one or more were expected."

        for i, (x, y) in Array.indexed chart.Positions do
            if not (Double.IsFinite x && Double.IsFinite y) then
                invalidArg (nameof chart) $"node {i} of '{chart.Title}' is at ({x}, {y}); finite numbers were expected."

        if chart.Names.Length <> 0 && chart.Names.Length <> nodes then
            invalidArg (nameof chart) $"'{chart.Title}' has {chart.Names.Length} names; it has {nodes} nodes."

        if chart.Groups.Length <> 0 && chart.Groups.Length <> nodes then
            invalidArg (nameof chart) $"'{chart.Title}' has {chart.Groups.Length} groups; it has {nodes} nodes."

        match chart.Groups |> Array.tryFindIndex (fun group -> group < 0) with
        | Some node ->
            invalidArg
                (nameof chart)
                $"node {node} of '{chart.Title}' is in group {chart.Groups[node]}; 0 is the first."
        | None -> ()

        for i, edge in Array.indexed chart.Edges do
            if min edge.From edge.To < 0 || max edge.From edge.To >= nodes then
                invalidArg
                    (nameof chart)
                    $"edge {i} of '{chart.Title}' joins {edge.From} and {edge.To}; its nodes are 0 to {nodes - 1}."

            if not (Double.IsFinite edge.Weight) || edge.Weight < 0.0 then
                invalidArg (nameof chart) $"edge {i} of '{chart.Title}' weighs {edge.Weight}; a weight is 0 or more."

    /// <summary>The graph, of any width; nodes keep their distances up to one factor.</summary>
    /// <remarks>The width of a line is the weight of its edge, and dashes are the solution without noise. Numbers stand
    /// at edges that weigh a twentieth of the heaviest or more, where there are at most 24 of them.</remarks>
    /// <param name="chart">The graph: one node or more.</param>
    /// <returns>A chart 480 wide that says how many nodes and edges it has.</returns>
    /// <exception cref="T:System.ArgumentException">No node, a position that is not finite, a negative weight, or names,
    /// groups or edges that do not fit the nodes.</exception>
    let chart (chart: GraphChart) : Chart =
        check chart
        let drawn = chart.Edges |> Array.filter (fun e -> e.Weight > 0.0) |> Array.length

        let description =
            $"{chart.Positions.Length} nodes and {drawn} edges with {chart.WeightTitle} above 0; \
              {chart.Edges |> Array.filter _.IsFramed |> Array.length} are of the solution without noise."

        Chart(chart.Title, description, 480.0, GraphDrawing.draw chart)
