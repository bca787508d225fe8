using System;

namespace Perturbed.Kernels;

/// <summary>
/// Ranks one row by sorting numbers with their indices; indices of equal numbers are put in order afterwards.
/// </summary>
internal sealed class SortingRank(double[] sorted)
{
    private readonly double[] keys = new double[sorted.Length];
    private readonly int[] items = new int[sorted.Length];

    public void Rank(ReadOnlySpan<double> theta, Span<double> y)
    {
        theta.CopyTo(keys);
        for (var i = 0; i < items.Length; i++) items[i] = i;
        keys.AsSpan().Sort(items.AsSpan());
        for (var from = 0; from < keys.Length;)
        {
            var to = from + 1;
            while (to < keys.Length && keys[to] == keys[from]) to++;
            if (to - from > 1) items.AsSpan(from, to - from).Sort();
            from = to;
        }

        for (var rank = 0; rank < items.Length; rank++) y[items[rank]] = sorted[rank];
    }
}
