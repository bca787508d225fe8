using System;
using System.Runtime.Intrinsics;

namespace Perturbed.Kernels;

/// <summary>
/// The inner product of a row with an indicator of few of its entries, with the bits of <see cref="Lanes.Dot"/>.
/// </summary>
internal static class SparseSum
{
    /// <summary>The sum of some entries of a row.</summary>
    /// <param name="dimension">The length of the row.</param>
    /// <param name="entries">The entries.</param>
    /// <param name="places">Their places, in ascending order.</param>
    internal static double Of(int dimension, ReadOnlySpan<double> entries, ReadOnlySpan<int> places)
    {
        Span<double> lanes = stackalloc double[2 * Lanes.Width];
        lanes.Clear();
        // Vectors are added in turn to an even and an odd accumulator, and the rest one by one.
        var whole = dimension / Lanes.Width * Lanes.Width;
        var i = 0;
        for (; i < places.Length && places[i] < whole; i++) lanes[places[i] % (2 * Lanes.Width)] += entries[i];
        var sum = Lanes.Sum(Vector512.Create<double>(lanes[..Lanes.Width]) + Vector512.Create<double>(lanes[Lanes.Width..]));
        for (; i < places.Length; i++) sum += entries[i];
        return sum;
    }
}
