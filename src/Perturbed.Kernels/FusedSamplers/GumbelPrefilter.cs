using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Perturbed.Functional.CSharp;

namespace Perturbed.Kernels;

/// <summary>
/// The prefilter for Gumbel noise, which grows with its 32-bit number: z ≥ t exactly for u ≥ exp(−h) with the hazard
/// h = exp(−t − c).
/// </summary>
internal sealed class GumbelPrefilter(GumbelNoise noise, IOracle oracle, int count) : Prefilter(noise, oracle, count)
{
    private readonly bool isSingle = count == 1;
    private readonly int[] passed = new int[BufferSize + 16], at = new int[BufferSize + 16];
    private readonly double[] z = new double[BufferSize + 16];
    private readonly double[] first = new double[oracle.Dimension + Wrap], second = new double[oracle.Dimension + Wrap];

    // No entry reaches τ with probability exp(−Σ h_i), h_i the hazard of (τ − θ_i)/ε_i. With one ε, log Σ h_i is a
    // log-sum-exp less τ, so that for the largest entry alone the first threshold is final.
    private protected override double FirstThreshold(out double unit, out bool isFinal)
    {
        var (largest, widest) = (double.NegativeInfinity, 0.0);
        for (var i = 0; i < Dimension; i++)
        {
            if (Thetas[i] > largest) largest = Thetas[i];
            if (Epsilons[i] > widest) widest = Epsilons[i];
        }

        (unit, isFinal) = (widest, isSingle && Epsilon.Length == 1);
        RowMaps.Apply(new Hazards(largest, widest), Thetas, Epsilons, Dimension, first, second);
        return largest + (widest * (Math.Log(Sums.Of(first.AsSpan(0, Dimension)) / Expected) - noise.Shift));
    }

    // Σ (1 − exp(−h_i)) and Σ h_i exp(−h_i)/ε_i.
    private protected override (double Above, double Slope) Expect(double threshold)
    {
        RowMaps.Apply(new Survival(threshold, noise.Shift), Thetas, Epsilons, Dimension, first, second);
        return (Sums.Of(first.AsSpan(0, Dimension)), Sums.Of(second.AsSpan(0, Dimension)));
    }

    private protected override void SetUniformThresholds()
    {
        RowMaps.Apply(new UniformThreshold(Threshold, noise.Shift), Thetas, Epsilons, Dimension, first, second);
        RowMaps.ToUInt32(first, Dimension, UniformThresholds.Span);
    }

    private protected override void Finish(int kept)
    {
        Numbers(kept);
        for (var i = 0; i < kept; i++) Accept(at[i], z[i]);
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private protected override int Select(ReadOnlySpan<int> uniforms, int index, int number, int kept)
    {
        ref var from = ref MemoryMarshal.GetReference(uniforms);
        ref var thresholds = ref UniformThresholds.First;
        ref var uniform = ref MemoryMarshal.GetArrayDataReference(passed);
        ref var origin = ref MemoryMarshal.GetArrayDataReference(at);
        for (var i = 0; i < uniforms.Length; i += 16)
        {
            var v = Vector512.LoadUnsafe(ref from, (nuint)i);
            var mask = Vector512.GreaterThanOrEqual(v.AsUInt32(), Vector512.LoadUnsafe(ref thresholds, (nuint)index)).AsInt32();
            index += 16;
            if (index >= Dimension) index -= Dimension;
            // Where one in hundreds of numbers passes, one in ten vectors has such a one.
            if (mask == Vector512<int>.Zero) continue;
            Compaction.Write(v, mask, ref Unsafe.Add(ref uniform, kept));
            Compaction.Write(Vector512.Create(number + i) + Vector512<int>.Indices, mask, ref Unsafe.Add(ref origin, kept));
            kept += Compaction.Count(mask);
        }

        return kept;
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private void Numbers(int count)
    {
        for (var i = 0; i < count; i += 16)
            noise.Finish(SingleElementary.LogOfUniform(Vector512.LoadUnsafe(ref passed[i]) | Vector512<int>.One), ref z[i]);
    }

    /// <summary>exp((θ − threshold)/ε − c), kept within what exp(−h) tells from 0 and 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> Hazard(double threshold, double shift, Vector512<double> theta, Vector512<double> epsilon)
    {
        var x = ((theta - Vector512.Create(threshold)) / epsilon) - Vector512.Create(shift);
        return Elementary.Exp(Vector512.Min(Vector512.Max(x, Vector512.Create(-700.0)), Vector512.Create(6.5)));
    }

    /// <summary>Hazards of one ε for all.</summary>
    private readonly struct Hazards(double threshold, double epsilon) : IRowMap
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Of(Vector512<double> theta, Vector512<double> own, out Vector512<double> hazard, out Vector512<double> again) =>
            hazard = again = Hazard(threshold, 0, theta, Vector512.Create(epsilon));
    }

    /// <summary>The probability that θ + εz reaches τ, and its slope.</summary>
    private readonly struct Survival(double threshold, double shift) : IRowMap
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Of(Vector512<double> theta, Vector512<double> epsilon, out Vector512<double> survival, out Vector512<double> slope)
        {
            var h = Hazard(threshold, shift, theta, epsilon);
            survival = -Elementary.ExpM1(-h);
            slope = h * (Vector512<double>.One - survival) / epsilon;
        }
    }

    /// <summary>The smallest 32-bit number that may reach τ.</summary>
    private readonly struct UniformThreshold(double threshold, double shift) : IRowMap
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Of(Vector512<double> theta, Vector512<double> epsilon, out Vector512<double> uniform, out Vector512<double> again)
        {
            var u = Elementary.Exp(-Hazard(threshold, shift - Margin, theta, epsilon));
            uniform = again = Vector512.Max((u * Vector512.Create(4294967296.0)) - Vector512.Create(4.0), Vector512<double>.Zero);
        }
    }
}
