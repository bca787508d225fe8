using System;

namespace Perturbed.Kernels;

/// <summary>The checks that every list of edges must pass.</summary>
internal static class Ends
{
    /// <summary>
    /// So many nodes take arrays of some hundred megabytes, which any graph worth its edges is far below.
    /// </summary>
    private const int MostNodes = 1 << 26;

    public static int Nodes(int nodes) => nodes is >= 1 and <= MostNodes
        ? nodes
        : throw new ArgumentOutOfRangeException(nameof(nodes), nodes, $"nodes is {nodes}; it must be from 1 to {MostNodes}.");

    public static void Check(int nodes, int[] from, int[] to)
    {
        if (from.Length != to.Length)
            throw new ArgumentException($"to has length {to.Length}; expected {from.Length}, the length of from.", nameof(to));
        Check(nodes, from, nameof(from));
        Check(nodes, to, nameof(to));
    }

    public static void CheckNode(int node, int nodes, string name)
    {
        if (node < 0 || node >= nodes)
            throw new ArgumentOutOfRangeException(name, node, $"{name} is {node}; expected a node, 0 to {nodes - 1}.");
    }

    public static void Differ(int[] from, int[] to)
    {
        for (var e = 0; e < from.Length; e++)
            if (from[e] == to[e])
                throw new ArgumentException($"Edge {e} joins node {from[e]} to itself; expected two different nodes.", nameof(to));
    }

    private static void Check(int nodes, int[] ends, string name)
    {
        for (var e = 0; e < ends.Length; e++)
            if (ends[e] < 0 || ends[e] >= nodes)
                throw new ArgumentException($"{name}[{e}] is {ends[e]}; expected a node, 0 to {nodes - 1}.", name);
    }
}
