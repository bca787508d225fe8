using System;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Perturbed.Kernels;

/// <summary>
/// Solutions of a given number of ones among zeros, each encoded as the indices of the ones in ascending order.
/// </summary>
internal static class IndexEncoding
{
    private const int Narrow = 64;

    /// <summary>Writes the indices; false where a row is not zeros and so many ones.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    internal static bool TryEncode(int dimension, int ones, ReadOnlySpan<double> solutions, Span<int> indices)
    {
        ref var y = ref MemoryMarshal.GetReference(solutions);
        var rows = solutions.Length / dimension;
        for (nint row = 0; row < rows; row++, y = ref Unsafe.Add(ref y, dimension), indices = indices[ones..])
        {
            var found = 0;
            nint i = 0;
            for (; i <= dimension - Lanes.Width; i += Lanes.Width)
            {
                var zeros = Vector512.Equals(Vector512.LoadUnsafe(ref y, (nuint)i), Vector512<double>.Zero);
                var others = ~zeros.ExtractMostSignificantBits() & 0xFF;
                for (; others != 0; others &= others - 1, found++)
                    if (!TryAdd(ref y, i + BitOperations.TrailingZeroCount(others), found, ones, indices)) return false;
            }

            for (; i < dimension; i++)
                if (Unsafe.Add(ref y, i) != 0.0 && !TryAdd(ref y, i, found++, ones, indices)) return false;
            if (found != ones) return false;
        }

        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryAdd(ref double y, nint index, int found, int ones, Span<int> indices)
    {
        if (found >= ones || Unsafe.Add(ref y, index) != 1.0) return false;
        indices[found] = (int)index;
        return true;
    }

    internal static void Decode(int dimension, int ones, ReadOnlySpan<int> indices, Span<double> solutions)
    {
        solutions.Clear();
        for (; !solutions.IsEmpty; solutions = solutions[dimension..], indices = indices[ones..])
            foreach (var index in indices[..ones]) solutions[index] = 1.0;
    }

    internal static void Products(int ones, ReadOnlySpan<int> indices, ReadOnlySpan<double> vector, double offset, Span<double> products)
    {
        if (ones == 1)
        {
            SingleProducts(indices[..products.Length], vector, offset, products);
            return;
        }

        for (var m = 0; m < products.Length; m++, indices = indices[ones..])
        {
            var total = 0.0;
            foreach (var index in indices[..ones]) total += vector[index];
            products[m] = total - offset;
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void SingleProducts(ReadOnlySpan<int> indices, ReadOnlySpan<double> vector, double offset, Span<double> products)
    {
        var m = 0;
        if (vector.Length is >= Lanes.Width and <= 2 * Lanes.Width)
        {
            // The whole vector in two registers: its first eight numbers and its last eight.
            ref var terms = ref MemoryMarshal.GetReference(vector);
            ref var index = ref MemoryMarshal.GetReference(indices);
            ref var product = ref MemoryMarshal.GetReference(products);
            var gap = vector.Length - Lanes.Width;
            var first = Vector512.LoadUnsafe(ref terms);
            var last = Vector512.LoadUnsafe(ref terms, (nuint)gap);
            for (; m <= indices.Length - Lanes.Width; m += Lanes.Width)
            {
                var at = Vector512.WidenLower(Vector256.LoadUnsafe(ref index, (nuint)m).ToVector512Unsafe());
                var isFirst = Vector512.LessThan(at, Vector512.Create((long)Lanes.Width));
                var term = Vector512.ConditionalSelect(
                    isFirst.AsDouble(), Vector512.Shuffle(first, at), Vector512.Shuffle(last, at - Vector512.Create((long)gap)));
                (term - Vector512.Create(offset)).StoreUnsafe(ref product, (nuint)m);
            }
        }

        for (; m < indices.Length; m++) products[m] = vector[indices[m]] - offset;
    }

    /// <remarks>
    /// Narrow sums are counted in four arrays in turn, because additions to the same entry wait for each other.
    /// </remarks>
    internal static void Add(ReadOnlySpan<int> indices, Span<double> sum)
    {
        var m = 0;
        if (sum.Length <= Narrow && indices.Length >= Narrow)
        {
            Span<int> counts = stackalloc int[4 * Narrow];
            counts.Clear();
            var first = counts[..Narrow];
            var second = counts.Slice(Narrow, Narrow);
            var third = counts.Slice(2 * Narrow, Narrow);
            var fourth = counts[(3 * Narrow)..];
            for (; m <= indices.Length - 4; m += 4)
            {
                first[indices[m]]++;
                second[indices[m + 1]]++;
                third[indices[m + 2]]++;
                fourth[indices[m + 3]]++;
            }

            for (var i = 0; i < sum.Length; i++) sum[i] += first[i] + second[i] + third[i] + fourth[i];
        }

        for (; m < indices.Length; m++) sum[indices[m]] += 1.0;
    }
}
