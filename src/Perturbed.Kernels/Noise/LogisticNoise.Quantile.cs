using System;
using Perturbed.Functional.CSharp;

namespace Perturbed.Kernels;

public sealed partial class LogisticNoise : IQuantileLaw
{
    /// <inheritdoc/>
    /// <remarks>log(u/(1 − u)).</remarks>
    public void Quantiles(ReadOnlySpan<double> u, Span<double> z)
    {
        RowShape.Same(z.Length, u.Length, nameof(z), nameof(u));
        Maps.Apply(default(Quantile), u, z);
    }
}
