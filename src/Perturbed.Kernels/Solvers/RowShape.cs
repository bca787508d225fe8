using System;

namespace Perturbed.Kernels;

/// <summary>The checks of lengths that every solver makes before it touches memory without bounds checks.</summary>
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

    public static void Point(ReadOnlySpan<double> y, int dimension)
    {
        if (y.Length != dimension) throw new ArgumentException($"y has length {y.Length}; expected {dimension}.", nameof(y));
    }
}
