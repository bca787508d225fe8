using System;
using Perturbed.Functional;

namespace Perturbed.Kernels;

/// <summary>Flows of largest gain by successive shortest paths: every edge that gains is filled, and what nodes then have too much of goes the cheapest way to those that lack it.</summary>
/// <remarks>
/// With potentials no edge with room has a negative cost, nor has the way back over one with flow; so each search is Dijkstra's, from all nodes with too much to the
/// nearest one that lacks something (Edmonds and Karp 1972). Flows stay whole numbers.
/// </remarks>
internal sealed class FlowSolver : ISolver
{
    private readonly FlowNetwork network;
    private readonly string name;
    private readonly NodeHeap heap;
    private readonly double[] excess, potential, distance;

    /// <summary>How a node was reached: an edge e taken forward as e, backward as ~e.</summary>
    private readonly int[] reachedBy;
    private readonly bool[] isSettled;
    private long batchRow;

    public FlowSolver(FlowNetwork network, string name)
    {
        (this.network, this.name) = (network, name);
        heap = new NodeHeap(network.Nodes);
        (excess, potential, distance) = (new double[network.Nodes], new double[network.Nodes], new double[network.Nodes]);
        (reachedBy, isSettled) = (new int[network.Nodes], new bool[network.Nodes]);
    }

    public void Begin(long row, ReadOnlySpan<double> theta) => batchRow = row;

    public void Solve(ReadOnlySpan<double> thetas, Span<double> solutions, Span<double> values)
    {
        var dimension = network.Capacities.Length;
        var count = RowShape.Rows(thetas, dimension, solutions, dimension, values);
        for (var row = 0; row < count; row++)
        {
            var theta = thetas.Slice(row * dimension, dimension);
            var flow = solutions.Slice(row * dimension, dimension);
            Fill(theta, flow);
            for (var node = Nearest(theta, flow); node >= 0; node = Nearest(theta, flow)) Send(node, flow);
            var value = Lanes.Dot(flow, theta);
            if (!double.IsFinite(value)) throw Overflow();
            if (!values.IsEmpty) values[row] = value;
        }
    }

    private OracleException Overflow() =>
        new(name, batchRow, "the gain of a flow exceeds the largest finite number; expected entries of theta of smaller size.");

    private void Fill(ReadOnlySpan<double> theta, Span<double> flow)
    {
        Array.Clear(excess);
        Array.Clear(potential);
        for (var e = 0; e < flow.Length; e++)
        {
            flow[e] = theta[e] > 0.0 ? network.Capacities[e] : 0.0;
            excess[network.From[e]] -= flow[e];
            excess[network.To[e]] += flow[e];
        }
    }

    /// <summary>The nearest node that lacks something, potentials set so that the way there costs nothing; −1 where none does.</summary>
    private int Nearest(ReadOnlySpan<double> theta, ReadOnlySpan<double> flow)
    {
        heap.Clear();
        Array.Clear(isSettled);
        for (var node = 0; node < excess.Length; node++)
        {
            distance[node] = excess[node] > 0.0 ? 0.0 : double.PositiveInfinity;
            reachedBy[node] = int.MaxValue;
            if (excess[node] > 0.0) heap.Add(node, 0.0);
        }

        while (!heap.IsEmpty)
        {
            var node = heap.Take();
            isSettled[node] = true;
            if (excess[node] < 0.0)
            {
                var far = distance[node];
                for (var other = 0; other < potential.Length; other++) potential[other] += isSettled[other] ? distance[other] : far;
                return node;
            }

            foreach (var (next, edge) in network.Outgoing.Of(node))
                if (flow[edge] < network.Capacities[edge]) Offer(node, next, -theta[edge], edge);
            foreach (var (next, edge) in network.Incoming.Of(node))
                if (flow[edge] > 0.0) Offer(node, next, theta[edge], ~edge);
        }

        // Filling can be undone, so only sums that overflow end a search too early.
        foreach (var missing in excess)
            if (missing < 0.0) throw Overflow();
        return -1;
    }

    private void Offer(int node, int next, double cost, int arc)
    {
        if (isSettled[next]) return;

        // Below 0 only by the rounding of potentials.
        var way = distance[node] + Math.Max(cost + potential[node] - potential[next], 0.0);
        var known = distance[next];
        if (!(way < known)) return;
        (distance[next], reachedBy[next]) = (way, arc);
        if (double.IsPositiveInfinity(known)) heap.Add(next, way);
        else heap.Lower(next, way);
    }

    /// <summary>Sends what fits along the way that was found.</summary>
    private void Send(int end, Span<double> flow)
    {
        var amount = -excess[end];
        var node = end;
        for (; reachedBy[node] != int.MaxValue; node = Before(node))
        {
            var arc = reachedBy[node];
            amount = Math.Min(amount, arc >= 0 ? network.Capacities[arc] - flow[arc] : flow[~arc]);
        }

        amount = Math.Min(amount, excess[node]);
        excess[node] -= amount;
        excess[end] += amount;
        for (node = end; reachedBy[node] != int.MaxValue; node = Before(node))
        {
            var arc = reachedBy[node];
            if (arc >= 0) flow[arc] += amount;
            else flow[~arc] -= amount;
        }
    }

    private int Before(int node) => reachedBy[node] >= 0 ? network.From[reachedBy[node]] : network.To[~reachedBy[node]];
}
