using System;

namespace Perturbed.Kernels;

/// <summary>Writes the path that links of predecessors describe, with its chords followed.</summary>
/// <remarks>
/// Where costs are zero, or so small that rounding loses them, a shortest path may have a chord. Stepping from each
/// cell to the farthest of the path's cells beside it leaves out cells of cost ≥ 0 and ends with a path without a
/// chord.
/// </remarks>
internal sealed class GridTrace
{
    private readonly int start, end;
    private readonly int[] path, position, cellOf, steps;

    public GridTrace(int rows, int columns, bool isEight)
    {
        var stride = columns + 2;
        (start, end) = (stride + 1, rows * stride + columns);
        path = new int[rows * columns];
        position = new int[(rows + 2) * stride];
        cellOf = new int[position.Length];
        for (var row = 0; row < rows; row++)
            for (var column = 0; column < columns; column++)
                cellOf[(row + 1) * stride + column + 1] = row * columns + column;
        steps = isEight
            ? [-stride - 1, -stride, -stride + 1, -1, 1, stride - 1, stride, stride + 1]
            : [-stride, -1, 1, stride];
    }

    /// <summary>
    /// Marks one lane's path in <paramref name="y"/>, which is zero, and returns ⟨y, θ⟩, summed from the end of the
    /// path.
    /// </summary>
    public double Write(long[] links, int lane, ReadOnlySpan<double> theta, Span<double> y)
    {
        var count = 0;
        for (var at = end; ; at += (int)links[at * Lanes.Width + lane])
        {
            path[count++] = at;
            position[at] = count;
            if (at == start) break;
        }

        var value = 0.0;
        for (var i = 1; i <= count;)
        {
            var at = path[i - 1];
            y[cellOf[at]] = 1.0;
            value += theta[cellOf[at]];
            if (i == count) break;
            var farthest = i;
            foreach (var step in steps) farthest = Math.Max(farthest, position[at + step]);
            i = farthest;
        }

        foreach (var at in path.AsSpan(0, count)) position[at] = 0;
        return value;
    }
}
