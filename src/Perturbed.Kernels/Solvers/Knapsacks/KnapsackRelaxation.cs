using System;
using System.Numerics;
using System.Numerics.Tensors;

namespace Perturbed.Kernels;

/// <summary>
/// The linear relaxation max ⟨θ, y⟩ over 0 ≤ y ≤ 1 with W y ≤ c, by the dual simplex method with bounded variables and
/// long steps.
/// </summary>
/// <remarks>
/// Rows are divided by their capacities. The basis stays from one call to the next, since any basis is dual feasible
/// here: an item without a place in it is at 1 where its reduced gain is positive and at 0 elsewhere. Only the
/// multipliers count: <see cref="Bound"/> and <see cref="Reduced"/> are made of them and the data by weak duality, so
/// an inexact basis costs time and never correctness.
/// </remarks>
internal sealed class KnapsackRelaxation(int rows, int mostItems)
{
    private const int MostPivots = 64;
    private const double Feasible = 1e-9;
    private readonly double[] weights = new double[rows * mostItems];
    private readonly double[] gain = new double[mostItems];
    private readonly double[] reduced = new double[mostItems];
    private readonly double[] pivotRow = new double[mostItems];
    private readonly double[] inverse = new double[rows * rows];
    private readonly double[] multipliers = new double[rows];
    private readonly double[] amounts = new double[rows];
    private readonly double[] column = new double[rows];
    private readonly double[] remaining = new double[rows];

    /// <summary>The item of each basic place, or −1 − k for the slack of row k.</summary>
    private readonly int[] basis = new int[rows];
    private int items;
    private int pivots;
    private ulong basic;

    /// <summary>An upper bound of what the free items may add, before <see cref="Allowance"/>.</summary>
    public double Bound { get; private set; }

    /// <summary>
    /// The most that rounding has taken from <see cref="Bound"/>: a multiple of the unit roundoff times the terms it
    /// is made of.
    /// </summary>
    public double Allowance { get; private set; }

    /// <summary>
    /// The most that rounding changes a reduced gain by, relative to the item's gain and its reduced gain.
    /// </summary>
    public double Rounding => 4.0 * (rows + 4) * 1.2e-16;

    /// <summary>θ_i − λ·w_i of each item.</summary>
    public ReadOnlySpan<double> Reduced => reduced;

    /// <summary>Items as columns of a new problem; capacities of the rows that are kept.</summary>
    public void Begin(ReadOnlySpan<double> gains)
    {
        items = gains.Length;
        gains.CopyTo(gain);
        Restart();
    }

    /// <summary>Where the weights of one row go, each divided by the row's capacity.</summary>
    public Span<double> Row(int row) => weights.AsSpan(row * mostItems, items);

    /// <summary>Solves for the free items and the capacity left in each row, as parts of its capacity.</summary>
    public void Solve(ulong free, ReadOnlySpan<double> left)
    {
        if (pivots > MostPivots) Restart();
        for (var step = 0; step <= MostPivots; step++)
        {
            Price();
            if (!Pivot(free, left)) break;
        }

        Measure(free, left);
    }

    /// <summary>The basic free item nearest to one half, and its amount; −1 where none is inside (0, 1).</summary>
    public int MostFractional(ulong free, out double amount)
    {
        var (found, nearest) = (-1, 0.5 - Feasible);
        amount = 0.0;
        for (var k = 0; k < rows; k++)
        {
            if (basis[k] < 0 || (free >> basis[k] & 1) == 0) continue;
            var distance = Math.Abs(amounts[k] - 0.5);
            if (distance < nearest || (distance == nearest && basis[k] < found))
                (found, nearest, amount) = (basis[k], distance, amounts[k]);
        }

        return found;
    }

    private void Restart()
    {
        (pivots, basic) = (0, 0UL);
        inverse.AsSpan().Clear();
        for (var k = 0; k < rows; k++) (basis[k], inverse[k * rows + k]) = (-1 - k, 1.0);
    }

    /// <summary>λ = c_B B⁻¹, none negative, and the reduced gains.</summary>
    private void Price()
    {
        multipliers.AsSpan().Clear();
        for (var k = 0; k < rows; k++)
            if (basis[k] >= 0) TensorPrimitives.MultiplyAdd(inverse.AsSpan(k * rows, rows), gain[basis[k]], multipliers, multipliers);
        TensorPrimitives.Max(multipliers, 0.0, multipliers);
        gain.AsSpan(0, items).CopyTo(reduced);
        var target = reduced.AsSpan(0, items);
        for (var k = 0; k < rows; k++)
            if (multipliers[k] != 0.0) TensorPrimitives.MultiplyAdd(Row(k), -multipliers[k], target, target);
    }

    /// <summary>Whether a basic amount was out of its bounds and left the basis.</summary>
    private bool Pivot(ulong free, ReadOnlySpan<double> left)
    {
        left.CopyTo(remaining);
        for (var rest = free & ~basic; rest != 0; rest &= rest - 1)
        {
            var i = BitOperations.TrailingZeroCount(rest);
            if (reduced[i] > 0.0)
                for (var k = 0; k < rows; k++) remaining[k] -= weights[k * mostItems + i];
        }

        var (leaving, violation, sign) = (-1, Feasible, 0.0);
        for (var k = 0; k < rows; k++)
        {
            amounts[k] = TensorPrimitives.Dot<double>(inverse.AsSpan(k * rows, rows), remaining);
            var most = basis[k] < 0 ? double.PositiveInfinity : (free >> basis[k] & 1) == 0 ? 0.0 : 1.0;
            if (-amounts[k] > violation) (leaving, violation, sign) = (k, -amounts[k], -1.0);
            if (amounts[k] - most > violation) (leaving, violation, sign) = (k, amounts[k] - most, 1.0);
        }

        if (leaving < 0) return false;
        var row = inverse.AsSpan(leaving * rows, rows);
        var target = pivotRow.AsSpan(0, items);
        target.Clear();
        for (var k = 0; k < rows; k++)
            if (row[k] != 0.0) TensorPrimitives.MultiplyAdd(Row(k), row[k], target, target);
        return Entering(free & ~basic, sign, violation, row, out var entering) && Exchange(leaving, entering);
    }

    /// <summary>
    /// The long step: items whose reduced gains change sign move to their other bound, until one takes up what is left
    /// of the violation.
    /// </summary>
    private bool Entering(ulong candidates, double sign, double violation, ReadOnlySpan<double> row, out int entering)
    {
        while (true)
        {
            var (ratio, size) = (double.PositiveInfinity, 0.0);
            entering = int.MinValue;
            for (var k = 0; k < rows; k++)
            {
                if (Array.IndexOf(basis, -1 - k) >= 0 || sign * row[k] <= 1e-11) continue;
                if (multipliers[k] / Math.Abs(row[k]) < ratio)
                    (entering, ratio, size) = (-1 - k, multipliers[k] / Math.Abs(row[k]), double.PositiveInfinity);
            }

            for (var rest = candidates; rest != 0; rest &= rest - 1)
            {
                var i = BitOperations.TrailingZeroCount(rest);
                var slope = sign * pivotRow[i];
                if (reduced[i] > 0.0) slope = -slope;
                if (slope <= 1e-11) continue;
                var own = Math.Abs(reduced[i]) / slope;
                if (own < ratio) (entering, ratio, size) = (i, own, slope);
            }

            if (entering == int.MinValue) return false;
            violation -= size;
            if (violation <= 0.0) return true;
            candidates &= ~(1UL << entering);
        }
    }

    private bool Exchange(int leaving, int entering)
    {
        for (var k = 0; k < rows; k++)
        {
            var value = 0.0;
            for (var j = 0; j < rows; j++)
                value += inverse[k * rows + j] * (entering >= 0 ? weights[j * mostItems + entering] : j == -1 - entering ? 1.0 : 0.0);
            column[k] = value;
        }

        if (Math.Abs(column[leaving]) < 1e-11) return false;
        var pivot = inverse.AsSpan(leaving * rows, rows);
        TensorPrimitives.Divide(pivot, column[leaving], pivot);
        for (var k = 0; k < rows; k++)
            if (k != leaving)
                TensorPrimitives.MultiplyAdd(pivot, -column[k], inverse.AsSpan(k * rows, rows), inverse.AsSpan(k * rows, rows));
        if (basis[leaving] >= 0) basic &= ~(1UL << basis[leaving]);
        if (entering >= 0) basic |= 1UL << entering;
        basis[leaving] = entering;
        pivots++;
        return true;
    }

    /// <summary>
    /// λ·left + Σ max(0, θ_i − λ·w_i): at least what any selection of free items adds, whatever λ ≥ 0 is.
    /// </summary>
    private void Measure(ulong free, ReadOnlySpan<double> left)
    {
        var bound = TensorPrimitives.Dot<double>(multipliers, left);
        var terms = bound;
        for (var rest = free; rest != 0; rest &= rest - 1)
        {
            var i = BitOperations.TrailingZeroCount(rest);
            if (reduced[i] < -Rounding * gain[i]) continue;
            bound += Math.Max(0.0, reduced[i]);
            terms += 2.0 * gain[i];
        }

        (Bound, Allowance) = (bound, 2.0 * (items + rows + 4) * 1.2e-16 * terms);
        if (!(bound <= double.MaxValue)) (Bound, Allowance) = (double.PositiveInfinity, 0.0);
    }
}
