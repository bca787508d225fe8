using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Perturbed.Functional.CSharp;

namespace Perturbed.Kernels;

/// <summary>
/// The prefilter for Gaussian noise. A pair of numbers has the length r = (−2 log u)^½ of one 32-bit number: neither reaches t
/// > 0 unless u ≤ exp(−t²/2).
/// </summary>
internal sealed class GaussianPrefilter(GaussianNoise noise, IOracle oracle, int count) : Prefilter(noise, oracle, count)
{
    private readonly int[] radii = new int[BufferSize + 16], angles = new int[BufferSize + 16], at = new int[BufferSize + 16];

    // What z must reach for its entry to reach the threshold, in single precision and a margin lower, and the same for
    // the two numbers of each pair that passed.
    private readonly float[] levels = new float[oracle.Dimension + Wrap];
    private readonly int[] evenLevels = new int[BufferSize + 16], oddLevels = new int[BufferSize + 16];
    private readonly int[] origins = new int[2 * (BufferSize + 16)], numbers = new int[2 * (BufferSize + 16)];
    private readonly double[] first = new double[oracle.Dimension + Wrap], second = new double[oracle.Dimension + Wrap];

    // The quantile of a normal law with the mean and the variance of θ + εz.
    private protected override double FirstThreshold(out double unit, out bool isFinal)
    {
        var theta = Thetas.AsSpan(0, Dimension);
        var epsilon = Epsilons.AsSpan(0, Dimension);
        var mean = Sums.Of(theta) / Dimension;
        (unit, isFinal) = (Math.Sqrt((Sums.OfSquares(theta, mean) + Sums.OfSquares(epsilon, 0)) / Dimension), false);
        return mean + (unit * default(NormalQuantile).Of(Vector512.Create(1 - (Expected / Dimension)))[0]);
    }

    private protected override (double Above, double Slope) Expect(double threshold)
    {
        RowMaps.Apply(new Survival(threshold), Thetas, Epsilons, Dimension, first, second);
        return (Sums.Of(first.AsSpan(0, Dimension)), Sums.Of(second.AsSpan(0, Dimension)));
    }

    private protected override void SetUniformThresholds()
    {
        RowMaps.Apply(new UniformThreshold(Threshold), Thetas, Epsilons, Dimension, first, second);
        RowMaps.ToSingle(first, Dimension, levels);
        levels.AsSpan(0, Wrap).CopyTo(levels.AsSpan(Dimension));
        RowMaps.ToUInt32(second, Dimension, UniformThresholds.Span);
    }

    private protected override void Finish(int kept)
    {
        // Lanes behind the last pair reach nothing.
        evenLevels.AsSpan(kept, 16).Fill(BitConverter.SingleToInt32Bits(float.PositiveInfinity));
        oddLevels.AsSpan(kept, 16).Fill(BitConverter.SingleToInt32Bits(float.PositiveInfinity));
        var n = Numbers(kept);
        for (var i = 0; i < n; i++) Accept(origins[i], BitConverter.Int32BitsToSingle(numbers[i]));
    }

    /// <summary>Keeps the pairs whose length allows a number that reaches the threshold.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private protected override int Select(ReadOnlySpan<int> uniforms, int index, int number, int kept)
    {
        ref var from = ref MemoryMarshal.GetReference(uniforms);
        ref var thresholds = ref UniformThresholds.First;
        ref var level = ref MemoryMarshal.GetArrayDataReference(levels);
        for (var i = 0; i < uniforms.Length; i += 32)
        {
            var uniform = Vector512.LoadUnsafe(ref from, (nuint)i) | Vector512<int>.One;
            var angle = Vector512.LoadUnsafe(ref from, (nuint)(i + 16));
            // A negative number passes only where its threshold is below 0, so its 32-bit number becomes the largest one. The
            // cosine is negative in the half turn around ½, the sine in the second half.
            var even = (uniform | ((angle + Vector512.Create(1 << 30)) >> 31)).AsUInt32();
            var odd = (uniform | (angle >> 31)).AsUInt32();
            var mask = (Vector512.LessThanOrEqual(even, Vector512.LoadUnsafe(ref thresholds, (nuint)index))
                | Vector512.LessThanOrEqual(odd, Vector512.LoadUnsafe(ref thresholds, (nuint)(index + 16)))).AsInt32();
            Compaction.Write(uniform, mask, ref radii[kept]);
            Compaction.Write(angle, mask, ref angles[kept]);
            Compaction.Write(Vector512.Create(number + i) + Vector512<int>.Indices, mask, ref at[kept]);
            Compaction.Write(Vector512.LoadUnsafe(ref level, (nuint)index).AsInt32(), mask, ref evenLevels[kept]);
            Compaction.Write(Vector512.LoadUnsafe(ref level, (nuint)(index + 16)).AsInt32(), mask, ref oddLevels[kept]);
            kept += Compaction.Count(mask);
            index += 32;
            if (index >= Dimension) index -= Dimension;
        }

        return kept;
    }

    /// <summary>The numbers of those pairs that themselves reach their level.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private int Numbers(int count)
    {
        var n = 0;
        for (var i = 0; i < count; i += 16)
        {
            GaussianNoise.Pairs(Vector512.LoadUnsafe(ref radii[i]), Vector512.LoadUnsafe(ref angles[i]), out var even, out var odd);
            var number = Vector512.LoadUnsafe(ref at[i]);
            n += Keep(even, number, Vector512.LoadUnsafe(ref evenLevels[i]).AsSingle(), n);
            n += Keep(odd, number + Vector512.Create(16), Vector512.LoadUnsafe(ref oddLevels[i]).AsSingle(), n);
        }

        return n;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Keep(Vector512<float> z, Vector512<int> number, Vector512<float> level, int n)
    {
        var mask = Vector512.GreaterThanOrEqual(z, level).AsInt32();
        Compaction.Write(z.AsInt32(), mask, ref numbers[n]);
        Compaction.Write(number, mask, ref origins[n]);
        return Compaction.Count(mask);
    }

    /// <summary>(τ − θ)/ε less the margin, within what a normal number can be.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> Level(double threshold, Vector512<double> theta, Vector512<double> epsilon) =>
        Vector512.Min(
            Vector512.Max(((Vector512.Create(threshold) - theta) / epsilon) - Vector512.Create(Margin), Vector512.Create(-30.0)),
            Vector512.Create(30.0));

    /// <summary>
    /// The probability that θ + εz reaches τ, φ(t)/((1 − a)t + a(t² + b)^½) with a = 0.339 and b = 5.51 for t ≥ 0
    /// (Börjesson and Sundberg 1979), within 0.3%, and its slope φ(t)/ε.
    /// </summary>
    private readonly struct Survival(double threshold) : IRowMap
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Of(Vector512<double> theta, Vector512<double> epsilon, out Vector512<double> survival, out Vector512<double> slope)
        {
            var t = Level(threshold, theta, epsilon);
            var density = Elementary.Exp(t * t * Vector512.Create(-0.5)) * Vector512.Create(0.3989422804014327);
            var root = Vector512.Sqrt((t * t) + Vector512.Create(5.51));
            var upper = density / ((Vector512.Abs(t) * Vector512.Create(0.661)) + (root * Vector512.Create(0.339)));
            survival = Vector512.ConditionalSelect(Vector512.LessThan(t, Vector512<double>.Zero), Vector512<double>.One - upper, upper);
            slope = density / epsilon;
        }
    }

    /// <summary>What z must reach, and the largest 32-bit number whose length reaches it.</summary>
    private readonly struct UniformThreshold(double threshold) : IRowMap
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Of(Vector512<double> theta, Vector512<double> epsilon, out Vector512<double> level, out Vector512<double> uniform)
        {
            level = Level(threshold, theta, epsilon);
            var t = Vector512.Max(level, Vector512<double>.Zero);
            var u = Elementary.Exp(t * t * Vector512.Create(-0.5)) * Vector512.Create(4294967296.0);
            uniform = Vector512.Min(u + Vector512.Create(4.0), Vector512.Create((double)uint.MaxValue));
        }
    }
}
