using System;
using System.Numerics;
using System.Threading;
using Perturbed.Functional;

namespace Perturbed.Kernels;

/// <summary>Knapsacks of several constraints by depth-first branch and bound.</summary>
/// <remarks>
/// The bound is the fractional optimum of one surrogate constraint, the sum of all constraints each divided by its capacity: items in falling
/// order of gain per surrogate weight fill it greedily. That is the fastest for easy problems; what it does not finish in some thousands of
/// nodes goes on in a <see cref="MultiKnapsackSearch"/>.
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
    private readonly int[] order;
    private readonly double[] ratio;
    private readonly double[] gain;
    private readonly int[] left;
    private readonly int[] sorted;
    private readonly double allowance;
    private MultiKnapsackSearch? search;
    private int items;
    private int nodes;
    private ulong best;
    private double bestValue;
    private double unit;

    public MultiKnapsackSolver(int[,] weights, int[] capacities)
    {
        (constraints, dimension) = (weights.GetLength(0), weights.GetLength(1));
        this.capacities = capacities;
        this.weights = new int[dimension * constraints];
        share = new double[dimension];
        for (var i = 0; i < dimension; i++)
            for (var k = 0; k < constraints; k++)
            {
                this.weights[i * constraints + k] = weights[k, i];
                share[i] += weights[k, i] / Math.Max((double)capacities[k], 1.0);
            }

        sorted = new int[dimension * constraints];
        order = new int[dimension];
        ratio = new double[dimension];
        gain = new double[dimension];
        left = new int[constraints];
        // A bound and a value are sums of at most d + K positive terms: rounding changes neither by more than this, relative to itself.
        allowance = 1.0 + 4.0 * (dimension + constraints + 4) * 1.2e-16;
    }

    public CancellationToken Cancellation { get; set; }

    public void Begin(long row, ReadOnlySpan<double> theta)
    {
    }

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
            if (theta[i] <= 0.0 || !FitsAlone(i)) continue;
            var value = share[i] > 0.0 ? theta[i] / share[i] : double.PositiveInfinity;
            var at = items++;
            for (; at > 0 && ratio[at - 1] < value; at--) (ratio[at], order[at]) = (ratio[at - 1], order[at - 1]);
            (ratio[at], order[at]) = (value, i);
        }

        for (var at = 0; at < items; at++) gain[at] = theta[order[at]];
        capacities.CopyTo(left, 0);
        (best, bestValue, nodes) = (0UL, 0.0, 0);
        unit = 0.999 * CommonUnit.Of(gain.AsSpan(0, items));
    }

    private ulong SearchOn()
    {
        search ??= new MultiKnapsackSearch(constraints);
        search.Cancellation = Cancellation;
        for (var at = 0; at < items; at++) weights.AsSpan(order[at] * constraints, constraints).CopyTo(sorted.AsSpan(at * constraints));
        return search.Solve(gain.AsSpan(0, items), unit, sorted, capacities, best);
    }

    private bool FitsAlone(int item)
    {
        for (var k = 0; k < constraints; k++)
            if (weights[item * constraints + k] > capacities[k]) return false;
        return true;
    }

    private void Search(int at, ulong chosen, double value)
    {
        if (value > bestValue) (best, bestValue) = (chosen, value);
        if (at == items || nodes++ >= MostNodes || Bound(at, value) * allowance < bestValue + unit) return;
        var item = weights.AsSpan(order[at] * constraints, constraints);
        var fits = true;
        for (var k = 0; k < constraints; k++) fits &= item[k] <= left[k];
        if (fits)
        {
            for (var k = 0; k < constraints; k++) left[k] -= item[k];
            Search(at + 1, chosen | (1UL << at), value + gain[at]);
            for (var k = 0; k < constraints; k++) left[k] += item[k];
        }

        Search(at + 1, chosen, value);
    }

    /// <summary>More than any completion is worth.</summary>
    private double Bound(int at, double value)
    {
        var room = 0.0;
        for (var k = 0; k < constraints; k++) room += left[k] / Math.Max((double)capacities[k], 1.0);
        for (; at < items; at++)
        {
            var needed = share[order[at]];
            if (needed > room) return value + gain[at] * (room / needed);
            room -= needed;
            value += gain[at];
        }

        return value;
    }
}
