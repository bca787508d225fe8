using System;
using Perturbed.Functional.CSharp;

namespace Perturbed.Kernels;

/// <summary>
/// The shortest path in a directed graph: y*(θ) = argmax of ⟨y, θ⟩, θ = −cost of each edge, over the edge indicators y
/// of paths from a source to a target.
/// </summary>
/// <remarks>
/// <para>
/// conv(Y) is the polytope of unit flows from the source to the target; a path visits no node twice. Graphs without
/// cycles are solved by dynamic programming, for any sign, eight rows at once: O(n + d) a row, d the number of edges.
/// With cycles, non-negative costs by Dijkstra's algorithm with a 4-ary heap, up to the target: O((n + d) log n); and
/// with <see cref="NegativeEdges.Allow"/> by Bellman's and Ford's, O(n d) in the worst case.
/// </para>
/// <para>
/// Nodes that lie on no path from the source to the target are left out, so that a negative cycle is an error only
/// where a path leads through it. A cycle counts as negative where its cost, summed without rounding error, is below
/// −2⁻⁵³ Σ|θ| of its own edges, half a unit in the last place of each. Where such a cycle is too small to change
/// rounded distances, the answer is a path within that rounding.
/// </para>
/// <para>
/// Ties. Without cycles: from the target backward, the first of the best edges into a node, in the order of the list.
/// With cycles: a node keeps the edge it was reached by until a strictly shorter path is found; where rounding closed
/// a cycle that is not negative, the path of smaller Σ|θ| comes first. Either is a function of θ alone. Paper:
/// Appendix B.
/// </para>
/// </remarks>
public sealed class ShortestPathOracle : IOracle
{
    /// <summary>Paths from one node of a graph to another.</summary>
    /// <param name="graph">
    /// The graph, with one edge or more, shared by any number of oracles. θ follows the order of its edges.
    /// </param>
    /// <param name="source">Where paths start.</param>
    /// <param name="target">Where paths end: another node, and one that a path leads to.</param>
    /// <param name="negativeEdges">
    /// The policy for θ &gt; 0 where the graph has cycles; without cycles any sign is solved exactly.
    /// </param>
    /// <exception cref="ArgumentNullException">The graph is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The source or the target is no node, or the policy none of the three.
    /// </exception>
    /// <exception cref="ArgumentException">
    /// Source and target are the same, or no path leads from one to the other.
    /// </exception>
    public ShortestPathOracle(Digraph graph, int source, int target, NegativeEdges negativeEdges)
    {
        ArgumentNullException.ThrowIfNull(graph);
        Ends.CheckNode(source, graph.Nodes, nameof(source));
        Ends.CheckNode(target, graph.Nodes, nameof(target));
        if (source == target) throw new ArgumentException($"target is {target}, the source; expected another node.", nameof(target));
        if (!Enum.IsDefined(negativeEdges))
            throw new ArgumentOutOfRangeException(
                nameof(negativeEdges), negativeEdges, $"negativeEdges is {negativeEdges}; expected Reject, ClampToZero or Allow.");
        var (isReached, isUseful) = (graph.Outgoing.Reach(source), graph.Incoming.Reach(target));
        if (!isReached[target])
            throw new ArgumentException(
                $"No path leads from {source} to {target}; expected a target within reach of the source.", nameof(target));
        for (var node = 0; node < graph.Nodes; node++) isUseful[node] &= isReached[node];
        (Graph, Source, Target, NegativeEdges) = (graph, source, target, negativeEdges);
        Problem = new PathProblem(graph, source, target, isUseful, Name);
    }

    internal PathProblem Problem { get; }

    /// <inheritdoc/>
    public string Name => "shortest-path";

    /// <summary>The graph.</summary>
    public Digraph Graph { get; }

    /// <summary>Where paths start.</summary>
    public int Source { get; }

    /// <summary>Where paths end.</summary>
    public int Target { get; }

    /// <summary>The policy for negative costs.</summary>
    public NegativeEdges NegativeEdges { get; }

    /// <inheritdoc/>
    public int Dimension => Graph.Edges;

    /// <inheritdoc/>
    public int SolutionDimension => Graph.Edges;

    /// <inheritdoc/>
    public bool DependsOnInstance => false;

    /// <summary>
    /// Whether the ones of <paramref name="y"/> are the edges of a path from the source to the target that visits no
    /// node twice.
    /// </summary>
    /// <param name="y">A point, of one dimension an edge.</param>
    /// <returns>True exactly for the points of Y.</returns>
    /// <exception cref="ArgumentException"><paramref name="y"/> has another length.</exception>
    public bool IsSolution(ReadOnlySpan<double> y)
    {
        RowShape.Point(y, Dimension);
        var next = new int[Graph.Nodes];
        next.AsSpan().Fill(-1);
        var ones = 0;
        for (var e = 0; e < Dimension; e++)
        {
            if (y[e] == 0.0) continue;
            if (y[e] != 1.0 || next[Graph.From[e]] >= 0) return false;
            next[Graph.From[e]] = Graph.To[e];
            ones++;
        }

        var node = Source;
        for (; ones > 0 && node >= 0 && node != Target; ones--) node = next[node];
        return node == Target && ones == 0;
    }

    /// <inheritdoc/>
    public ISolver CreateSolver() => Graph.IsAcyclic
        ? new AcyclicPathSolver(Problem)
        : NegativeEdges == NegativeEdges.Allow ? new BellmanFordSolver(Problem)
        : new DijkstraSolver(Problem, NegativeEdges == NegativeEdges.ClampToZero);
}
