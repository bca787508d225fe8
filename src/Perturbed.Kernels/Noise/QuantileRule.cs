using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Perturbed.Kernels;

/// <summary>
/// The rule that sends each uniform through a quantile function: number n of the noise is the quantile at number n of
/// the uniforms.
/// </summary>
internal readonly struct QuantileRule<TMap>(TMap quantile) : IGroupRule
    where TMap : struct, IMap
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Write(ref readonly PhiloxLanes lanes, ulong group, ref double destination)
    {
        lanes.Uniforms(8 * group, out var first, out var second);
        quantile.Of(first).StoreUnsafe(ref destination);
        quantile.Of(second).StoreUnsafe(ref destination, 8);
    }
}
