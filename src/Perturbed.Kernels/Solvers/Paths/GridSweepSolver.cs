using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Perturbed.Functional.CSharp;

namespace Perturbed.Kernels;

/// <summary>
/// Shortest paths with four or eight neighbours, by label-correcting sweeps on eight rows at once, one in each lane.
/// </summary>
/// <remarks>
/// Forward sweeps relax each cell from the neighbours before it in raster order, backward sweeps from those after it,
/// until a sweep changes nothing. A label changes only by a strict improvement below the best known length of the
/// whole path, which nothing else can shorten when costs are ≥ 0; so the links to the predecessors never close a
/// cycle, also where costs are zero or lost in rounding, and a lane that has converged stays as it is while its
/// neighbours go on: its answer does not depend on them.
/// </remarks>
internal sealed class GridSweepSolver : ISolver
{
    private readonly int rows, columns, dimension, stride;
    private readonly bool isEight, isClamped;
    private readonly string name;
    private readonly Aligned<double> cost, length;
    private readonly long[] links;
    private readonly GridTrace trace;
    private long batchRow;

    public GridSweepSolver(int rows, int columns, bool isEight, bool isClamped, string name)
    {
        (this.rows, this.columns, this.isEight, this.isClamped, this.name) = (rows, columns, isEight, isClamped, name);
        dimension = rows * columns;
        stride = columns + 2;

        // The labels have a border of infinite length around the grid, so that no cell is a special case.
        cost = new Aligned<double>(dimension * Lanes.Width);
        length = new Aligned<double>((rows + 2) * stride * Lanes.Width);
        links = new long[length.Length];
        length.Span.Fill(double.PositiveInfinity);
        trace = new GridTrace(rows, columns, isEight);
    }

    public void Begin(long row, ReadOnlySpan<double> theta) => batchRow = row;

    public void Solve(ReadOnlySpan<double> thetas, Span<double> solutions, Span<double> values)
    {
        var count = RowShape.Rows(thetas, dimension, solutions, dimension, values);
        solutions.Clear();
        for (var first = 0; first < count; first += Lanes.Width)
        {
            var lanes = Math.Min(Lanes.Width, count - first);
            var block = thetas.Slice(first * dimension, lanes * dimension);
            Prepare(block);
            if (Sweep(true))
                for (var forward = false; Sweep(forward);) forward = !forward;
            for (var lane = 0; lane < lanes; lane++)
            {
                if (double.IsPositiveInfinity(length.Span[((rows * stride) + columns) * Lanes.Width + lane]))
                    throw new OracleException(name, batchRow, "The cost of every path exceeds the largest finite number.");
                var value = trace.Write(
                    links, lane, block.Slice(lane * dimension, dimension), solutions.Slice((first + lane) * dimension, dimension));
                if (!values.IsEmpty) values[first + lane] = value;
            }
        }
    }

    private void Prepare(ReadOnlySpan<double> block)
    {
        Lanes.Interleave(block, dimension, cost.Span);
        ref var c = ref cost.First;
        var most = Vector512<double>.Zero;
        for (nuint i = 0; i < (nuint)cost.Length; i += Lanes.Width)
        {
            var theta = Vector512.LoadUnsafe(ref c, i);
            most = Vector512.MaxNative(most, theta);
            Vector512.MaxNative(Vector512<double>.Zero - theta, Vector512<double>.Zero).StoreUnsafe(ref c, i);
        }

        if (!isClamped && Vector512.GreaterThanAny(most, Vector512<double>.Zero)) Reject(block);
        for (var row = 1; row <= rows; row++)
            length.Span.Slice((row * stride + 1) * Lanes.Width, columns * Lanes.Width).Fill(double.PositiveInfinity);
        cost.Span[..Lanes.Width].CopyTo(length.Span[((stride + 1) * Lanes.Width)..]);
    }

    private void Reject(ReadOnlySpan<double> block)
    {
        var i = block.IndexOfAnyExceptInRange(double.NegativeInfinity, 0.0);
        var (row, column) = Math.DivRem(i % dimension, columns);
        throw new OracleException(name, batchRow,
            $"cell ({row}, {column}) has theta = {block[i]}, a negative cost of {-block[i]}; "
            + "expected theta ≤ 0, or the policy ClampToZero.");
    }

    /// <summary>One sweep in raster order or against it; whether any label improved.</summary>
    private bool Sweep(bool forward)
    {
        nint side = forward ? -1 : 1;
        var across = side * stride;
        ref var l = ref length.First;
        ref var c = ref cost.First;
        ref var p = ref MemoryMarshal.GetArrayDataReference(links);
        var goal = Load(ref l, (nint)rows * stride + columns);
        var improved = Vector512<long>.Zero;
        for (nint i = 0; i < rows; i++)
        {
            var row = forward ? i : rows - 1 - i;
            var cell = row * columns + (forward ? 0 : columns - 1);
            var at = (row + 1) * stride + (forward ? 1 : columns);
            var beside = Vector512.Create(double.PositiveInfinity);
            for (nint j = 0; j < columns; j++, cell -= side, at -= side)
            {
                var own = Load(ref c, cell);
                var old = Load(ref l, at);
                var ahead = Load(ref l, at + across);
                var least = ahead;
                var link = Vector512.Create((long)side);
                if (isEight)
                {
                    var near = Load(ref l, at + across + side);
                    var far = Load(ref l, at + across - side);
                    least = Vector512.MinNative(ahead, Vector512.MinNative(near, far));
                    var all = Vector512.MinNative(least, beside);
                    link = Prefer(far, all, across - side, link);
                    link = Prefer(ahead, all, across, link);
                    link = Prefer(near, all, across + side, link);
                }
                else
                {
                    link = Prefer(ahead, Vector512.MinNative(ahead, beside), across, link);
                }

                // Adding is monotone also when it rounds, so the minimum may be taken of sums: from one cell to the
                // next only an addition and a minimum wait for each other. A label at or above the goal is not stored,
                // nor is one derived from it.
                beside = Vector512.MinNative(beside + own, Vector512.MinNative(least + own, old));
                var better = Vector512.LessThan(beside, Vector512.MinNative(old, goal));
                improved |= better.AsInt64();
                Vector512.ConditionalSelect(better, beside, old).StoreUnsafe(ref l, (nuint)(at * Lanes.Width));
                var kept = Vector512.LoadUnsafe(ref p, (nuint)(at * Lanes.Width));
                Vector512.ConditionalSelect(better.AsInt64(), link, kept).StoreUnsafe(ref p, (nuint)(at * Lanes.Width));
            }
        }

        return improved != Vector512<long>.Zero;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<long> Prefer(Vector512<double> neighbour, Vector512<double> least, nint step, Vector512<long> otherwise) =>
        Vector512.ConditionalSelect(Vector512.Equals(neighbour, least).AsInt64(), Vector512.Create((long)step), otherwise);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> Load(ref double from, nint i) => Vector512.LoadUnsafe(ref from, (nuint)(i * Lanes.Width));
}
