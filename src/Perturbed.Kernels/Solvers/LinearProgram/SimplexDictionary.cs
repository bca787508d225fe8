using System;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Perturbed.Kernels;

/// <summary>A basis of {A y + s = b, l ≤ y ≤ u, s ≥ 0} written out: each basic variable as a constant minus multiples of the nonbasic ones.</summary>
/// <remarks>
/// Variables 0..d−1 are y − l, d..d+M−1 the slacks, and d+M is the auxiliary one of the first phase. A variable x of a finite width w = u − l may be flipped: w − x
/// stands in its place, so that every nonbasic variable is 0 whichever bound it is at. Source: Chvátal, Linear Programming, chapters 2, 3 and 8.
/// </remarks>
internal sealed partial class SimplexDictionary
{
    private readonly int rows;
    private readonly int columns;

    /// <summary>The length of a row in memory: whole vectors, 0 beyond the columns.</summary>
    private readonly int stride;
    private readonly int structural;
    private readonly double[] coefficients;
    private readonly double[] constants;
    private readonly double[] gains;
    private readonly double[] widths;
    private readonly double[] scratch;
    private readonly int[] basic;
    private readonly int[] nonbasic;
    private readonly bool[] isFlipped;
    private double gainSize = 1.0;

    /// <summary>The dictionary whose basis is the slacks, every y at its lower bound, with a column to spare for the auxiliary variable. Rows are scaled to a largest coefficient of 1.</summary>
    public SimplexDictionary(double[] a, double[] b, double[] lower, double[] upper)
        : this(b.Length, lower.Length)
    {
        var d = structural;
        widths.AsSpan().Fill(double.PositiveInfinity);
        for (var j = 0; j < d; j++) (widths[j], nonbasic[j]) = (upper[j] - lower[j], j);
        nonbasic[d] = d + rows;
        for (var i = 0; i < rows; i++)
        {
            var largest = AtomicNorm.LargestMagnitude(a.AsSpan(i * d, d));
            var scale = largest > 0.0 ? largest : 1.0;
            var left = b[i];
            for (var j = 0; j < d; j++)
            {
                coefficients[i * stride + j] = a[i * d + j] / scale;
                left -= a[i * d + j] * lower[j];
            }

            coefficients[i * stride + d] = -1.0;
            constants[i] = left / scale;
            basic[i] = d + i;
        }
    }

    private SimplexDictionary(int rows, int structural)
    {
        (this.rows, columns, this.structural) = (rows, structural + 1, structural);
        stride = (columns + Lanes.Width - 1) / Lanes.Width * Lanes.Width;
        coefficients = new double[rows * stride];
        constants = new double[rows];
        gains = new double[stride];
        scratch = new double[stride];
        widths = new double[structural + rows + 1];
        basic = new int[rows];
        nonbasic = new int[columns];
        isFlipped = new bool[structural + rows + 1];
    }

    /// <summary>The number d of entries of y.</summary>
    public int Dimension => structural;

    /// <summary>The number of variables, the auxiliary one included.</summary>
    public int Variables => structural + rows + 1;

    /// <summary>How many pivots the last climb took; a flip costs next to nothing beside one.</summary>
    public int Pivots { get; private set; }

    private int Auxiliary => structural + rows;

    /// <summary>A dictionary of the same size, for a solver to work in.</summary>
    public SimplexDictionary CreateCopy()
    {
        var copy = new SimplexDictionary(rows, structural);
        widths.CopyTo(copy.widths, 0);
        copy.Take(this);
        return copy;
    }

    /// <summary>Copies another dictionary of the same program.</summary>
    public void Take(SimplexDictionary other)
    {
        other.coefficients.CopyTo(coefficients, 0);
        other.constants.CopyTo(constants, 0);
        other.gains.CopyTo(gains, 0);
        other.basic.CopyTo(basic, 0);
        other.nonbasic.CopyTo(nonbasic, 0);
        other.isFlipped.CopyTo(isFlipped, 0);
        gainSize = other.gainSize;
    }

    /// <summary>Sets the gains of the nonbasic variables to those of ⟨y, θ⟩.</summary>
    public void Price(ReadOnlySpan<double> theta)
    {
        gainSize = AtomicNorm.LargestMagnitude(theta);
        Array.Clear(gains);
        for (var j = 0; j < columns; j++)
            if (nonbasic[j] < structural) gains[j] = Towards(nonbasic[j], theta[nonbasic[j]]);
        for (var i = 0; i < rows; i++)
            if (basic[i] < structural && theta[basic[i]] != 0.0) Subtract(gains, Towards(basic[i], theta[basic[i]]), Row(i));
    }

    /// <summary>How fast y grows with a nonbasic variable.</summary>
    public void Direction(int column, Span<double> ray)
    {
        ray.Clear();
        if (nonbasic[column] < structural) ray[nonbasic[column]] = Towards(nonbasic[column], 1.0);
        for (var i = 0; i < rows; i++)
            if (basic[i] < structural) ray[basic[i]] = Towards(basic[i], -coefficients[i * stride + column]);
    }

    /// <summary>Marks the basic variables, and those that are flipped.</summary>
    public void Mark(Span<bool> areBasic, Span<bool> areFlipped)
    {
        areBasic.Clear();
        foreach (var variable in basic) areBasic[variable] = true;
        isFlipped.CopyTo(areFlipped);
    }

    /// <summary>The change of y for a change of the variable that stands for it.</summary>
    private double Towards(int variable, double amount) => isFlipped[variable] ? -amount : amount;

    private bool CanMove(int variable) => variable != Auxiliary && widths[variable] > 0.0;

    private Span<double> Row(int i) => coefficients.AsSpan(i * stride, stride);

    private void Pivot(int row, int column)
    {
        var own = Row(row);
        var inverse = 1.0 / own[column];
        own[column] = 1.0;
        for (var j = 0; j < columns; j++) own[j] *= inverse;
        constants[row] *= inverse;
        for (var i = 0; i < rows; i++)
        {
            var factor = i == row ? 0.0 : coefficients[i * stride + column];
            if (factor == 0.0) continue;
            coefficients[i * stride + column] = 0.0;
            Subtract(Row(i), factor, own);
            constants[i] -= factor * constants[row];
            Clip(i);
        }

        var gain = gains[column];
        gains[column] = 0.0;
        Subtract(gains, gain, own);
        (basic[row], nonbasic[column]) = (nonbasic[column], basic[row]);
        Clip(row);
    }

    /// <summary>Moves a nonbasic variable to its other bound.</summary>
    private void FlipColumn(int column)
    {
        var width = widths[nonbasic[column]];
        for (var i = 0; i < rows; i++)
        {
            ref var coefficient = ref coefficients[i * stride + column];
            constants[i] -= coefficient * width;
            coefficient = -coefficient;
            Clip(i);
        }

        gains[column] = -gains[column];
        isFlipped[nonbasic[column]] ^= true;
    }

    /// <summary>Writes a basic variable as its distance from its other bound.</summary>
    private void FlipRow(int row)
    {
        foreach (ref var coefficient in Row(row)) coefficient = -coefficient;
        constants[row] = widths[basic[row]] - constants[row];
        isFlipped[basic[row]] ^= true;
    }

    // Out of bounds only by rounding, but for the first pivot of all, whose row is the most negative.
    private void Clip(int i)
    {
        if (constants[i] < 0.0) constants[i] = 0.0;
        else if (constants[i] > widths[basic[i]]) constants[i] = widths[basic[i]];
    }

    // Rows are short, so that a call of the platform's loop would cost more than the loop.
    private static void Subtract(Span<double> target, double factor, ReadOnlySpan<double> x)
    {
        ref var to = ref MemoryMarshal.GetReference(target);
        ref var from = ref MemoryMarshal.GetReference(x);
        var times = Vector512.Create(factor);
        for (nuint j = 0; j < (nuint)target.Length; j += Lanes.Width)
            (Vector512.LoadUnsafe(ref to, j) - times * Vector512.LoadUnsafe(ref from, j)).StoreUnsafe(ref to, j);
    }
}
