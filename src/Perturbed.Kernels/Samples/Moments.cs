using System;
using System.Numerics;

namespace Perturbed.Kernels;

/// <summary>
/// Running mean and sum of squared deviations, merged block by block (Chan, Golub and LeVeque 1979), so that large
/// offsets lose no digits.
/// </summary>
/// <remarks>The state of width w is laid out as count | mean (w) | squares (w).</remarks>
public static class Moments
{
    /// <summary>The length of the state of a width.</summary>
    /// <param name="width">The width w.</param>
    /// <returns>1 + 2w.</returns>
    public static int Length(int width) => 1 + 2 * width;

    /// <summary>Adds the rows of a block to a state.</summary>
    /// <param name="rows">n × w, row-major.</param>
    /// <param name="state">count | mean | squares.</param>
    /// <param name="scratch">At least 1 + 2w numbers, overwritten.</param>
    public static void AddRows(ReadOnlySpan<double> rows, Span<double> state, Span<double> scratch)
    {
        var w = (state.Length - 1) / 2;
        if (rows.IsEmpty) return;
        var block = scratch[..state.Length];
        block.Clear();
        var n = rows.Length / w;
        var mean = block.Slice(1, w);
        var squares = block.Slice(1 + w, w);
        block[0] = n;
        if (w == 1)
        {
            mean[0] = Sums.Of(rows) / n;
            squares[0] = Sums.OfSquares(rows, mean[0]);
        }
        else
        {
            Sums.AddRows(rows, mean);
            for (var i = 0; i < w; i++) mean[i] /= n;
            for (var start = 0; start < rows.Length; start += w) AddSquares(rows.Slice(start, w), mean, squares);
        }

        Merge(state, block);
    }

    /// <summary>Merges one state into another.</summary>
    /// <param name="state">count | mean | squares, overwritten with the state of both.</param>
    /// <param name="other">The state to add.</param>
    public static void Merge(Span<double> state, ReadOnlySpan<double> other)
    {
        var w = (state.Length - 1) / 2;
        if (other[0] == 0.0) return;
        if (state[0] == 0.0)
        {
            other.CopyTo(state);
            return;
        }
        var total = state[0] + other[0];
        var share = other[0] / total;
        var weight = state[0] * share;
        for (var i = 1; i <= w; i++)
        {
            var difference = other[i] - state[i];
            state[i] += difference * share;
            state[i + w] += other[i + w] + difference * difference * weight;
        }
        state[0] = total;
    }

    /// <summary>
    /// Adds one row of a given weight to a state, whose count is then the sum of weights, and its mean and squares
    /// weighted.
    /// </summary>
    /// <param name="weight">The weight, above 0.</param>
    /// <param name="row">w numbers.</param>
    /// <param name="scale">What the row is multiplied by.</param>
    /// <param name="state">count | mean | squares.</param>
    public static void AddWeighted(double weight, ReadOnlySpan<double> row, double scale, Span<double> state)
    {
        var w = (state.Length - 1) / 2;
        var total = state[0] + weight;
        var share = weight / total;
        var factor = state[0] * share;
        for (var i = 0; i < w; i++)
        {
            var difference = scale * row[i] - state[1 + i];
            state[1 + i] += difference * share;
            state[1 + w + i] += difference * difference * factor;
        }
        state[0] = total;
    }

    /// <summary>The standard errors of the means: √(squares / (n − 1) / n); NaN for fewer than two rows.</summary>
    /// <param name="state">count | mean | squares.</param>
    /// <param name="standardErrors">Destination, of the width w.</param>
    public static void StandardErrors(ReadOnlySpan<double> state, Span<double> standardErrors)
    {
        var w = (state.Length - 1) / 2;
        var n = state[0];
        for (var i = 0; i < w; i++)
            standardErrors[i] = n < 2 ? double.NaN : Math.Sqrt(state[1 + w + i] / (n - 1) / n);
    }

    private static void AddSquares(ReadOnlySpan<double> row, ReadOnlySpan<double> mean, Span<double> squares)
    {
        var i = 0;
        for (; i <= row.Length - Vector<double>.Count; i += Vector<double>.Count)
        {
            var deviation = new Vector<double>(row[i..]) - new Vector<double>(mean[i..]);
            Vector.FusedMultiplyAdd(deviation, deviation, new Vector<double>(squares[i..])).CopyTo(squares[i..]);
        }

        for (; i < row.Length; i++)
        {
            var deviation = row[i] - mean[i];
            squares[i] = Math.FusedMultiplyAdd(deviation, deviation, squares[i]);
        }
    }
}
