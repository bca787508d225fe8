using System;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Perturbed.Kernels;

/// <summary>
/// Finds a threshold t between the k largest entries of a row and the rest: #{θ_i ≥ t} ≥ k and #{θ_i &gt; t} &lt; k or
/// #{θ_i ≥ t} = k.
/// </summary>
/// <remarks>
/// If #{θ_i ≥ t} exceeds k then t is the k-th largest entry itself and the surplus are entries equal to it. t is
/// bisected: counting θ_i ≥ t takes one compare for eight entries and predicts every branch. For 10 of 1000 a sorted
/// buffer of the largest takes longer, for 500 of 1000 a hundred times as long.
/// </remarks>
internal sealed class Threshold
{
    private const int NumericSteps = 24;

    private readonly int k;
    private readonly double[] padded;

    /// <summary>Finds thresholds of rows of the given dimension, for 0 &lt; k &lt; d.</summary>
    public Threshold(int dimension, int k)
    {
        this.k = k;
        padded = new double[(dimension + Lanes.Width - 1) / Lanes.Width * Lanes.Width];
        padded.AsSpan().Fill(double.NegativeInfinity);
    }

    /// <summary>The threshold of a row.</summary>
    public double Find(ReadOnlySpan<double> theta)
    {
        var (low, high) = Range(theta);
        return k == 1 ? high : Bisect(theta, low, high);
    }

    private double Bisect(ReadOnlySpan<double> theta, double low, double high)
    {
        theta.CopyTo(padded);

        // #{θ ≥ low} > k > #{θ ≥ high} throughout. Halving the number is quick for usual rows, halving its image among
        // the integers ends after 64 steps for any row.
        high = Math.BitIncrement(high);
        for (var step = 0; ; step++)
        {
            var middle = step < NumericSteps ? 0.5 * low + 0.5 * high : FromImage(Image(low), Image(high));
            if (middle <= low || middle >= high)
            {
                if (Image(high) - Image(low) <= 1) return low;
                middle = FromImage(Image(low), Image(high));
            }

            var count = Count(middle);
            if (count == k) return middle;
            if (count > k) low = middle;
            else high = middle;
        }
    }

    private static (double Low, double High) Range(ReadOnlySpan<double> theta)
    {
        ref var from = ref MemoryMarshal.GetReference(theta);
        var (low, high, i) = (theta[0], theta[0], 0);
        if (theta.Length >= Lanes.Width)
        {
            var least = Vector512.LoadUnsafe(ref from);
            var most = least;
            for (i = Lanes.Width; i <= theta.Length - Lanes.Width; i += Lanes.Width)
            {
                least = Vector512.MinNative(least, Vector512.LoadUnsafe(ref from, (nuint)i));
                most = Vector512.MaxNative(most, Vector512.LoadUnsafe(ref from, (nuint)i));
            }

            (low, high) = (-Lanes.Max(Vector512<double>.Zero - least), Lanes.Max(most));
        }

        for (; i < theta.Length; i++) (low, high) = (Math.Min(low, theta[i]), Math.Max(high, theta[i]));
        return (low, high);
    }

    private int Count(double level)
    {
        ref var from = ref MemoryMarshal.GetArrayDataReference(padded);
        var threshold = Vector512.Create(level);
        var even = Vector512<long>.Zero;
        var odd = Vector512<long>.Zero;
        var i = 0;
        for (; i <= padded.Length - 2 * Lanes.Width; i += 2 * Lanes.Width)
        {
            even -= Vector512.GreaterThanOrEqual(Vector512.LoadUnsafe(ref from, (nuint)i), threshold).AsInt64();
            odd -= Vector512.GreaterThanOrEqual(Vector512.LoadUnsafe(ref from, (nuint)(i + Lanes.Width)), threshold).AsInt64();
        }

        if (i < padded.Length) even -= Vector512.GreaterThanOrEqual(Vector512.LoadUnsafe(ref from, (nuint)i), threshold).AsInt64();
        return (int)Vector512.Sum(even + odd);
    }

    /// <summary>The order-preserving image of a number among the integers; −0.0 and 0.0 have the same.</summary>
    private static Int128 Image(double x)
    {
        var bits = BitConverter.DoubleToInt64Bits(x);
        return bits >= 0 ? bits : -(Int128)(bits & long.MaxValue);
    }

    private static double FromImage(Int128 low, Int128 high)
    {
        var middle = (long)((low + high) / 2);
        return BitConverter.Int64BitsToDouble(middle >= 0 ? middle : -middle | long.MinValue);
    }
}
