using System;

namespace Perturbed.Kernels;

/// <summary>What the unit balls of atomic norms share.</summary>
internal static class AtomicNorm
{
    /// <summary>
    /// How far a norm or a minor may be off, relative to the radius, in a point that passes as an extreme one.
    /// </summary>
    public const double Tolerance = 1e-9;

    public static double Radius(double radius) => double.IsFinite(radius) && radius > 0.0
        ? radius
        : throw new ArgumentOutOfRangeException(nameof(radius), radius, $"radius is {radius}; it must be positive and finite.");
}
