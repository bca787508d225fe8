using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Perturbed.Kernels;

/// <summary>From a block of noise to a block of perturbed θ.</summary>
public static class Perturbations
{
    // θ and ε for eight rows stay in the first-level cache.
    private const int WidestTile = 128;

    /// <summary>η = θ + ε ⊙ z for every sample of a block.</summary>
    /// <param name="theta">θ, of the dimension d.</param>
    /// <param name="epsilon">One ε, or one for each coordinate.</param>
    /// <param name="z">Noise, n × d.</param>
    /// <param name="eta">Destination, n × d.</param>
    public static void Additive(ReadOnlySpan<double> theta, ReadOnlySpan<double> epsilon, ReadOnlySpan<double> z, Span<double> eta)
    {
        var d = theta.Length;
        // A block of narrow rows is added to θ and ε written out for eight rows, so that vectors may span rows.
        if (d <= WidestTile && z.Length >= 2 * Lanes.Width * d) AddTiled(theta, epsilon, z, eta);
        else AddRows(theta, epsilon, z, eta);
    }

    /// <summary>The factor exp(ε ⊙ z − ε²/2) and η = θ ⊙ factor for every sample of a block.</summary>
    /// <param name="theta">θ, of the dimension d.</param>
    /// <param name="epsilon">One ε, or one for each coordinate.</param>
    /// <param name="z">Noise, n × d.</param>
    /// <param name="factor">Destination of the factors, n × d.</param>
    /// <param name="eta">Destination, n × d.</param>
    /// <returns>Whether every perturbed entry is finite.</returns>
    public static bool Multiplicative(
        ReadOnlySpan<double> theta, ReadOnlySpan<double> epsilon, ReadOnlySpan<double> z, Span<double> factor, Span<double> eta)
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

    [SkipLocalsInit]
    private static void AddTiled(ReadOnlySpan<double> theta, ReadOnlySpan<double> epsilon, ReadOnlySpan<double> z, Span<double> eta)
    {
        var d = theta.Length;
        Span<double> tile = stackalloc double[Lanes.Width * d];
        for (var start = 0; start < tile.Length; start += d) theta.CopyTo(tile[start..]);
        Span<double> scales = stackalloc double[epsilon.Length == 1 ? Lanes.Width : Lanes.Width * d];
        for (var start = 0; start < scales.Length; start += epsilon.Length) epsilon.CopyTo(scales[start..]);
        var whole = z.Length / tile.Length * tile.Length;
        for (var start = 0; start < whole; start += tile.Length) AddScaled(tile, scales, z.Slice(start, tile.Length), eta[start..]);
        if (whole < z.Length) AddRows(theta, epsilon, z[whole..], eta[whole..]);
    }

    // Vectors where the row has one, and the same fused operation for the rest: a number's bits never depend on where
    // its row ends.
    private static void AddRows(ReadOnlySpan<double> theta, ReadOnlySpan<double> epsilon, ReadOnlySpan<double> z, Span<double> eta)
    {
        var d = theta.Length;
        for (var start = 0; start < z.Length; start += d) AddScaled(theta, epsilon, z.Slice(start, d), eta[start..]);
    }

    /// <summary>
    /// θ + ε z for as many numbers as θ has; ε may be one number, eight equal ones, or as many as θ has.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void AddScaled(ReadOnlySpan<double> theta, ReadOnlySpan<double> epsilon, ReadOnlySpan<double> z, Span<double> eta)
    {
        ref var mean = ref MemoryMarshal.GetReference(theta);
        ref var noise = ref MemoryMarshal.GetReference(z);
        ref var scale = ref MemoryMarshal.GetReference(epsilon);
        ref var to = ref MemoryMarshal.GetReference(eta);
        var count = theta.Length;
        var same = epsilon.Length < count || count == 1;
        var one = Vector512.Create(scale);
        nint i = 0;
        for (; i <= count - Lanes.Width; i += Lanes.Width)
        {
            var s = same ? one : Vector512.LoadUnsafe(ref scale, (nuint)i);
            Vector512.FusedMultiplyAdd(s, Vector512.LoadUnsafe(ref noise, (nuint)i), Vector512.LoadUnsafe(ref mean, (nuint)i))
                .StoreUnsafe(ref to, (nuint)i);
        }

        for (; i < count; i++)
            Unsafe.Add(ref to, i) = Math.FusedMultiplyAdd(
                same ? scale : Unsafe.Add(ref scale, i), Unsafe.Add(ref noise, i), Unsafe.Add(ref mean, i));
    }
}
