using System;
using Perturbed.Functional;

namespace Perturbed.Kernels;

/// <summary>The checks that solvers share: of lengths before they touch memory without bounds checks, and of values.</summary>
internal static class RowShape
{
    public static int Dimension(int dimension, string name) => dimension >= 1
        ? dimension
        : throw new ArgumentOutOfRangeException(name, dimension, $"{name} is {dimension}; it must be at least 1.");

    public static int Rows(ReadOnlySpan<double> thetas, int dimension, Span<double> solutions, int solutionDimension, Span<double> values)
    {
        var rows = thetas.Length / dimension;
        if (rows * dimension != thetas.Length)
            throw new ArgumentException($"thetas has length {thetas.Length}; expected a multiple of the dimension {dimension}.", nameof(thetas));
        if (solutions.Length != rows * solutionDimension)
            throw new ArgumentException($"solutions has length {solutions.Length}; expected {rows} rows of {solutionDimension}.", nameof(solutions));
        if (values.Length != rows && values.Length != 0)
            throw new ArgumentException($"values has length {values.Length}; expected {rows}, or 0 where no values are wanted.", nameof(values));
        return rows;
    }

    /// <summary>The value of a row's solution, where it is finite.</summary>
    public static double Finite(double value, string oracle, long batchRow) => double.IsFinite(value) ? value : throw Overflow(oracle, batchRow);

    public static OracleException Overflow(string oracle, long batchRow) =>
        new(oracle, batchRow, "a sum of entries of theta exceeds the largest finite number; expected smaller entries.");

    public static void Point(ReadOnlySpan<double> y, int dimension)
    {
        if (y.Length != dimension) throw new ArgumentException($"y has length {y.Length}; expected {dimension}.", nameof(y));
    }
}
