using System;
using System.Numerics;

namespace Perturbed.Kernels;

/// <summary>The rank of a matrix of doubles, in whole numbers.</summary>
internal static class ExactRank
{
    /// <summary>The rank, by elimination that divides without a rest (Bareiss 1968).</summary>
    /// <param name="matrix">n × k, finite.</param>
    /// <param name="n">The number of rows.</param>
    /// <param name="k">The number of columns.</param>
    /// <returns>The rank.</returns>
    public static int Of(double[] matrix, int n, int k)
    {
        var finest = 0;
        foreach (var entry in matrix) finest = Math.Min(finest, Dyadic.Exponent(entry));
        var whole = Array.ConvertAll(matrix, entry => Dyadic.Whole(entry, -finest));
        var (rank, last) = (0, BigInteger.One);
        for (var column = 0; column < k && rank < n; column++)
        {
            var pivot = rank;
            while (pivot < n && whole[pivot * k + column].IsZero) pivot++;
            if (pivot == n) continue;
            for (var j = 0; j < k; j++) (whole[rank * k + j], whole[pivot * k + j]) = (whole[pivot * k + j], whole[rank * k + j]);
            var own = whole[rank * k + column];
            for (var i = rank + 1; i < n; i++)
            {
                var factor = whole[i * k + column];
                for (var j = column; j < k; j++) whole[i * k + j] = (whole[i * k + j] * own - factor * whole[rank * k + j]) / last;
            }

            last = own;
            rank++;
        }

        return rank;
    }
}
