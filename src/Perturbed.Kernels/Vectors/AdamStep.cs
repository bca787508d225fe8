using System;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Perturbed.Kernels;

/// <summary>One step of Adam on all parameters, in one pass over memory.</summary>
public static class AdamStep
{
    /// <summary>
    /// m ← β₁ m + (1 − β₁) g, v ← β₂ v + (1 − β₂) g², w ← kept·w − η (m/c₁)/(√(v/c₂) + ε), each entry from the numbers
    /// of that entry alone.
    /// </summary>
    /// <param name="gradient">g.</param>
    /// <param name="parameters">w; changed in place, as are the moments.</param>
    /// <param name="first">m.</param>
    /// <param name="second">v.</param>
    /// <param name="beta1">β₁.</param>
    /// <param name="beta2">β₂.</param>
    /// <param name="epsilon">ε.</param>
    /// <param name="correct1">c₁ = 1 − β₁ᵗ at step t.</param>
    /// <param name="correct2">c₂ = 1 − β₂ᵗ at step t.</param>
    /// <param name="kept">The factor of w, 1 without decoupled weight decay.</param>
    /// <param name="learningRate">η.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void Take(
        ReadOnlySpan<double> gradient, Span<double> parameters, Span<double> first, Span<double> second, double beta1, double beta2,
        double epsilon, double correct1, double correct2, double kept, double learningRate)
    {
        var n = parameters.Length;
        Check(gradient.Length, n, nameof(gradient));
        Check(first.Length, n, nameof(first));
        Check(second.Length, n, nameof(second));
        ref var g0 = ref MemoryMarshal.GetReference(gradient);
        ref var w0 = ref MemoryMarshal.GetReference(parameters);
        ref var m0 = ref MemoryMarshal.GetReference(first);
        ref var v0 = ref MemoryMarshal.GetReference(second);
        var (rest1, rest2) = (1.0 - beta1, 1.0 - beta2);
        var i = 0;
        for (; i <= n - Vector<double>.Count; i += Vector<double>.Count)
        {
            var g = Vector.LoadUnsafe(ref g0, (nuint)i);
            var m = beta1 * Vector.LoadUnsafe(ref m0, (nuint)i) + rest1 * g;
            var v = beta2 * Vector.LoadUnsafe(ref v0, (nuint)i) + rest2 * g * g;
            m.StoreUnsafe(ref m0, (nuint)i);
            v.StoreUnsafe(ref v0, (nuint)i);
            var direction = m / correct1 / (Vector.SquareRoot(v / correct2) + new Vector<double>(epsilon));
            (kept * Vector.LoadUnsafe(ref w0, (nuint)i) - learningRate * direction).StoreUnsafe(ref w0, (nuint)i);
        }

        for (; i < n; i++)
        {
            var g = gradient[i];
            var m = beta1 * first[i] + rest1 * g;
            var v = beta2 * second[i] + rest2 * g * g;
            (first[i], second[i]) = (m, v);
            parameters[i] = kept * parameters[i] - learningRate * (m / correct1 / (Math.Sqrt(v / correct2) + epsilon));
        }
    }

    private static void Check(int actual, int expected, string name)
    {
        if (actual != expected) throw new ArgumentException($"{name} has length {actual}; parameters has length {expected}.", name);
    }
}
