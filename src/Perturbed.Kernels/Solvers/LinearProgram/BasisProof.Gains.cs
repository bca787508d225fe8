using System;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Perturbed.Kernels;

/// <content>Whether the basis is the best one.</content>
internal sealed partial class BasisProof
{
    private readonly double[] priced;
    private readonly double[] sizes;
    private readonly double[] multipliers;
    private readonly double[] remnants;
    private readonly double[] magnitudes;
    private readonly double[] margins;
    private readonly double[] widest;

    /// <summary>
    /// Whether no step from the proved basis gains; <paramref name="isSingle"/> is true where each has a negative
    /// gain, so that no other vertex is as good.
    /// </summary>
    /// <param name="basis">The basis that <see cref="Prove"/> saw last.</param>
    /// <param name="theta">θ in the scale of the program, 0 beyond its length.</param>
    /// <param name="isSingle">Whether the vertex is the only best one.</param>
    /// <returns>False where a step gains, or rounding leaves it open.</returns>
    public bool IsBest(SimplexDictionary basis, ReadOnlySpan<double> theta, out bool isSingle)
    {
        isSingle = true;
        Price(theta);
        BoundMultipliers();
        bool? isExactly = null;
        for (var i = 0; i < size; i++)
            if (!IsLoss(multipliers[i], doubts[i], theta, ref isSingle, ref isExactly)) return false;
        for (var column = 0; column < basis.Nonbasic.Length; column++)
        {
            var j = basis.Nonbasic[column];
            if (j >= program.Dimension || !basis.CanMove(j)) continue;
            var doubt = sizes[j] == 0.0 ? 0.0 : remnants[j] + (size + 6) * Unit * sizes[j] + Underflow;
            if (!IsLoss(basis.IsFlipped[j] ? priced[j] : -priced[j], doubt, theta, ref isSingle, ref isExactly)) return false;
        }

        return true;
    }

    /// <summary>θ − λ A for the multipliers λ = θ R of the tight rows, and the sizes of the terms.</summary>
    private void Price(ReadOnlySpan<double> theta)
    {
        ref var r = ref MemoryMarshal.GetArrayDataReference(inverse);
        for (nuint first = 0; first < (nuint)size; first += Lanes.Width)
        {
            var (sum, at) = (Vector512<double>.Zero, first);
            for (var i = 0; i < size; i++, at += (nuint)blockStride)
                sum += Vector512.Create(theta[variables[i]]) * Vector512.LoadUnsafe(ref r, at);
            sum.StoreUnsafe(ref multipliers[0], first);
        }

        ref var gains = ref MemoryMarshal.GetReference(theta);
        ref var a = ref MemoryMarshal.GetArrayDataReference(program.A);
        for (nuint first = 0; first < (nuint)stride; first += Lanes.Width)
        {
            var gain = Vector512.LoadUnsafe(ref gains, first);
            var terms = Vector512.Abs(gain);
            for (var t = 0; t < size; t++)
            {
                var product = Vector512.Create(multipliers[t]) * Vector512.LoadUnsafe(ref a, (nuint)(tightRows[t] * stride) + first);
                gain -= product;
                terms += Vector512.Abs(product);
            }

            gain.StoreUnsafe(ref priced[0], first);
            terms.StoreUnsafe(ref sizes[0], first);
        }
    }

    /// <summary>What the multipliers may be wrong by, and what that does to the other gains.</summary>
    private void BoundMultipliers()
    {
        var total = 0.0;
        for (var i = 0; i < size; i++)
        {
            var j = variables[i];
            corrections[i] = Math.Abs(priced[j]) + (size + 6) * Unit * sizes[j];
            total += corrections[i];
        }

        ref var r = ref MemoryMarshal.GetArrayDataReference(inverse);
        for (nuint first = 0; first < (nuint)size; first += Lanes.Width)
        {
            var (sum, most, at) = (Vector512<double>.Zero, Vector512<double>.Zero, first);
            for (var i = 0; i < size; i++, at += (nuint)blockStride)
            {
                var entries = Vector512.Abs(Vector512.LoadUnsafe(ref r, at));
                sum += Vector512.Create(corrections[i]) * entries;
                most = Vector512.Max(most, entries);
            }

            var doubt = Vector512.Create(1.01) * (sum + Vector512.Create(1.01 * norm * total) * most);
            doubt = Vector512.ConditionalSelect(
                Vector512.Equals(doubt, Vector512<double>.Zero), doubt, doubt + Vector512.Create(Underflow));
            doubt.StoreUnsafe(ref doubts[0], first);
        }

        ref var a = ref MemoryMarshal.GetArrayDataReference(program.A);
        for (nuint first = 0; first < (nuint)stride; first += Lanes.Width)
        {
            var sum = Vector512<double>.Zero;
            for (var t = 0; t < size; t++)
                sum += Vector512.Create(1.01 * doubts[t])
                    * Vector512.Abs(Vector512.LoadUnsafe(ref a, (nuint)(tightRows[t] * stride) + first));
            sum.StoreUnsafe(ref remnants[0], first);
        }
    }

    private bool IsLoss(double loss, double doubt, ReadOnlySpan<double> theta, ref bool isSingle, ref bool? isExactly)
    {
        if (loss > doubt) return true;
        if (!(loss >= -doubt)) return false;
        isSingle = false;
        if (doubt == 0.0) return true;
        isExactly ??= AreGainsExact(theta);
        return isExactly.Value && loss >= 0.0;
    }

    /// <summary>Whether no operation of <see cref="Price"/> rounded, because all numbers are short.</summary>
    private bool AreGainsExact(ReadOnlySpan<double> theta)
    {
        if (norm > 0.0 || !AreShort(theta)) return false;
        var (sum, most) = (0.0, 1.0);
        foreach (var t in theta) sum += Math.Abs(t);
        for (var i = 0; i < size; i++)
        {
            if (!AreShort(program.A.AsSpan(tightRows[i] * stride, stride))) return false;
            most = Math.Max(most, Lanes.LargestMagnitude(inverse.AsSpan(i * blockStride, size)));
        }

        return sum * most * (size + 1) < LargestShort;
    }

    private static void Add(Span<double> target, double factor, ReadOnlySpan<double> x)
    {
        ref var to = ref MemoryMarshal.GetReference(target);
        ref var from = ref MemoryMarshal.GetReference(x);
        var times = Vector512.Create(factor);
        for (nuint j = 0; j < (nuint)target.Length; j += Lanes.Width)
            (Vector512.LoadUnsafe(ref to, j) + times * Vector512.LoadUnsafe(ref from, j)).StoreUnsafe(ref to, j);
    }

    private static void AddSizes(Span<double> target, double factor, ReadOnlySpan<double> x)
    {
        ref var to = ref MemoryMarshal.GetReference(target);
        ref var from = ref MemoryMarshal.GetReference(x);
        var times = Vector512.Create(factor);
        for (nuint j = 0; j < (nuint)target.Length; j += Lanes.Width)
            (Vector512.LoadUnsafe(ref to, j) + Vector512.Abs(times * Vector512.LoadUnsafe(ref from, j))).StoreUnsafe(ref to, j);
    }
}
