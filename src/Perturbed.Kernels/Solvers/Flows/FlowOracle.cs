using System;
using Perturbed.Functional.CSharp;

namespace Perturbed.Kernels;

/// <summary>
/// Flows: y*(θ) = argmax of ⟨y, θ⟩ over the flows 0 ≤ y ≤ c of a directed graph that every node but source and target
/// keeps; Y is the vertices of the flow polytope.
/// </summary>
/// <remarks>
/// <para>
/// θ is the gain of a unit on each edge, of any sign (−cost for costs). With θ = 1 on the edges out of the source and
/// 0 elsewhere, y is a maximum flow, and F its value; with costs beside it, one of least cost. Cycles of positive gain
/// are part of the answer, up to their capacities. Capacities are whole numbers, so the vertices are flows of whole
/// numbers, strictly between 0 and c on a forest of edges.
/// </para>
/// <para>
/// Method: successive shortest paths with Dijkstra's algorithm, O(edges · log n) each, as many as there are units on
/// edges that gain, at worst. Ties: an edge with θ = 0 is used only where it helps another; of several best flows, the
/// one that the search finds, a function of θ alone. A flow that is not proved the only best one is searched again in
/// exact arithmetic, so that the answer is best without rounding, however entries are spread.
/// </para>
/// <para>Paper: Appendix B.</para>
/// </remarks>
public sealed class FlowOracle : IOracle
{
    private readonly FlowNetwork network;

    /// <summary>Flows from a source to a target.</summary>
    /// <param name="graph">The graph, with an edge at least, shared by any number of oracles.</param>
    /// <param name="capacities">c: the capacity of each edge, at least 0. It is copied.</param>
    /// <param name="source">A node whose flow need not balance.</param>
    /// <param name="target">Another one.</param>
    /// <exception cref="ArgumentNullException">The graph or the capacities are null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An end is no node.</exception>
    /// <exception cref="ArgumentException">
    /// The ends are the same node; the graph has no edge; there is not one capacity an edge, or one is negative.
    /// </exception>
    public FlowOracle(Digraph graph, int[] capacities, int source, int target)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(capacities);
        Ends.CheckNode(source, graph.Nodes, nameof(source));
        Ends.CheckNode(target, graph.Nodes, nameof(target));
        if (source == target)
            throw new ArgumentException($"target is {target}, the source; expected two different nodes.", nameof(target));
        if (graph.Edges == 0) throw new ArgumentException("graph has no edge; expected at least 1.", nameof(graph));
        if (capacities.Length != graph.Edges)
            throw new ArgumentException(
                $"capacities has length {capacities.Length}; the graph has {graph.Edges} edges.", nameof(capacities));
        for (var e = 0; e < capacities.Length; e++)
            if (capacities[e] < 0)
                throw new ArgumentException($"capacities[{e}] is {capacities[e]}; expected at least 0.", nameof(capacities));
        network = new FlowNetwork(graph, (int[])capacities.Clone(), source, target);
        (Graph, Source, Target) = (graph, source, target);
    }

    /// <inheritdoc/>
    public string Name => "flow";

    /// <summary>The graph.</summary>
    public Digraph Graph { get; }

    /// <summary>c.</summary>
    public ReadOnlySpan<int> Capacities => network.Capacities;

    /// <summary>The node where flow starts.</summary>
    public int Source { get; }

    /// <summary>The node where it ends.</summary>
    public int Target { get; }

    /// <inheritdoc/>
    public int Dimension => Graph.Edges;

    /// <inheritdoc/>
    public int SolutionDimension => Dimension;

    /// <inheritdoc/>
    public bool DependsOnInstance => false;

    /// <summary>
    /// Whether <paramref name="y"/> is a vertex of the flow polytope: within its capacities, kept by every node but
    /// source and target, and strictly between 0 and c on no cycle of edges.
    /// </summary>
    /// <param name="y">A point, of one dimension an edge.</param>
    /// <returns>True exactly for the points of Y.</returns>
    /// <exception cref="ArgumentException"><paramref name="y"/> has another length.</exception>
    public bool IsSolution(ReadOnlySpan<double> y)
    {
        RowShape.Point(y, Dimension);
        return network.IsVertex(y);
    }

    /// <inheritdoc/>
    public ISolver CreateSolver() => new FlowSolver(network, Name);
}
