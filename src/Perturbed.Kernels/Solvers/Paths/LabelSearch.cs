using System;
using System.Numerics;

namespace Perturbed.Kernels;

/// <summary>
/// Bellman's and Ford's algorithm with a queue of the nodes that improved, worked off in passes, on distances of any
/// kind of number.
/// </summary>
/// <remarks>
/// After passes 1, 2, 4, … and the last the edges by which nodes were reached are searched for a cycle.
/// </remarks>
internal sealed class LabelSearch<T>(PathProblem problem)
    where T : struct, INumber<T>
{
    private readonly T[] distance = new T[problem.Graph.Nodes];
    private readonly int[] queue = new int[problem.Graph.Nodes];
    private readonly int[] seen = new int[problem.Graph.Nodes];
    private readonly bool[] isQueued = new bool[problem.Graph.Nodes];

    /// <summary>For each node the edge that ends its best path, or −1.</summary>
    public int[] ReachedBy { get; } = new int[problem.Graph.Nodes];

    /// <summary>
    /// Searches until nothing improves, until the edges by which nodes were reached hold a cycle, or for a number of
    /// passes.
    /// </summary>
    /// <param name="gains">Minus the length of each edge.</param>
    /// <param name="untouched">
    /// The distances to begin with: more than any path has, or less for nodes on no path, which nothing can improve.
    /// </param>
    /// <param name="passes">The number of passes after which to stop.</param>
    /// <param name="cycle">A node on a cycle, or −1.</param>
    /// <returns>Whether nothing improves any more and there is no cycle.</returns>
    public bool Run(ReadOnlySpan<T> gains, ReadOnlySpan<T> untouched, int passes, out int cycle)
    {
        untouched.CopyTo(distance);
        ReachedBy.AsSpan().Fill(-1);
        isQueued.AsSpan().Clear();
        distance[problem.Source] = T.Zero;
        var (head, waiting) = (0, 1);
        queue[0] = problem.Source;
        cycle = -1;
        for (var pass = 1; waiting > 0; pass++)
        {
            for (var left = waiting; left > 0; left--)
            {
                var node = queue[head];
                head = head + 1 == queue.Length ? 0 : head + 1;
                waiting--;
                isQueued[node] = false;
                foreach (var (next, edge) in problem.Graph.Outgoing.Of(node))
                {
                    var length = distance[node] - gains[edge];
                    if (length >= distance[next]) continue;
                    distance[next] = length;
                    ReachedBy[next] = edge;
                    if (isQueued[next]) continue;
                    isQueued[next] = true;
                    queue[(head + waiting++) % queue.Length] = next;
                }
            }

            // Once more at the end: rounding may empty the queue on a cycle.
            if (waiting == 0 || pass == passes || (pass & (pass - 1)) == 0) cycle = FindCycle();
            if (cycle >= 0 || pass == passes) break;
        }

        return waiting == 0 && cycle < 0;
    }

    /// <summary>
    /// Follows predecessors from every node until one that was visited; visited in the same pass, it lies on a cycle.
    /// </summary>
    private int FindCycle()
    {
        seen.AsSpan().Clear();
        for (var start = 0; start < seen.Length; start++)
        {
            var node = start;
            while (node >= 0 && seen[node] == 0)
            {
                seen[node] = start + 1;
                node = ReachedBy[node] < 0 ? -1 : problem.Graph.From[ReachedBy[node]];
            }

            if (node >= 0 && seen[node] == start + 1) return node;
        }

        return -1;
    }
}
