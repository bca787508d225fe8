using System;
using System.Text;
using Perturbed.Functional;

namespace Perturbed.Kernels;

/// <summary>Bellman's and Ford's algorithm with a queue of the nodes that improved, for costs of any sign; a negative cycle is an error that names its nodes.</summary>
/// <remarks>The queue is worked off in passes. After passes 1, 2, 4, … and the last the edges by which nodes were reached are searched for a cycle, which is a negative one (or one that costs nothing but for rounding).</remarks>
internal sealed class BellmanFordSolver : ISolver
{
    private const int MostNames = 16;

    private readonly PathProblem problem;
    private readonly double[] untouched, distance;
    private readonly int[] reachedBy, queue, seen;
    private readonly bool[] isQueued;
    private long batchRow;

    public BellmanFordSolver(PathProblem problem)
    {
        this.problem = problem;
        untouched = Array.ConvertAll(problem.IsUseful, isUseful => isUseful ? double.PositiveInfinity : double.NegativeInfinity);
        distance = new double[untouched.Length];
        reachedBy = new int[untouched.Length];
        queue = new int[untouched.Length];
        seen = new int[untouched.Length];
        isQueued = new bool[untouched.Length];
    }

    public void Begin(long row, ReadOnlySpan<double> theta) => batchRow = row;

    public void Solve(ReadOnlySpan<double> thetas, Span<double> solutions, Span<double> values)
    {
        var dimension = problem.Graph.Edges;
        var count = RowShape.Rows(thetas, dimension, solutions, dimension, values);
        solutions.Clear();
        for (var row = 0; row < count; row++)
        {
            var theta = thetas.Slice(row * dimension, dimension);
            Search(theta);
            var value = problem.Write(reachedBy, batchRow, theta, solutions.Slice(row * dimension, dimension));
            if (!values.IsEmpty) values[row] = value;
        }
    }

    private void Search(ReadOnlySpan<double> theta)
    {
        untouched.CopyTo(distance, 0);
        reachedBy.AsSpan().Fill(-1);
        isQueued.AsSpan().Clear();
        distance[problem.Source] = 0.0;
        var (head, waiting) = (0, 1);
        queue[0] = problem.Source;
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
                    var way = distance[node] - theta[edge];
                    if (way >= distance[next]) continue;
                    distance[next] = way;
                    reachedBy[next] = edge;
                    if (isQueued[next]) continue;
                    isQueued[next] = true;
                    queue[(head + waiting++) % queue.Length] = next;
                }
            }

            // The last time also where rounding let the queue run dry on a cycle whose cost is next to zero.
            if (waiting == 0 || (pass & (pass - 1)) == 0) RejectCycle(theta);
        }
    }

    /// <summary>Walks back from every node until one that was seen; seen on the same walk, it lies on a cycle.</summary>
    private void RejectCycle(ReadOnlySpan<double> theta)
    {
        seen.AsSpan().Clear();
        for (var start = 0; start < seen.Length; start++)
        {
            var node = start;
            while (node >= 0 && seen[node] == 0)
            {
                seen[node] = start + 1;
                node = reachedBy[node] < 0 ? -1 : problem.Graph.From[reachedBy[node]];
            }

            if (node >= 0 && seen[node] == start + 1) throw Cycle(node, theta);
        }
    }

    private OracleException Cycle(int node, ReadOnlySpan<double> theta)
    {
        var names = new StringBuilder($"{node}");
        var (at, length, cost) = (node, 0, 0.0);
        do
        {
            cost -= theta[reachedBy[at]];
            at = problem.Graph.From[reachedBy[at]];
            if (++length < MostNames || at == node) names.Insert(0, $"{at} → ");
            else if (length == MostNames) names.Insert(0, "… → ");
        }
        while (at != node);
        return new OracleException(
            problem.Name, batchRow, $"the cycle {names} of {length} edges has the negative cost {cost}; expected none on a way from {problem.Source} to {problem.Target}.");
    }
}
