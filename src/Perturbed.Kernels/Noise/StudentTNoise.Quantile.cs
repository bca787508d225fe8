using System;
using Perturbed.Functional.CSharp;

namespace Perturbed.Kernels;

public sealed partial class StudentTNoise : IQuantileLaw
{
    /// <inheritdoc/>
    /// <remarks>
    /// The inverse of the distribution function by Newton's steps: microseconds a number, where a sample of the noise
    /// takes nanoseconds.
    /// </remarks>
    public void Quantiles(ReadOnlySpan<double> u, Span<double> z)
    {
        RowShape.Same(z.Length, u.Length, nameof(z), nameof(u));
        Func<double, double> tail = Tail, density = Density;
        for (var i = 0; i < z.Length; i++)
        {
            var below = u[i] < 0.5;
            var size = StudentQuantile.Upper(below ? u[i] : 1 - u[i], tail, density);
            z[i] = below ? -size : size;
        }
    }
}
