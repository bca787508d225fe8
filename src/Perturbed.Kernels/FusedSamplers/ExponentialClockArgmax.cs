using System;
using System.Linq;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using Perturbed.Functional.CSharp;

namespace Perturbed.Kernels;

/// <summary>
/// The argmax under Gumbel noise by exponential clocks: θ_i + εz_i is largest where E_i·exp(−θ_i/ε) is least, E = −log
/// u.
/// </summary>
/// <remarks>
/// One logarithm a number instead of two, and everything in single precision. A sample whose two best candidates are
/// within a factor 1 + 2⁻¹⁶ takes the reference path: the rounding of both paths together is below 2⁻¹⁷. It takes one
/// ε for all coordinates. The minimum of the clocks is why the perturbed maximizer is the softmax: paper, Section 2,
/// Example 1.
/// </remarks>
internal sealed class ExponentialClockArgmax(GumbelNoise noise, ArgmaxOracle oracle) : FusedSolver(noise, oracle, ones: 1)
{
    /// <summary>Beyond it a prefilter is faster.</summary>
    internal const int Widest = 64;

    private const int Width = 16, Numbers = 2048, TooClose = -1;

    // A Gumbel number lies between −3.1 and 22.2: an entry 26 behind the largest cannot become the largest.
    private const double Farthest = 26;
    private const float Close = 1 + 1.0f / 65536;

    private readonly float[] weights = new float[(oracle.Dimension + Width - 1) / Width * Width];
    // Of the thread, not of the solver: a solver is made for every call, and new memory is not in the cache.
    [ThreadStatic]
    private static Scratch? scratch;

    private protected override bool Prepare()
    {
        if (Epsilon.Length > 1) return false;
        var largest = Theta[0];
        foreach (var t in Theta) largest = Math.Max(largest, t);
        Array.Fill(weights, float.PositiveInfinity);
        for (var i = 0; i < Dimension; i++)
        {
            var behind = (largest - Theta[i]) / Epsilon[0];
            if (behind < Farthest) weights[i] = (float)Math.Exp(behind);
        }

        return true;
    }

    private protected override void Run(Key key, uint row, long first, Span<int> indices, Span<double> values, Span<float> residuals)
    {
        var own = scratch ??= new Scratch();
        var uniforms = own.Uniforms;
        var logarithms = own.Logarithms;
        var lanes = new PhiloxLanes(key, row, Philox.NoiseDomain);
        var most = Numbers / Dimension;
        var samples = indices.Length;
        for (var done = 0; done < samples; done += most)
        {
            var count = Math.Min(most, samples - done);
            var start = first + ((long)done * Dimension);
            var skip = (int)(start % Uniform32Groups.Size);
            var needed = (skip + (count * Dimension) + Uniform32Groups.Size - 1) / Uniform32Groups.Size * Uniform32Groups.Size;
            Uniform32Groups.Draw(in lanes, (ulong)(start / Uniform32Groups.Size), uniforms.AsSpan(0, needed));
            Logarithms(uniforms.AsSpan(0, needed), ref logarithms[0]);
            if (!residuals.IsEmpty) logarithms.AsSpan(skip, count * Dimension).CopyTo(residuals[(done * Dimension)..]);
            var argmaxes = indices.Slice(done, count);
            Argmax(ref logarithms[skip], ref weights[0], Dimension, argmaxes);
            if (!values.IsEmpty) Values(logarithms.AsSpan(skip), own.BestClocks, argmaxes, values.Slice(done, count));
            for (var m = argmaxes.IndexOf(TooClose); m >= 0; m = argmaxes.IndexOf(TooClose))
                SolveByReference(
                    key, row, (first / Dimension) + done + m, argmaxes.Slice(m, 1), values.IsEmpty ? values : values.Slice(done + m, 1));
        }
    }

    /// <summary>θ_i + εz_i at the argmaxes, as the noise and the perturbation compute it.</summary>
    private void Values(ReadOnlySpan<float> clocks, float[] bestClocks, ReadOnlySpan<int> argmaxes, Span<double> values)
    {
        Span<double> z = stackalloc double[Width];
        for (var m = 0; m < argmaxes.Length; m++) bestClocks[m] = argmaxes[m] == TooClose ? -1 : clocks[(m * Dimension) + argmaxes[m]];
        for (var m = 0; m < values.Length; m += Width)
        {
            noise.Finish(Vector512.LoadUnsafe(ref bestClocks[m]), ref MemoryMarshal.GetReference(z));
            for (var l = 0; l < Math.Min(Width, values.Length - m); l++)
                values[m + l] = argmaxes[m + l] == TooClose ? 0 : Math.FusedMultiplyAdd(Epsilon[0], z[l], Theta[argmaxes[m + l]]);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Logarithms(ReadOnlySpan<int> uniforms, ref float destination)
    {
        ref var start = ref MemoryMarshal.GetReference(uniforms);
        for (var i = 0; i < uniforms.Length; i += 2 * Width)
        {
            SingleElementary.LogsOfUniforms(
                Vector512.LoadUnsafe(ref start, (nuint)i) | Vector512<int>.One,
                Vector512.LoadUnsafe(ref start, (nuint)(i + Width)) | Vector512<int>.One,
                out var first, out var second);
            first.StoreUnsafe(ref destination, (nuint)i);
            second.StoreUnsafe(ref destination, (nuint)(i + Width));
        }
    }

    /// <summary>
    /// The index of the largest product clock·weight of each sample, <see cref="TooClose"/> where rounding could
    /// decide. Clocks are negative logarithms; a lane without a candidate has an infinite weight.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Argmax(ref float clocks, ref float weights, int dimension, Span<int> argmaxes)
    {
        ref var argmax = ref MemoryMarshal.GetReference(argmaxes);
        if (dimension <= Width)
        {
            var weight = Vector512.LoadUnsafe(ref weights);
            nint m = 0;
            for (; m <= argmaxes.Length - 4; m += 4, clocks = ref Unsafe.Add(ref clocks, 4 * dimension))
            {
                var a = Vector512.LoadUnsafe(ref clocks) * weight;
                var b = Vector512.LoadUnsafe(ref clocks, (nuint)dimension) * weight;
                var c = Vector512.LoadUnsafe(ref clocks, (nuint)(2 * dimension)) * weight;
                var d = Vector512.LoadUnsafe(ref clocks, (nuint)(3 * dimension)) * weight;
                var thresholds = Max(a, b, c, d) * Vector128.Create(Close);
                Unsafe.Add(ref argmax, m) = Single(Hits(a, Vector512.Create(thresholds.ToScalar())));
                Unsafe.Add(ref argmax, m + 1) = Single(Hits(b, Vector512.Create(thresholds.GetElement(1))));
                Unsafe.Add(ref argmax, m + 2) = Single(Hits(c, Vector512.Create(thresholds.GetElement(2))));
                Unsafe.Add(ref argmax, m + 3) = Single(Hits(d, Vector512.Create(thresholds.GetElement(3))));
            }

            for (; m < argmaxes.Length; m++, clocks = ref Unsafe.Add(ref clocks, dimension))
            {
                var products = Vector512.LoadUnsafe(ref clocks) * weight;
                Unsafe.Add(ref argmax, m) = Single(Hits(products, Vector512.Create(Max(products) * Close)));
            }

            return;
        }

        for (nint m = 0; m < argmaxes.Length; m++, clocks = ref Unsafe.Add(ref clocks, dimension))
        {
            var best = Vector512.LoadUnsafe(ref clocks) * Vector512.LoadUnsafe(ref weights);
            for (nint i = Width; i < dimension; i += Width)
                best = Vector512.MaxNative(best, Vector512.LoadUnsafe(ref clocks, (nuint)i) * Vector512.LoadUnsafe(ref weights, (nuint)i));
            var threshold = Vector512.Create(Max(best) * Close);
            ulong all = 0;
            for (nint i = 0; i < dimension; i += Width)
            {
                var products = Vector512.LoadUnsafe(ref clocks, (nuint)i) * Vector512.LoadUnsafe(ref weights, (nuint)i);
                all |= (ulong)Hits(products, threshold) << (int)i;
            }

            Unsafe.Add(ref argmax, m) = Single(all);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Hits(Vector512<float> products, Vector512<float> threshold) =>
        (uint)Vector512.GreaterThanOrEqual(products, threshold).ExtractMostSignificantBits();

    /// <summary>The place of the only bit that is set, <see cref="TooClose"/> where more are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Single(ulong hits) => (hits & (hits - 1)) == 0 ? BitOperations.TrailingZeroCount(hits) : TooClose;

    /// <summary>The largest of each of four vectors: their halves, quarters and pairs are compared together.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Max(Vector512<float> a, Vector512<float> b, Vector512<float> c, Vector512<float> d)
    {
        var a4 = Quarter(a);
        var b4 = Quarter(b);
        var c4 = Quarter(c);
        var d4 = Quarter(d);
        return MaxOfZipped(MaxOfZipped(a4, c4), MaxOfZipped(b4, d4));
    }

    /// <summary>max(x₀, x₂), max(y₀, y₂), max(x₁, x₃), max(y₁, y₃).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> MaxOfZipped(Vector128<float> x, Vector128<float> y)
    {
        if (Sse.IsSupported) return Vector128.MaxNative(Sse.UnpackLow(x, y), Sse.UnpackHigh(x, y));
        if (AdvSimd.Arm64.IsSupported) return Vector128.MaxNative(AdvSimd.Arm64.ZipLow(x, y), AdvSimd.Arm64.ZipHigh(x, y));
        return Vector128.MaxNative(
            Vector128.Create(x.GetElement(0), y.GetElement(0), x.GetElement(1), y.GetElement(1)),
            Vector128.Create(x.GetElement(2), y.GetElement(2), x.GetElement(3), y.GetElement(3)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Quarter(Vector512<float> v)
    {
        var eight = Vector256.MaxNative(v.GetLower(), v.GetUpper());
        return Vector128.MaxNative(eight.GetLower(), eight.GetUpper());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Max(Vector512<float> v)
    {
        var eight = Vector256.MaxNative(v.GetLower(), v.GetUpper());
        var four = Vector128.MaxNative(eight.GetLower(), eight.GetUpper());
        var two = Vector128.MaxNative(four, Vector128.Shuffle(four, Vector128.Create(2, 3, 0, 1)));
        return Vector128.MaxNative(two, Vector128.Shuffle(two, Vector128.Create(1, 0, 3, 2))).ToScalar();
    }

    private sealed class Scratch
    {
        internal int[] Uniforms { get; } = new int[Numbers + (4 * Uniform32Groups.Size)];

        // Vectors read beyond the last sample, where numbers must be negative, as logarithms are.
        internal float[] Logarithms { get; } = Enumerable.Repeat(-1.0f, Numbers + (6 * Uniform32Groups.Size)).ToArray();

        internal float[] BestClocks { get; } = new float[Numbers + Width];
    }
}
