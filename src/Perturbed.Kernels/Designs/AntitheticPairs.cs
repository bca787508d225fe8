using System;

namespace Perturbed.Kernels;

/// <summary>Each sample beside its mirror image: z and −z, or u and 1 − u.</summary>
public static class AntitheticPairs
{
    /// <summary>Spreads the first half of the rows to pairs (z, −z), in place.</summary>
    /// <param name="rows">
    /// n × d; row j of the first ⌈n/2⌉ becomes row 2j, and its negative row 2j + 1 where there is one.
    /// </param>
    /// <param name="dimension">The dimension d.</param>
    /// <exception cref="ArgumentException">A length that is no multiple of the dimension.</exception>
    public static void Negate(Span<double> rows, int dimension) => Spread(rows, dimension, 0);

    /// <summary>Spreads the first half of the rows to pairs (u, 1 − u), in place.</summary>
    /// <param name="rows">
    /// n × d uniforms; row j of the first ⌈n/2⌉ becomes row 2j, and its mirror image row 2j + 1 where there is one.
    /// </param>
    /// <param name="dimension">The dimension d.</param>
    /// <exception cref="ArgumentException">A length that is no multiple of the dimension.</exception>
    public static void Mirror(Span<double> rows, int dimension) => Spread(rows, dimension, 1);

    // Backwards: row j is read before any row up to it is written.
    private static void Spread(Span<double> rows, int dimension, double sum)
    {
        RowShape.Rows(rows.Length, dimension, nameof(rows));
        var n = rows.Length / dimension;
        for (var j = (n + 1) / 2 - 1; j >= 0; j--)
        {
            var source = rows.Slice(j * dimension, dimension);
            if (2 * j + 1 < n)
            {
                var image = rows.Slice((2 * j + 1) * dimension, dimension);
                for (var i = 0; i < dimension; i++) image[i] = sum - source[i];
            }
            if (j > 0) source.CopyTo(rows.Slice(2 * j * dimension, dimension));
        }
    }
}
