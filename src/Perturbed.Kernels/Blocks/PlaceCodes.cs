using System;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Perturbed.Kernels;

/// <summary>Solutions with a single 1, each written as its place.</summary>
internal static class PlaceCodes
{
    private const int Narrow = 64;

    /// <summary>Writes the places down, unless a row is anything else than zeros and a 1.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    internal static bool TryEncode(int dimension, ReadOnlySpan<double> solutions, Span<int> places)
    {
        ref var y = ref MemoryMarshal.GetReference(solutions);
        var rows = solutions.Length / dimension;
        for (nint row = 0; row < rows; row++, y = ref Unsafe.Add(ref y, dimension))
        {
            var place = -1;
            var hits = 0;
            nint i = 0;
            for (; i <= dimension - Lanes.Width; i += Lanes.Width)
            {
                var others = ~Vector512.Equals(Vector512.LoadUnsafe(ref y, (nuint)i), Vector512<double>.Zero).ExtractMostSignificantBits() & 0xFF;
                hits += BitOperations.PopCount(others);
                place = others == 0 ? place : (int)i + BitOperations.TrailingZeroCount(others);
            }

            for (; i < dimension; i++)
            {
                var isZero = Unsafe.Add(ref y, i) == 0.0;
                hits += isZero ? 0 : 1;
                place = isZero ? place : (int)i;
            }

            if (hits != 1 || Unsafe.Add(ref y, place) != 1.0) return false;
            places[(int)row] = place;
        }

        return true;
    }

    internal static void Decode(int dimension, ReadOnlySpan<int> places, Span<double> solutions)
    {
        solutions.Clear();
        ref var y = ref MemoryMarshal.GetReference(solutions);
        var rows = solutions.Length / dimension;
        for (var row = 0; row < rows; row++) Unsafe.Add(ref y, ((nint)row * dimension) + places[row]) = 1.0;
    }

    internal static void Products(ReadOnlySpan<int> places, ReadOnlySpan<double> vector, double offset, Span<double> products)
    {
        for (var m = 0; m < products.Length; m++) products[m] = vector[places[m]] - offset;
    }

    /// <remarks>Narrow sums are counted in four turns: an entry that is added to again and again waits for itself each time.</remarks>
    internal static void Add(ReadOnlySpan<int> places, Span<double> sum)
    {
        var m = 0;
        if (sum.Length <= Narrow && places.Length >= Narrow)
        {
            Span<int> counts = stackalloc int[4 * Narrow];
            counts.Clear();
            var first = counts[..Narrow];
            var second = counts.Slice(Narrow, Narrow);
            var third = counts.Slice(2 * Narrow, Narrow);
            var fourth = counts[(3 * Narrow)..];
            for (; m <= places.Length - 4; m += 4)
            {
                first[places[m]]++;
                second[places[m + 1]]++;
                third[places[m + 2]]++;
                fourth[places[m + 3]]++;
            }

            for (var i = 0; i < sum.Length; i++) sum[i] += first[i] + second[i] + third[i] + fourth[i];
        }

        for (; m < places.Length; m++) sum[places[m]] += 1.0;
    }
}
