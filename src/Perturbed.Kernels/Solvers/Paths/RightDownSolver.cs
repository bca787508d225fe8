using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Perturbed.Functional.CSharp;

namespace Perturbed.Kernels;

/// <summary>
/// Best paths with steps right and down, by dynamic programming on eight rows at once, one in each lane.
/// </summary>
internal sealed class RightDownSolver(int rows, int columns, string name) : ISolver
{
    private readonly int dimension = rows * columns;
    private readonly Aligned<double> theta = new(rows * columns * Lanes.Width);
    private readonly Aligned<double> best = new(columns * Lanes.Width);

    /// <summary>For each cell the lanes whose path enters it from the left.</summary>
    private readonly byte[] fromLeft = new byte[rows * columns];
    private long batchRow;

    public void Begin(long row, ReadOnlySpan<double> theta) => batchRow = row;

    public void Solve(ReadOnlySpan<double> thetas, Span<double> solutions, Span<double> values)
    {
        var count = RowShape.Rows(thetas, dimension, solutions, dimension, values);
        solutions.Clear();
        for (var first = 0; first < count; first += Lanes.Width)
        {
            var lanes = Math.Min(Lanes.Width, count - first);
            Lanes.Interleave(thetas.Slice(first * dimension, lanes * dimension), dimension, theta.Span);
            var last = Fill();

            // Lanes without a row repeat the last row.
            var isFinite = Vector512.LessThanAll(Vector512.Abs(last), Vector512.Create(double.PositiveInfinity));
            if (!isFinite) throw FiniteValue.Overflow(name, batchRow);
            Trace(solutions.Slice(first * dimension, lanes * dimension), lanes);
            if (values.IsEmpty) continue;
            for (var lane = 0; lane < lanes; lane++) values[first + lane] = last[lane];
        }
    }

    /// <summary>Fills the table of best values and returns those of the last cell.</summary>
    private Vector512<double> Fill()
    {
        ref var t = ref theta.First;
        ref var above = ref best.First;
        ref var left = ref MemoryMarshal.GetArrayDataReference(fromLeft);
        var here = Load(ref t, 0);
        here.StoreUnsafe(ref above);
        for (nint c = 1; c < columns; c++)
        {
            here += Load(ref t, c);
            here.StoreUnsafe(ref above, (nuint)(c * Lanes.Width));
            Unsafe.Add(ref left, c) = 0xFF;
        }

        nint cell = columns;
        for (nint r = 1; r < rows; r++)
        {
            here = Load(ref above, 0) + Load(ref t, cell);
            here.StoreUnsafe(ref above);
            cell++;
            for (nint c = 1; c < columns; c++, cell++)
            {
                var up = Load(ref above, c);
                Unsafe.Add(ref left, cell) = (byte)Vector512.GreaterThan(here, up).ExtractMostSignificantBits();
                here = Vector512.MaxNative(here, up) + Load(ref t, cell);
                here.StoreUnsafe(ref above, (nuint)(c * Lanes.Width));
            }
        }

        return here;
    }

    // Every path has rows + columns − 1 cells, so the lanes are traced back together and their latencies overlap.
    private void Trace(Span<double> solutions, int lanes)
    {
        Span<int> cells = stackalloc int[Lanes.Width];
        cells.Fill(dimension - 1);
        ref var cell = ref MemoryMarshal.GetReference(cells);
        ref var left = ref MemoryMarshal.GetArrayDataReference(fromLeft);
        ref var y = ref MemoryMarshal.GetReference(solutions);
        for (var step = rows + columns - 1; step > 0; step--)
        {
            for (nint lane = 0, start = 0; lane < lanes; lane++, start += dimension)
            {
                ref var at = ref Unsafe.Add(ref cell, lane);
                Unsafe.Add(ref y, start + at) = 1.0;
                var fromTheLeft = (Unsafe.Add(ref left, at) >> (int)lane) & 1;
                at -= columns + fromTheLeft * (1 - columns);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> Load(ref double from, nint i) => Vector512.LoadUnsafe(ref from, (nuint)(i * Lanes.Width));
}
