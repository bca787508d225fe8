using System;
using System.Numerics;
using Perturbed.Functional.CSharp;

namespace Perturbed.Kernels;

/// <summary>
/// Dinic's maximum flow: blocking flows in the levels of a breadth-first search, until the target is unreachable; the
/// nodes reached then are the source's side of the cut.
/// </summary>
internal sealed class MinimumCutSearch<T>(Digraph graph, int source, int target)
    where T : struct, IAdditionOperators<T, T, T>, ISubtractionOperators<T, T, T>, IComparisonOperators<T, T, bool>
{
    /// <summary>The residual capacity of each edge forward and backward.</summary>
    private readonly T[] forward = new T[graph.Edges], backward = new T[graph.Edges];
    private readonly int[] level = new int[graph.Nodes], tried = new int[graph.Nodes], queue = new int[graph.Nodes];

    /// <summary>The path of the depth-first search: an edge e taken forward as e, backward as ~e.</summary>
    private readonly int[] path = new int[graph.Nodes];

    /// <summary>The capacities, to be written before <see cref="Solve"/>, which uses them up.</summary>
    public Span<T> Capacities => forward;

    /// <summary>The flow on each edge.</summary>
    public ReadOnlySpan<T> Flow => backward;

    /// <summary>Whether a node is on the source's side of the cut.</summary>
    public bool IsInside(int node) => level[node] >= 0;

    public void Solve()
    {
        backward.AsSpan().Clear();
        while (FindLevels()) Block();
    }

    /// <summary>
    /// Numbers the nodes by their distance from the source over residual arcs, −1 where there is no path, up to the
    /// target; true where the target is reached.
    /// </summary>
    private bool FindLevels()
    {
        level.AsSpan().Fill(-1);
        level[source] = 0;
        queue[0] = source;
        for (int head = 0, count = 1; head < count; head++)
        {
            var node = queue[head];
            foreach (var (next, edge) in graph.Outgoing.Of(node))
            {
                if (level[next] >= 0 || forward[edge] <= default(T)) continue;
                level[next] = level[node] + 1;
                if (next == target) return true;
                queue[count++] = next;
            }

            foreach (var (next, edge) in graph.Incoming.Of(node))
            {
                if (level[next] >= 0 || backward[edge] <= default(T)) continue;
                level[next] = level[node] + 1;
                if (next == target) return true;
                queue[count++] = next;
            }
        }

        return false;
    }

    /// <summary>Sends flow along paths that go up one level an edge, until each is blocked.</summary>
    private void Block()
    {
        tried.AsSpan().Clear();
        var (node, length) = (source, 0);
        while (true)
        {
            if (node == target)
            {
                length = Push(length);
                node = Tail(path[length]);
            }
            else if (Advance(node, out var arc))
            {
                path[length++] = arc;
                node = arc >= 0 ? graph.To[arc] : graph.From[~arc];
            }
            else
            {
                if (length == 0) return;
                node = Tail(path[--length]);
                tried[node]++;
            }
        }
    }

    /// <summary>The next arc out of a node with residual capacity that leads to the next level.</summary>
    private bool Advance(int node, out int arc)
    {
        var outgoing = graph.Outgoing.Of(node);
        var incoming = graph.Incoming.Of(node);
        for (; tried[node] < outgoing.Length; tried[node]++)
        {
            (var next, arc) = outgoing[tried[node]];
            if (forward[arc] > default(T) && level[next] == level[node] + 1) return true;
        }

        for (; tried[node] < outgoing.Length + incoming.Length; tried[node]++)
        {
            var (next, edge) = incoming[tried[node] - outgoing.Length];
            arc = ~edge;
            if (backward[edge] > default(T) && level[next] == level[node] + 1) return true;
        }

        arc = 0;
        return false;
    }

    /// <summary>Fills the path and returns how much of it is left before the first arc that is full.</summary>
    private int Push(int length)
    {
        var amount = Residual(path[0]);
        for (var k = 1; k < length; k++)
        {
            var here = Residual(path[k]);
            if (here < amount) amount = here;
        }

        var left = length;
        for (var k = length - 1; k >= 0; k--)
        {
            var arc = path[k];
            var e = arc >= 0 ? arc : ~arc;
            var (less, more) = arc >= 0 ? (forward, backward) : (backward, forward);
            less[e] -= amount;
            more[e] += amount;
            if (less[e] <= default(T)) left = k;
        }

        return left;
    }

    private T Residual(int arc) => arc >= 0 ? forward[arc] : backward[~arc];

    private int Tail(int arc) => arc >= 0 ? graph.From[arc] : graph.To[~arc];
}
