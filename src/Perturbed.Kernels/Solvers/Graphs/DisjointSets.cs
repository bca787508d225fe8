using System;

namespace Perturbed.Kernels;

/// <summary>Disjoint sets of nodes, merged one after the other (Tarjan 1975: union by size, path halving).</summary>
internal sealed class DisjointSets(int nodes)
{
    // A root holds minus the size of its set, any other node its parent.
    private readonly int[] parent = new int[nodes];

    public int Count { get; private set; }

    public void Reset()
    {
        parent.AsSpan().Fill(-1);
        Count = parent.Length;
    }

    public int Find(int node)
    {
        var links = parent;
        while (true)
        {
            var up = links[node];
            if (up < 0) return node;
            var above = links[up];
            if (above < 0) return up;
            links[node] = above;
            node = above;
        }
    }

    /// <summary>Merges the sets of two different roots and returns the root that stays.</summary>
    public int Merge(int a, int b)
    {
        if (parent[a] > parent[b]) (a, b) = (b, a);
        parent[a] += parent[b];
        parent[b] = a;
        Count--;
        return a;
    }
}
