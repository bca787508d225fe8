using System;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Perturbed.Kernels;

/// <summary>What the unit balls of atomic norms share.</summary>
internal static class AtomicNorm
{
    /// <summary>How far a norm or a minor may be off, relative to the radius, in a point that passes as an extreme one.</summary>
    public const double Tolerance = 1e-9;

    public static double Radius(double radius) => double.IsFinite(radius) && radius > 0.0
        ? radius
        : throw new ArgumentOutOfRangeException(nameof(radius), radius, $"radius is {radius}; it must be positive and finite.");

    /// <summary>max |x_i|, of finite numbers.</summary>
    public static double LargestMagnitude(ReadOnlySpan<double> x)
    {
        ref var from = ref MemoryMarshal.GetReference(x);
        var most = 0.0;
        var i = 0;
        if (x.Length >= Lanes.Width)
        {
            var lanes = Vector512<double>.Zero;
            for (; i <= x.Length - Lanes.Width; i += Lanes.Width)
                lanes = Vector512.MaxNative(lanes, Vector512.Abs(Vector512.LoadUnsafe(ref from, (nuint)i)));
            most = Lanes.Max(lanes);
        }

        for (; i < x.Length; i++) most = Math.Max(most, Math.Abs(x[i]));
        return most;
    }
}
