using System;
using System.Linq;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using Perturbed.Functional;

namespace Perturbed.Kernels;

/// <summary>The argmax under Gumbel noise as a race of exponential clocks: θ_i + εz_i is largest where E_i·exp(−θ_i/ε) is least, E = −log u.</summary>
/// <remarks>
/// One logarithm a number instead of two, and everything in single precision. Two runners within 2⁻¹⁶ of each other are too close to call, and their sample goes the long way:
/// the rounding of both ways together is below 2⁻¹⁷. It takes one ε for all coordinates. The race is the reason for the softmax: paper, Section 2, Example 1.
/// </remarks>
internal sealed class ExponentialRace(GumbelNoise noise, ArgmaxOracle oracle) : ShortcutSolver(noise, oracle, ones: 1)
{
    /// <summary>Beyond it a screen is faster.</summary>
    internal const int Widest = 64;

    private const int Width = 16, Numbers = 2048, TooClose = -1;

    // A Gumbel number lies between −3.1 and 22.2: who is 26 behind cannot win.
    private const double Hopeless = 26;
    private const float Close = 1 + 1.0f / 65536;

    private readonly float[] weights = new float[(oracle.Dimension + Width - 1) / Width * Width];
    // Of the thread, not of the solver: solvers come and go with every call, and new memory is cold.
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
            if (behind < Hopeless) weights[i] = (float)Math.Exp(behind);
        }

        return true;
    }

    private protected override void Run(Key key, uint row, long first, Span<int> places, Span<double> values, Span<float> seeds)
    {
        var own = scratch ??= new Scratch();
        var words = own.Words;
        var logarithms = own.Logarithms;
        var lanes = new PhiloxLanes(key, row, Philox.NoiseDomain);
        var most = Numbers / Dimension;
        var samples = places.Length;
        for (var done = 0; done < samples; done += most)
        {
            var count = Math.Min(most, samples - done);
            var start = first + ((long)done * Dimension);
            var skip = (int)(start % WordGroups.Size);
            var needed = (skip + (count * Dimension) + WordGroups.Size - 1) / WordGroups.Size * WordGroups.Size;
            WordGroups.Draw(in lanes, (ulong)(start / WordGroups.Size), words.AsSpan(0, needed));
            Logarithms(words.AsSpan(0, needed), ref logarithms[0]);
            if (!seeds.IsEmpty) logarithms.AsSpan(skip, count * Dimension).CopyTo(seeds[(done * Dimension)..]);
            var winners = places.Slice(done, count);
            Race(ref logarithms[skip], ref weights[0], Dimension, winners);
            if (!values.IsEmpty) Values(logarithms.AsSpan(skip), own.Winning, winners, values.Slice(done, count));
            for (var m = winners.IndexOf(TooClose); m >= 0; m = winners.IndexOf(TooClose))
                LongWay(key, row, (first / Dimension) + done + m, winners.Slice(m, 1), values.IsEmpty ? values : values.Slice(done + m, 1));
        }
    }

    /// <summary>θ_i + εz_i of the winners, as the noise and the perturbation compute it.</summary>
    private void Values(ReadOnlySpan<float> times, float[] winning, ReadOnlySpan<int> winners, Span<double> values)
    {
        Span<double> z = stackalloc double[Width];
        for (var m = 0; m < winners.Length; m++) winning[m] = winners[m] == TooClose ? -1 : times[(m * Dimension) + winners[m]];
        for (var m = 0; m < values.Length; m += Width)
        {
            noise.Finish(Vector512.LoadUnsafe(ref winning[m]), ref MemoryMarshal.GetReference(z));
            for (var l = 0; l < Math.Min(Width, values.Length - m); l++)
                values[m + l] = winners[m + l] == TooClose ? 0 : Math.FusedMultiplyAdd(Epsilon[0], z[l], Theta[winners[m + l]]);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Logarithms(ReadOnlySpan<int> words, ref float destination)
    {
        ref var start = ref MemoryMarshal.GetReference(words);
        for (var i = 0; i < words.Length; i += 2 * Width)
        {
            SingleElementary.LogsOfUniforms(
                Vector512.LoadUnsafe(ref start, (nuint)i) | Vector512<int>.One, Vector512.LoadUnsafe(ref start, (nuint)(i + Width)) | Vector512<int>.One,
                out var first, out var second);
            first.StoreUnsafe(ref destination, (nuint)i);
            second.StoreUnsafe(ref destination, (nuint)(i + Width));
        }
    }

    /// <summary>The number of each race's winner, <see cref="TooClose"/> where it cannot be called. Times are negative: the largest product wins, and a lane without a runner has an infinite weight.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Race(ref float times, ref float weights, int dimension, Span<int> winners)
    {
        ref var winner = ref MemoryMarshal.GetReference(winners);
        if (dimension <= Width)
        {
            var weight = Vector512.LoadUnsafe(ref weights);
            nint m = 0;
            for (; m <= winners.Length - 4; m += 4, times = ref Unsafe.Add(ref times, 4 * dimension))
            {
                var a = Vector512.LoadUnsafe(ref times) * weight;
                var b = Vector512.LoadUnsafe(ref times, (nuint)dimension) * weight;
                var c = Vector512.LoadUnsafe(ref times, (nuint)(2 * dimension)) * weight;
                var d = Vector512.LoadUnsafe(ref times, (nuint)(3 * dimension)) * weight;
                var bars = Max(a, b, c, d) * Vector128.Create(Close);
                Unsafe.Add(ref winner, m) = Single(Hits(a, Vector512.Create(bars.ToScalar())));
                Unsafe.Add(ref winner, m + 1) = Single(Hits(b, Vector512.Create(bars.GetElement(1))));
                Unsafe.Add(ref winner, m + 2) = Single(Hits(c, Vector512.Create(bars.GetElement(2))));
                Unsafe.Add(ref winner, m + 3) = Single(Hits(d, Vector512.Create(bars.GetElement(3))));
            }

            for (; m < winners.Length; m++, times = ref Unsafe.Add(ref times, dimension))
            {
                var products = Vector512.LoadUnsafe(ref times) * weight;
                Unsafe.Add(ref winner, m) = Single(Hits(products, Vector512.Create(Max(products) * Close)));
            }

            return;
        }

        for (nint m = 0; m < winners.Length; m++, times = ref Unsafe.Add(ref times, dimension))
        {
            var best = Vector512.LoadUnsafe(ref times) * Vector512.LoadUnsafe(ref weights);
            for (nint i = Width; i < dimension; i += Width)
                best = Vector512.MaxNative(best, Vector512.LoadUnsafe(ref times, (nuint)i) * Vector512.LoadUnsafe(ref weights, (nuint)i));
            var bar = Vector512.Create(Max(best) * Close);
            ulong all = 0;
            for (nint i = 0; i < dimension; i += Width)
                all |= (ulong)Hits(Vector512.LoadUnsafe(ref times, (nuint)i) * Vector512.LoadUnsafe(ref weights, (nuint)i), bar) << (int)i;
            Unsafe.Add(ref winner, m) = Single(all);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Hits(Vector512<float> products, Vector512<float> bar) =>
        (uint)Vector512.GreaterThanOrEqual(products, bar).ExtractMostSignificantBits();

    /// <summary>The place of the only one among bits of which one at least is set, <see cref="TooClose"/> where it is not the only one.</summary>
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
        internal int[] Words { get; } = new int[Numbers + (4 * WordGroups.Size)];

        // What lies behind the last sample is read with it: it must be negative, as logarithms are.
        internal float[] Logarithms { get; } = Enumerable.Repeat(-1.0f, Numbers + (6 * WordGroups.Size)).ToArray();

        internal float[] Winning { get; } = new float[Numbers + Width];
    }
}
