using System;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Perturbed.Functional.CSharp;

namespace Perturbed.Kernels;

/// <summary>
/// Best paths in a graph without cycles, by dynamic programming over a topological order on eight rows at once, one in
/// each lane.
/// </summary>
internal sealed class AcyclicPathSolver : ISolver
{
    private readonly PathProblem problem;
    private readonly int dimension;
    private readonly int[] order;
    private readonly Aligned<double> theta, best;

    /// <summary>For each node and lane the edge by which its best path comes.</summary>
    private readonly long[] reachedBy;
    private long batchRow;

    public AcyclicPathSolver(PathProblem problem)
    {
        this.problem = problem;
        dimension = problem.Graph.Edges;
        theta = new Aligned<double>(dimension * Lanes.Width);
        best = new Aligned<double>(problem.Graph.Nodes * Lanes.Width);
        reachedBy = new long[best.Length];
        order = Array.FindAll(problem.Graph.Order!, node => problem.IsUseful[node] && node != problem.Source);
        // Nodes on no path are never written, and stay unreached.
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
            Fill();
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
        var value = 0.0;
        for (var node = problem.Target; node != problem.Source;)
        {
            var e = (int)reachedBy[node * Lanes.Width + lane];
            if (e < 0) throw problem.Overflow(batchRow);
            y[e] = 1.0;
            value += row[e];
            node = problem.Graph.From[e];
        }

        return double.IsFinite(value) ? value : throw problem.Overflow(batchRow);
    }

    private void Fill()
    {
        ref var t = ref theta.First;
        ref var b = ref best.First;
        ref var r = ref MemoryMarshal.GetArrayDataReference(reachedBy);
        foreach (var node in order)
        {
            var most = Vector512.Create(double.NegativeInfinity);
            var by = Vector512.Create(-1L);
            foreach (var (tail, edge) in problem.Graph.Incoming.Of(node))
            {
                var length = Vector512.LoadUnsafe(ref b, (nuint)tail * Lanes.Width)
                    + Vector512.LoadUnsafe(ref t, (nuint)edge * Lanes.Width);
                by = Vector512.ConditionalSelect(Vector512.GreaterThan(length, most).AsInt64(), Vector512.Create((long)edge), by);
                most = Vector512.MaxNative(most, length);
            }

            most.StoreUnsafe(ref b, (nuint)node * Lanes.Width);
            by.StoreUnsafe(ref r, (nuint)node * Lanes.Width);
        }
    }
}
