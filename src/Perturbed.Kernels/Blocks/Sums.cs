using System;
using System.Numerics;
using System.Numerics.Tensors;

namespace Perturbed.Kernels;

/// <summary>Sums over the samples of a block, in a fixed order that depends on the block alone.</summary>
public static class Sums
{
    /// <summary>The sum of a span, in one fixed order.</summary>
    /// <param name="values">Numbers.</param>
    /// <returns>Their sum.</returns>
    public static double Of(ReadOnlySpan<double> values)
    {
        var total = 0.0;
        foreach (var value in values) total += value;
        return total;
    }

    /// <summary>sum[i] += Σ_m rows[m, i].</summary>
    /// <param name="rows">n × w, row-major.</param>
    /// <param name="sum">Accumulator, of the width w.</param>
    public static void AddRows(ReadOnlySpan<double> rows, Span<double> sum)
    {
        var w = sum.Length;
        for (var start = 0; start < rows.Length; start += w)
        {
            var row = rows.Slice(start, w);
            var i = 0;
            for (; i <= w - Vector<double>.Count; i += Vector<double>.Count)
                (new Vector<double>(sum[i..]) + new Vector<double>(row[i..])).CopyTo(sum[i..]);
            for (; i < w; i++) sum[i] += row[i];
        }
    }

    /// <summary>sum[i] += Σ_m weights[m]·(rows[m, i] − centre[i]), and the sum of the squares of those terms where asked.</summary>
    /// <param name="weights">One weight a row, n.</param>
    /// <param name="rows">n × w, row-major.</param>
    /// <param name="centre">Subtracted from every row; of the width w, or empty for zero.</param>
    /// <param name="sum">Accumulator, of the width w.</param>
    /// <param name="squares">Accumulator of squared terms, of the width w, or empty.</param>
    public static void AddWeightedRows(ReadOnlySpan<double> weights, ReadOnlySpan<double> rows, ReadOnlySpan<double> centre, Span<double> sum, Span<double> squares)
    {
        var w = sum.Length;
        for (var m = 0; m < weights.Length; m++)
        {
            var row = rows.Slice(m * w, w);
            var weight = weights[m];
            if (squares.IsEmpty && centre.IsEmpty)
            {
                TensorPrimitives.MultiplyAdd(row, weight, sum, sum);
                continue;
            }
            for (var i = 0; i < w; i++)
            {
                var term = weight * (centre.IsEmpty ? row[i] : row[i] - centre[i]);
                sum[i] += term;
                if (!squares.IsEmpty) squares[i] += term * term;
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
        var w = vector.Length;
        if (w >= 8)
        {
            for (var m = 0; m < products.Length; m++) products[m] = TensorPrimitives.Dot(rows.Slice(m * w, w), vector) - offset;
            return;
        }
        for (var m = 0; m < products.Length; m++)
        {
            var row = rows.Slice(m * w, w);
            var total = 0.0;
            for (var i = 0; i < w; i++) total += row[i] * vector[i];
            products[m] = total - offset;
        }
    }

    /// <summary>sum[i, j] += Σ_m (left[m, i] − centre[i])·right[m, j], and the sum of the squares of those terms where asked.</summary>
    /// <param name="left">n × k, row-major.</param>
    /// <param name="centre">Subtracted from every row of <paramref name="left"/>, of the width k.</param>
    /// <param name="right">n × d, row-major.</param>
    /// <param name="width">The width d.</param>
    /// <param name="sum">Accumulator, k × d.</param>
    /// <param name="squares">Accumulator of squared terms, k × d, or empty.</param>
    public static void AddOuterProducts(ReadOnlySpan<double> left, ReadOnlySpan<double> centre, ReadOnlySpan<double> right, int width, Span<double> sum, Span<double> squares)
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
                TensorPrimitives.MultiplyAdd(scores, weight, row, row);
                if (squares.IsEmpty) continue;
                var square = squares.Slice(i * width, width);
                for (var j = 0; j < width; j++)
                {
                    var term = weight * scores[j];
                    square[j] += term * term;
                }
            }
        }
    }
}
