using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Perturbed.Functional.CSharp;

namespace Perturbed.Kernels;

/// <summary>Knapsacks by dynamic programming on eight rows at once, one in each lane.</summary>
internal sealed class KnapsackSolver(int[] weights, int capacity, string name) : ISolver
{
    private readonly int dimension = weights.Length;
    private readonly Aligned<double> theta = new(weights.Length * Lanes.Width);

    /// <summary>For each remaining capacity the best gain of the items so far.</summary>
    private readonly Aligned<double> best = new((capacity + 1) * Lanes.Width);

    /// <summary>For each item and remaining capacity the lanes that take it.</summary>
    private readonly byte[] taken = new byte[weights.Length * (capacity + 1)];
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
            Fill();
            for (var lane = 0; lane < lanes; lane++) FiniteValue.Require(best.Span[capacity * Lanes.Width + lane], name, batchRow);
            for (var lane = 0; lane < lanes; lane++) Trace(lane, solutions.Slice((first + lane) * dimension, dimension));
            if (values.IsEmpty) continue;
            for (var lane = 0; lane < lanes; lane++) values[first + lane] = best.Span[capacity * Lanes.Width + lane];
        }
    }

    private void Fill()
    {
        best.Span.Clear();
        ref var table = ref best.First;
        ref var marks = ref MemoryMarshal.GetArrayDataReference(taken);
        for (nint i = 0; i < dimension; i++)
        {
            nint weight = weights[i];
            var gain = Vector512.LoadUnsafe(ref theta.First, (nuint)(i * Lanes.Width));
            ref var row = ref Unsafe.Add(ref marks, i * (capacity + 1));
            for (nint left = capacity; left >= weight; left--)
            {
                var without = Vector512.LoadUnsafe(ref table, (nuint)(left * Lanes.Width));
                var with = Vector512.LoadUnsafe(ref table, (nuint)((left - weight) * Lanes.Width)) + gain;
                Unsafe.Add(ref row, left) = (byte)Vector512.GreaterThan(with, without).ExtractMostSignificantBits();
                Vector512.MaxNative(without, with).StoreUnsafe(ref table, (nuint)(left * Lanes.Width));
            }
        }
    }

    private void Trace(int lane, Span<double> y)
    {
        var left = capacity;
        for (var i = dimension - 1; i >= 0; i--)
        {
            // Below the weight the marks were never written.
            if (weights[i] > left || ((taken[i * (capacity + 1) + left] >> lane) & 1) == 0) continue;
            y[i] = 1.0;
            left -= weights[i];
        }
    }
}
