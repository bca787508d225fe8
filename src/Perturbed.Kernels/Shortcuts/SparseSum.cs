using System;
using System.Runtime.Intrinsics;

namespace Perturbed.Kernels;

/// <summary>The inner product of a row with an indicator of few of its entries, with the bits of <see cref="Lanes.Dot"/>.</summary>
internal static class SparseSum
{
    /// <summary>Σ η_i over the chosen entries among some of a row.</summary>
    /// <param name="dimension">The length of the row.</param>
    /// <param name="entries">η of the entries; overwritten.</param>
    /// <param name="places">Their places, nearly in order; overwritten.</param>
    /// <param name="y">The indicator, the whole row: an entry is chosen where it is 1.</param>
    internal static double Of(int dimension, Span<double> entries, Span<int> places, ReadOnlySpan<double> y)
    {
        var n = Sort(entries, places, y);
        Span<double> lanes = stackalloc double[2 * Lanes.Width];
        lanes.Clear();
        // Vectors are added in turn to an even and an odd accumulator, and the rest one by one.
        var whole = dimension / Lanes.Width * Lanes.Width;
        var i = 0;
        for (; i < n && places[i] < whole; i++) lanes[places[i] % (2 * Lanes.Width)] += entries[i];
        var sum = Lanes.Sum(Vector512.Create<double>(lanes[..Lanes.Width]) + Vector512.Create<double>(lanes[Lanes.Width..]));
        for (; i < n; i++) sum += entries[i];
        return sum;
    }

    /// <summary>Moves the chosen entries to the front, by place; they come nearly in order.</summary>
    private static int Sort(Span<double> entries, Span<int> places, ReadOnlySpan<double> y)
    {
        var n = 0;
        for (var j = 0; j < places.Length; j++)
        {
            var (place, entry) = (places[j], entries[j]);
            places[n] = place;
            entries[n] = entry;
            n += y[place] == 1.0 ? 1 : 0;
        }

        for (var j = 1; j < n; j++)
        {
            var (place, entry) = (places[j], entries[j]);
            var i = j - 1;
            for (; i >= 0 && places[i] > place; i--) (places[i + 1], entries[i + 1]) = (places[i], entries[i]);
            (places[i + 1], entries[i + 1]) = (place, entry);
        }

        return n;
    }
}
