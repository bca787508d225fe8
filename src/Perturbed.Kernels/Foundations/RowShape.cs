using System;
using System.Globalization;

namespace Perturbed.Kernels;

/// <summary>The checks of row-major spans, made before loops touch memory without bounds checks.</summary>
internal static class RowShape
{
    /// <summary>The dimension, which is at least 1.</summary>
    public static int Dimension(int dimension, string name) => dimension >= 1
        ? dimension
        : throw new ArgumentOutOfRangeException(name, dimension, $"{name} is {dimension}; it must be at least 1.");

    /// <summary>The number of rows of θ, solutions and values, whose lengths agree.</summary>
    public static int Rows(ReadOnlySpan<double> thetas, int dimension, Span<double> solutions, int solutionDimension, Span<double> values)
    {
        var rows = thetas.Length / dimension;
        if (rows * dimension != thetas.Length)
            throw new ArgumentException(
                $"thetas has length {thetas.Length}; expected a multiple of the dimension {dimension}.", nameof(thetas));
        if (solutions.Length != rows * solutionDimension)
            throw new ArgumentException(
                $"solutions has length {solutions.Length}; expected {rows} rows of {solutionDimension}.", nameof(solutions));
        if (values.Length != rows && values.Length != 0)
            throw new ArgumentException(
                $"values has length {values.Length}; expected {rows}, or 0 where no values are wanted.", nameof(values));
        return rows;
    }

    /// <summary>Whether a point has the dimension.</summary>
    public static void Point(ReadOnlySpan<double> y, int dimension)
    {
        if (y.Length != dimension) throw new ArgumentException($"y has length {y.Length}; expected {dimension}.", nameof(y));
    }

    /// <summary>
    /// The number of a row's first coordinate: <paramref name="firstSample"/>·<paramref name="dimension"/>.
    /// </summary>
    public static long First(long firstSample, int dimension, int length)
    {
        Rows(length, dimension, "z");
        ArgumentOutOfRangeException.ThrowIfNegative(firstSample);
        var last = (Int128)firstSample * dimension + length;
        if (last > long.MaxValue)
        {
            throw new ArgumentOutOfRangeException(
                nameof(firstSample), firstSample,
                Text($"firstSample is {firstSample}; with dimension {dimension} the stream ends before it, at the number 2^63 - 1."));
        }
        return firstSample * dimension;
    }

    /// <summary>Whether a length is a whole number of rows of a dimension that is at least 1.</summary>
    public static void Rows(int length, int dimension, string name)
    {
        if (dimension < 1)
            throw new ArgumentOutOfRangeException(nameof(dimension), dimension, Text($"dimension is {dimension}; it must be at least 1."));
        if (length % dimension != 0)
            throw new ArgumentException(Text($"{name} has length {length}; expected a multiple of the dimension {dimension}."), name);
    }

    /// <summary>Whether two spans have the same length.</summary>
    public static void Same(int length, int expected, string name, string other)
    {
        if (length != expected) throw new ArgumentException(Text($"{name} has length {length}; {other} has length {expected}."), name);
    }

    /// <summary>A message whose numbers are written in the same way everywhere.</summary>
    public static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
