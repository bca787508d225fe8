using System;
using Perturbed.Kernels;

namespace Perturbed.Functional.CSharp;

/// <summary>
/// An undirected graph: nodes 0 to n − 1 and a list of edges, whose order is the order of θ. Immutable; built once and
/// shared by oracles.
/// </summary>
/// <remarks>
/// Two edges may join the same nodes; an edge from a node to itself is an error. Building costs O(n + edges).
/// </remarks>
public sealed class Graph
{
    private readonly int[] from, to;

    /// <summary>A graph with the given edges.</summary>
    /// <param name="nodes">The number n of nodes, 1 to 2^26.</param>
    /// <param name="from">One end of each edge, 0 to n − 1. It is copied.</param>
    /// <param name="to">The other end of each edge. It is copied.</param>
    /// <exception cref="ArgumentNullException">A list is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="nodes"/> is below 1 or above 2^26.</exception>
    /// <exception cref="ArgumentException">
    /// The lists differ in length, or an edge names no node, or one node twice.
    /// </exception>
    public Graph(int nodes, int[] from, int[] to)
    {
        ArgumentNullException.ThrowIfNull(from);
        ArgumentNullException.ThrowIfNull(to);
        Nodes = Ends.Nodes(nodes);
        Ends.Check(nodes, from, to);
        Ends.Differ(from, to);
        this.from = (int[])from.Clone();
        this.to = (int[])to.Clone();
        Pairs = new (int From, int To)[from.Length];
        for (var e = 0; e < from.Length; e++) Pairs[e] = (from[e], to[e]);
    }

    /// <summary>The number n of nodes.</summary>
    public int Nodes { get; }

    /// <summary>The number of edges: the dimension of θ.</summary>
    public int Edges => from.Length;

    /// <summary>
    /// Both ends of each edge side by side, for loops that take edges in no order and pay for every line of the cache.
    /// </summary>
    internal (int From, int To)[] Pairs { get; }

    /// <summary>One end of each edge.</summary>
    public ReadOnlySpan<int> From => from;

    /// <summary>The other end of each edge.</summary>
    public ReadOnlySpan<int> To => to;

    /// <summary>
    /// The complete graph, its edges the upper triangle row by row: (0,1), (0,2), …, (0,n−1), (1,2), ….
    /// </summary>
    /// <param name="nodes">The number n of nodes, 1 to 4096.</param>
    /// <returns>A graph of n(n − 1)/2 edges.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="nodes"/> is not in 1 to 4096.</exception>
    public static Graph Complete(int nodes)
    {
        if (nodes is < 1 or > 4096)
            throw new ArgumentOutOfRangeException(nameof(nodes), nodes, $"nodes is {nodes}; a complete graph may have 1 to 4096.");
        var from = new int[nodes * (nodes - 1) / 2];
        var to = new int[from.Length];
        var e = 0;
        for (var i = 0; i < nodes; i++)
            for (var j = i + 1; j < nodes; j++) (from[e], to[e++]) = (i, j);
        return new Graph(nodes, from, to);
    }
}
