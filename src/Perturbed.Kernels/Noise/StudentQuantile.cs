using System;

namespace Perturbed.Kernels;

/// <summary>
/// The quantile function of a symmetric law on the line, out of its tail and its density, by Newton's steps inside a
/// bracket.
/// </summary>
/// <remarks>
/// Where the tail is below ¼ the steps are taken for log P(Z &gt; z) in log z, on which a power tail is a straight
/// line. About five evaluations of the tail a number; near 0 the error is absolute, of the size of the tail's rounding
/// over the density.
/// </remarks>
internal static class StudentQuantile
{
    /// <summary>z ≥ 0 with P(Z &gt; z) = p, for p in (0, ½].</summary>
    internal static double Upper(double p, Func<double, double> tail, Func<double, double> density)
    {
        if (p >= 0.5) return 0;
        double low = 0, high = 1;
        while (tail(high) > p)
        {
            low = high;
            high *= 16;
        }

        var z = low > 0 ? Math.Sqrt(low) * Math.Sqrt(high) : 0.5;
        for (var step = 0; step < 200; step++)
        {
            var (t, f) = (tail(z), density(z));
            if (t == p) return z;
            if (t > p) low = z;
            else high = z;
            var next = p < 0.25 ? z * Math.Exp(t * Math.Log(t / p) / (f * z)) : z + (t - p) / f;
            if (!(next > low && next < high)) next = low > 0 ? Math.Sqrt(low) * Math.Sqrt(high) : 0.5 * high;
            if (Math.Abs(next - z) <= 2e-16 * z || high - low <= 2e-16 * high) return next;
            z = next;
        }

        return z;
    }
}
