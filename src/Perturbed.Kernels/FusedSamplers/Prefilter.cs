using System;
using System.Runtime.CompilerServices;
using Perturbed.Functional.CSharp;

namespace Perturbed.Kernels;

/// <summary>
/// The c largest of θ + ε ⊙ z by a prefilter of the 32-bit numbers: only those become noise whose entry can reach a
/// threshold.
/// </summary>
/// <remarks>
/// The threshold τ is set where somewhat more than c entries are expected above it. Each coordinate has a threshold
/// for its 32-bit number, below which z, and so θ_i + ε_i z, is too small for τ; a number that passes is turned into noise
/// as the noise does it. If at least c entries reach τ, the largest c of them are the largest c of all. If fewer do,
/// or two of them are equal, the sample takes the reference path. The threshold decides the cost and nothing else.
/// </remarks>
internal abstract partial class Prefilter : FusedSolver
{
    /// <summary>The least dimension for which computing one threshold a coordinate and row pays.</summary>
    internal const int Narrowest = 65;

    // Numbers are drawn by stretches that fit the first-level cache; a vector runs over the end of a row by less than
    // Wrap.
    private protected const int Stretch = 512, BufferSize = 2 * Stretch, Wrap = 40;

    // More than the error of single precision and of the conversion of 32-bit numbers, in units of the noise.
    private protected const double Margin = 1e-4;
    private readonly int count, capacity;
    private readonly Aligned<int> uniforms = new(Stretch);
    private readonly int[] candidates;
    private readonly double[] chosenEntries;
    private double[] numbers = [];
    private int[] indices = [];
    private int[] found = [];
    private int samples;

    private protected Prefilter(INoise noise, IOracle oracle, int count)
        : base(noise, oracle, count)
    {
        this.count = count;
        Expected = count + (3 * Math.Sqrt(count)) + 3;
        capacity = ((int)(4 * Expected) + 16) / Lanes.Width * Lanes.Width;
        candidates = new int[capacity + 1];
        chosenEntries = new double[capacity + 1];
        Thetas = new double[Dimension + Wrap];
        Epsilons = new double[Dimension + Wrap];
        UniformThresholds = new Aligned<uint>(Dimension + Wrap);
    }

    /// <summary>
    /// Whether so few of d are wanted that most numbers are dropped, and dropping is fast on this processor.
    /// </summary>
    internal static bool IsWorthwhile(int dimension, int count) =>
        Compaction.IsFast && dimension >= 2 * Narrowest && count >= 1 && count <= dimension / 32;

    /// <summary>
    /// How many entries are meant to reach the threshold; fewer than c do in one sample of a thousand.
    /// </summary>
    private protected double Expected { get; }

    /// <summary>
    /// θ, followed by its first <see cref="Wrap"/> entries again, so that a vector may run over the end of a row; so
    /// are the next two.
    /// </summary>
    private protected double[] Thetas { get; }

    /// <summary>ε of each coordinate.</summary>
    private protected double[] Epsilons { get; }

    /// <summary>The threshold of each coordinate's 32-bit number.</summary>
    private protected Aligned<uint> UniformThresholds { get; }

    /// <summary>τ.</summary>
    private protected double Threshold { get; private set; }

    private protected sealed override bool Prepare()
    {
        WrapAround(Theta, Thetas);
        if (Epsilon.Length == 1) Array.Fill(Epsilons, Epsilon[0]);
        else WrapAround(Epsilon, Epsilons);
        Threshold = FindThreshold();
        SetUniformThresholds();
        WrapAround<uint>(UniformThresholds.Span[..Dimension], UniformThresholds.Span);
        return true;
    }

    private static void WrapAround<T>(ReadOnlySpan<T> row, Span<T> wrapped)
    {
        for (; wrapped.Length > row.Length; wrapped = wrapped[row.Length..]) row.CopyTo(wrapped);
        row[..wrapped.Length].CopyTo(wrapped);
    }

    /// <summary>A threshold to start from, the unit of a step, and whether no step is needed.</summary>
    private protected abstract double FirstThreshold(out double unit, out bool isFinal);

    /// <summary>
    /// How many entries are expected to reach a threshold, and how many fewer for each unit of a higher one.
    /// </summary>
    private protected abstract (double Above, double Slope) Expect(double threshold);

    // Newton's steps for the logarithm of the expected number, bounded because entries that are always above τ flatten
    // it; an expected number within a fifth of the wanted one costs hardly more time.
    private double FindThreshold()
    {
        var threshold = FirstThreshold(out var unit, out var isFinal);
        for (var step = 0; step < 8 && !isFinal; step++)
        {
            var (above, slope) = Expect(threshold);
            var excess = Math.Log(above / Expected);
            isFinal = Math.Abs(excess) < 0.2;
            if (!isFinal) threshold += Math.Clamp(above * excess / Math.Max(slope, double.Epsilon), -2 * unit, 2 * unit);
        }

        return threshold;
    }

    /// <summary>Sets <see cref="UniformThresholds"/> of one row, without the repeated entries.</summary>
    private protected abstract void SetUniformThresholds();

    /// <summary>
    /// Keeps the numbers that pass the prefilter, in buffers of <see cref="BufferSize"/> of them and sixteen more.
    /// </summary>
    /// <param name="uniforms">Whole groups of 32-bit numbers.</param>
    /// <param name="index">The coordinate of the first.</param>
    /// <param name="number">Its number, counted from the first of the samples asked for.</param>
    /// <param name="kept">How many numbers are kept already.</param>
    /// <returns>How many numbers are kept.</returns>
    private protected abstract int Select(ReadOnlySpan<int> uniforms, int index, int number, int kept);

    /// <summary>
    /// Turns the kept numbers into noise and calls <see cref="Accept"/> for those that may reach the threshold.
    /// </summary>
    private protected abstract void Finish(int kept);

    private protected sealed override void Run(Key key, uint row, long first, Span<int> ones, Span<double> values, Span<float> residuals)
    {
        samples = ones.Length / count;
        var end = samples * Dimension;
        if (found.Length < samples)
        {
            found = new int[samples];
            numbers = new double[samples * capacity];
            indices = new int[samples * capacity];
        }

        found.AsSpan(0, samples).Clear();
        var lanes = new PhiloxLanes(key, row, Philox.NoiseDomain);
        var group = first / Uniform32Groups.Size;
        var number = (int)((group * Uniform32Groups.Size) - first);
        var index = (int)(group * Uniform32Groups.Size % Dimension);
        var kept = 0;
        while (number < end)
        {
            var length = Math.Min(Stretch, (end - number + Uniform32Groups.Size - 1) / Uniform32Groups.Size * Uniform32Groups.Size);
            Uniform32Groups.Draw(in lanes, (ulong)group, uniforms.Span[..length]);
            kept = Select(uniforms.Span[..length], index, number, kept);
            index = (index + length) % Dimension;
            group += length / Uniform32Groups.Size;
            number += length;
            // Few numbers pass: those of many stretches are finished together, in whole vectors.
            if (kept <= BufferSize - Stretch && number < end) continue;
            Finish(kept);
            kept = 0;
        }

        for (var m = 0; m < samples; m++)
        {
            var value = values.IsEmpty ? values : values.Slice(m, 1);
            var chosen = ones.Slice(m * count, count);
            if (!(count == 1 ? ChooseOne(m, chosen, value) : ChooseMany(m, chosen, value)))
                SolveByReference(key, row, (first / Dimension) + m, chosen, value);
        }
    }

    /// <summary>Keeps θ + εz of a number if it reaches the threshold and belongs to the samples asked for.</summary>
    /// <param name="number">Its number, counted from the first of the samples asked for.</param>
    /// <param name="z">The sample's coordinate.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private protected void Accept(int number, double z)
    {
        var sample = (int)((uint)number / (uint)Dimension);
        if (number < 0 || sample >= samples) return;
        var index = number - (sample * Dimension);
        var eta = Math.FusedMultiplyAdd(Epsilons[index], z, Thetas[index]);
        if (eta < Threshold) return;
        var n = found[sample]++;
        if (n >= capacity) return;
        numbers[(sample * capacity) + n] = eta;
        indices[(sample * capacity) + n] = index;
    }
}
