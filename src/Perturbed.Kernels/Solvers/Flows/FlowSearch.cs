using System;
using System.Numerics;

namespace Perturbed.Kernels;

/// <summary>
/// Flows of largest gain by successive shortest paths: every edge of positive gain is filled, and then the excess of
/// nodes is sent along shortest paths to nodes with a deficit.
/// </summary>
/// <remarks>
/// Potentials make the reduced cost of every residual arc non-negative, so each search is Dijkstra's, from all nodes
/// with an excess to the nearest one with a deficit (Edmonds and Karp 1972). Flows stay whole numbers, whatever the
/// arithmetic of costs.
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

    /// <summary>Potentials with which no residual arc has a negative reduced cost.</summary>
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

    /// <summary>
    /// The nearest node with a deficit, −1 where there is none; sets potentials with which the arcs of the path to it
    /// have reduced cost 0.
    /// </summary>
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

        // Filled edges can be emptied, so every node with a deficit is reached.
        return -1;
    }

    private void Offer(int node, int next, T cost, int arc)
    {
        if (isSettled[next]) return;

        // Below 0 only by the rounding of potentials.
        var step = cost + potential[node] - potential[next];
        var length = step > default(T) ? distance[node] + step : distance[node];
        var isNew = reachedBy[next] == Unreached;
        if (!isNew && !(length < distance[next])) return;
        (distance[next], reachedBy[next]) = (length, arc);
        if (isNew) heap.Add(next, length);
        else heap.Lower(next, length);
    }

    /// <summary>Sends as much as fits along the path that was found.</summary>
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
