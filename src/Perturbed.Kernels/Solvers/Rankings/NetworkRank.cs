using System;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Perturbed.Kernels;

/// <summary>Ranks eight rows at once, one in each lane, with a sorting network.</summary>
/// <remarks>
/// The low bits of each number are replaced by its index, so that the numbers carry their indices along and no two are
/// equal. Rows where two numbers agree in all the other bits, which only equal or nearly equal numbers do, are reported
/// as unsolved and ranked exactly elsewhere.
/// </remarks>
internal sealed class NetworkRank
{
    private readonly double[] sorted;
    private readonly Aligned<double> keys;
    private readonly long indexBits;

    public NetworkRank(double[] sorted)
    {
        this.sorted = sorted;
        keys = new Aligned<double>((sorted.Length + 7) / 8 * 8 * Lanes.Width);
        keys.Span.Fill(double.PositiveInfinity);
        indexBits = (long)BitOperations.RoundUpToPowerOf2((uint)sorted.Length) - 1;
    }

    /// <summary>
    /// Ranks up to eight rows; the result has a bit for each row that is left unsolved, whose answer is unspecified.
    /// </summary>
    public int Rank(ReadOnlySpan<double> thetas, Span<double> solutions)
    {
        var dimension = sorted.Length;
        Lanes.Interleave(thetas, dimension, keys.Span);
        ref var key = ref keys.First;
        var keep = Vector512.Create(~indexBits);
        for (nint i = 0; i < dimension; i++)
        {
            // Adding zero turns −0.0 into 0.0.
            var bits = (Load(ref key, i) + Vector512<double>.Zero).AsInt64();
            ((bits & keep) | Vector512.Create((long)i)).AsDouble().StoreUnsafe(ref key, (nuint)(i * Lanes.Width));
        }

        LaneSort.Sort(ref key, keys.Length / Lanes.Width);
        return Write(ref key, solutions, thetas.Length / dimension);
    }

    private int Write(ref double key, Span<double> solutions, int rows)
    {
        var dimension = sorted.Length;
        ref var y = ref MemoryMarshal.GetReference(solutions);
        ref var bits = ref Unsafe.As<double, long>(ref key);
        var near = Vector512<long>.Zero;
        var before = ~Load(ref key, 0).AsInt64();
        var keep = Vector512.Create(~indexBits);
        for (nint rank = 0; rank < dimension; rank++)
        {
            var now = Load(ref key, rank).AsInt64();
            near |= Vector512.Equals((now ^ before) & keep, Vector512<long>.Zero);
            before = now;
            var entry = sorted[rank];
            ref var lanes = ref Unsafe.Add(ref bits, rank * Lanes.Width);
            for (nint lane = 0, start = 0; lane < rows; lane++, start += dimension)
                Unsafe.Add(ref y, start + (nint)(Unsafe.Add(ref lanes, lane) & indexBits)) = entry;
        }

        return (int)near.ExtractMostSignificantBits();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> Load(ref double key, nint i) => Vector512.LoadUnsafe(ref key, (nuint)(i * Lanes.Width));
}
