using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Perturbed.Kernels;

/// <summary>Eight numbers at a time: sums, products and comparisons in a fixed order.</summary>
/// <remarks>
/// Every sum is taken in an order that depends on the dimension alone, and without fused multiply-add, so that a row's
/// value has the same bits wherever the row lies in memory and whatever the processor. TensorPrimitives sums in an
/// order that depends on the address.
/// </remarks>
internal static class Lanes
{
    public const int Width = 8;

    /// <summary>The lane numbers 0..7.</summary>
    public static Vector512<long> Indices
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector512.Create(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L);
    }

    /// <summary>The largest of eight finite numbers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Max(Vector512<double> v)
    {
        var four = Vector256.MaxNative(v.GetLower(), v.GetUpper());
        var two = Vector128.MaxNative(four.GetLower(), four.GetUpper());
        return Vector128.MaxNative(two, Vector128.Shuffle(two, Vector128.Create(1L, 0L))).ToScalar();
    }

    /// <summary>The sum of eight lanes, in one fixed order: halves onto halves.</summary>
    public static double Sum(Vector512<double> lanes)
    {
        var four = lanes.GetLower() + lanes.GetUpper();
        var two = four.GetLower() + four.GetUpper();
        return two.ToScalar() + two.GetElement(1);
    }

    /// <summary>
    /// The largest size of the finite numbers among <paramref name="numbers"/>; 0 where there is none.
    /// </summary>
    public static double Largest(ReadOnlySpan<double> numbers)
    {
        ref var x = ref MemoryMarshal.GetReference(numbers);
        var most = Vector512<double>.Zero;
        var i = 0;
        for (; i <= numbers.Length - Width; i += Width)
        {
            var size = Vector512.Abs(Vector512.LoadUnsafe(ref x, (nuint)i));
            var isFinite = Vector512.LessThan(size, Vector512.Create(double.PositiveInfinity));
            most = Vector512.MaxNative(most, Vector512.ConditionalSelect(isFinite, size, Vector512<double>.Zero));
        }

        var largest = Max(most);
        for (; i < numbers.Length; i++)
            if (double.IsFinite(numbers[i])) largest = Math.Max(largest, Math.Abs(numbers[i]));
        return largest;
    }

    /// <summary>max |x_i|, of finite numbers.</summary>
    public static double LargestMagnitude(ReadOnlySpan<double> x)
    {
        ref var from = ref MemoryMarshal.GetReference(x);
        var most = 0.0;
        var i = 0;
        if (x.Length >= Width)
        {
            var lanes = Vector512<double>.Zero;
            for (; i <= x.Length - Width; i += Width)
                lanes = Vector512.MaxNative(lanes, Vector512.Abs(Vector512.LoadUnsafe(ref from, (nuint)i)));
            most = Max(lanes);
        }

        for (; i < x.Length; i++) most = Math.Max(most, Math.Abs(x[i]));
        return most;
    }

    /// <summary>
    /// The largest size among <paramref name="numbers"/>, NaN where one is not a number; 0 where there is none.
    /// </summary>
    public static double LargestOfAll(ReadOnlySpan<double> numbers)
    {
        // The bits of sizes have the order of the sizes, and those that are no numbers come last.
        ref var x = ref Unsafe.As<double, long>(ref MemoryMarshal.GetReference(numbers));
        var (even, odd, sizes) = (Vector512<long>.Zero, Vector512<long>.Zero, Vector512.Create(long.MaxValue));
        var i = 0;
        for (; i <= numbers.Length - 2 * Width; i += 2 * Width)
        {
            even = Vector512.Max(even, Vector512.LoadUnsafe(ref x, (nuint)i) & sizes);
            odd = Vector512.Max(odd, Vector512.LoadUnsafe(ref x, (nuint)(i + Width)) & sizes);
        }

        even = Vector512.Max(even, odd);
        var largest = 0L;
        for (var lane = 0; lane < Width; lane++) largest = Math.Max(largest, even[lane]);
        for (; i < numbers.Length; i++) largest = Math.Max(largest, Unsafe.Add(ref x, i) & long.MaxValue);
        return BitConverter.Int64BitsToDouble(largest);
    }

    /// <summary>The first index of a number above 0, or −1.</summary>
    public static int FirstPositive(ReadOnlySpan<double> numbers)
    {
        ref var x = ref MemoryMarshal.GetReference(numbers);
        var i = 0;
        while (i <= numbers.Length - Width && !Vector512.GreaterThanAny(Vector512.LoadUnsafe(ref x, (nuint)i), Vector512<double>.Zero))
            i += Width;
        for (; i < numbers.Length; i++)
            if (numbers[i] > 0.0) return i;
        return -1;
    }

    /// <summary>⟨x, y⟩ in a fixed order.</summary>
    public static double Dot(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        ref var a = ref MemoryMarshal.GetReference(x);
        ref var b = ref MemoryMarshal.GetReference(y);
        var sum = 0.0;
        var i = 0;
        if (x.Length >= Width)
        {
            var even = Vector512<double>.Zero;
            var odd = Vector512<double>.Zero;
            for (; i <= x.Length - 2 * Width; i += 2 * Width)
            {
                even += Vector512.LoadUnsafe(ref a, (nuint)i) * Vector512.LoadUnsafe(ref b, (nuint)i);
                odd += Vector512.LoadUnsafe(ref a, (nuint)(i + Width)) * Vector512.LoadUnsafe(ref b, (nuint)(i + Width));
            }

            if (i <= x.Length - Width)
            {
                even += Vector512.LoadUnsafe(ref a, (nuint)i) * Vector512.LoadUnsafe(ref b, (nuint)i);
                i += Width;
            }

            sum = Sum(even + odd);
        }

        for (; i < x.Length; i++) sum += Unsafe.Add(ref a, i) * Unsafe.Add(ref b, i);
        return sum;
    }

    /// <summary>⟨x, y⟩ of each row, with the bits of <see cref="Dot"/>.</summary>
    /// <param name="x">Rows, n × d.</param>
    /// <param name="y">Rows, n × d.</param>
    /// <param name="dimension">The length d of a row.</param>
    /// <param name="products">Destination, n.</param>
    public static void Dots(ReadOnlySpan<double> x, ReadOnlySpan<double> y, int dimension, Span<double> products)
    {
        if (dimension < Width)
        {
            ShortDots(x[..(products.Length * dimension)], y[..(products.Length * dimension)], dimension, dimension, products);
            return;
        }

        for (var row = 0; row < products.Length; row++)
            products[row] = Dot(x.Slice(row * dimension, dimension), y.Slice(row * dimension, dimension));
    }

    /// <summary>⟨x, y⟩ of each row with one vector, with the bits of <see cref="Dot"/>.</summary>
    /// <param name="x">Rows, n × d.</param>
    /// <param name="y">Of the dimension d.</param>
    /// <param name="products">Destination, n.</param>
    public static void DotsWithOne(ReadOnlySpan<double> x, ReadOnlySpan<double> y, Span<double> products)
    {
        var dimension = y.Length;
        if (dimension < Width)
        {
            ShortDots(x[..(products.Length * dimension)], y, dimension, 0, products);
            return;
        }

        for (var row = 0; row < products.Length; row++) products[row] = Dot(x.Slice(row * dimension, dimension), y);
    }

    // The call and the checks of one product cost more than a row of five: here the sums of several rows overlap.
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void ShortDots(ReadOnlySpan<double> x, ReadOnlySpan<double> y, int dimension, nint step, Span<double> products)
    {
        ref var a = ref MemoryMarshal.GetReference(x);
        ref var b = ref MemoryMarshal.GetReference(y);
        for (var row = 0; row < products.Length; row++)
        {
            var sum = 0.0;
            for (nint i = 0; i < dimension; i++) sum += Unsafe.Add(ref a, i) * Unsafe.Add(ref b, i);
            products[row] = sum;
            a = ref Unsafe.Add(ref a, dimension);
            b = ref Unsafe.Add(ref b, step);
        }
    }

    /// <summary>
    /// Writes up to eight rows side by side: lane l of entry j is entry j of row l; lanes without a row repeat the
    /// last row.
    /// </summary>
    /// <param name="rows">At least one row and at most eight, row-major.</param>
    /// <param name="dimension">The length of a row.</param>
    /// <param name="lanes">Destination, dimension × 8.</param>
    public static void Interleave(ReadOnlySpan<double> rows, int dimension, Span<double> lanes)
    {
        var last = rows.Length / dimension - 1;
        ref var from = ref MemoryMarshal.GetReference(rows);
        ref var to = ref MemoryMarshal.GetReference(lanes[..(dimension * Width)]);
        ref var r0 = ref from;
        ref var r1 = ref Unsafe.Add(ref from, Math.Min(1, last) * dimension);
        ref var r2 = ref Unsafe.Add(ref from, Math.Min(2, last) * dimension);
        ref var r3 = ref Unsafe.Add(ref from, Math.Min(3, last) * dimension);
        ref var r4 = ref Unsafe.Add(ref from, Math.Min(4, last) * dimension);
        ref var r5 = ref Unsafe.Add(ref from, Math.Min(5, last) * dimension);
        ref var r6 = ref Unsafe.Add(ref from, Math.Min(6, last) * dimension);
        ref var r7 = ref Unsafe.Add(ref from, Math.Min(7, last) * dimension);
        for (nint j = 0; j < dimension; j++)
        {
            var v = Vector512.Create(
                Unsafe.Add(ref r0, j), Unsafe.Add(ref r1, j), Unsafe.Add(ref r2, j), Unsafe.Add(ref r3, j),
                Unsafe.Add(ref r4, j), Unsafe.Add(ref r5, j), Unsafe.Add(ref r6, j), Unsafe.Add(ref r7, j));
            v.StoreUnsafe(ref to, (nuint)(j * Width));
        }
    }
}
