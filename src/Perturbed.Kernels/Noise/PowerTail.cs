using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Perturbed.Kernels;

/// <summary>
/// Score and curvature of ν(z) = ½(n + 1)·log(1 + z²/n): Student's t with n degrees of freedom, and Cauchy at n = 1.
/// </summary>
internal static class PowerTail
{
    /// <summary>(n + 1)z / (n + z²); 0 where z² overflows.</summary>
    internal readonly struct ScoreMap(double n) : IMap
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<double> Of(Vector512<double> z) =>
            Vector512.Create(n + 1) * z / Vector512.FusedMultiplyAdd(z, z, Vector512.Create(n));
    }

    /// <summary>
    /// (n + 1)(n − z²) / (n + z²)², as (n + 1)q(2nq − 1) with q = 1/(n + z²), which goes to 0 where z² overflows.
    /// </summary>
    internal readonly struct CurvatureMap(double n) : IMap
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<double> Of(Vector512<double> z)
        {
            var q = Vector512<double>.One / Vector512.FusedMultiplyAdd(z, z, Vector512.Create(n));
            return Vector512.Create(n + 1) * q * Vector512.FusedMultiplyAdd(Vector512.Create(2 * n), q, Vector512.Create(-1.0));
        }
    }
}
