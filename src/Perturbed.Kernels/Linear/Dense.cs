using System;
using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Perturbed.Kernels;

/// <summary>Dense products of small row-major matrices, allocation-free and on one thread.</summary>
/// <remarks>
/// Meant for a batch times a weight matrix (tens to thousands of rows, tens of columns), where the set-up of a blocked library product
/// costs more than the product. Each entry of <see cref="Multiply"/> and <see cref="TransposeMultiply"/> is one chain of fused
/// multiply-adds in index order, so its bits depend neither on the vector width nor on the other rows of the batch.
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
        for (var r = 0; r < rows; r++)
            RowTimes(a.Slice(r * inner, inner), 1, inner, b, result.Slice(r * columns, columns));
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
        for (var r = 0; r < rows; r++)
            RowTimes(inner == 0 ? a : a[r..], rows, inner, b, result.Slice(r * columns, columns));
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
                result[r * columns + c] = TensorPrimitives.Dot(row, b.Slice(c * inner, inner));
        }
    }

    /// <summary>result[j] = Σ_k a[k·stride] b[k, j], the sums held in registers.</summary>
    private static void RowTimes(ReadOnlySpan<double> a, int stride, int inner, ReadOnlySpan<double> b, Span<double> result)
    {
        var columns = result.Length;
        var width = Vector<double>.Count;
        var j = 0;

        // Four independent chains hide the latency of the multiply-add.
        for (; j + 4 * width <= columns; j += 4 * width)
        {
            Vector<double> s0 = default, s1 = default, s2 = default, s3 = default;
            for (var k = 0; k < inner; k++)
            {
                var x = new Vector<double>(a[k * stride]);
                var row = b.Slice(k * columns + j, 4 * width);
                s0 = Vector.FusedMultiplyAdd(x, new Vector<double>(row), s0);
                s1 = Vector.FusedMultiplyAdd(x, new Vector<double>(row[width..]), s1);
                s2 = Vector.FusedMultiplyAdd(x, new Vector<double>(row[(2 * width)..]), s2);
                s3 = Vector.FusedMultiplyAdd(x, new Vector<double>(row[(3 * width)..]), s3);
            }
            s0.CopyTo(result[j..]);
            s1.CopyTo(result[(j + width)..]);
            s2.CopyTo(result[(j + 2 * width)..]);
            s3.CopyTo(result[(j + 3 * width)..]);
        }

        for (; j + width <= columns; j += width)
        {
            Vector<double> sum = default;
            for (var k = 0; k < inner; k++)
                sum = Vector.FusedMultiplyAdd(new Vector<double>(a[k * stride]), new Vector<double>(b[(k * columns + j)..]), sum);
            sum.CopyTo(result[j..]);
        }

        for (; j < columns; j++)
        {
            var sum = 0.0;
            for (var k = 0; k < inner; k++) sum = Math.FusedMultiplyAdd(a[k * stride], b[k * columns + j], sum);
            result[j] = sum;
        }
    }

    private static void CheckLength(int actual, int rows, int columns, string name)
    {
        if (actual != rows * columns)
            throw new ArgumentException($"{name} has length {actual}; its shape [{rows} × {columns}] asks for {rows * columns}.", name);
    }
}
