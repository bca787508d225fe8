using System;
using System.Numerics;

namespace Perturbed.Kernels;

/// <summary>From a block of noise to a block of perturbed θ.</summary>
public static class Perturbations
{
    /// <summary>η = θ + ε ⊙ z for every sample of a block.</summary>
    /// <param name="theta">θ, of the dimension d.</param>
    /// <param name="epsilon">One ε, or one for each coordinate.</param>
    /// <param name="z">Noise, n × d.</param>
    /// <param name="eta">Destination, n × d.</param>
    public static void Additive(ReadOnlySpan<double> theta, ReadOnlySpan<double> epsilon, ReadOnlySpan<double> z, Span<double> eta)
    {
        var d = theta.Length;
        if (epsilon.Length == 1)
        {
            var scale = epsilon[0];
            if (d >= Vector<double>.Count)
            {
                for (var start = 0; start < z.Length; start += d) AddScaled(theta, scale, z.Slice(start, d), eta.Slice(start, d));
                return;
            }
            for (var start = 0; start < z.Length; start += d)
                for (var i = 0; i < d; i++) eta[start + i] = Math.FusedMultiplyAdd(scale, z[start + i], theta[i]);
            return;
        }
        for (var start = 0; start < z.Length; start += d)
            for (var i = 0; i < d; i++) eta[start + i] = Math.FusedMultiplyAdd(epsilon[i], z[start + i], theta[i]);
    }

    /// <summary>The factor exp(ε ⊙ z − ε²/2) and η = θ ⊙ factor for every sample of a block.</summary>
    /// <param name="theta">θ, of the dimension d.</param>
    /// <param name="epsilon">One ε, or one for each coordinate.</param>
    /// <param name="z">Noise, n × d.</param>
    /// <param name="factor">Destination of the factors, n × d.</param>
    /// <param name="eta">Destination, n × d.</param>
    /// <returns>Whether every perturbed entry is finite.</returns>
    public static bool Multiplicative(ReadOnlySpan<double> theta, ReadOnlySpan<double> epsilon, ReadOnlySpan<double> z, Span<double> factor, Span<double> eta)
    {
        var d = theta.Length;
        var finite = true;
        for (var start = 0; start < z.Length; start += d)
        {
            for (var i = 0; i < d; i++)
            {
                var e = epsilon.Length == 1 ? epsilon[0] : epsilon[i];
                var f = Math.Exp(Math.FusedMultiplyAdd(e, z[start + i], -0.5 * e * e));
                var value = theta[i] * f;
                factor[start + i] = f;
                eta[start + i] = value;
                finite &= double.IsFinite(value) & double.IsFinite(f);
            }
        }
        return finite;
    }

    // Vectors where the row has one, and the same fused operation for the rest: a number's bits never depend on where its row ends.
    private static void AddScaled(ReadOnlySpan<double> theta, double scale, ReadOnlySpan<double> z, Span<double> eta)
    {
        var s = new Vector<double>(scale);
        var i = 0;
        for (; i <= theta.Length - Vector<double>.Count; i += Vector<double>.Count)
            Vector.FusedMultiplyAdd(s, new Vector<double>(z[i..]), new Vector<double>(theta[i..])).CopyTo(eta[i..]);
        for (; i < theta.Length; i++) eta[i] = Math.FusedMultiplyAdd(scale, z[i], theta[i]);
    }
}
