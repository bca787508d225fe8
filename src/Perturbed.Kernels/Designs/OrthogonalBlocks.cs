using System;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Perturbed.Kernels;

/// <summary>Blocks of normal vectors made orthogonal to each other, each with the length it had.</summary>
/// <remarks>
/// Gram and Schmidt's directions of normal vectors are uniform over the orthonormal frames and depend on the
/// directions of the vectors alone, and lengths are independent of those: so every row is a standard normal vector
/// still, and rows of a block are orthogonal. Choromanski et al. 2017; Yu et al. 2016.
/// </remarks>
public static class OrthogonalBlocks
{
    /// <summary>The most rows of a block: 128.</summary>
    public const int MaxSize = 128;

    /// <summary>Orthogonalises the rows of each block, in place.</summary>
    /// <param name="rows">n × d standard normal numbers; the last block may be shorter.</param>
    /// <param name="dimension">The dimension d.</param>
    /// <param name="size">The rows of a block, from 1 to min(d, <see cref="MaxSize"/>). Cost O(size·d) a row.</param>
    /// <exception cref="ArgumentException">
    /// A length that is no multiple of the dimension, or a size out of range.
    /// </exception>
    public static void Orthogonalise(Span<double> rows, int dimension, int size)
    {
        RowShape.Rows(rows.Length, dimension, nameof(rows));
        if (size < 1 || size > Math.Min(dimension, MaxSize))
            throw new ArgumentOutOfRangeException(
                nameof(size), size, RowShape.Text($"size is {size}; it must be from 1 to {Math.Min(dimension, MaxSize)}."));
        for (var start = 0; start < rows.Length; start += size * dimension)
            Block(rows.Slice(start, Math.Min(size * dimension, rows.Length - start)), dimension);
    }

    // Classical Gram and Schmidt; a row that loses nine tenths of its length is projected again, so that all are
    // orthogonal to about ten roundings.
    private static void Block(Span<double> rows, int d)
    {
        Span<double> inverses = stackalloc double[MaxSize];
        Span<double> weights = stackalloc double[MaxSize];
        for (var r = 0; r < rows.Length / d; r++)
        {
            var row = rows.Slice(r * d, d);
            var square = Sums.Product(row, row);
            inverses[r] = 1 / square;
            if (r == 0) continue;
            var before = rows[..(r * d)];
            var left = Project(before, row, inverses, weights[..r]);
            if (left < 0.01 * square) left = Project(before, row, inverses, weights[..r]);
            var scale = Math.Sqrt(square / left);
            for (var i = 0; i < d; i++) row[i] *= scale;
        }
    }

    // Subtracts from a row its components along the rows before it, and returns the squared length of the rest.
    private static double Project(ReadOnlySpan<double> before, Span<double> row, ReadOnlySpan<double> inverses, Span<double> weights)
    {
        var d = row.Length;
        var q = 0;
        for (; q + 4 <= weights.Length; q += 4) FourProducts(before.Slice(q * d, 4 * d), row, weights[q..]);
        for (; q < weights.Length; q++) weights[q] = Sums.Product(before.Slice(q * d, d), row);
        for (var i = 0; i < weights.Length; i++) weights[i] *= -inverses[i];
        for (q = 0; q + 4 <= weights.Length; q += 4) AddFour(weights[q..], before.Slice(q * d, 4 * d), row);
        if (q < weights.Length) Sums.AddWeightedRows(weights[q..], before[(q * d)..], default, row, default);
        return Sums.Product(row, row);
    }

    // Four at a time: the row is read once, and four sums are independent. A number's order of terms depends on d
    // alone.
    private static void FourProducts(ReadOnlySpan<double> four, ReadOnlySpan<double> row, Span<double> products)
    {
        var d = row.Length;
        ref var x = ref MemoryMarshal.GetReference(row);
        ref var z = ref MemoryMarshal.GetReference(four);
        var (a, b, c, e) = (Vector256<double>.Zero, Vector256<double>.Zero, Vector256<double>.Zero, Vector256<double>.Zero);
        var i = 0;
        for (; i + 4 <= d; i += 4)
        {
            var v = Vector256.LoadUnsafe(ref x, (nuint)i);
            a = Vector256.FusedMultiplyAdd(v, Vector256.LoadUnsafe(ref z, (nuint)i), a);
            b = Vector256.FusedMultiplyAdd(v, Vector256.LoadUnsafe(ref z, (nuint)(i + d)), b);
            c = Vector256.FusedMultiplyAdd(v, Vector256.LoadUnsafe(ref z, (nuint)(i + 2 * d)), c);
            e = Vector256.FusedMultiplyAdd(v, Vector256.LoadUnsafe(ref z, (nuint)(i + 3 * d)), e);
        }
        (products[0], products[1], products[2], products[3]) = (Sum(a), Sum(b), Sum(c), Sum(e));
        for (; i < d; i++)
            for (var q = 0; q < 4; q++) products[q] = Math.FusedMultiplyAdd(row[i], four[q * d + i], products[q]);
    }

    private static double Sum(Vector256<double> v) => v[0] + v[1] + (v[2] + v[3]);

    private static void AddFour(ReadOnlySpan<double> weights, ReadOnlySpan<double> four, Span<double> row)
    {
        var d = row.Length;
        ref var x = ref MemoryMarshal.GetReference(row);
        ref var z = ref MemoryMarshal.GetReference(four);
        var (a, b) = (Vector256.Create(weights[0]), Vector256.Create(weights[1]));
        var (c, e) = (Vector256.Create(weights[2]), Vector256.Create(weights[3]));
        var i = 0;
        for (; i + 4 <= d; i += 4)
        {
            var sum = Vector256.FusedMultiplyAdd(a, Vector256.LoadUnsafe(ref z, (nuint)i), Vector256.LoadUnsafe(ref x, (nuint)i));
            sum = Vector256.FusedMultiplyAdd(b, Vector256.LoadUnsafe(ref z, (nuint)(i + d)), sum);
            sum = Vector256.FusedMultiplyAdd(c, Vector256.LoadUnsafe(ref z, (nuint)(i + 2 * d)), sum);
            Vector256.FusedMultiplyAdd(e, Vector256.LoadUnsafe(ref z, (nuint)(i + 3 * d)), sum).StoreUnsafe(ref x, (nuint)i);
        }
        for (; i < d; i++)
            for (var q = 0; q < 4; q++) row[i] = Math.FusedMultiplyAdd(weights[q], four[q * d + i], row[i]);
    }
}
