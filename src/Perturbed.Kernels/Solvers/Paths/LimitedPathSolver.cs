using System;
using System.Runtime.Intrinsics;
using Perturbed.Functional.CSharp;

namespace Perturbed.Kernels;

/// <summary>
/// Best paths by their numbers of edges: layer h of the tables holds the best paths of exactly h edges, eight rows at
/// once, one in each lane.
/// </summary>
internal sealed class LimitedPathSolver : ISolver
{
    private readonly PathProblem problem;
    private readonly int dimension, layers, stride;
    private readonly int[] nodes;
    private readonly Aligned<double> theta, best;

    /// <summary>For each layer, node and lane the edge by which the best path comes.</summary>
    private readonly long[] reachedBy;
    private long batchRow;

    public LimitedPathSolver(PathProblem problem, int layers)
    {
        (this.problem, this.layers) = (problem, layers);
        dimension = problem.Graph.Edges;
        stride = problem.Graph.Nodes * Lanes.Width;
        theta = new Aligned<double>(dimension * Lanes.Width);
        best = new Aligned<double>((layers + 1) * stride);
        reachedBy = new long[best.Length];
        nodes = Array.FindAll(problem.Graph.Order!, node => problem.IsUseful[node] && node != problem.Source);
        // Only the source is reached by no edge, and by no other number; nodes on no path are never written.
        best.Span.Fill(double.NegativeInfinity);
        best.Span.Slice(problem.Source * Lanes.Width, Lanes.Width).Clear();
    }

    public void Begin(long row, ReadOnlySpan<double> theta) => batchRow = row;

    public void Solve(ReadOnlySpan<double> thetas, Span<double> solutions, Span<double> values)
    {
        var count = RowShape.Rows(thetas, dimension, solutions, dimension, values);
        solutions.Clear();
        for (var first = 0; first < count; first += Lanes.Width)
        {
            var lanes = Math.Min(Lanes.Width, count - first);
            Lanes.Interleave(thetas.Slice(first * dimension, lanes * dimension), dimension, theta.Span);
            for (var layer = 1; layer <= layers; layer++) Fill(layer);
            for (var lane = 0; lane < lanes; lane++)
            {
                var start = (first + lane) * dimension;
                var value = Write(lane, thetas.Slice(start, dimension), solutions.Slice(start, dimension));
                if (!values.IsEmpty) values[first + lane] = value;
            }
        }
    }

    private double Write(int lane, ReadOnlySpan<double> row, Span<double> y)
    {
        var target = problem.Target * Lanes.Width + lane;
        var layer = 0;
        for (var h = 1; h <= layers; h++)
            if (best.Span[h * stride + target] > best.Span[layer * stride + target]) layer = h;
        // Layer 0 does not reach the target: no sum of costs is above −∞.
        if (layer == 0) throw problem.Overflow(batchRow);
        var value = 0.0;
        for (var node = problem.Target; layer > 0; layer--)
        {
            var e = (int)reachedBy[layer * stride + node * Lanes.Width + lane];
            y[e] = 1.0;
            value += row[e];
            node = problem.Graph.From[e];
        }

        return double.IsFinite(value) ? value : throw problem.Overflow(batchRow);
    }

    private void Fill(int layer)
    {
        ref var t = ref theta.First;
        ref var before = ref best.Span[(layer - 1) * stride];
        ref var b = ref best.Span[layer * stride];
        ref var r = ref reachedBy[layer * stride];
        foreach (var node in nodes)
        {
            var most = Vector512.Create(double.NegativeInfinity);
            var by = Vector512.Create(-1L);
            foreach (var (tail, edge) in problem.Graph.Incoming.Of(node))
            {
                var length = Vector512.LoadUnsafe(ref before, (nuint)tail * Lanes.Width)
                    + Vector512.LoadUnsafe(ref t, (nuint)edge * Lanes.Width);
                by = Vector512.ConditionalSelect(Vector512.GreaterThan(length, most).AsInt64(), Vector512.Create((long)edge), by);
                most = Vector512.MaxNative(most, length);
            }

            most.StoreUnsafe(ref b, (nuint)node * Lanes.Width);
            by.StoreUnsafe(ref r, (nuint)node * Lanes.Width);
        }
    }
}
