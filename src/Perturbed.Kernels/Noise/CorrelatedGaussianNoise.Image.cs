using System;
using Perturbed.Functional.CSharp;

namespace Perturbed.Kernels;

public sealed partial class CorrelatedGaussianNoise : ILinearImage
{
    /// <summary>The standard normal noise.</summary>
    public INoise Source => GaussianNoise.Standard;

    /// <inheritdoc/>
    /// <remarks>L is Cholesky's factor of the covariance. O(d²) a row.</remarks>
    public void Transform(Span<double> rows)
    {
        RowShape.Rows(rows.Length, d, nameof(rows));
        for (var start = 0; start < rows.Length; start += d)
        {
            // Backwards, since the coordinate i needs the normal numbers up to i only.
            var n = rows.Slice(start, d);
            for (var i = d - 1; i >= 0; i--) n[i] = Dot(lower.AsSpan(i * d, i + 1), n[..(i + 1)]);
        }
    }
}
