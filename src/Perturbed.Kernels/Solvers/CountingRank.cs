using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Perturbed.Kernels;

/// <summary>Ranks by counting: the rank of θ_i is #{j &lt; i: θ_j ≤ θ_i} + #{j &gt; i: θ_j &lt; θ_i}, for eight i at once.</summary>
internal sealed class CountingRank
{
    private readonly double[] sorted;
    private readonly bool isIdentity;
    private readonly double[] padded = new double[Lanes.Width];
    private readonly double[] answer = new double[Lanes.Width];
    private readonly long[] ranks = new long[Lanes.Width];

    public CountingRank(double[] sorted)
    {
        this.sorted = sorted;
        isIdentity = true;
        for (var i = 0; i < sorted.Length; i++) isIdentity &= sorted[i] == i + 1;
    }

    /// <summary>Ranks every row: y_i is the entry of sorted v at the rank of θ_i.</summary>
    public void Rank(ReadOnlySpan<double> thetas, Span<double> solutions)
    {
        var dimension = sorted.Length;
        ref var theta = ref MemoryMarshal.GetReference(thetas);
        ref var y = ref MemoryMarshal.GetReference(solutions);
        nint start = 0;
        if (dimension < Lanes.Width)
        {
            // A short row reads and writes past its end; the next row, written later, puts that right.
            for (; start <= thetas.Length - Lanes.Width; start += dimension)
                RankBlock(ref Unsafe.Add(ref theta, start), 0, ref Unsafe.Add(ref y, start));
            for (; start < thetas.Length; start += dimension)
            {
                thetas.Slice((int)start, dimension).CopyTo(padded);
                RankBlock(ref padded[0], 0, ref answer[0]);
                answer.AsSpan(0, dimension).CopyTo(solutions[(int)start..]);
            }

            return;
        }

        for (; start < thetas.Length; start += dimension)
        {
            ref var row = ref Unsafe.Add(ref theta, start);
            ref var answers = ref Unsafe.Add(ref y, start);
            for (nint i = 0; i <= dimension - Lanes.Width; i += Lanes.Width) RankBlock(ref row, i, ref answers);
            if (dimension % Lanes.Width != 0) RankBlock(ref row, dimension - Lanes.Width, ref answers);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void RankBlock(ref double row, nint block, ref double y)
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
        if (isIdentity)
        {
            (Vector512.ConvertToDouble(count) + Vector512<double>.One).StoreUnsafe(ref y, (nuint)block);
            return;
        }

        // Lanes past the end of a short row count other rows' numbers against this row's, so their ranks may reach d itself.
        count.StoreUnsafe(ref MemoryMarshal.GetArrayDataReference(ranks));
        for (nint i = block; i < block + Lanes.Width; i++)
            Unsafe.Add(ref y, i) = sorted[(int)Math.Min(ranks[i - block], dimension - 1)];
    }
}
