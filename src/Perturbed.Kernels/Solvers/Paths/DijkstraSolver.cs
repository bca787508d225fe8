using System;
using Perturbed.Functional.CSharp;

namespace Perturbed.Kernels;

/// <summary>
/// Dijkstra's algorithm from the source until the target is settled; every node is expanded once at most.
/// </summary>
internal sealed class DijkstraSolver : ISolver
{
    private readonly PathProblem problem;
    private readonly bool isClamped;
    private readonly NodeHeap<double> heap;

    /// <summary>∞, or −∞ for nodes on no path to the target, which nothing can improve.</summary>
    private readonly double[] untouched;
    private readonly double[] distance;
    private readonly int[] reachedBy;
    private long batchRow;

    public DijkstraSolver(PathProblem problem, bool isClamped)
    {
        (this.problem, this.isClamped) = (problem, isClamped);
        heap = new NodeHeap<double>(problem.Graph.Nodes);
        untouched = Array.ConvertAll(problem.IsUseful, isUseful => isUseful ? double.PositiveInfinity : double.NegativeInfinity);
        distance = new double[untouched.Length];
        reachedBy = new int[untouched.Length];
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
            if (!isClamped) RejectPositive(theta);
            if (!Search(theta)) throw problem.Overflow(batchRow);
            var value = problem.Write(reachedBy, batchRow, theta, solutions.Slice(row * dimension, dimension));
            if (!values.IsEmpty) values[row] = value;
        }
    }

    private void RejectPositive(ReadOnlySpan<double> theta)
    {
        var e = Lanes.FirstPositive(theta);
        if (e >= 0)
            throw new OracleException(
                problem.Name,
                batchRow,
                $"edge {e} ({problem.Graph.From[e]} → {problem.Graph.To[e]}) has theta = {theta[e]}, a negative cost of {-theta[e]}; "
                + "expected theta ≤ 0, or the policy ClampToZero or Allow.");
    }

    private bool Search(ReadOnlySpan<double> theta)
    {
        untouched.CopyTo(distance, 0);
        heap.Clear();
        distance[problem.Source] = 0.0;
        heap.Add(problem.Source, 0.0);
        var outgoing = problem.Graph.Outgoing;
        while (!heap.IsEmpty)
        {
            var node = heap.Take();
            if (node == problem.Target) return true;
            var here = distance[node];
            foreach (var (next, edge) in outgoing.Of(node))
            {
                var length = here + Math.Max(-theta[edge], 0.0);
                var known = distance[next];
                if (length >= known) continue;
                distance[next] = length;
                reachedBy[next] = edge;
                if (double.IsPositiveInfinity(known)) heap.Add(next, length);
                else heap.Lower(next, length);
            }
        }

        return false;
    }
}
