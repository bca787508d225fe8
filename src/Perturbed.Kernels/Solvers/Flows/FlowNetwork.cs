using System;
using Perturbed.Functional.CSharp;

namespace Perturbed.Kernels;

/// <summary>
/// A directed graph with capacities whose source and target are one node, so that a flow between them is a
/// circulation: as much enters every node as leaves it.
/// </summary>
internal sealed class FlowNetwork
{
    private readonly int[] from, to;

    public FlowNetwork(Digraph graph, int[] capacities, int source, int target)
    {
        (Nodes, Capacities) = (graph.Nodes, capacities);
        (from, to) = (graph.From.ToArray(), graph.To.ToArray());
        from.AsSpan().Replace(target, source);
        to.AsSpan().Replace(target, source);
        Outgoing = new Adjacency(Nodes, from, to);
        Incoming = new Adjacency(Nodes, to, from);
    }

    /// <summary>The number of nodes, the target included, which has no edge.</summary>
    public int Nodes { get; }

    public int[] Capacities { get; }

    public ReadOnlySpan<int> From => from;

    public ReadOnlySpan<int> To => to;

    public Adjacency Outgoing { get; }

    public Adjacency Incoming { get; }

    /// <summary>
    /// Whether a flow is within its capacities, kept by every node, and strictly between 0 and its capacity only on
    /// edges without a cycle.
    /// </summary>
    public bool IsVertex(ReadOnlySpan<double> flow)
    {
        var excess = new double[Nodes];
        var forest = new DisjointSets(Nodes);
        forest.Reset();
        for (var e = 0; e < flow.Length; e++)
        {
            if (!(flow[e] >= 0.0 && flow[e] <= Capacities[e])) return false;
            excess[from[e]] -= flow[e];
            excess[to[e]] += flow[e];
            if (flow[e] == 0.0 || flow[e] == Capacities[e]) continue;
            var (a, b) = (forest.Find(from[e]), forest.Find(to[e]));
            if (a == b) return false;
            forest.Merge(a, b);
        }

        return Array.TrueForAll(excess, x => x == 0.0);
    }
}
