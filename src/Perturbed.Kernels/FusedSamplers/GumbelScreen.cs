using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Perturbed.Functional;

namespace Perturbed.Kernels;

/// <summary>The screen for Gumbel noise, whose numbers grow with their words: z ≥ t exactly for u ≥ exp(−h) with the hazard h = exp(−t − c).</summary>
internal sealed class GumbelScreen(GumbelNoise noise, IOracle oracle, int count) : Screen(noise, oracle, count)
{
    private readonly bool isSingle = count == 1;
    private readonly int[] passed = new int[Room + 16], at = new int[Room + 16];
    private readonly double[] z = new double[Room + 16];
    private readonly double[] first = new double[oracle.Dimension + Wrap], second = new double[oracle.Dimension + Wrap];

    // Nobody reaches τ with probability exp(−Σ h_i), h_i the hazard of (τ − θ_i)/ε_i: with one ε, Σ h_i is a log-sum-exp less τ, and for the largest entry alone no more is needed.
    private protected override double FirstBar(out double unit, out bool isFinal)
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
    private protected override (double Above, double Slope) Expect(double bar)
    {
        RowMaps.Apply(new Survival(bar, noise.Shift), Thetas, Epsilons, Dimension, first, second);
        return (Sums.Of(first.AsSpan(0, Dimension)), Sums.Of(second.AsSpan(0, Dimension)));
    }

    private protected override void SetThresholds()
    {
        RowMaps.Apply(new Threshold(Bar, noise.Shift), Thetas, Epsilons, Dimension, first, second);
        RowMaps.ToWords(first, Dimension, Thresholds);
    }

    private protected override void Finish(int kept)
    {
        Numbers(kept);
        for (var i = 0; i < kept; i++) Take(at[i], z[i]);
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private protected override int Sift(ReadOnlySpan<int> words, int place, int number, int kept)
    {
        ref var from = ref MemoryMarshal.GetReference(words);
        ref var bars = ref MemoryMarshal.GetArrayDataReference(Thresholds);
        ref var word = ref MemoryMarshal.GetArrayDataReference(passed);
        ref var origin = ref MemoryMarshal.GetArrayDataReference(at);
        for (var i = 0; i < words.Length; i += 16)
        {
            var v = Vector512.LoadUnsafe(ref from, (nuint)i);
            var mask = Vector512.GreaterThanOrEqual(v.AsUInt32(), Vector512.LoadUnsafe(ref bars, (nuint)place)).AsInt32();
            place += 16;
            if (place >= Dimension) place -= Dimension;
            // One in ten vectors has a word that passes, when one in hundreds of words does.
            if (mask == Vector512<int>.Zero) continue;
            Compaction.Write(v, mask, ref Unsafe.Add(ref word, kept));
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

    /// <summary>exp((θ − bar)/ε − c), kept within what exp(−h) tells from 0 and 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> Hazard(double bar, double shift, Vector512<double> theta, Vector512<double> epsilon)
    {
        var x = ((theta - Vector512.Create(bar)) / epsilon) - Vector512.Create(shift);
        return Elementary.Exp(Vector512.Min(Vector512.Max(x, Vector512.Create(-700.0)), Vector512.Create(6.5)));
    }

    /// <summary>Hazards of one ε for all.</summary>
    private readonly struct Hazards(double bar, double epsilon) : IRowMap
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Of(Vector512<double> theta, Vector512<double> own, out Vector512<double> hazard, out Vector512<double> again) =>
            hazard = again = Hazard(bar, 0, theta, Vector512.Create(epsilon));
    }

    /// <summary>The probability to reach τ, and its slope.</summary>
    private readonly struct Survival(double bar, double shift) : IRowMap
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Of(Vector512<double> theta, Vector512<double> epsilon, out Vector512<double> survival, out Vector512<double> slope)
        {
            var h = Hazard(bar, shift, theta, epsilon);
            survival = -Elementary.ExpM1(-h);
            slope = h * (Vector512<double>.One - survival) / epsilon;
        }
    }

    /// <summary>The smallest word that may reach τ.</summary>
    private readonly struct Threshold(double bar, double shift) : IRowMap
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Of(Vector512<double> theta, Vector512<double> epsilon, out Vector512<double> word, out Vector512<double> again)
        {
            var u = Elementary.Exp(-Hazard(bar, shift - Margin, theta, epsilon));
            word = again = Vector512.Max((u * Vector512.Create(4294967296.0)) - Vector512.Create(4.0), Vector512<double>.Zero);
        }
    }
}
