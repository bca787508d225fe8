using System;
using Perturbed.Functional.CSharp;

namespace Perturbed.Kernels;

/// <summary>
/// The shortest path of at most k edges in a directed graph without cycles: y*(θ) = argmax of ⟨y, θ⟩, θ = −cost of
/// each edge of any sign, over the edge indicators y of such paths.
/// </summary>
/// <remarks>
/// <para>
/// Dynamic programming over (number of edges, node), eight rows at once: O(k (n + d)) a row, d the number of edges. A
/// graph with cycles is an error: there the recursion finds walks, which may take an edge twice, and the shortest
/// simple path of at most k edges is NP-hard for costs of any sign.
/// </para>
/// <para>
/// Ties. A path of fewer edges comes first; of equally many, from the target backward, the first of the best edges
/// into a node, in the order of the list. Ties are those of sums as they are rounded, so the answer is a function of θ
/// alone.
/// </para>
/// </remarks>
public sealed class LimitedPathOracle : IOracle
{
    private const int MostStates = 1 << 22;
    private readonly ShortestPathOracle paths;

    /// <summary>Paths of at most so many edges from one node of a graph to another.</summary>
    /// <param name="graph">
    /// The graph, without cycles, shared by any number of oracles. θ follows the order of its edges.
    /// </param>
    /// <param name="source">Where paths start.</param>
    /// <param name="target">Where paths end: another node.</param>
    /// <param name="edges">The largest number k of edges of a path: at least that of a path with the fewest.</param>
    /// <exception cref="ArgumentNullException">The graph is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The source or the target is no node.</exception>
    /// <exception cref="ArgumentException">
    /// A cycle in the graph, source and target are the same, no path of at most k edges, or more than 2^22 pairs of a
    /// node and a number of edges.
    /// </exception>
    public LimitedPathOracle(Digraph graph, int source, int target, int edges)
    {
        paths = new ShortestPathOracle(graph, source, target, NegativeEdges.Reject);
        if (!graph.IsAcyclic)
            throw new ArgumentException("graph has a cycle; expected none where the number of edges is limited.", nameof(graph));
        var (fewest, most) = Lengths(paths.Problem);
        if (edges < fewest)
            throw new ArgumentException(
                $"edges is {edges}; expected {fewest} or more, the fewest edges of a path from {source} to {target}.", nameof(edges));
        Edges = edges;
        // No path has more edges than the longest, so that a larger limit costs nothing.
        Layers = Math.Min(edges, most);
        if ((long)graph.Nodes * (Layers + 1) > MostStates)
            throw new ArgumentException(
                $"{graph.Nodes} nodes by up to {Layers} edges are more than {MostStates} states; expected a smaller graph or limit.",
                nameof(edges));
    }

    /// <inheritdoc/>
    public string Name => "shortest-path-within";

    /// <summary>The graph.</summary>
    public Digraph Graph => paths.Graph;

    /// <summary>Where paths start.</summary>
    public int Source => paths.Source;

    /// <summary>Where paths end.</summary>
    public int Target => paths.Target;

    /// <summary>The largest number of edges of a path.</summary>
    public int Edges { get; }

    /// <inheritdoc/>
    public int Dimension => Graph.Edges;

    /// <inheritdoc/>
    public int SolutionDimension => Graph.Edges;

    /// <inheritdoc/>
    public bool DependsOnInstance => false;

    private int Layers { get; }

    /// <summary>
    /// Whether the ones of <paramref name="y"/> are the edges of a path from the source to the target, at most k of
    /// them.
    /// </summary>
    /// <param name="y">A point, of one dimension an edge.</param>
    /// <returns>True exactly for the points of Y.</returns>
    /// <exception cref="ArgumentException"><paramref name="y"/> has another length.</exception>
    public bool IsSolution(ReadOnlySpan<double> y) => paths.IsSolution(y) && Dimension - y.Count(0.0) <= Edges;

    /// <inheritdoc/>
    public ISolver CreateSolver() => new LimitedPathSolver(paths.Problem with { Name = Name }, Layers);

    /// <summary>The fewest and the most edges of a path.</summary>
    private static (int Fewest, int Most) Lengths(PathProblem problem)
    {
        var (fewest, most) = (new int[problem.Graph.Nodes], new int[problem.Graph.Nodes]);
        foreach (var node in problem.Graph.Order!)
        {
            if (!problem.IsUseful[node] || node == problem.Source) continue;
            fewest[node] = int.MaxValue;
            foreach (var (tail, _) in problem.Graph.Incoming.Of(node))
            {
                if (!problem.IsUseful[tail]) continue;
                fewest[node] = Math.Min(fewest[node], fewest[tail] + 1);
                most[node] = Math.Max(most[node], most[tail] + 1);
            }
        }

        return (fewest[problem.Target], most[problem.Target]);
    }
}
