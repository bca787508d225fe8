using System;
using Perturbed.Functional.CSharp;

namespace Perturbed.Kernels;

/// <summary>
/// The minimum cut: y*(θ) = argmax of ⟨y, θ⟩, θ = −capacity of each edge, over the edge indicators y of cuts that part
/// a source from a target in a directed graph.
/// </summary>
/// <remarks>
/// <para>
/// This is the maximum flow as an oracle. The flow with capacities c is worth min over cuts of ⟨y, c⟩ = −F(−c), a
/// support function in c as the paper needs it, and its gradient in c is the cut (Ford and Fulkerson; Danskin). So
/// −F_ε(−c) is a smoothed flow value and the perturbed maximizer the probability that each edge limits the flow. A
/// flow itself is no such gradient: it solves a linear program whose constraints, not whose objective, are perturbed.
/// Where the capacities are fixed and gains or costs are perturbed, the answer is a flow: <see cref="FlowOracle"/>.
/// </para>
/// <para>
/// Y holds the edges from S to its complement for every set S of nodes with the source and without the target. Solved
/// by Dinic's algorithm (1970), O(n² d) in the worst case. Negative capacities would make it the maximum cut, which is
/// hard, so there is a policy for them.
/// </para>
/// <para>
/// Ties: the cut with the smallest S, which is unique: S is what residual arcs reach from the source. A cut that
/// rounding could change is found again with exact flows. Paper: Appendix B.
/// </para>
/// </remarks>
public sealed class MinimumCutOracle : IOracle
{
    /// <summary>Cuts between two nodes of a graph.</summary>
    /// <param name="graph">
    /// The graph, with one edge or more, shared by any number of oracles. θ follows the order of its edges.
    /// </param>
    /// <param name="source">Where flow starts.</param>
    /// <param name="target">Where flow ends: another node.</param>
    /// <param name="negativeCosts">
    /// The policy for θ &gt; 0, a negative capacity: an error, or a capacity of 0 in the choice of the cut. The value
    /// is ⟨y, θ⟩ all the same.
    /// </param>
    /// <exception cref="ArgumentNullException">The graph is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The source or the target is no node, or the policy none of the two.
    /// </exception>
    /// <exception cref="ArgumentException">Source and target are the same, or the graph has no edge.</exception>
    public MinimumCutOracle(Digraph graph, int source, int target, NegativeCosts negativeCosts)
    {
        ArgumentNullException.ThrowIfNull(graph);
        if (graph.Edges == 0) throw new ArgumentException("graph has 0 edges; expected at least 1.", nameof(graph));
        Ends.CheckNode(source, graph.Nodes, nameof(source));
        Ends.CheckNode(target, graph.Nodes, nameof(target));
        if (source == target) throw new ArgumentException($"target is {target}, the source; expected another node.", nameof(target));
        if (!Enum.IsDefined(negativeCosts))
            throw new ArgumentOutOfRangeException(
                nameof(negativeCosts), negativeCosts, $"negativeCosts is {negativeCosts}; expected Reject or ClampToZero.");
        (Graph, Source, Target, NegativeCosts) = (graph, source, target, negativeCosts);
    }

    /// <inheritdoc/>
    public string Name => "minimum-cut";

    /// <summary>The graph.</summary>
    public Digraph Graph { get; }

    /// <summary>Where flow starts.</summary>
    public int Source { get; }

    /// <summary>Where flow ends.</summary>
    public int Target { get; }

    /// <summary>The policy for negative capacities.</summary>
    public NegativeCosts NegativeCosts { get; }

    /// <inheritdoc/>
    public int Dimension => Graph.Edges;

    /// <inheritdoc/>
    public int SolutionDimension => Graph.Edges;

    /// <inheritdoc/>
    public bool DependsOnInstance => false;

    /// <summary>
    /// Whether the ones of <paramref name="y"/> are the edges that leave some set of nodes with the source and without
    /// the target.
    /// </summary>
    /// <param name="y">A point, of one dimension an edge.</param>
    /// <returns>True exactly for the points of Y.</returns>
    /// <exception cref="ArgumentException"><paramref name="y"/> has another length.</exception>
    public bool IsSolution(ReadOnlySpan<double> y)
    {
        RowShape.Point(y, Dimension);
        var (isInside, stack, count) = (new bool[Graph.Nodes], new int[Graph.Nodes], 0);
        void Enter(int node)
        {
            if (isInside[node]) return;
            isInside[node] = true;
            stack[count++] = node;
        }

        // The smallest candidate for S: the source and the tails of the cut, closed under the edges that are not cut.
        Enter(Source);
        for (var e = 0; e < Dimension; e++)
        {
            if (y[e] == 1.0) Enter(Graph.From[e]);
            else if (y[e] != 0.0) return false;
        }

        while (count > 0)
            foreach (var (next, edge) in Graph.Outgoing.Of(stack[--count]))
                if (y[edge] == 0.0) Enter(next);
        for (var e = 0; e < Dimension; e++)
            if (y[e] == 1.0 && isInside[Graph.To[e]]) return false;
        return !isInside[Target];
    }

    /// <inheritdoc/>
    public ISolver CreateSolver() => new MinimumCutSolver(Graph, Source, Target, NegativeCosts == NegativeCosts.ClampToZero, Name);
}
