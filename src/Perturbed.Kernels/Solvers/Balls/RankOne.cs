using System;

namespace Perturbed.Kernels;

/// <summary>Matrices of rank one.</summary>
internal static class RankOne
{
    /// <summary>Whether a row-major matrix has rank one and the Frobenius norm r, to 1e-9 of r.</summary>
    public static bool IsOfNorm(ReadOnlySpan<double> y, int columns, double radius)
    {
        var (pivot, most, squares) = (0, 0.0, 0.0);
        for (var at = 0; at < y.Length; at++)
        {
            if (!(Math.Abs(y[at]) <= 2.0 * radius)) return false;
            if (Math.Abs(y[at]) > most) (pivot, most) = (at, Math.Abs(y[at]));
            squares += y[at] / radius * (y[at] / radius);
        }

        if (Math.Abs(Math.Sqrt(squares) - 1.0) > AtomicNorm.Tolerance) return false;

        // Rank one: every entry is the product of its row's and its column's entry at the pivot.
        var (row, column) = Math.DivRem(pivot, columns);
        for (var at = 0; at < y.Length; at++)
        {
            var (i, j) = Math.DivRem(at, columns);
            var expected = y[i * columns + column] * (y[row * columns + j] / y[pivot]);
            if (Math.Abs(y[at] - expected) > AtomicNorm.Tolerance * radius) return false;
        }

        return true;
    }
}
