using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Perturbed.Kernels;

/// <summary>
/// Ranks by counting: the rank of θ_i is #{j &lt; i: θ_j ≤ θ_i} + #{j &gt; i: θ_j &lt; θ_i}, for eight i at once.
/// </summary>
internal sealed class CountingRank
{
    private readonly double[] sorted;
    private readonly double[] padded = new double[Lanes.Width];
    private readonly long[] ranks = new long[Lanes.Width];

    public CountingRank(double[] sorted) => this.sorted = sorted;

    /// <summary>Ranks every row: y_i is the entry of sorted v at the rank of θ_i.</summary>
    public void Rank(ReadOnlySpan<double> thetas, Span<double> solutions)
    {
        var dimension = sorted.Length;
        if (dimension < Lanes.Width)
        {
            RankShort(thetas, solutions);
            return;
        }

        ref var theta = ref MemoryMarshal.GetReference(thetas);
        ref var y = ref MemoryMarshal.GetReference(solutions);
        for (nint start = 0; start < thetas.Length; start += dimension)
        {
            ref var row = ref Unsafe.Add(ref theta, start);
            ref var answers = ref Unsafe.Add(ref y, start);
            for (nint i = 0; i <= dimension - Lanes.Width; i += Lanes.Width) RankBlock(ref row, i, ref answers);
            if (dimension % Lanes.Width != 0) RankBlock(ref row, dimension - Lanes.Width, ref answers);
        }
    }

    // A short row reads and writes eight numbers, some of them of the next row, whose answer is written later and
    // overwrites them.
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private void RankShort(ReadOnlySpan<double> thetas, Span<double> solutions)
    {
        ref var theta = ref MemoryMarshal.GetReference(thetas);
        ref var y = ref MemoryMarshal.GetReference(solutions);
        nint dimension = sorted.Length;
        sorted.CopyTo(padded);
        var entries = Vector512.LoadUnsafe(ref MemoryMarshal.GetArrayDataReference(padded));
        nint start = 0;
        for (; start <= thetas.Length - Lanes.Width; start += dimension)
            Vector512.ShuffleNative(entries, Count(ref Unsafe.Add(ref theta, start), 0)).StoreUnsafe(ref y, (nuint)start);
        for (; start < thetas.Length; start += dimension)
        {
            thetas.Slice((int)start, (int)dimension).CopyTo(padded);
            Vector512.ShuffleNative(entries, Count(ref padded[0], 0)).CopyTo(padded);
            padded.AsSpan(0, (int)dimension).CopyTo(solutions[(int)start..]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void RankBlock(ref double row, nint block, ref double y)
    {
        Count(ref row, block).StoreUnsafe(ref MemoryMarshal.GetArrayDataReference(ranks));
        for (nint i = 0; i < Lanes.Width; i++) Unsafe.Add(ref y, block + i) = sorted[ranks[i]];
    }

    /// <summary>
    /// The ranks, from 0, of the eight entries from <paramref name="block"/> on among all of the row.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector512<long> Count(ref double row, nint block)
    {
        nint dimension = sorted.Length;
        var mine = Vector512.LoadUnsafe(ref row, (nuint)block);
        var count = Vector512<long>.Zero;
        nint j = 0;
        for (; j < block; j++) count -= Vector512.GreaterThanOrEqual(mine, Vector512.Create(Unsafe.Add(ref row, j))).AsInt64();
        var end = Math.Min(block + Lanes.Width, dimension);
        for (; j < end; j++)
        {
            var other = Vector512.Create(Unsafe.Add(ref row, j));
            var after = Vector512.GreaterThan(Lanes.Indices, Vector512.Create((long)(j - block)));
            count -= Vector512.GreaterThan(mine, other).AsInt64() | (Vector512.Equals(mine, other).AsInt64() & after);
        }

        for (; j < dimension; j++) count -= Vector512.GreaterThan(mine, Vector512.Create(Unsafe.Add(ref row, j))).AsInt64();
        return count;
    }
}
