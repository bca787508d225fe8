using System;
using Perturbed.Functional.CSharp;

namespace Perturbed.Kernels;

public sealed partial class QuantileNoise : IQuantileLaw
{
    /// <inheritdoc/>
    /// <remarks>The function of the constructor.</remarks>
    public void Quantiles(ReadOnlySpan<double> u, Span<double> z)
    {
        RowShape.Same(z.Length, u.Length, nameof(z), nameof(u));
        for (var i = 0; i < z.Length; i++) z[i] = quantile(u[i]);
    }
}
