using System;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Threading.Tasks;

namespace Perturbed.Kernels;

/// <summary>Dense products of large row-major matrices, blocked for the caches and shared by threads.</summary>
/// <remarks>
/// <para>
/// Every entry is one chain of fused multiply-adds in index order, Σ_k a[i, k] b[k, j] from k = 0, as in
/// <see cref="Dense"/>: its bits depend neither on the vector width, the blocks, the number of threads nor the other
/// rows and columns.
/// </para>
/// <para>
/// Threads take stripes of rows or of columns, whichever there are more of. Small products are done on the calling
/// thread, where waking another would take longer. Measured beside OpenBLAS by scripts/compare-blas.sh.
/// </para>
/// </remarks>
public static class MatrixProduct
{
    // Multiply-adds below which a product is faster on one thread: about 20 µs of work.
    private const long WorthThreads = 1 << 19;

    /// <summary>result = A B.</summary>
    /// <param name="a">A, [rows × inner].</param>
    /// <param name="b">B, [inner × columns].</param>
    /// <param name="result">Overwritten with the product, [rows × columns]; must not overlap A or B.</param>
    /// <param name="rows">Rows of A.</param>
    /// <param name="inner">Columns of A, rows of B; the product of an inner dimension of 0 is zero.</param>
    /// <param name="columns">Columns of B.</param>
    /// <param name="threads">The largest number of threads, at least 1; the bits do not depend on it.</param>
    /// <exception cref="ArgumentException">A span has another length than its shape says.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="threads"/> is below 1.</exception>
    public static void Multiply(
        ReadOnlySpan<double> a, ReadOnlySpan<double> b, Span<double> result, int rows, int inner, int columns, int threads)
    {
        Dense.CheckLength(a.Length, rows, inner, nameof(a));
        Dense.CheckLength(b.Length, inner, columns, nameof(b));
        Product(a, inner, 1, b, columns, 1, result, rows, inner, columns, threads);
    }

    /// <summary>result = Aᵀ B.</summary>
    /// <param name="a">A, [inner × rows].</param>
    /// <param name="b">B, [inner × columns].</param>
    /// <param name="result">Overwritten with the product, [rows × columns]; must not overlap A or B.</param>
    /// <param name="rows">Columns of A.</param>
    /// <param name="inner">Rows of A and of B; the product of an inner dimension of 0 is zero.</param>
    /// <param name="columns">Columns of B.</param>
    /// <param name="threads">The largest number of threads, at least 1; the bits do not depend on it.</param>
    /// <exception cref="ArgumentException">A span has another length than its shape says.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="threads"/> is below 1.</exception>
    public static void TransposeMultiply(
        ReadOnlySpan<double> a, ReadOnlySpan<double> b, Span<double> result, int rows, int inner, int columns, int threads)
    {
        Dense.CheckLength(a.Length, inner, rows, nameof(a));
        Dense.CheckLength(b.Length, inner, columns, nameof(b));
        Product(a, 1, rows, b, columns, 1, result, rows, inner, columns, threads);
    }

    /// <summary>result = A Bᵀ.</summary>
    /// <param name="a">A, [rows × inner].</param>
    /// <param name="b">B, [columns × inner].</param>
    /// <param name="result">Overwritten with the product, [rows × columns]; must not overlap A or B.</param>
    /// <param name="rows">Rows of A.</param>
    /// <param name="inner">Columns of A and of B; the product of an inner dimension of 0 is zero.</param>
    /// <param name="columns">Rows of B.</param>
    /// <param name="threads">The largest number of threads, at least 1; the bits do not depend on it.</param>
    /// <exception cref="ArgumentException">A span has another length than its shape says.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="threads"/> is below 1.</exception>
    public static void MultiplyTranspose(
        ReadOnlySpan<double> a, ReadOnlySpan<double> b, Span<double> result, int rows, int inner, int columns, int threads)
    {
        Dense.CheckLength(a.Length, rows, inner, nameof(a));
        Dense.CheckLength(b.Length, columns, inner, nameof(b));
        Product(a, inner, 1, b, 1, inner, result, rows, inner, columns, threads);
    }

    // Entry (i, k) of A at i·aRow + k·aStep, entry (k, j) of B at k·bStep + j·bColumn.
    private static unsafe void Product(
        ReadOnlySpan<double> a, int aRow, int aStep, ReadOnlySpan<double> b, int bStep, int bColumn, Span<double> result, int rows,
        int inner,
        int columns, int threads)
    {
        Dense.CheckLength(result.Length, rows, columns, nameof(result));
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        if (rows == 0 || columns == 0) return;
        if (inner == 0)
        {
            result.Clear();
            return;
        }

        fixed (double* atA = a, atB = b, atC = result)
        {
            var problem = new Problem(atA, aRow, aStep, atB, bStep, bColumn, atC, rows, inner, columns);
            var lines = Math.Max(rows, columns);
            var units = (lines + StripeUnit - 1) / StripeUnit;
            var stripes = (long)rows * inner * columns < WorthThreads ? 1 : Math.Min(threads, units);
            if (stripes == 1) problem.Stripe(0, lines);
            else Share(problem, lines, stripes, (units + stripes - 1) / stripes * StripeUnit);
        }
    }

    private static void Share(Problem problem, int lines, int stripes, int size) =>
        Parallel.For(0, stripes, number => problem.Stripe(number * size, Math.Min(size, lines - number * size)));

    // A multiple of the tiles' sides for every vector width.
    private const int StripeUnit = 24;

    // The matrices by address, as spans cannot cross to another thread; they are pinned while threads work.
    private readonly unsafe struct Problem(
        double* a, int aRow, int aStep, double* b, int bStep, int bColumn, double* c, int rows, int inner, int columns)
    {
        // Rows of the result, or columns where there are more of them.
        public void Stripe(int first, int count)
        {
            if (count <= 0) return;
            if (rows >= columns) OfWidth(a + (nint)first * aRow, b, c + (nint)first * columns, count, columns);
            else OfWidth(a, b + (nint)first * bColumn, c + first, rows, count);
        }

        private void OfWidth(double* a, double* b, double* c, int rows, int width)
        {
            if (Vector512.IsHardwareAccelerated)
                Stripe<Width512, Vector512<double>>.Multiply(
                    ref *a, aRow, aStep, ref *b, bStep, bColumn, ref *c, columns, rows, inner, width);
            else if (Vector256.IsHardwareAccelerated)
                Stripe<Width256, Vector256<double>>.Multiply(
                    ref *a, aRow, aStep, ref *b, bStep, bColumn, ref *c, columns, rows, inner, width);
            else
                Stripe<Width128, Vector128<double>>.Multiply(
                    ref *a, aRow, aStep, ref *b, bStep, bColumn, ref *c, columns, rows, inner, width);
        }
    }
}
