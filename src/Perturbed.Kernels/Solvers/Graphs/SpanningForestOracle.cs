using System;
using Perturbed.Functional.CSharp;

namespace Perturbed.Kernels;

/// <summary>
/// The spanning forest of largest weight with k trees: y*(θ) = argmax of ⟨y, θ⟩ over the edge indicators y of spanning
/// forests of a graph with exactly k components.
/// </summary>
/// <remarks>
/// <para>
/// k = 1 is the maximum spanning tree; θ = −cost makes it the minimum one. θ may have any sign: a forest has exactly n
/// − k edges. Solved by Kruskal's algorithm, which is exact, since these forests are the bases of a matroid. Cost O(d)
/// for the order of d edges, by a radix sort, and O(d α(n)) for the forest.
/// </para>
/// <para>
/// With must-link pairs, Y holds the forests in which every group of linked nodes is connected by edges of its own;
/// the edges inside groups come first, and the answer is exact. No merge may join a cannot-link pair; such forests are
/// no matroid. Up to 10 groups (a node without a must-link is one) the answer is exact: where a pair prevented a
/// merge, all partitions are searched, O(2^g g² + k 3^g) for g groups, and a strictly better forest replaces the
/// greedy one. Beyond, the answer obeys the pairs but is greedy: a heuristic, and where more than k trees remain it is
/// an error.
/// </para>
/// <para>
/// With <see cref="ForestOutput.EdgesAndClusters"/> a solution has d + n² entries: after y the cluster matrix M, M_ij
/// = 1 where i and j are in one tree. The value is ⟨y, θ⟩ over the first d. Of equal entries of θ the lower index
/// comes first. Stewart et al. 2023; paper: Appendix B.
/// </para>
/// </remarks>
public sealed class SpanningForestOracle : IOracle
{
    private readonly ForestRules? rules;

    /// <summary>Spanning forests of a graph.</summary>
    /// <param name="graph">The graph, with one edge or more. θ follows the order of its edges.</param>
    /// <param name="components">
    /// The number k of trees: from the number of connected parts of the graph to the number of nodes.
    /// </param>
    /// <param name="output">The edges, or the edges and the cluster matrix.</param>
    /// <param name="constraints">What must and what must not be linked.</param>
    /// <exception cref="ArgumentNullException">The graph or the constraints are null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// No forest has <paramref name="components"/> trees; the output is not one of the two, or too large.
    /// </exception>
    /// <exception cref="ArgumentException">
    /// The graph has no edge, or the constraints contradict each other, the graph or k; up to 10 groups, that there is
    /// no forest.
    /// </exception>
    public SpanningForestOracle(Graph graph, int components, ForestOutput output, LinkConstraints constraints)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(constraints);
        if (graph.Edges == 0) throw new ArgumentException("graph has 0 edges; expected at least 1.", nameof(graph));
        var parts = new DisjointSets(graph.Nodes);
        parts.Reset();
        foreach (var (a, b) in graph.Pairs)
        {
            var (x, y) = (parts.Find(a), parts.Find(b));
            if (x != y) parts.Merge(x, y);
        }

        if (components < parts.Count || components > graph.Nodes)
            throw new ArgumentOutOfRangeException(
                nameof(components), components,
                $"components is {components}; a graph of {graph.Nodes} nodes in {parts.Count} connected parts "
                + $"has forests of {parts.Count} to {graph.Nodes} trees.");
        if (!Enum.IsDefined(output))
            throw new ArgumentOutOfRangeException(nameof(output), output, $"output is {output}; expected Edges or EdgesAndClusters.");
        if (output == ForestOutput.EdgesAndClusters && graph.Nodes > 4096)
            throw new ArgumentOutOfRangeException(
                nameof(output), output, $"The graph has {graph.Nodes} nodes; a cluster matrix may have at most 4096.");
        (Graph, Components, Output) = (graph, components, output);
        if (constraints.MustLink.Length + constraints.CannotLink.Length == 0) return;
        rules = new ForestRules(graph, components, constraints);
        if (IsSmall(rules) && !new SubsetForest(graph, components, rules).Exists())
            throw new ArgumentException(
                $"constraints leave no forest of {components} trees; expected fewer cannot-link pairs, or another number of components.",
                nameof(constraints));
    }

    /// <inheritdoc/>
    public string Name => Output == ForestOutput.EdgesAndClusters ? "clusters"
        : rules is not null ? "constrained-forest"
        : Components == 1 ? "spanning-tree" : "spanning-forest";

    /// <summary>The graph.</summary>
    public Graph Graph { get; }

    /// <summary>The number k of trees.</summary>
    public int Components { get; }

    /// <summary>Whether solutions end with a cluster matrix.</summary>
    public ForestOutput Output { get; }

    /// <inheritdoc/>
    public int Dimension => Graph.Edges;

    /// <inheritdoc/>
    public int SolutionDimension => Graph.Edges + (Output == ForestOutput.Edges ? 0 : Graph.Nodes * Graph.Nodes);

    /// <inheritdoc/>
    public bool DependsOnInstance => false;

    /// <summary>
    /// Whether <paramref name="y"/> marks the edges of a spanning forest of k trees that obeys the constraints,
    /// followed by its cluster matrix if there is one.
    /// </summary>
    /// <param name="y">A point, of the solution dimension.</param>
    /// <returns>True exactly for the points of Y.</returns>
    /// <exception cref="ArgumentException"><paramref name="y"/> has another length.</exception>
    public bool IsSolution(ReadOnlySpan<double> y)
    {
        RowShape.Point(y, SolutionDimension);
        var sets = new DisjointSets(Graph.Nodes);
        sets.Reset();
        // Edges inside must-link groups first: what they do not join must not be joined around them.
        var isFirstPass = rules is { HasFirst: true };
        for (var pass = isFirstPass ? 0 : 1; pass < 2; pass++)
        {
            for (var e = 0; e < Dimension; e++)
            {
                if (y[e] != 0.0 && y[e] != 1.0) return false;
                if (y[e] == 0.0 || (isFirstPass && rules!.IsFirst[e]) != (pass == 0)) continue;
                var (a, b) = (sets.Find(Graph.Pairs[e].From), sets.Find(Graph.Pairs[e].To));
                if (a == b) return false;
                sets.Merge(a, b);
            }

            if (pass == 0 && !AreGroupsJoined(sets)) return false;
        }

        return sets.Count == Components && AreConflictsApart(sets) && HasClusters(y[Dimension..], sets);
    }

    /// <inheritdoc/>
    public ISolver CreateSolver() => new SpanningForestSolver(Graph, Components, Output == ForestOutput.EdgesAndClusters, rules, Name);

    internal static bool IsSmall(ForestRules rules) => rules.Numbers > 0 && rules.Groups <= SubsetForest.MostGroups;

    private bool AreGroupsJoined(DisjointSets sets)
    {
        for (var e = 0; e < Dimension; e++)
            if (rules!.IsFirst[e] && sets.Find(Graph.Pairs[e].From) != sets.Find(Graph.Pairs[e].To)) return false;
        return true;
    }

    private bool AreConflictsApart(DisjointSets sets)
    {
        if (rules is null) return true;
        for (var a = 0; a < Graph.Nodes; a++)
            for (var b = 0; b < a; b++)
                if (rules.AreInConflict(a, b) && sets.Find(a) == sets.Find(b)) return false;

        return true;
    }

    private bool HasClusters(ReadOnlySpan<double> matrix, DisjointSets sets)
    {
        for (var at = 0; at < matrix.Length; at++)
        {
            var (i, j) = Math.DivRem(at, Graph.Nodes);
            if (matrix[at] != (sets.Find(i) == sets.Find(j) ? 1.0 : 0.0)) return false;
        }

        return true;
    }
}
