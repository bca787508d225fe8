using System;
using System.Globalization;

namespace Perturbed.Kernels;

/// <summary>The checks of the arguments that every noise takes.</summary>
internal static class Shape
{
    /// <summary>The number of a row's first coordinate: <paramref name="firstSample"/>·<paramref name="dimension"/>.</summary>
    internal static long First(long firstSample, int dimension, int length)
    {
        Rows(length, dimension, "z");
        ArgumentOutOfRangeException.ThrowIfNegative(firstSample);
        var last = (Int128)firstSample * dimension + length;
        if (last > long.MaxValue)
        {
            throw new ArgumentOutOfRangeException(
                nameof(firstSample), firstSample, Text($"firstSample is {firstSample}; with dimension {dimension} the stream ends before it, at the number 2^63 - 1."));
        }
        return firstSample * dimension;
    }

    /// <summary>Whether a length is a whole number of rows of a dimension that is at least 1.</summary>
    internal static void Rows(int length, int dimension, string name)
    {
        if (dimension < 1) throw new ArgumentOutOfRangeException(nameof(dimension), dimension, Text($"dimension is {dimension}; it must be at least 1."));
        if (length % dimension != 0)
            throw new ArgumentException(Text($"{name} has length {length}; expected a multiple of the dimension {dimension}."), name);
    }

    /// <summary>Whether two spans have the same length.</summary>
    internal static void Same(int length, int expected, string name, string other)
    {
        if (length != expected) throw new ArgumentException(Text($"{name} has length {length}; {other} has length {expected}."), name);
    }

    internal static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
