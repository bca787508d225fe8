using System;
using Perturbed.Functional.CSharp;

namespace Perturbed.Kernels;

/// <summary>
/// Latin hypercube sampling of the unit cube (McKay, Beckman and Conover 1979): each coordinate of n points takes each
/// of the n equal parts of (0, 1) once.
/// </summary>
/// <remarks>
/// u_ij = (π_j(i) + v_ij)/n, with a random permutation π_j for each coordinate and independent uniforms v. Every point
/// is uniform in the cube, and permutations are functions of a counter: O(1) memory, and a point does not depend on
/// which others are asked for.
/// </remarks>
public static class LatinHypercube
{
    // The largest double below 1: it replaces (n − 1 + v)/n where that rounds to 1.
    private const double Last = 1 - 1.0 / (1L << 53);

    /// <summary>Turns independent uniforms into points of a Latin hypercube, in place.</summary>
    /// <param name="key">The key.</param>
    /// <param name="row">The batch row.</param>
    /// <param name="group">The number of the hypercube in its row: each has permutations of its own.</param>
    /// <param name="size">The number n of points of the hypercube, at least 1.</param>
    /// <param name="first">The number of the first point at hand, from 0.</param>
    /// <param name="dimension">The dimension d of a point.</param>
    /// <param name="u">
    /// Independent uniforms v in (0, 1), m × d with <paramref name="first"/> + m ≤ n; overwritten with m points.
    /// </param>
    /// <exception cref="ArgumentException">
    /// A length that is no multiple of the dimension, or points beyond n.
    /// </exception>
    public static void Stratify(Key key, uint row, uint group, int size, int first, int dimension, Span<double> u)
    {
        RowShape.Rows(u.Length, dimension, nameof(u));
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        var count = u.Length / dimension;
        if (first > size - count)
            throw new ArgumentException(
                RowShape.Text($"u holds the points {first} to {first + (long)count - 1}; the hypercube has {size}."), nameof(u));
        Span<ulong> words = stackalloc ulong[KeyedPermutation.Words];
        for (var j = 0; j < dimension; j++)
        {
            new DesignWords(key, row, group, (uint)j).Fill(words);
            var permutation = new KeyedPermutation(size, words);
            for (var i = 0; i < count; i++)
            {
                ref var number = ref u[i * dimension + j];
                number = Math.Min((permutation.Of((uint)(first + i)) + number) / size, Last);
            }
        }
    }
}
