using System;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Perturbed.Functional;

namespace Perturbed.Kernels;

/// <summary>The c largest of θ + ε ⊙ z by a screen on the random words: only those are turned into numbers that can reach a bar.</summary>
/// <remarks>
/// The bar τ is set where somewhat more than c entries are expected above it. Each coordinate has a threshold for its word, such that below it z, and so θ_i + ε_i z, is too small for τ; what
/// passes is computed as the noise computes it. If at least c entries reach τ, the largest c of them are the largest c of all. If fewer do, or two of them are equal, the sample goes the long
/// way. The bar decides the cost and nothing else.
/// </remarks>
internal abstract class Screen : ShortcutSolver
{
    /// <summary>The least dimension for which one threshold a coordinate and row is soon earned back.</summary>
    internal const int Narrowest = 65;

    // A stretch of words is one that the first-level cache holds with what is made of it; a vector runs over the end of a row by less than Wrap.
    private protected const int Stretch = 512, Room = 2 * Stretch, Wrap = 40;

    // What single precision and the reading of the words may add to a number, in units of the noise, with room to spare.
    private protected const double Margin = 1e-4;
    private readonly int count, room;
    private readonly int[] words = new int[Stretch];
    private readonly int[] candidates;
    private readonly double[] heights;
    private double[] numbers = [];
    private int[] places = [];
    private int[] found = [];
    private int samples;

    private protected Screen(INoise noise, IOracle oracle, int count)
        : base(noise, oracle, count)
    {
        this.count = count;
        Expected = count + (3 * Math.Sqrt(count)) + 3;
        room = ((int)(4 * Expected) + 16) / Lanes.Width * Lanes.Width;
        candidates = new int[room + 1];
        heights = new double[room + 1];
        Thetas = new double[Dimension + Wrap];
        Epsilons = new double[Dimension + Wrap];
        Thresholds = new uint[Dimension + Wrap];
    }

    /// <summary>Whether so few of d are wanted that most words fail the screen, and failing is cheap.</summary>
    internal static bool Pays(int dimension, int count) => Compaction.IsFast && dimension >= 2 * Narrowest && count >= 1 && count <= dimension / 32;

    /// <summary>How many entries shall reach the bar; fewer than c do in one sample of a thousand.</summary>
    private protected double Expected { get; }

    /// <summary>θ, ε and the thresholds of the words, each followed by its first <see cref="Wrap"/> once more, so that a vector may run over the end of a row.</summary>
    private protected double[] Thetas { get; }

    private protected double[] Epsilons { get; }

    private protected uint[] Thresholds { get; }

    /// <summary>τ.</summary>
    private protected double Bar { get; private set; }

    private protected sealed override bool Prepare()
    {
        WrapAround(Theta, Thetas);
        if (Epsilon.Length == 1) Array.Fill(Epsilons, Epsilon[0]);
        else WrapAround(Epsilon, Epsilons);
        Bar = FindBar();
        SetThresholds();
        WrapAround(Thresholds.AsSpan(0, Dimension), Thresholds);
        return true;
    }

    private static void WrapAround<T>(ReadOnlySpan<T> row, Span<T> wrapped)
    {
        for (; wrapped.Length > row.Length; wrapped = wrapped[row.Length..]) row.CopyTo(wrapped);
        row[..wrapped.Length].CopyTo(wrapped);
    }

    /// <summary>A bar to start from, the unit in which it may move, and whether it will do as it is.</summary>
    private protected abstract double FirstBar(out double unit, out bool isFinal);

    /// <summary>How many entries are expected to reach a bar, and how many fewer for each unit that it rises.</summary>
    private protected abstract (double Above, double Slope) Expect(double bar);

    // Newton's steps for the logarithm of the expected number. Coordinates that are above in any case flatten it, so steps are bounded; within a fifth is near enough.
    private double FindBar()
    {
        var bar = FirstBar(out var unit, out var isFinal);
        for (var step = 0; step < 8 && !isFinal; step++)
        {
            var (above, slope) = Expect(bar);
            var excess = Math.Log(above / Expected);
            isFinal = Math.Abs(excess) < 0.2;
            if (!isFinal) bar += Math.Clamp(above * excess / Math.Max(slope, double.Epsilon), -2 * unit, 2 * unit);
        }

        return bar;
    }

    /// <summary>The thresholds of one row, without the wrap.</summary>
    private protected abstract void SetThresholds();

    /// <summary>Keeps the words that pass, with room for <see cref="Room"/> of them and sixteen more.</summary>
    /// <param name="words">Whole groups of words.</param>
    /// <param name="place">The coordinate of the first.</param>
    /// <param name="number">Its number, counted from the first of the samples asked for.</param>
    /// <param name="kept">How many words are kept already.</param>
    /// <returns>How many words are kept.</returns>
    private protected abstract int Sift(ReadOnlySpan<int> words, int place, int number, int kept);

    /// <summary>Turns the words that were kept into numbers and calls <see cref="Take"/> for those that may reach the bar.</summary>
    private protected abstract void Finish(int kept);

    private protected sealed override void Run(Key key, uint row, long first, Span<int> ones, Span<double> values, Span<float> seeds)
    {
        samples = ones.Length / count;
        var end = samples * Dimension;
        if (found.Length < samples)
        {
            found = new int[samples];
            numbers = new double[samples * room];
            places = new int[samples * room];
        }

        found.AsSpan(0, samples).Clear();
        var lanes = new PhiloxLanes(key, row, Philox.NoiseDomain);
        var group = first / WordGroups.Size;
        var number = (int)((group * WordGroups.Size) - first);
        var place = (int)(group * WordGroups.Size % Dimension);
        var kept = 0;
        while (number < end)
        {
            var length = Math.Min(Stretch, (end - number + WordGroups.Size - 1) / WordGroups.Size * WordGroups.Size);
            WordGroups.Draw(in lanes, (ulong)group, words.AsSpan(0, length));
            kept = Sift(words.AsSpan(0, length), place, number, kept);
            place = (place + length) % Dimension;
            group += length / WordGroups.Size;
            number += length;
            // Words are few: those of many stretches are finished together, in whole vectors.
            if (kept <= Room - Stretch && number < end) continue;
            Finish(kept);
            kept = 0;
        }

        for (var m = 0; m < samples; m++)
        {
            var value = values.IsEmpty ? values : values.Slice(m, 1);
            var chosen = ones.Slice(m * count, count);
            if (!(count == 1 ? ChooseOne(m, chosen, value) : ChooseMany(m, chosen, value))) LongWay(key, row, (first / Dimension) + m, chosen, value);
        }
    }

    /// <summary>Notes θ + εz of a number if it reaches the bar and belongs to the samples asked for.</summary>
    /// <param name="number">Its number, counted from the first of the samples asked for.</param>
    /// <param name="z">The sample's coordinate.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private protected void Take(int number, double z)
    {
        var sample = (int)((uint)number / (uint)Dimension);
        if (number < 0 || sample >= samples) return;
        var place = number - (sample * Dimension);
        var eta = Math.FusedMultiplyAdd(Epsilons[place], z, Thetas[place]);
        if (eta < Bar) return;
        var n = found[sample]++;
        if (n >= room) return;
        numbers[(sample * room) + n] = eta;
        places[(sample * room) + n] = place;
    }

    /// <summary>What reached the bar in a sample, to whole vectors filled with what cannot be chosen; empty where it proves nothing.</summary>
    private Span<double> Reached(int sample)
    {
        var n = found[sample];
        if (n < count || n > room) return [];
        var padded = (n + Lanes.Width - 1) / Lanes.Width * Lanes.Width;
        numbers.AsSpan((sample * room) + n, padded - n).Fill(double.NegativeInfinity);
        return numbers.AsSpan(sample * room, padded);
    }

    /// <summary>The place of the largest entry, if that is proved.</summary>
    private bool ChooseOne(int sample, Span<int> chosen, Span<double> value)
    {
        var padded = Reached(sample);
        if (padded.IsEmpty) return false;
        ref var eta = ref MemoryMarshal.GetReference(padded);
        var best = Vector512.LoadUnsafe(ref eta);
        for (var i = Lanes.Width; i < padded.Length; i += Lanes.Width) best = Vector512.MaxNative(best, Vector512.LoadUnsafe(ref eta, (nuint)i));
        var max = Vector512.Create(Lanes.Max(best));
        var (winner, winners) = (0, 0);
        for (var i = 0; i < padded.Length; i += Lanes.Width)
        {
            var hits = Vector512.Equals(Vector512.LoadUnsafe(ref eta, (nuint)i), max).ExtractMostSignificantBits();
            if (hits == 0) continue;
            winners += BitOperations.PopCount(hits);
            winner = i + BitOperations.TrailingZeroCount(hits);
        }

        if (winners > 1) return false;
        if (!value.IsEmpty) value[0] = Unsafe.Add(ref eta, winner);
        chosen[0] = places[(sample * room) + winner];
        return true;
    }

    /// <summary>The places of the entries that fewer than c others exceed: of twenty numbers that is less work than sorting, and without a branch.</summary>
    private bool ChooseMany(int sample, Span<int> chosen, Span<double> value)
    {
        var padded = Reached(sample);
        if (padded.IsEmpty) return false;
        var place = places.AsSpan(sample * room, found[sample]);
        ref var eta = ref MemoryMarshal.GetReference(padded);
        var (equals, taken) = (0, 0);
        for (var j = 0; j < place.Length; j++)
        {
            var own = Vector512.Create(Unsafe.Add(ref eta, j));
            var above = 0;
            for (var i = 0; i < padded.Length; i += Lanes.Width)
            {
                var other = Vector512.LoadUnsafe(ref eta, (nuint)i);
                above += BitOperations.PopCount(Vector512.GreaterThan(other, own).ExtractMostSignificantBits());
                equals += BitOperations.PopCount(Vector512.Equals(other, own).ExtractMostSignificantBits());
            }

            // Behind the last one chosen there is a place that is written and not counted.
            candidates[taken] = place[j];
            heights[taken] = own.ToScalar();
            taken += above < count ? 1 : 0;
        }

        if (equals > place.Length) return false;
        SortByPlace(candidates.AsSpan(0, count), heights);
        candidates.AsSpan(0, count).CopyTo(chosen);
        if (!value.IsEmpty) value[0] = SparseSum.Of(Dimension, heights.AsSpan(0, count), chosen);
        return true;
    }

    /// <summary>By insertion: they come nearly in order.</summary>
    private static void SortByPlace(Span<int> places, Span<double> entries)
    {
        for (var j = 1; j < places.Length; j++)
        {
            var (place, entry) = (places[j], entries[j]);
            var i = j - 1;
            for (; i >= 0 && places[i] > place; i--) (places[i + 1], entries[i + 1]) = (places[i], entries[i]);
            (places[i + 1], entries[i + 1]) = (place, entry);
        }
    }
}
