using System;

namespace Perturbed.Kernels;

/// <summary>
/// Proves that a flow is the only one of largest gain, whatever the rounding of the search and of its potentials.
/// </summary>
/// <remarks>
/// Potentials are any numbers, exact as they are. Another flow differs by cycles of residual arcs: unfilled edges
/// forward and edges with flow backward. Each cycle costs the sum of the reduced costs along it, computed from the
/// original θ with errors that belong to the edge. Arcs are tight unless their cost certainly exceeds δ, twice what
/// all arcs together may gain; so if tight arcs form no cycle but an edge and its reverse, every cycle has a positive
/// cost.
/// </remarks>
internal sealed class SingleFlow(FlowNetwork network)
{
    private const double Rounding = 1.0 / (1L << 53);

    private readonly DisjointSets components = new(network.Nodes);
    private readonly int[] from = new int[network.Capacities.Length], to = new int[network.Capacities.Length];
    private readonly int[] order = new int[network.Capacities.Length], start = new int[network.Nodes + 1];
    private readonly int[] entering = new int[network.Nodes], queue = new int[network.Nodes];

    public bool Holds(ReadOnlySpan<double> theta, ReadOnlySpan<double> flow, ReadOnlySpan<double> potential)
    {
        var gain = 0.0;
        for (var e = 0; e < theta.Length; e++)
        {
            var (cost, error) = Reduced(e, theta, potential);
            if (flow[e] < network.Capacities[e]) gain += Math.Max(error - cost, 0.0);
            if (flow[e] > 0.0) gain += Math.Max(error + cost, 0.0);
        }

        var slack = 2.0 * gain;
        if (!double.IsFinite(slack)) return false;
        components.Reset();
        var count = 0;
        for (var e = 0; e < theta.Length; e++)
        {
            var (cost, error) = Reduced(e, theta, potential);
            var isForward = flow[e] < network.Capacities[e] && cost - error <= slack;
            var isBackward = flow[e] > 0.0 && -cost - error <= slack;
            var (a, b) = (network.From[e], network.To[e]);
            if (isForward && isBackward)
            {
                var (x, y) = (components.Find(a), components.Find(b));
                if (x == y) return false;
                components.Merge(x, y);
            }
            else if (isForward || isBackward)
            {
                (from[count], to[count++]) = isForward ? (a, b) : (b, a);
            }
        }

        return HasNoCycle(count);
    }

    private (double Cost, double Error) Reduced(int e, ReadOnlySpan<double> theta, ReadOnlySpan<double> potential)
    {
        var (a, b) = (potential[network.From[e]], potential[network.To[e]]);
        var difference = a - b;
        return (difference - theta[e], 2.0 * Rounding * (Math.Abs(difference) + Math.Abs(theta[e])));
    }

    /// <summary>
    /// Whether the arcs between the components joined by edges that are tight in both directions can be put in an
    /// order (Kahn 1962).
    /// </summary>
    private bool HasNoCycle(int count)
    {
        start.AsSpan().Clear();
        entering.AsSpan().Clear();
        for (var k = 0; k < count; k++)
        {
            (from[k], to[k]) = (components.Find(from[k]), components.Find(to[k]));
            start[from[k] + 1]++;
            entering[to[k]]++;
        }

        for (var node = 0; node < network.Nodes; node++) start[node + 1] += start[node];
        for (var k = count - 1; k >= 0; k--) order[--start[from[k] + 1]] = to[k];
        var (head, tail) = (0, 0);
        for (var node = 0; node < network.Nodes; node++)
            if (entering[node] == 0) queue[tail++] = node;
        while (head < tail)
        {
            var node = queue[head++];
            var end = node + 2 <= network.Nodes ? start[node + 2] : count;
            for (var k = start[node + 1]; k < end; k++)
                if (--entering[order[k]] == 0) queue[tail++] = order[k];
        }

        return tail == network.Nodes;
    }
}
