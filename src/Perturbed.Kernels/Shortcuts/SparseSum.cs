using System;
using System.Runtime.Intrinsics;

namespace Perturbed.Kernels;

/// <summary>The inner product of a row with an indicator of few of its entries, with the bits of <see cref="Lanes.Dot"/>.</summary>
internal static class SparseSum
{
    /// <summary>Σ y_i η_i over some entries of a row that hold all those with y_i = 1.</summary>
    /// <param name="dimension">The length of the row.</param>
    /// <param name="entries">η of the entries; put into the order of their places.</param>
    /// <param name="places">Their places.</param>
    /// <param name="y">The indicator, the whole row.</param>
    internal static double Of(int dimension, Span<double> entries, Span<int> places, ReadOnlySpan<double> y)
    {
        MemoryExtensions.Sort(places, entries);
        Span<double> lanes = stackalloc double[2 * Lanes.Width];
        lanes.Clear();
        // Vectors are added in turn to an even and an odd accumulator, and the rest one by one.
        var whole = dimension / Lanes.Width * Lanes.Width;
        var i = 0;
        for (; i < places.Length && places[i] < whole; i++) lanes[places[i] % (2 * Lanes.Width)] += y[places[i]] * entries[i];
        var sum = Lanes.Sum(Vector512.Create<double>(lanes[..Lanes.Width]) + Vector512.Create<double>(lanes[Lanes.Width..]));
        for (; i < places.Length; i++) sum += y[places[i]] * entries[i];
        return sum;
    }
}
