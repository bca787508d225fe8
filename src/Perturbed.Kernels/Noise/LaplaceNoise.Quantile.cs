using System;
using Perturbed.Functional.CSharp;

namespace Perturbed.Kernels;

public sealed partial class LaplaceNoise : IQuantileLaw
{
    /// <inheritdoc/>
    /// <remarks>log 2u below ½ and −log 2(1 − u) above.</remarks>
    public void Quantiles(ReadOnlySpan<double> u, Span<double> z)
    {
        RowShape.Same(z.Length, u.Length, nameof(z), nameof(u));
        Maps.Apply(default(Quantile), u, z);
    }
}
