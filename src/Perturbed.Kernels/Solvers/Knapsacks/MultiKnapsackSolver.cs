using System;
using System.Numerics;
using System.Threading;
using Perturbed.Functional.CSharp;

namespace Perturbed.Kernels;

/// <summary>Knapsacks of several constraints by depth-first branch and bound.</summary>
/// <remarks>
/// The bound is the fractional optimum of one surrogate constraint, the sum of all constraints each divided by its
/// capacity: items in falling order of gain per surrogate weight fill it greedily. That is the fastest for easy
/// problems; what it does not finish in some thousands of nodes goes on in a <see cref="MultiKnapsackSearch"/>.
/// </remarks>
internal sealed class MultiKnapsackSolver : ISolver
{
    private const int MostNodes = 4096;
    private readonly int dimension;
    private readonly int constraints;

    /// <summary>Item by item, so that a node reads one stretch.</summary>
    private readonly int[] weights;
    private readonly int[] capacities;
    private readonly double[] share;
    private readonly bool[] fitsAlone;
    private readonly int[] order;
    private readonly double[] ratio;
    private readonly double[] gain;

    /// <summary>The shares in the order of the items, and the capacities that shares are parts of.</summary>
    private readonly double[] shares, limits;
    private readonly int[] left;
    private readonly int[] sorted;
    private readonly double allowance;
    private MultiKnapsackSearch? search;
    private int items;
    private int nodes;
    private ulong best;
    private double bestValue;
    private double leastGain;

    /// <summary>What all gains are multiples of, 0 for none; NaN until it is asked for.</summary>
    private double unit;

    public MultiKnapsackSolver(int[,] weights, int[] capacities)
    {
        (constraints, dimension) = (weights.GetLength(0), weights.GetLength(1));
        this.capacities = capacities;
        this.weights = new int[dimension * constraints];
        share = new double[dimension];
        fitsAlone = new bool[dimension];
        for (var i = 0; i < dimension; i++)
        {
            fitsAlone[i] = true;
            for (var k = 0; k < constraints; k++)
            {
                this.weights[i * constraints + k] = weights[k, i];
                share[i] += weights[k, i] / Math.Max((double)capacities[k], 1.0);
                fitsAlone[i] &= weights[k, i] <= capacities[k];
            }
        }

        sorted = new int[dimension * constraints];
        order = new int[dimension];
        ratio = new double[dimension];
        gain = new double[dimension];
        shares = new double[dimension];
        limits = Array.ConvertAll(capacities, capacity => Math.Max((double)capacity, 1.0));
        left = new int[constraints];
        // A bound and a value are sums of at most d + K positive terms: rounding changes neither by more than this,
        // relative to itself.
        allowance = 1.0 + 4.0 * (dimension + constraints + 4) * 1.2e-16;
    }

    public CancellationToken Cancellation { get; set; }

    public void Solve(ReadOnlySpan<double> thetas, Span<double> solutions, Span<double> values)
    {
        var rows = RowShape.Rows(thetas, dimension, solutions, dimension, values);
        solutions.Clear();
        for (var row = 0; row < rows; row++)
        {
            var theta = thetas.Slice(row * dimension, dimension);
            var y = solutions.Slice(row * dimension, dimension);
            Cancellation.ThrowIfCancellationRequested();
            Prepare(theta);
            Search(0, 0UL, 0.0);
            if (nodes > MostNodes) best = SearchOn();
            for (var chosen = best; chosen != 0; chosen &= chosen - 1) y[order[BitOperations.TrailingZeroCount(chosen)]] = 1.0;
            if (!values.IsEmpty) values[row] = Lanes.Dot(y, theta);
        }
    }

    private void Prepare(ReadOnlySpan<double> theta)
    {
        items = 0;
        for (var i = 0; i < dimension; i++)
        {
            if (theta[i] <= 0.0 || !fitsAlone[i]) continue;
            var value = share[i] > 0.0 ? theta[i] / share[i] : double.PositiveInfinity;
            var at = items++;
            for (; at > 0 && ratio[at - 1] < value; at--) (ratio[at], order[at]) = (ratio[at - 1], order[at - 1]);
            (ratio[at], order[at]) = (value, i);
        }

        leastGain = double.PositiveInfinity;
        for (var at = 0; at < items; at++)
        {
            (gain[at], shares[at]) = (theta[order[at]], share[order[at]]);
            leastGain = Math.Min(leastGain, gain[at]);
        }

        capacities.CopyTo(left, 0);
        (best, bestValue, nodes) = (0UL, 0.0, 0);
        unit = double.NaN;
    }

    private double Unit()
    {
        if (double.IsNaN(unit)) unit = 0.999 * CommonUnit.Of(gain.AsSpan(0, items));
        return unit;
    }

    private ulong SearchOn()
    {
        search ??= new MultiKnapsackSearch(constraints);
        search.Cancellation = Cancellation;
        for (var at = 0; at < items; at++) weights.AsSpan(order[at] * constraints, constraints).CopyTo(sorted.AsSpan(at * constraints));
        return search.Solve(gain.AsSpan(0, items), Unit(), sorted, capacities, best);
    }

    private void Search(int at, ulong chosen, double value)
    {
        if (value > bestValue) (best, bestValue) = (chosen, value);
        if (at == items || nodes++ >= MostNodes || IsHopeless(at, value)) return;
        var item = weights.AsSpan(order[at] * constraints, constraints);
        var space = left.AsSpan(0, item.Length);
        var fits = true;
        for (var k = 0; k < item.Length; k++) fits &= item[k] <= space[k];
        if (fits)
        {
            for (var k = 0; k < item.Length; k++) space[k] -= item[k];
            Search(at + 1, chosen | (1UL << at), value + gain[at]);
            for (var k = 0; k < item.Length; k++) space[k] += item[k];
        }

        Search(at + 1, chosen, value);
    }

    /// <summary>
    /// Whether no completion is worth more than the best one: a better one is so by the common unit, which no gain is
    /// below.
    /// </summary>
    private bool IsHopeless(int at, double value)
    {
        var bound = Bound(at, value, bestValue + leastGain);
        return bound < bestValue || (bound < bestValue + leastGain && bound < bestValue + Unit());
    }

    /// <summary>More than any completion is worth, as far as that is less than enough.</summary>
    private double Bound(int at, double value, double enough)
    {
        var remaining = 0.0;
        var needs = shares.AsSpan(0, items);
        var gains = gain.AsSpan(0, needs.Length);
        for (var k = 0; k < left.Length; k++) remaining += left[k] / limits[k];
        for (; at < needs.Length && value * allowance < enough; at++)
        {
            var needed = needs[at];
            if (needed > remaining) return (value + gains[at] * (remaining / needed)) * allowance;
            remaining -= needed;
            value += gains[at];
        }

        return value * allowance;
    }
}
