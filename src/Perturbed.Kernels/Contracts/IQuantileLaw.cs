using System;

namespace Perturbed.Functional.CSharp;

/// <summary>
/// A noise whose coordinates are independent and share one law on the line with a known quantile function.
/// </summary>
/// <remarks>
/// Points of the unit cube become samples by it: Latin hypercubes, Sobol's points, and antithetic pairs of a law that
/// is not symmetric need it.
/// </remarks>
public interface IQuantileLaw : INoise
{
    /// <summary>
    /// The quantile function, the inverse of the distribution function: z with P(Z ≤ z) = u, for each number.
    /// </summary>
    /// <param name="u">Numbers inside (0, 1).</param>
    /// <param name="z">
    /// Destination, as long as <paramref name="u"/>; it may be the same span. A number's quantile depends on that
    /// number alone.
    /// </param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    void Quantiles(ReadOnlySpan<double> u, Span<double> z);
}
