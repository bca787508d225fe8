using System;
using System.Numerics;
using System.Threading;

namespace Perturbed.Kernels;

/// <summary>
/// Branch and bound on the linear relaxation, for knapsacks that a plain depth-first search does not finish soon.
/// </summary>
/// <remarks>
/// A node is left where its bound, with an allowance for the rounding of its own terms, is no better than the best
/// selection so far. Both are compared without the items they share, so that a large gain in both costs the others no
/// digits. Gains that are multiples of one number, as whole numbers are, have values that are such multiples too: a
/// better selection is better by that number at least, and equal ones are left. Where equal selections were left, a
/// second search in the order of the items finds the first of the best.
/// </remarks>
internal sealed class MultiKnapsackSearch
{
    private const int MostRows = 64;
    private readonly int constraints;
    private readonly KnapsackRelaxation relaxation;
    private readonly int[] kept;
    private readonly double[] remaining;
    private readonly int[] left;
    private readonly double[] gain = new double[MultiKnapsackOracle.LargestDimension];
    private readonly double[] load;
    private int[] weights = [];
    private int[] capacities = [];
    private int items;
    private ulong best;
    private double unit;
    private bool hasEquals;
    private bool inOrder;

    public MultiKnapsackSearch(int constraints)
    {
        this.constraints = constraints;
        var rows = Math.Min(constraints, MostRows);
        relaxation = new KnapsackRelaxation(rows, MultiKnapsackOracle.LargestDimension);
        (kept, remaining, load) = (new int[rows], new double[rows], new double[constraints]);
        left = new int[(MultiKnapsackOracle.LargestDimension + 2) * constraints];
    }

    public CancellationToken Cancellation { get; set; }

    /// <summary>
    /// The best selection of items that are sorted, all of positive gain and each fitting alone, from a selection that
    /// fits on.
    /// </summary>
    /// <param name="gains">θ of each item.</param>
    /// <param name="commonUnit">What all gains are multiples of, or 0.</param>
    /// <param name="itemWeights">Item by item, one weight for each constraint.</param>
    /// <param name="limits">One for each constraint.</param>
    /// <param name="start">The items of a selection.</param>
    /// <returns>
    /// The items of the best, and of equal ones the first that a search finds that takes items before it leaves them,
    /// in order.
    /// </returns>
    public ulong Solve(ReadOnlySpan<double> gains, double commonUnit, int[] itemWeights, int[] limits, ulong start)
    {
        (items, weights, capacities, best) = (gains.Length, itemWeights, limits, start);
        gains.CopyTo(gain);
        unit = commonUnit;
        Prepare();
        var all = ulong.MaxValue >> (64 - items);
        (hasEquals, inOrder) = (false, false);
        capacities.CopyTo(left, 0);
        Search(all, 0UL, 0);
        if (!hasEquals) return best;
        inOrder = true;
        capacities.CopyTo(left, 0);
        Search(all, 0UL, 0);
        return best;
    }

    /// <summary>The rows whose items weigh most against their capacities make the relaxation.</summary>
    private void Prepare()
    {
        relaxation.Begin(gain.AsSpan(0, items));
        load.AsSpan().Clear();
        for (var i = 0; i < items; i++)
            for (var k = 0; k < constraints; k++) load[k] -= Share(k, weights[i * constraints + k]);
        Span<int> order = constraints <= 256 ? stackalloc int[constraints] : new int[constraints];
        for (var k = 0; k < constraints; k++) order[k] = k;
        load.AsSpan().Sort(order);
        for (var row = 0; row < kept.Length; row++)
        {
            kept[row] = order[row];
            var target = relaxation.Row(row);
            for (var i = 0; i < items; i++) target[i] = Share(kept[row], weights[i * constraints + kept[row]]);
        }
    }

    private double Share(int constraint, int weight) => weight / Math.Max((double)capacities[constraint], 1.0);

    /// <summary>Whether the search in order has found the first of the best.</summary>
    private bool Search(ulong free, ulong taken, int depth)
    {
        Cancellation.ThrowIfCancellationRequested();
        var own = left.AsSpan(depth * constraints, constraints);
        var fitting = 0UL;
        for (var rest = free; rest != 0; rest &= rest - 1)
        {
            var i = BitOperations.TrailingZeroCount(rest);
            if (Fits(i, own)) fitting |= 1UL << i;
        }

        free = fitting;
        for (var row = 0; row < remaining.Length; row++) remaining[row] = Share(kept[row], own[kept[row]]);
        relaxation.Solve(free, remaining);
        var chosen = relaxation.MostFractional(free, out var amount);
        if (!inOrder) Improve(free, taken, own);
        var (wanted, rounding) = Gain(best, taken);
        var slack = relaxation.Allowance + rounding;
        if (IsHopeless(relaxation.Bound, wanted, slack)) return false;
        var spare = relaxation.Bound;
        for (var rest = free; rest != 0; rest &= rest - 1)
        {
            var i = BitOperations.TrailingZeroCount(rest);
            var reduced = relaxation.Reduced[i];
            if (!IsHopeless(spare - Math.Abs(reduced), wanted, slack + relaxation.Rounding * (gain[i] + Math.Abs(reduced)))) continue;
            free &= ~(1UL << i);
            if (reduced <= 0.0) continue;
            if (!Fits(i, own)) return false;
            Take(i, own, own);
            taken |= 1UL << i;
        }

        if (free == 0) return Finish(taken);
        var first = amount > 0.5;
        if (inOrder) (chosen, first) = (BitOperations.TrailingZeroCount(free), true);
        else if (chosen < 0 || (free >> chosen & 1) == 0) (chosen, first) = (Nearest(free), true);
        free &= ~(1UL << chosen);
        for (var branch = 0; branch < 2; branch++)
        {
            var takes = first == (branch == 0);
            if (takes && !Fits(chosen, own)) continue;
            var next = left.AsSpan((depth + 1) * constraints, constraints);
            if (takes) Take(chosen, own, next);
            else own.CopyTo(next);
            if (Search(free, takes ? taken | 1UL << chosen : taken, depth + 1)) return true;
        }

        return false;
    }

    /// <summary>Whether nothing up to a bound is better than the best, or in order, as good as it.</summary>
    private bool IsHopeless(double bound, double wanted, double slack)
    {
        if (bound + slack < wanted) return true;
        if (inOrder || !(bound + slack < wanted + unit)) return false;
        hasEquals = true;
        return true;
    }

    private bool Finish(ulong taken)
    {
        if (!inOrder) return Replace(taken);
        if (Gain(best, taken).Value > 0.0) return false;
        best = taken;
        return true;
    }

    /// <summary>Items that the relaxation takes whole, and then every one that still fits, in order.</summary>
    private void Improve(ulong free, ulong taken, ReadOnlySpan<int> own)
    {
        var space = left.AsSpan(left.Length - constraints, constraints);
        own.CopyTo(space);
        for (var round = 0; round < 2; round++)
            for (var rest = free & ~taken; rest != 0; rest &= rest - 1)
            {
                var i = BitOperations.TrailingZeroCount(rest);
                if ((round == 0 && relaxation.Reduced[i] <= relaxation.Rounding * gain[i]) || !Fits(i, space)) continue;
                Take(i, space, space);
                taken |= 1UL << i;
            }

        Replace(taken);
    }

    private bool Replace(ulong taken)
    {
        if (taken == best) return false;
        var gained = Gain(taken, best).Value;
        if (gained > 0.0) (best, hasEquals) = (taken, gained < unit && hasEquals);
        else if (gained == 0.0) hasEquals = true;
        return false;
    }

    /// <summary>
    /// What one selection is worth more than another, by the items they do not share, summed with compensation.
    /// </summary>
    private (double Value, double Rounding) Gain(ulong selection, ulong other)
    {
        var (sum, rest, size) = (0.0, 0.0, 0.0);
        for (var differing = selection ^ other; differing != 0; differing &= differing - 1)
        {
            var i = BitOperations.TrailingZeroCount(differing);
            var term = (selection >> i & 1) == 1 ? gain[i] : -gain[i];
            var total = sum + term;
            rest += Math.Abs(sum) >= gain[i] ? sum - total + term : term - total + sum;
            (sum, size) = (total, size + gain[i]);
        }

        return (sum + rest, 4.0 * 1.2e-16 * size);
    }

    private int Nearest(ulong free)
    {
        var found = BitOperations.TrailingZeroCount(free);
        for (var rest = free; rest != 0; rest &= rest - 1)
        {
            var i = BitOperations.TrailingZeroCount(rest);
            if (Math.Abs(relaxation.Reduced[i]) < Math.Abs(relaxation.Reduced[found])) found = i;
        }

        return found;
    }

    private bool Fits(int item, ReadOnlySpan<int> space)
    {
        var own = weights.AsSpan(item * constraints, constraints);
        for (var k = 0; k < own.Length; k++)
            if (own[k] > space[k]) return false;
        return true;
    }

    private void Take(int item, ReadOnlySpan<int> space, Span<int> target)
    {
        var own = weights.AsSpan(item * constraints, constraints);
        for (var k = 0; k < own.Length; k++) target[k] = space[k] - own[k];
    }
}
