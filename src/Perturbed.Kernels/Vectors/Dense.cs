using System;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Perturbed.Kernels;

/// <summary>Dense products of small row-major matrices, allocation-free and on one thread.</summary>
/// <remarks>
/// Meant for a batch times a weight matrix (tens to thousands of rows, tens of columns), where the set-up of a blocked
/// library product costs more than the product itself. Each entry of <see cref="Multiply"/> and
/// <see cref="TransposeMultiply"/> is one chain of fused multiply-adds in index order, so its bits depend neither on
/// the vector width nor on the other rows of the batch.
/// </remarks>
public static class Dense
{
    /// <summary>The entries of a rectangular array, row after row, without a copy.</summary>
    /// <param name="matrix">Any rectangular array; null gives an empty span.</param>
    /// <returns>A span over the array's own memory.</returns>
    public static Span<double> AsSpan(double[,]? matrix) =>
        matrix is null
            ? []
            : MemoryMarshal.CreateSpan(ref Unsafe.As<byte, double>(ref MemoryMarshal.GetArrayDataReference(matrix)), matrix.Length);

    /// <summary>result = A B.</summary>
    /// <param name="a">A, [rows × inner].</param>
    /// <param name="b">B, [inner × columns].</param>
    /// <param name="result">Overwritten with the product, [rows × columns]; must not overlap A or B.</param>
    /// <param name="rows">Rows of A.</param>
    /// <param name="inner">Columns of A, rows of B.</param>
    /// <param name="columns">Columns of B.</param>
    /// <exception cref="ArgumentException">A span has another length than its shape says.</exception>
    public static void Multiply(
        ReadOnlySpan<double> a, ReadOnlySpan<double> b, Span<double> result, int rows, int inner, int columns)
    {
        CheckLength(a.Length, rows, inner, nameof(a));
        CheckLength(b.Length, inner, columns, nameof(b));
        CheckLength(result.Length, rows, columns, nameof(result));
        Product(a, inner, 1, b, result, rows, inner, columns);
    }

    /// <summary>result = Aᵀ B.</summary>
    /// <param name="a">A, [inner × rows].</param>
    /// <param name="b">B, [inner × columns].</param>
    /// <param name="result">Overwritten with the product, [rows × columns]; must not overlap A or B.</param>
    /// <param name="rows">Columns of A.</param>
    /// <param name="inner">Rows of A and of B.</param>
    /// <param name="columns">Columns of B.</param>
    /// <exception cref="ArgumentException">A span has another length than its shape says.</exception>
    public static void TransposeMultiply(
        ReadOnlySpan<double> a, ReadOnlySpan<double> b, Span<double> result, int rows, int inner, int columns)
    {
        CheckLength(a.Length, inner, rows, nameof(a));
        CheckLength(b.Length, inner, columns, nameof(b));
        CheckLength(result.Length, rows, columns, nameof(result));
        Product(a, 1, rows, b, result, rows, inner, columns);
    }

    /// <summary>result = A Bᵀ: every entry is a dot product of two rows.</summary>
    /// <param name="a">A, [rows × inner].</param>
    /// <param name="b">B, [columns × inner].</param>
    /// <param name="result">Overwritten with the product, [rows × columns]; must not overlap A or B.</param>
    /// <param name="rows">Rows of A.</param>
    /// <param name="inner">Columns of A and of B.</param>
    /// <param name="columns">Rows of B.</param>
    /// <exception cref="ArgumentException">A span has another length than its shape says.</exception>
    public static void MultiplyTranspose(
        ReadOnlySpan<double> a, ReadOnlySpan<double> b, Span<double> result, int rows, int inner, int columns)
    {
        CheckLength(a.Length, rows, inner, nameof(a));
        CheckLength(b.Length, columns, inner, nameof(b));
        CheckLength(result.Length, rows, columns, nameof(result));
        for (var r = 0; r < rows; r++)
        {
            var row = a.Slice(r * inner, inner);
            for (var c = 0; c < columns; c++)
                result[r * columns + c] = Lanes.Dot(row, b.Slice(c * inner, inner));
        }
    }

    /// <summary>
    /// result[r, j] = Σ_k a[r·rowStep + k·step] b[k, j], the sums held in registers. The caller has checked the
    /// lengths.
    /// </summary>
    private static void Product(
        ReadOnlySpan<double> a, int rowStep, int step, ReadOnlySpan<double> b, Span<double> result, int rows, int inner, int columns)
    {
        if (inner == 0)
        {
            result.Clear();
            return;
        }

        var r = 0;

        // Four rows at a time share the loads of B and are four chains that hide each other's latency.
        for (; r + 4 <= rows; r += 4)
        {
            ref readonly var a0 = ref a[r * rowStep];
            ref readonly var a1 = ref a[(r + 1) * rowStep];
            ref readonly var a2 = ref a[(r + 2) * rowStep];
            ref readonly var a3 = ref a[(r + 3) * rowStep];
            FourRows(in a0, in a1, in a2, in a3, step, inner, b, result.Slice(r * columns, 4 * columns), columns);
        }

        for (; r < rows; r++) OneRow(in a[r * rowStep], step, inner, b, result.Slice(r * columns, columns));
    }

    private static void FourRows(
        in double a0, in double a1, in double a2, in double a3, int step, int inner, ReadOnlySpan<double> b, Span<double> result,
        int columns)
    {
        ref var b0 = ref MemoryMarshal.GetReference(b);
        ref var to = ref MemoryMarshal.GetReference(result);
        var width = Vector<double>.Count;
        for (var next = 0; next < columns && columns >= width; next += width)
        {
            // The last block is moved back to end with the row: it computes some entries twice, with the same bits.
            var j = Math.Min(next, columns - width);
            Vector<double> s0 = default, s1 = default, s2 = default, s3 = default;
            for (var k = 0; k < inner; k++)
            {
                var row = Vector.LoadUnsafe(ref b0, (nuint)(k * columns + j));
                s0 = Vector.FusedMultiplyAdd(new Vector<double>(Unsafe.Add(ref Unsafe.AsRef(in a0), k * step)), row, s0);
                s1 = Vector.FusedMultiplyAdd(new Vector<double>(Unsafe.Add(ref Unsafe.AsRef(in a1), k * step)), row, s1);
                s2 = Vector.FusedMultiplyAdd(new Vector<double>(Unsafe.Add(ref Unsafe.AsRef(in a2), k * step)), row, s2);
                s3 = Vector.FusedMultiplyAdd(new Vector<double>(Unsafe.Add(ref Unsafe.AsRef(in a3), k * step)), row, s3);
            }
            s0.StoreUnsafe(ref to, (nuint)j);
            s1.StoreUnsafe(ref to, (nuint)(columns + j));
            s2.StoreUnsafe(ref to, (nuint)(2 * columns + j));
            s3.StoreUnsafe(ref to, (nuint)(3 * columns + j));
        }

        for (var j = 0; j < columns && columns < width; j++)
        {
            double s0 = 0, s1 = 0, s2 = 0, s3 = 0;
            for (var k = 0; k < inner; k++)
            {
                var x = Unsafe.Add(ref b0, k * columns + j);
                s0 = Math.FusedMultiplyAdd(Unsafe.Add(ref Unsafe.AsRef(in a0), k * step), x, s0);
                s1 = Math.FusedMultiplyAdd(Unsafe.Add(ref Unsafe.AsRef(in a1), k * step), x, s1);
                s2 = Math.FusedMultiplyAdd(Unsafe.Add(ref Unsafe.AsRef(in a2), k * step), x, s2);
                s3 = Math.FusedMultiplyAdd(Unsafe.Add(ref Unsafe.AsRef(in a3), k * step), x, s3);
            }
            result[j] = s0;
            result[columns + j] = s1;
            result[2 * columns + j] = s2;
            result[3 * columns + j] = s3;
        }
    }

    private static void OneRow(in double a, int step, int inner, ReadOnlySpan<double> b, Span<double> result)
    {
        var columns = result.Length;
        ref var b0 = ref MemoryMarshal.GetReference(b);
        ref var to = ref MemoryMarshal.GetReference(result);
        var width = Vector<double>.Count;
        for (var next = 0; next < columns && columns >= width; next += width)
        {
            var j = Math.Min(next, columns - width);
            Vector<double> sum = default;
            for (var k = 0; k < inner; k++)
            {
                var x = new Vector<double>(Unsafe.Add(ref Unsafe.AsRef(in a), k * step));
                sum = Vector.FusedMultiplyAdd(x, Vector.LoadUnsafe(ref b0, (nuint)(k * columns + j)), sum);
            }
            sum.StoreUnsafe(ref to, (nuint)j);
        }

        for (var j = 0; j < columns && columns < width; j++)
        {
            var sum = 0.0;
            for (var k = 0; k < inner; k++)
                sum = Math.FusedMultiplyAdd(Unsafe.Add(ref Unsafe.AsRef(in a), k * step), Unsafe.Add(ref b0, k * columns + j), sum);
            result[j] = sum;
        }
    }

    internal static void CheckLength(int actual, int rows, int columns, string name)
    {
        if (actual != rows * columns)
            throw new ArgumentException($"{name} has length {actual}; its shape [{rows} × {columns}] asks for {rows * columns}.", name);
    }
}
