namespace Perturbed.Functional.CSharp;

/// <summary>
/// A noise whose coordinates are independent and share one law on the line with a known density and distribution
/// function.
/// </summary>
/// <remarks>
/// Exact expectations need it: where a noise implements it, probabilities of orders of θ + εZ are sums and integrals
/// of these functions. All take ±∞, and none returns NaN there. The density is smooth but for a kink at 0 where
/// <see cref="INoise.HasCurvature"/> is false.
/// </remarks>
public interface ICoordinateLaw : INoise
{
    /// <summary>The density f(z) of a coordinate.</summary>
    /// <param name="z">A number, or ±∞.</param>
    /// <returns>f(z), at least 0; 0 at ±∞.</returns>
    double Density(double z);

    /// <summary>The distribution function P(Z ≤ z), accurate relative to itself in the lower tail.</summary>
    /// <param name="z">A number, or ±∞.</param>
    /// <returns>P(Z ≤ z), in [0, 1].</returns>
    double Cdf(double z);

    /// <summary>The upper tail P(Z &gt; z), accurate relative to itself where it is small.</summary>
    /// <param name="z">A number, or ±∞.</param>
    /// <returns>P(Z &gt; z), in [0, 1].</returns>
    double Survival(double z);

    /// <summary>
    /// The length over which density and tails change by a factor around ±<paramref name="distance"/>: a panel of that
    /// width needs 16 nodes of Gauss and Legendre for full precision.
    /// </summary>
    /// <param name="distance">|z|, at least 0.</param>
    /// <returns>
    /// A positive length that does not fall with the distance: 1 for exponential tails and lighter ones, about |z| for
    /// a power tail.
    /// </returns>
    double Resolution(double distance);
}
