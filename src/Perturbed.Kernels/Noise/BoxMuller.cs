using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Perturbed.Kernels;

/// <summary>
/// Box and Muller's transformation in double precision: two uniforms to two independent standard normal numbers.
/// </summary>
internal static class BoxMuller
{
    /// <summary>r·cos 2πu₂ and r·sin 2πu₂ with r = (−2 log u₁)^½.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Pair(Vector512<double> first, Vector512<double> second, out Vector512<double> cosine, out Vector512<double> sine)
    {
        var radius = Vector512.Sqrt(Vector512.Create(-2.0) * Elementary.Log(first));
        Elementary.SinCosOfTurns(second, out sine, out cosine);
        cosine *= radius;
        sine *= radius;
    }
}
