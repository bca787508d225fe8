using System;
using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Perturbed.Kernels;

/// <summary>Sums over the samples of a block, in a fixed order that depends on the block alone.</summary>
/// <remarks>
/// The reductions of System.Numerics.Tensors start their vectors where memory is aligned, so their order, and with it
/// the last bits, depends on the address of an array. These do not. Terms are fused multiply-adds in vectors and in
/// their remainders alike.
/// </remarks>
public static class Sums
{
    /// <summary>The sum of a span, in one fixed order.</summary>
    /// <param name="values">Numbers.</param>
    /// <returns>Their sum.</returns>
    public static double Of(ReadOnlySpan<double> values)
    {
        ref var first = ref MemoryMarshal.GetReference(values);
        var lanes = Vector512<double>.Zero;
        var i = 0;
        for (; i <= values.Length - Lanes.Width; i += Lanes.Width) lanes += Vector512.LoadUnsafe(ref first, (nuint)i);
        var total = Lanes.Sum(lanes);
        for (; i < values.Length; i++) total += Unsafe.Add(ref first, i);
        return total;
    }

    /// <summary>The sum of squared deviations Σ (values[m] − centre)², in one fixed order.</summary>
    /// <param name="values">Numbers.</param>
    /// <param name="centre">Subtracted from each.</param>
    /// <returns>The sum of squares.</returns>
    public static double OfSquares(ReadOnlySpan<double> values, double centre)
    {
        ref var first = ref MemoryMarshal.GetReference(values);
        var centres = Vector512.Create(centre);
        var lanes = Vector512<double>.Zero;
        var i = 0;
        for (; i <= values.Length - Lanes.Width; i += Lanes.Width)
        {
            var deviation = Vector512.LoadUnsafe(ref first, (nuint)i) - centres;
            lanes = Vector512.FusedMultiplyAdd(deviation, deviation, lanes);
        }

        var total = Lanes.Sum(lanes);
        for (; i < values.Length; i++)
        {
            var deviation = Unsafe.Add(ref first, i) - centre;
            total = Math.FusedMultiplyAdd(deviation, deviation, total);
        }

        return total;
    }

    /// <summary>The inner product ⟨x, y⟩, in one fixed order.</summary>
    /// <param name="x">A vector.</param>
    /// <param name="y">A vector of the same length.</param>
    /// <returns>⟨x, y⟩.</returns>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static double Product(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        if (x.Length != y.Length) throw new ArgumentException($"y has length {y.Length}; x has length {x.Length}.", nameof(y));
        return Lanes.Dot(x, y);
    }

    /// <summary>sum[i] += Σ_m rows[m, i].</summary>
    /// <param name="rows">n × w, row-major.</param>
    /// <param name="sum">Accumulator, of the width w.</param>
    public static void AddRows(ReadOnlySpan<double> rows, Span<double> sum) =>
        Columns.Add(default(Columns.Ones), rows, ReadOnlySpan<double>.Empty, sum);

    /// <summary>
    /// sum[i] += Σ_m weights[m]·(rows[m, i] − centre[i]), and the sum of the squares of those terms where asked.
    /// </summary>
    /// <param name="weights">One weight a row, n.</param>
    /// <param name="rows">n × w, row-major.</param>
    /// <param name="centre">Subtracted from every row; of the width w, or empty for zero.</param>
    /// <param name="sum">Accumulator, of the width w.</param>
    /// <param name="squares">Accumulator of squared terms, of the width w, or empty.</param>
    public static void AddWeightedRows(
        ReadOnlySpan<double> weights, ReadOnlySpan<double> rows, ReadOnlySpan<double> centre, Span<double> sum, Span<double> squares)
    {
        var w = sum.Length;
        if (squares.IsEmpty && centre.IsEmpty)
        {
            Columns.Add(default(Columns.Weights), rows, weights, sum);
            return;
        }

        for (var m = 0; m < weights.Length; m++)
        {
            var row = rows.Slice(m * w, w);
            var weight = weights[m];
            for (var i = 0; i < w; i++)
            {
                var term = weight * (centre.IsEmpty ? row[i] : row[i] - centre[i]);
                sum[i] += term;
                if (!squares.IsEmpty) squares[i] = Math.FusedMultiplyAdd(term, term, squares[i]);
            }
        }
    }

    /// <summary>products[m] = ⟨rows[m], vector⟩ − offset.</summary>
    /// <param name="rows">n × w, row-major.</param>
    /// <param name="vector">Of the width w.</param>
    /// <param name="offset">Subtracted from every product.</param>
    /// <param name="products">Destination, n.</param>
    public static void Products(ReadOnlySpan<double> rows, ReadOnlySpan<double> vector, double offset, Span<double> products)
    {
        Lanes.DotsWithOne(rows, vector, products);
        TensorPrimitives.Subtract(products, offset, products);
    }

    /// <summary>
    /// sum[i, j] += Σ_m (left[m, i] − centre[i])·right[m, j], and the sum of the squares of those terms where asked.
    /// </summary>
    /// <param name="left">n × k, row-major.</param>
    /// <param name="centre">Subtracted from every row of <paramref name="left"/>, of the width k.</param>
    /// <param name="right">n × d, row-major.</param>
    /// <param name="width">The width d.</param>
    /// <param name="sum">Accumulator, k × d.</param>
    /// <param name="squares">Accumulator of squared terms, k × d, or empty.</param>
    public static void AddOuterProducts(
        ReadOnlySpan<double> left, ReadOnlySpan<double> centre, ReadOnlySpan<double> right, int width, Span<double> sum,
        Span<double> squares)
    {
        var k = centre.Length;
        var n = right.Length / width;
        for (var i = 0; i < k; i++)
        {
            var row = sum.Slice(i * width, width);
            for (var m = 0; m < n; m++)
            {
                var weight = left[m * k + i] - centre[i];
                // Vertices repeat their entries: a solution that equals the centre here adds nothing.
                if (weight == 0.0) continue;
                var scores = right.Slice(m * width, width);
                AddScaled(weight, scores, row);
                if (squares.IsEmpty) continue;
                var square = squares.Slice(i * width, width);
                for (var j = 0; j < width; j++)
                {
                    var term = weight * scores[j];
                    square[j] = Math.FusedMultiplyAdd(term, term, square[j]);
                }
            }
        }
    }

    // A call of a library loop for each row of five would cost more than the row.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddScaled(double weight, ReadOnlySpan<double> row, Span<double> sum)
    {
        var i = 0;
        if (row.Length >= Vector<double>.Count)
        {
            var weights = new Vector<double>(weight);
            for (; i <= row.Length - Vector<double>.Count; i += Vector<double>.Count)
                Vector.FusedMultiplyAdd(weights, new Vector<double>(row[i..]), new Vector<double>(sum[i..])).CopyTo(sum[i..]);
        }

        for (; i < row.Length; i++) sum[i] = Math.FusedMultiplyAdd(weight, row[i], sum[i]);
    }
}
