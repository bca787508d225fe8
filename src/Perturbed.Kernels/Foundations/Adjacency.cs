using System;

namespace Perturbed.Kernels;

/// <summary>
/// The edges of a directed graph sorted by one of their ends, in the order of the list for each node.
/// </summary>
internal sealed class Adjacency
{
    public Adjacency(int nodes, int[] near, int[] far)
    {
        Start = new int[nodes + 1];
        Arcs = new (int Node, int Edge)[near.Length];
        foreach (var node in near) Start[node + 1]++;
        for (var node = 0; node < nodes; node++) Start[node + 1] += Start[node];
        var next = Start.AsSpan(0, nodes).ToArray();
        for (var e = 0; e < near.Length; e++) Arcs[next[near[e]]++] = (far[e], e);
    }

    /// <summary>Where the edges of each node start in <see cref="Arcs"/>.</summary>
    public int[] Start { get; }

    /// <summary>The far end and the number of each edge.</summary>
    public (int Node, int Edge)[] Arcs { get; }

    private int Nodes => Start.Length - 1;

    public ReadOnlySpan<(int Node, int Edge)> Of(int node) => Arcs.AsSpan(Start[node]..Start[node + 1]);

    /// <summary>The nodes in an order in which every edge leads forward (Kahn 1962), or null.</summary>
    public int[]? TopologicalOrder()
    {
        var (entering, order, count) = (new int[Nodes], new int[Nodes], 0);
        foreach (var (node, _) in Arcs) entering[node]++;
        for (var node = 0; node < Nodes; node++)
            if (entering[node] == 0) order[count++] = node;
        for (var head = 0; head < count; head++)
            foreach (var (node, _) in Of(order[head]))
                if (--entering[node] == 0) order[count++] = node;
        return count == Nodes ? order : null;
    }

    /// <summary>The nodes that paths from <paramref name="node"/> reach.</summary>
    public bool[] Reach(int node)
    {
        var (isReached, queue, count) = (new bool[Nodes], new int[Nodes], 1);
        isReached[node] = true;
        queue[0] = node;
        for (var head = 0; head < count; head++)
        {
            foreach (var (next, _) in Of(queue[head]))
            {
                if (isReached[next]) continue;
                isReached[next] = true;
                queue[count++] = next;
            }
        }

        return isReached;
    }
}
