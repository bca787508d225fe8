using System;
using Perturbed.Functional.CSharp;

namespace Perturbed.Kernels;

public sealed partial class GaussianNoise : IQuantileLaw
{
    /// <inheritdoc/>
    /// <remarks>Wichura's rational approximations, within some units in the last place.</remarks>
    public void Quantiles(ReadOnlySpan<double> u, Span<double> z)
    {
        RowShape.Same(z.Length, u.Length, nameof(z), nameof(u));
        Maps.Apply(default(NormalQuantile), u, z);
    }
}
