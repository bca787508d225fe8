using System;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Perturbed.Kernels;

/// <summary>Sorts eight columns of numbers at once, one in each lane, by Batcher's odd-even merge sort.</summary>
/// <remarks>
/// Runs of eight are sorted in registers, and the last three passes of each merge are one: the plain network spends
/// its time on loads and stores. Halves are sorted one after the other, so that long columns stay in the cache. A
/// comparator is one minimum and one maximum and predicts no branch.
/// </remarks>
internal static class LaneSort
{
    /// <summary>Sorts <paramref name="count"/> vectors, a multiple of 8.</summary>
    public static void Sort(ref double first, nint count) =>
        Sort(ref first, 0, (nint)BitOperations.RoundUpToPowerOf2((uint)count), count);

    private static void Sort(ref double v, nint from, nint length, nint count)
    {
        if (length == 8)
        {
            SortEight(ref v, from);
            return;
        }

        var half = length >> 1;
        Sort(ref v, from, half, count);
        if (from + half >= count) return;
        Sort(ref v, from + half, half, count);
        Merge(ref v, from, half, Math.Min(from + length, count));
    }

    private static void SortEight(ref double v, nint i)
    {
        var (a, b, c, d) = (Load(ref v, i), Load(ref v, i + 1), Load(ref v, i + 2), Load(ref v, i + 3));
        var (e, f, g, h) = (Load(ref v, i + 4), Load(ref v, i + 5), Load(ref v, i + 6), Load(ref v, i + 7));
        Order(ref a, ref c);
        Order(ref b, ref d);
        Order(ref e, ref g);
        Order(ref f, ref h);
        Order(ref a, ref e);
        Order(ref b, ref f);
        Order(ref c, ref g);
        Order(ref d, ref h);
        Order(ref a, ref b);
        Order(ref c, ref d);
        Order(ref e, ref f);
        Order(ref g, ref h);
        Order(ref c, ref e);
        Order(ref d, ref f);
        Order(ref b, ref e);
        Order(ref d, ref g);
        Order(ref b, ref c);
        Order(ref d, ref e);
        Order(ref f, ref g);
        Store(ref v, i, a);
        Store(ref v, i + 1, b);
        Store(ref v, i + 2, c);
        Store(ref v, i + 3, d);
        Store(ref v, i + 4, e);
        Store(ref v, i + 5, f);
        Store(ref v, i + 6, g);
        Store(ref v, i + 7, h);
    }

    /// <summary>
    /// Merges two sorted runs, the first of length <paramref name="half"/>; entries that would lie at or after
    /// <paramref name="end"/> count as infinite.
    /// </summary>
    private static void Merge(ref double v, nint from, nint half, nint end)
    {
        for (var i = from; i + half < end; i++) Exchange(ref v, i, half);
        for (var k = half >> 1; k >= 8; k >>= 1)
        {
            for (var j = from + k; j + k < end; j += 2 * k)
            {
                var stop = Math.Min(j + k, end - k);
                for (var i = j; i < stop; i++) Exchange(ref v, i, k);
            }
        }

        MergeEnd(ref v, from, end);
    }

    /// <summary>
    /// The passes of distance 4, 2 and 1. A window holds entries at..at+7; x, y, z are the entries at−3..at−1, done
    /// but for distance 1 or 2 and 1.
    /// </summary>
    private static void MergeEnd(ref double v, nint from, nint end)
    {
        var (x, y, z) = (Load(ref v, from + 1), Load(ref v, from + 2), Load(ref v, from + 3));
        var at = from + 4;
        Vector512<double> a, b, c, d;
        for (; at + 8 <= end; at += 8)
        {
            (a, b, c, d) = (Load(ref v, at), Load(ref v, at + 1), Load(ref v, at + 2), Load(ref v, at + 3));
            var (e, f, g, h) = (Load(ref v, at + 4), Load(ref v, at + 5), Load(ref v, at + 6), Load(ref v, at + 7));
            Order(ref a, ref e);
            Order(ref b, ref f);
            Order(ref c, ref g);
            Order(ref d, ref h);
            Order(ref y, ref a);
            Order(ref z, ref b);
            Order(ref c, ref e);
            Order(ref d, ref f);
            Order(ref x, ref y);
            Order(ref z, ref a);
            Order(ref b, ref c);
            Order(ref d, ref e);
            StoreThree(ref v, at, x, y, z);
            Store(ref v, at, a);
            Store(ref v, at + 1, b);
            Store(ref v, at + 2, c);
            Store(ref v, at + 3, d);
            Store(ref v, at + 4, e);
            (x, y, z) = (f, g, h);
        }

        (a, b, c) = (Load(ref v, at), Load(ref v, at + 1), Load(ref v, at + 2));
        Order(ref y, ref a);
        Order(ref z, ref b);
        Order(ref x, ref y);
        Order(ref z, ref a);
        Order(ref b, ref c);
        StoreThree(ref v, at, x, y, z);
        Store(ref v, at, a);
        Store(ref v, at + 1, b);
        Store(ref v, at + 2, c);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreThree(ref double v, nint at, Vector512<double> x, Vector512<double> y, Vector512<double> z)
    {
        Store(ref v, at - 3, x);
        Store(ref v, at - 2, y);
        Store(ref v, at - 1, z);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Exchange(ref double v, nint i, nint distance)
    {
        var a = Load(ref v, i);
        var b = Load(ref v, i + distance);
        Store(ref v, i, Vector512.MinNative(a, b));
        Store(ref v, i + distance, Vector512.MaxNative(a, b));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Order(ref Vector512<double> a, ref Vector512<double> b) =>
        (a, b) = (Vector512.MinNative(a, b), Vector512.MaxNative(a, b));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> Load(ref double v, nint i) => Vector512.LoadUnsafe(ref v, (nuint)(i * Lanes.Width));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(ref double v, nint i, Vector512<double> x) => x.StoreUnsafe(ref v, (nuint)(i * Lanes.Width));
}
