using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Perturbed.Kernels;

/// <summary>Sums of the rows of a block, plain or weighted, in an order that depends on the shape alone.</summary>
/// <remarks>
/// Columns are taken in strips whose sums stay in four registers: four vectors of one row, two of two rows, or one of
/// four, so that narrow rows keep as many additions in flight as wide ones. A vector may reach past the end of a row
/// into the next one; those lanes are summed too, and dropped at the end. Very wide rows, of which a block has few,
/// are read from end to end, four at a time: strips of eight rows cost more than they save.
/// </remarks>
internal static class Columns
{
    private const int VeryWide = 256;

    internal interface IScale
    {
        static abstract Vector512<double> Add(ref double weights, nint row, Vector512<double> x, Vector512<double> sum);

        static abstract double Add(ref double weights, nint row, double x, double sum);
    }

    internal readonly struct Ones : IScale
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<double> Add(ref double weights, nint row, Vector512<double> x, Vector512<double> sum) => sum + x;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static double Add(ref double weights, nint row, double x, double sum) => sum + x;
    }

    internal readonly struct Weights : IScale
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<double> Add(ref double weights, nint row, Vector512<double> x, Vector512<double> sum) =>
            Vector512.FusedMultiplyAdd(Vector512.Create(Unsafe.Add(ref weights, row)), x, sum);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static double Add(ref double weights, nint row, double x, double sum) =>
            Math.FusedMultiplyAdd(Unsafe.Add(ref weights, row), x, sum);
    }

    /// <summary>How the numbers of a row are read.</summary>
    internal interface INumbers<T>
    {
        static abstract Vector512<double> Eight(ref T row, nint place);

        static abstract double One(ref T row, nint place);
    }

    internal readonly struct Plain : INumbers<double>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<double> Eight(ref double row, nint place) => Vector512.LoadUnsafe(ref row, (nuint)place);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static double One(ref double row, nint place) => Unsafe.Add(ref row, place);
    }

    internal static void Add<TScale>(TScale scale, ReadOnlySpan<double> rows, ReadOnlySpan<double> weights, Span<double> sum)
        where TScale : struct, IScale => Add<TScale, Plain, double>(scale, default, rows, weights, sum);

    internal static void Add<TScale, TNumbers, T>(
        TScale scale, TNumbers numbers, ReadOnlySpan<T> rows, ReadOnlySpan<double> weights, Span<double> sum)
        where TScale : struct, IScale
        where TNumbers : struct, INumbers<T>
    {
        ref var row = ref MemoryMarshal.GetReference(rows);
        ref var weight = ref MemoryMarshal.GetReference(weights);
        ref var total = ref MemoryMarshal.GetReference(sum);
        if (sum.Length >= VeryWide)
        {
            AddLong<TScale, TNumbers, T>(ref row, ref weight, ref total, sum.Length, rows.Length / sum.Length);
            return;
        }

        for (var column = 0; column < sum.Length; column += 4 * Lanes.Width)
            AddStrip<TScale, TNumbers, T>(
                ref Unsafe.Add(ref row, column), ref weight, ref Unsafe.Add(ref total, column), sum.Length - column, rows.Length - column,
                sum.Length);
    }

    // Compiled on its own: inlined into a caller it exhausts the inlining budget, and vector functions remain calls,
    // at three to seven times the cost.
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void AddStrip<TScale, TNumbers, T>(ref T row, ref double weights, ref double total, int width, int readable, int stride)
        where TScale : struct, IScale
        where TNumbers : struct, INumbers<T>
    {
        var vectors = width > 2 * Lanes.Width ? 4 : width > Lanes.Width ? 2 : 1;
        var step = 4 / vectors;
        var o1 = Place(1, vectors, stride);
        var o2 = Place(2, vectors, stride);
        var o3 = Place(3, vectors, stride);
        nint r1 = 1 / vectors, r2 = 2 / vectors, r3 = 3 / vectors;
        var rows = (nint)((readable + stride - 1) / stride);
        var a = Vector512<double>.Zero;
        var b = a;
        var c = a;
        var d = a;
        nint m = 0, start = 0;
        for (; m + step <= rows && start + o3 + Lanes.Width <= readable; m += step, start += step * stride)
        {
            a = TScale.Add(ref weights, m, TNumbers.Eight(ref row, start), a);
            b = TScale.Add(ref weights, m + r1, TNumbers.Eight(ref row, start + o1), b);
            c = TScale.Add(ref weights, m + r2, TNumbers.Eight(ref row, start + o2), c);
            d = TScale.Add(ref weights, m + r3, TNumbers.Eight(ref row, start + o3), d);
        }

        if (vectors == 1)
        {
            a = (a + b) + (c + d);
        }
        else if (vectors == 2)
        {
            a += c;
            b += d;
        }

        var columns = Math.Min(width, vectors * Lanes.Width);
        Spill(a, ref total, columns);
        if (vectors > 1) Spill(b, ref Unsafe.Add(ref total, Lanes.Width), columns - Lanes.Width);
        if (vectors > 2)
        {
            Spill(c, ref Unsafe.Add(ref total, 2 * Lanes.Width), columns - (2 * Lanes.Width));
            Spill(d, ref Unsafe.Add(ref total, 3 * Lanes.Width), columns - (3 * Lanes.Width));
        }

        for (; m < rows; m++, start += stride)
            for (nint i = 0; i < columns; i++)
                Unsafe.Add(ref total, i) = TScale.Add(ref weights, m, TNumbers.One(ref row, start + i), Unsafe.Add(ref total, i));
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void AddLong<TScale, TNumbers, T>(ref T row, ref double weights, ref double total, nint width, nint rows)
        where TScale : struct, IScale
        where TNumbers : struct, INumbers<T>
    {
        nint m = 0;
        for (; m <= rows - 4; m += 4, row = ref Unsafe.Add(ref row, 4 * width))
        {
            ref var second = ref Unsafe.Add(ref row, width);
            ref var third = ref Unsafe.Add(ref second, width);
            ref var fourth = ref Unsafe.Add(ref third, width);
            nint i = 0;
            for (; i <= width - Lanes.Width; i += Lanes.Width)
            {
                var sum = TScale.Add(ref weights, m, TNumbers.Eight(ref row, i), Vector512.LoadUnsafe(ref total, (nuint)i));
                sum = TScale.Add(ref weights, m + 1, TNumbers.Eight(ref second, i), sum);
                sum = TScale.Add(ref weights, m + 2, TNumbers.Eight(ref third, i), sum);
                TScale.Add(ref weights, m + 3, TNumbers.Eight(ref fourth, i), sum).StoreUnsafe(ref total, (nuint)i);
            }

            for (; i < width; i++)
            {
                var sum = TScale.Add(ref weights, m, TNumbers.One(ref row, i), Unsafe.Add(ref total, i));
                sum = TScale.Add(ref weights, m + 1, TNumbers.One(ref second, i), sum);
                sum = TScale.Add(ref weights, m + 2, TNumbers.One(ref third, i), sum);
                Unsafe.Add(ref total, i) = TScale.Add(ref weights, m + 3, TNumbers.One(ref fourth, i), sum);
            }
        }

        for (; m < rows; m++, row = ref Unsafe.Add(ref row, width))
            for (nint i = 0; i < width; i++)
                Unsafe.Add(ref total, i) = TScale.Add(ref weights, m, TNumbers.One(ref row, i), Unsafe.Add(ref total, i));
    }

    private static nint Place(int register, int vectors, int stride) =>
        (register / vectors * (nint)stride) + (register % vectors * Lanes.Width);

    /// <summary>
    /// Adds the first lanes of a register, all eight or as many as there are columns left, to the totals.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Spill(Vector512<double> sums, ref double total, int columns)
    {
        if (columns >= Lanes.Width) (sums + Vector512.LoadUnsafe(ref total)).StoreUnsafe(ref total);
        else SpillPart(sums, ref total, columns);
    }

    private static void SpillPart(Vector512<double> sums, ref double total, int columns)
    {
        for (var i = 0; i < columns; i++) Unsafe.Add(ref total, i) += sums[i];
    }
}
