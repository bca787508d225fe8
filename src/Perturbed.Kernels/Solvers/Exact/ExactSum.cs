using System;
using System.Runtime.CompilerServices;

namespace Perturbed.Kernels;

/// <summary>
/// Comparisons of sums of a few numbers without rounding error: what an addition loses is itself a number (Knuth;
/// Shewchuk 1997).
/// </summary>
internal static class ExactSum
{
    /// <summary>Whether a + b is above c + d.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsMore(double a, double b, double c, double d)
    {
        var (left, right) = (a + b, c + d);

        // Rounding is monotone, so rounded sums that differ have the order of the sums.
        return left > right || (left == right && Lost(a, b, left) > Lost(c, d, right));
    }

    /// <summary>
    /// The sign of the sum of <paramref name="terms"/>, which are overwritten; 0 where a partial sum overflows.
    /// </summary>
    public static int Sign(Span<double> terms)
    {
        // The terms before k are an expansion of their sum, the larger ones later and none overlapping; term k is
        // added to it.
        for (var k = 1; k < terms.Length; k++)
        {
            var most = terms[k];
            for (var i = 0; i < k; i++)
            {
                var sum = most + terms[i];
                terms[i] = Lost(most, terms[i], sum);
                most = sum;
            }

            if (!double.IsFinite(most)) return 0;
            terms[k] = most;
        }

        var last = terms.LastIndexOfAnyExcept(0.0);
        return last < 0 ? 0 : terms[last] > 0.0 ? 1 : -1;
    }

    /// <summary>a + b less its rounded sum, exactly.</summary>
    private static double Lost(double a, double b, double sum)
    {
        var ofB = sum - a;
        return (a - (sum - ofB)) + (b - ofB);
    }
}
