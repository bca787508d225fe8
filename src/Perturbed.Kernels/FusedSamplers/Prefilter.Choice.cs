using System;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Perturbed.Kernels;

/// <summary>The choice of the largest among the entries that reached the threshold.</summary>
internal abstract partial class Prefilter
{
    /// <summary>
    /// The entries of a sample that reached the threshold, padded with −∞ to whole vectors; empty where they prove
    /// nothing.
    /// </summary>
    private Span<double> Reached(int sample)
    {
        var n = found[sample];
        if (n < count || n > capacity) return [];
        var padded = (n + Lanes.Width - 1) / Lanes.Width * Lanes.Width;
        numbers.AsSpan((sample * capacity) + n, padded - n).Fill(double.NegativeInfinity);
        return numbers.AsSpan(sample * capacity, padded);
    }

    /// <summary>The index of the largest entry, if that is proved.</summary>
    private bool ChooseOne(int sample, Span<int> chosen, Span<double> value)
    {
        var padded = Reached(sample);
        if (padded.IsEmpty) return false;
        ref var eta = ref MemoryMarshal.GetReference(padded);
        var best = Vector512.LoadUnsafe(ref eta);
        for (var i = Lanes.Width; i < padded.Length; i += Lanes.Width)
            best = Vector512.MaxNative(best, Vector512.LoadUnsafe(ref eta, (nuint)i));
        var max = Vector512.Create(Lanes.Max(best));
        var (argmax, equals) = (0, 0);
        for (var i = 0; i < padded.Length; i += Lanes.Width)
        {
            var hits = Vector512.Equals(Vector512.LoadUnsafe(ref eta, (nuint)i), max).ExtractMostSignificantBits();
            if (hits == 0) continue;
            equals += BitOperations.PopCount(hits);
            argmax = i + BitOperations.TrailingZeroCount(hits);
        }

        if (equals > 1) return false;
        if (!value.IsEmpty) value[0] = Unsafe.Add(ref eta, argmax);
        chosen[0] = indices[(sample * capacity) + argmax];
        return true;
    }

    /// <summary>
    /// The indices of the entries that fewer than c others exceed; for some twenty numbers counting is faster than
    /// sorting.
    /// </summary>
    private bool ChooseMany(int sample, Span<int> chosen, Span<double> value)
    {
        var padded = Reached(sample);
        if (padded.IsEmpty) return false;
        var own = indices.AsSpan(sample * capacity, found[sample]);
        ref var eta = ref MemoryMarshal.GetReference(padded);
        var (equals, taken) = (0, 0);
        for (var j = 0; j < own.Length; j++)
        {
            var entry = Vector512.Create(Unsafe.Add(ref eta, j));
            var above = 0;
            for (var i = 0; i < padded.Length; i += Lanes.Width)
            {
                var other = Vector512.LoadUnsafe(ref eta, (nuint)i);
                above += BitOperations.PopCount(Vector512.GreaterThan(other, entry).ExtractMostSignificantBits());
                equals += BitOperations.PopCount(Vector512.Equals(other, entry).ExtractMostSignificantBits());
            }

            // An entry that is not chosen is written behind the chosen ones and overwritten by the next.
            candidates[taken] = own[j];
            chosenEntries[taken] = entry.ToScalar();
            taken += above < count ? 1 : 0;
        }

        if (equals > own.Length) return false;
        SortByIndex(candidates.AsSpan(0, count), chosenEntries);
        candidates.AsSpan(0, count).CopyTo(chosen);
        if (!value.IsEmpty) value[0] = SparseSum.Of(Dimension, chosenEntries.AsSpan(0, count), chosen);
        return true;
    }

    /// <summary>Sorts by insertion, because indices come nearly in order.</summary>
    private static void SortByIndex(Span<int> indices, Span<double> entries)
    {
        for (var j = 1; j < indices.Length; j++)
        {
            var (index, entry) = (indices[j], entries[j]);
            var i = j - 1;
            for (; i >= 0 && indices[i] > index; i--) (indices[i + 1], entries[i + 1]) = (indices[i], entries[i]);
            (indices[i + 1], entries[i + 1]) = (index, entry);
        }
    }
}
