using System;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Perturbed.Functional.CSharp;

namespace Perturbed.Kernels;

public sealed partial class GumbelNoise : IQuantileLaw
{
    /// <inheritdoc/>
    /// <remarks>−log(−log u) − c.</remarks>
    public void Quantiles(ReadOnlySpan<double> u, Span<double> z)
    {
        RowShape.Same(z.Length, u.Length, nameof(z), nameof(u));
        Maps.Apply(new QuantileMap(Vector512.Create(shift)), u, z);
    }

    private readonly struct QuantileMap(Vector512<double> shift) : IMap
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<double> Of(Vector512<double> u) => -Elementary.Log(-Elementary.Log(u)) - shift;
    }
}
