using System;
using Perturbed.Functional.CSharp;

namespace Perturbed.Kernels;

public sealed partial class CauchyNoise : IQuantileLaw
{
    /// <inheritdoc/>
    /// <remarks>tan π(u − ½).</remarks>
    public void Quantiles(ReadOnlySpan<double> u, Span<double> z)
    {
        RowShape.Same(z.Length, u.Length, nameof(z), nameof(u));
        Maps.Apply(default(Quantile), u, z);
    }
}
