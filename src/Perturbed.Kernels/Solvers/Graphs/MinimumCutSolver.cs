using System;
using Perturbed.Functional;

namespace Perturbed.Kernels;

/// <summary>Dinic's maximum flow: blocking flows in the levels of a breadth-first search, until the target is out of reach; what is reached then is the source's side of the cut.</summary>
internal sealed class MinimumCutSolver(Digraph graph, int source, int target, bool isClamped, string name) : ISolver
{
    /// <summary>What each edge can still take, and what it can give back.</summary>
    private readonly double[] forward = new double[graph.Edges], backward = new double[graph.Edges];
    private readonly int[] level = new int[graph.Nodes], tried = new int[graph.Nodes], queue = new int[graph.Nodes];

    /// <summary>The path of the depth-first search: an edge e taken forward as e, backward as ~e.</summary>
    private readonly int[] path = new int[graph.Nodes];
    private long batchRow;

    public void Begin(long row, ReadOnlySpan<double> theta) => batchRow = row;

    public void Solve(ReadOnlySpan<double> thetas, Span<double> solutions, Span<double> values)
    {
        var dimension = graph.Edges;
        var count = RowShape.Rows(thetas, dimension, solutions, dimension, values);
        solutions.Clear();
        for (var row = 0; row < count; row++)
        {
            var theta = thetas.Slice(row * dimension, dimension);
            if (!isClamped) RejectPositive(theta);
            for (var e = 0; e < dimension; e++) forward[e] = Math.Max(-theta[e], 0.0);
            backward.AsSpan().Clear();
            while (FindLevels()) Block();
            var value = Write(theta, solutions.Slice(row * dimension, dimension));
            if (!values.IsEmpty) values[row] = value;
        }
    }

    private void RejectPositive(ReadOnlySpan<double> theta)
    {
        var e = Lanes.FirstPositive(theta);
        if (e >= 0)
            throw new OracleException(
                name, batchRow, $"edge {e} ({graph.From[e]} → {graph.To[e]}) has theta = {theta[e]}, a negative capacity of {-theta[e]}; expected theta ≤ 0, or the policy ClampToZero.");
    }

    private double Write(ReadOnlySpan<double> theta, Span<double> y)
    {
        var value = 0.0;
        for (var e = 0; e < theta.Length; e++)
        {
            if (level[graph.From[e]] < 0 || level[graph.To[e]] >= 0) continue;
            y[e] = 1.0;
            value += theta[e];
        }

        return double.IsFinite(value)
            ? value
            : throw new OracleException(name, batchRow, "the capacity of the cut exceeds the largest finite number; expected smaller ones.");
    }

    /// <summary>Numbers the nodes by their distance from the source over edges with room, −1 where there is no way; whether the target is reached.</summary>
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
                if (level[next] >= 0 || forward[edge] <= 0.0) continue;
                level[next] = level[node] + 1;
                queue[count++] = next;
            }

            foreach (var (next, edge) in graph.Incoming.Of(node))
            {
                if (level[next] >= 0 || backward[edge] <= 0.0) continue;
                level[next] = level[node] + 1;
                queue[count++] = next;
            }
        }

        return level[target] >= 0;
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

    /// <summary>The next arc out of a node that goes up a level and has room.</summary>
    private bool Advance(int node, out int arc)
    {
        var outgoing = graph.Outgoing.Of(node);
        var incoming = graph.Incoming.Of(node);
        for (; tried[node] < outgoing.Length; tried[node]++)
        {
            (var next, arc) = outgoing[tried[node]];
            if (forward[arc] > 0.0 && level[next] == level[node] + 1) return true;
        }

        for (; tried[node] < outgoing.Length + incoming.Length; tried[node]++)
        {
            var (next, edge) = incoming[tried[node] - outgoing.Length];
            arc = ~edge;
            if (backward[edge] > 0.0 && level[next] == level[node] + 1) return true;
        }

        arc = 0;
        return false;
    }

    /// <summary>Fills the path and returns how much of it is left before the first arc that is full.</summary>
    private int Push(int length)
    {
        var room = double.PositiveInfinity;
        for (var k = 0; k < length; k++) room = Math.Min(room, path[k] >= 0 ? forward[path[k]] : backward[~path[k]]);
        var left = length;
        for (var k = length - 1; k >= 0; k--)
        {
            var arc = path[k];
            var e = arc >= 0 ? arc : ~arc;
            var (less, more) = arc >= 0 ? (forward, backward) : (backward, forward);
            less[e] -= room;
            more[e] += room;
            if (less[e] <= 0.0) left = k;
        }

        return left;
    }

    private int Tail(int arc) => arc >= 0 ? graph.From[arc] : graph.To[~arc];
}
