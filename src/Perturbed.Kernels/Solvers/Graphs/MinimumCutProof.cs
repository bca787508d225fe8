using System;
using Perturbed.Functional.CSharp;

namespace Perturbed.Kernels;

/// <summary>
/// Proves that a cut is best and that of the best ones its source side is the smallest, whatever the rounding of the
/// flow that found it.
/// </summary>
/// <remarks>
/// Flows are any numbers of at least 0, exact as they are. A cut exceeds the net outflow of its nodes by the residual
/// capacities that leave it; so two cuts differ by those residuals, up to the imbalance of inner nodes by rounding.
/// Let δ bound these and the residuals that leave S. If residuals above δ lead from the source to all of S, a cut
/// without a node of S has a larger capacity; if they lead from a node to the target, so has a cut with this node.
/// Nodes of neither kind change nothing where no edge leads from S to them.
/// </remarks>
internal sealed class MinimumCutProof(Digraph graph, int source, int target)
{
    private const double Rounding = 1.0 / (1L << 53);

    private readonly double[] excess = new double[graph.Nodes], through = new double[graph.Nodes];
    private readonly bool[] isReached = new bool[graph.Nodes];
    private readonly int[] queue = new int[graph.Nodes];

    public bool IsSmallest(ReadOnlySpan<double> capacity, ReadOnlySpan<double> flow, ReadOnlySpan<bool> isInside)
    {
        var slack = 2.0 * Defect(capacity, flow, isInside);
        return double.IsFinite(slack) && ReachesInside(capacity, flow, isInside, slack) && LeavesOutside(capacity, flow, isInside, slack);
    }

    /// <summary>
    /// The imbalance of inner nodes, the amounts by which flows exceed capacities, and the residuals that leave S.
    /// </summary>
    private double Defect(ReadOnlySpan<double> capacity, ReadOnlySpan<double> flow, ReadOnlySpan<bool> isInside)
    {
        excess.AsSpan().Clear();
        through.AsSpan().Clear();
        var defect = 0.0;
        for (var e = 0; e < flow.Length; e++)
        {
            var (a, b, amount) = (graph.From[e], graph.To[e], flow[e]);
            var residual = capacity[e] - amount;
            if (residual < 0.0) defect -= residual;
            if (isInside[a] && !isInside[b]) defect += Math.Max(residual, 0.0);
            if (isInside[b] && !isInside[a]) defect += amount;
            if (amount == 0.0) continue;
            excess[a] -= amount;
            excess[b] += amount;
            through[a] += amount;
            through[b] += amount;
        }

        for (var node = 0; node < excess.Length; node++)
        {
            if (node == source || node == target) continue;
            var degree = graph.Outgoing.Of(node).Length + graph.Incoming.Of(node).Length;
            defect += Math.Abs(excess[node]) + degree * Rounding * through[node];
        }

        return defect;
    }

    private bool ReachesInside(ReadOnlySpan<double> capacity, ReadOnlySpan<double> flow, ReadOnlySpan<bool> isInside, double slack)
    {
        var count = Start(source);
        for (var head = 0; head < count; head++)
        {
            foreach (var (next, e) in graph.Outgoing.Of(queue[head]))
                if (capacity[e] - flow[e] > slack) Enter(next, ref count);
            foreach (var (next, e) in graph.Incoming.Of(queue[head]))
                if (flow[e] > slack) Enter(next, ref count);
        }

        return isReached.AsSpan().SequenceEqual(isInside);
    }

    private bool LeavesOutside(ReadOnlySpan<double> capacity, ReadOnlySpan<double> flow, ReadOnlySpan<bool> isInside, double slack)
    {
        var count = Start(target);
        for (var head = 0; head < count; head++)
        {
            foreach (var (next, e) in graph.Incoming.Of(queue[head]))
                if (capacity[e] - flow[e] > slack) Enter(next, ref count);
            foreach (var (next, e) in graph.Outgoing.Of(queue[head]))
                if (flow[e] > slack) Enter(next, ref count);
        }

        for (var e = 0; e < capacity.Length; e++)
        {
            var (a, b) = (graph.From[e], graph.To[e]);
            if (isInside[a] && !isInside[b] && !isReached[b] && capacity[e] > 0.0) return false;
        }

        return true;
    }

    private int Start(int node)
    {
        isReached.AsSpan().Clear();
        isReached[node] = true;
        queue[0] = node;
        return 1;
    }

    private void Enter(int node, ref int count)
    {
        if (isReached[node]) return;
        isReached[node] = true;
        queue[count++] = node;
    }
}
