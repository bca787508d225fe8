using System;
using System.Numerics;

namespace Perturbed.Kernels;

/// <summary>Flows of largest gain by successive shortest paths: every edge that gains is filled, and what nodes then have too much of goes the cheapest way to those that lack it.</summary>
/// <remarks>
/// With potentials no edge with room has a negative cost, nor has the way back over one with flow; so each search is Dijkstra's, from all nodes with too much to the
/// nearest one that lacks something (Edmonds and Karp 1972). Flows stay whole numbers, whatever the arithmetic of costs.
/// </remarks>
internal sealed class FlowSearch<T>
    where T : struct, IAdditionOperators<T, T, T>, ISubtractionOperators<T, T, T>, IComparisonOperators<T, T, bool>
{
    private const int Source = int.MaxValue, Unreached = int.MinValue;

    private readonly FlowNetwork network;
    private readonly NodeHeap<T> heap;
    private readonly double[] excess;
    private readonly T[] potential, distance;

    /// <summary>How a node was reached: an edge e taken forward as e, backward as ~e.</summary>
    private readonly int[] reachedBy;
    private readonly bool[] isSettled;

    public FlowSearch(FlowNetwork network)
    {
        this.network = network;
        heap = new NodeHeap<T>(network.Nodes);
        (excess, potential, distance) = (new double[network.Nodes], new T[network.Nodes], new T[network.Nodes]);
        (reachedBy, isSettled) = (new int[network.Nodes], new bool[network.Nodes]);
    }

    /// <summary>Numbers of the nodes with which no edge with room gains, nor the way back over one with flow loses less.</summary>
    public ReadOnlySpan<T> Potentials => potential;

    /// <summary>Writes the flow for gains θ.</summary>
    public void Solve(ReadOnlySpan<T> theta, Span<double> flow)
    {
        Fill(theta, flow);
        for (var node = Nearest(theta, flow); node >= 0; node = Nearest(theta, flow)) Send(node, flow);
    }

    private void Fill(ReadOnlySpan<T> theta, Span<double> flow)
    {
        Array.Clear(excess);
        Array.Clear(potential);
        for (var e = 0; e < flow.Length; e++)
        {
            flow[e] = theta[e] > default(T) ? network.Capacities[e] : 0.0;
            excess[network.From[e]] -= flow[e];
            excess[network.To[e]] += flow[e];
        }
    }

    /// <summary>The nearest node that lacks something, potentials set so that the way there costs nothing; −1 where none does.</summary>
    private int Nearest(ReadOnlySpan<T> theta, ReadOnlySpan<double> flow)
    {
        heap.Clear();
        Array.Clear(isSettled);
        for (var node = 0; node < excess.Length; node++)
        {
            reachedBy[node] = excess[node] > 0.0 ? Source : Unreached;
            if (excess[node] <= 0.0) continue;
            distance[node] = default;
            heap.Add(node, default);
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
                if (flow[edge] < network.Capacities[edge]) Offer(node, next, default(T) - theta[edge], edge);
            foreach (var (next, edge) in network.Incoming.Of(node))
                if (flow[edge] > 0.0) Offer(node, next, theta[edge], ~edge);
        }

        // Filling can be undone, so that every node that lacks something is reached.
        return -1;
    }

    private void Offer(int node, int next, T cost, int arc)
    {
        if (isSettled[next]) return;

        // Below 0 only by the rounding of potentials.
        var step = cost + potential[node] - potential[next];
        var way = step > default(T) ? distance[node] + step : distance[node];
        var isNew = reachedBy[next] == Unreached;
        if (!isNew && !(way < distance[next])) return;
        (distance[next], reachedBy[next]) = (way, arc);
        if (isNew) heap.Add(next, way);
        else heap.Lower(next, way);
    }

    /// <summary>Sends what fits along the way that was found.</summary>
    private void Send(int end, Span<double> flow)
    {
        var amount = -excess[end];
        var node = end;
        for (; reachedBy[node] != Source; node = Before(node))
        {
            var arc = reachedBy[node];
            amount = Math.Min(amount, arc >= 0 ? network.Capacities[arc] - flow[arc] : flow[~arc]);
        }

        amount = Math.Min(amount, excess[node]);
        excess[node] -= amount;
        excess[end] += amount;
        for (node = end; reachedBy[node] != Source; node = Before(node))
        {
            var arc = reachedBy[node];
            if (arc >= 0) flow[arc] += amount;
            else flow[~arc] -= amount;
        }
    }

    private int Before(int node) => reachedBy[node] >= 0 ? network.From[reachedBy[node]] : network.To[~reachedBy[node]];
}
