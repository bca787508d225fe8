using System;
using System.Numerics;
using Perturbed.Functional.CSharp;

namespace Perturbed.Kernels;

/// <summary>
/// Sobol's points in the unit cube, scrambled by a random linear matrix and a digital shift for each coordinate
/// (Matoušek 1998; Owen 2003).
/// </summary>
/// <remarks>
/// A coordinate's digits x are replaced by L·x ⊕ s, with L lower triangular over the bits, 1 on its diagonal and
/// random below it, and s random: every point is uniform in the cube, 2ᵏ of them remain a digital net, and the
/// variance of a mean is that of Owen's nested scrambling. Points are in the order of the Gray code. Each number has
/// the 52 binary digits of <see cref="Uniforms"/>, at the middle of its cell: never 0 or 1. Nothing is stored: a point
/// does not depend on which others are asked for.
/// </remarks>
public static class SobolPoints
{
    /// <summary>The largest dimension: 1111.</summary>
    public const int MaxDimension = SobolDirections.Dimensions;

    private const ulong One = 0x3FF0000000000000;
    private const double OneLessHalfStep = 1 - 1.0 / (1L << 53);

    /// <summary>
    /// Fills <paramref name="u"/> with the points number <paramref name="first"/>, <paramref name="first"/> + 1, … of
    /// a scrambled sequence.
    /// </summary>
    /// <param name="key">The key.</param>
    /// <param name="row">The batch row.</param>
    /// <param name="group">The number of the sequence in its row: each has a scrambling of its own.</param>
    /// <param name="first">The number of the first point, from 0.</param>
    /// <param name="dimension">The dimension d of a point, at most <see cref="MaxDimension"/>.</param>
    /// <param name="u">Destination, m × d, each number in (0, 1). Cost O(m·d + d log²(first + m)).</param>
    /// <exception cref="ArgumentException">
    /// A dimension out of range, a negative number, or a length that is no multiple of the dimension.
    /// </exception>
    public static void Fill(Key key, uint row, uint group, int first, int dimension, Span<double> u)
    {
        RowShape.Rows(u.Length, dimension, nameof(u));
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        if (dimension > MaxDimension)
            throw new ArgumentOutOfRangeException(
                nameof(dimension), dimension, RowShape.Text($"dimension is {dimension}; Sobol's points have at most {MaxDimension}."));
        if (u.IsEmpty) return;
        var columns = 32 - BitOperations.LeadingZeroCount((uint)(first + (long)u.Length / dimension - 1));
        Span<ulong> words = stackalloc ulong[1 + SobolDirections.Columns];
        Span<ulong> directions = stackalloc ulong[SobolDirections.Columns];
        for (var j = 0; j < dimension; j++)
        {
            new DesignWords(key, row, group, (uint)j).Fill(words[..(1 + columns)]);
            Scramble(SobolDirections.Of(j), words.Slice(1, columns), directions);
            Sequence(words[0] >> (64 - SobolDirections.Digits), directions, (uint)first, u[j..], dimension);
        }
    }

    /// <summary>
    /// The points without scrambling, as numbers of 52 binary digits less the middle of the cell: for tests against
    /// published tables.
    /// </summary>
    internal static void FillPlain(int first, int dimension, Span<double> u)
    {
        for (var j = 0; j < dimension; j++) Sequence(0, SobolDirections.Of(j), (uint)first, u[j..], dimension);
        foreach (ref var number in u) number -= 1.0 / (1L << 53);
    }

    // L·v for each direction number: the columns of L that v's digits choose, column l with its 1 at digit l and a
    // random word below.
    private static void Scramble(ReadOnlySpan<ulong> plain, ReadOnlySpan<ulong> words, Span<ulong> directions)
    {
        for (var k = 0; k < words.Length; k++)
        {
            var rest = plain[k];
            var sum = 0UL;
            while (rest != 0)
            {
                var digit = SobolDirections.Digits - 1 - BitOperations.Log2(rest);
                var one = 1UL << (SobolDirections.Digits - 1 - digit);
                sum ^= one | (words[digit] & (one - 1));
                rest ^= one;
            }
            directions[k] = sum;
        }
    }

    private static void Sequence(ulong shift, ReadOnlySpan<ulong> directions, uint first, Span<double> u, int stride)
    {
        var x = shift;
        for (var gray = first ^ (first >> 1); gray != 0; gray &= gray - 1) x ^= directions[BitOperations.TrailingZeroCount(gray)];
        for (var i = 0; i < u.Length; i += stride)
        {
            u[i] = BitConverter.UInt64BitsToDouble(x | One) - OneLessHalfStep;
            if (i + stride < u.Length) x ^= directions[BitOperations.TrailingZeroCount(++first)];
        }
    }
}
