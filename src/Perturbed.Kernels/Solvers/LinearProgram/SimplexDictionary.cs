using System;
using System.Runtime.CompilerServices;
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

    /// <summary>For each gain the sizes of the terms that went into it since <see cref="Price"/>.</summary>
    private readonly double[] terms;
    private readonly double[] widths;

    /// <summary>The widths of the basic variables, one a row, ∞ beyond the rows.</summary>
    private readonly double[] rowWidths;

    /// <summary>All bits set for each column whose variable can move, 0 beyond the columns.</summary>
    private readonly long[] movable;

    /// <summary>The coefficients of one column, 0 beyond the rows.</summary>
    private readonly double[] factors;
    private readonly double[] ratios;
    private readonly int[] basic;
    private readonly int[] nonbasic;
    private readonly bool[] isFlipped;

    /// <summary>The dictionary whose basis is the slacks, every y at its lower bound, with a column to spare for the auxiliary variable.</summary>
    public SimplexDictionary(ScaledProgram program)
        : this(program.Rows, program.Dimension)
    {
        var d = structural;
        widths.AsSpan().Fill(double.PositiveInfinity);
        for (var j = 0; j < d; j++) (widths[j], nonbasic[j]) = (program.Upper[j] - program.Lower[j], j);
        nonbasic[d] = d + rows;
        program.A.CopyTo(coefficients, 0);
        for (var i = 0; i < rows; i++)
        {
            var left = program.B[i];
            for (var j = 0; j < d; j++) left -= program.A[i * stride + j] * program.Lower[j];
            coefficients[i * stride + d] = -1.0;
            constants[i] = left;
            basic[i] = d + i;
        }

        ListWidths();
    }

    private SimplexDictionary(int rows, int structural)
    {
        (this.rows, columns, this.structural) = (rows, structural + 1, structural);
        stride = (columns + Lanes.Width - 1) / Lanes.Width * Lanes.Width;
        var height = (rows + Lanes.Width - 1) / Lanes.Width * Lanes.Width;
        coefficients = new double[height * stride];
        constants = new double[height];
        (rowWidths, factors, ratios) = (new double[height], new double[height], new double[height]);
        rowWidths.AsSpan().Fill(double.PositiveInfinity);
        movable = new long[stride];
        gains = new double[stride];
        terms = new double[stride];
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

    /// <summary>Copies another dictionary of the same program, but for its gains.</summary>
    public void Take(SimplexDictionary other)
    {
        other.coefficients.CopyTo(coefficients, 0);
        other.constants.CopyTo(constants, 0);
        other.rowWidths.CopyTo(rowWidths, 0);
        other.movable.CopyTo(movable, 0);
        other.basic.CopyTo(basic, 0);
        other.nonbasic.CopyTo(nonbasic, 0);
        other.isFlipped.CopyTo(isFlipped, 0);
    }

    /// <summary>Sets the gains of the nonbasic variables to those of ⟨y, θ⟩, for a θ in the scale of the program.</summary>
    public void Price(ReadOnlySpan<double> theta)
    {
        PriceGains(theta);
        Array.Clear(terms);
        for (var j = 0; j < columns; j++)
            if (nonbasic[j] < structural) terms[j] = Math.Abs(theta[nonbasic[j]]);
        for (var i = 0; i < rows; i++)
            if (basic[i] < structural && theta[basic[i]] != 0.0) AddSizes(terms, theta[basic[i]], Row(i));
    }

    /// <summary>As <see cref="Price"/>, where no search follows.</summary>
    public void PriceGains(ReadOnlySpan<double> theta)
    {
        Array.Clear(gains);
        for (var j = 0; j < columns; j++)
            if (nonbasic[j] < structural) gains[j] = Towards(nonbasic[j], theta[nonbasic[j]]);
        for (var i = 0; i < rows; i++)
            if (basic[i] < structural && theta[basic[i]] != 0.0) Subtract(gains, Towards(basic[i], theta[basic[i]]), Row(i));
    }

    /// <summary>The gains, one a column, 0 beyond the columns.</summary>
    public ReadOnlySpan<double> Gains => gains;

    /// <summary>The basic variables, one a row.</summary>
    public ReadOnlySpan<int> Basic => basic;

    /// <summary>The nonbasic variables, one a column.</summary>
    public ReadOnlySpan<int> Nonbasic => nonbasic;

    /// <summary>Which variables are written as their distance from their upper bound.</summary>
    public ReadOnlySpan<bool> IsFlipped => isFlipped;

    /// <summary>The coefficients of a row, one a column, 0 beyond the columns.</summary>
    public ReadOnlySpan<double> Coefficients(int row) => coefficients.AsSpan(row * stride, stride);

    /// <summary>Whether a variable may take more than one value.</summary>
    public bool CanMove(int variable) => variable != Auxiliary && widths[variable] > 0.0;

    /// <summary>Takes over a feasible basis and its numbers.</summary>
    public void Set(ExactDictionary exact)
    {
        exact.Basic.CopyTo(basic);
        exact.Nonbasic.CopyTo(nonbasic);
        exact.IsFlipped.CopyTo(isFlipped);
        Array.Clear(coefficients);
        for (var i = 0; i < rows; i++)
        {
            for (var j = 0; j < columns; j++) coefficients[i * stride + j] = exact.Coefficient(i, j);
            constants[i] = exact.Constant(i);
        }

        ListWidths();
    }

    private void ListWidths()
    {
        for (var i = 0; i < rows; i++) rowWidths[i] = widths[basic[i]];
        for (var j = 0; j < columns; j++) movable[j] = CanMove(nonbasic[j]) ? -1L : 0L;
    }

    /// <summary>The change of y for a change of the variable that stands for it.</summary>
    private double Towards(int variable, double amount) => isFlipped[variable] ? -amount : amount;

    private Span<double> Row(int i) => coefficients.AsSpan(i * stride, stride);

    /// <summary>Writes the coefficients of a column to <see cref="factors"/>.</summary>
    // Here and below by whole vectors: a vector that is read soon after one of its numbers was written waits for the store.
    private void Gather(int column)
    {
        ref var from = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(coefficients), column);
        ref var to = ref MemoryMarshal.GetArrayDataReference(factors);
        nint step = stride;
        for (nuint i = 0; i < (nuint)factors.Length; i += Lanes.Width, from = ref Unsafe.Add(ref from, Lanes.Width * step))
            Vector512.Create(
                from, Unsafe.Add(ref from, step), Unsafe.Add(ref from, 2 * step), Unsafe.Add(ref from, 3 * step),
                Unsafe.Add(ref from, 4 * step), Unsafe.Add(ref from, 5 * step), Unsafe.Add(ref from, 6 * step), Unsafe.Add(ref from, 7 * step))
                .StoreUnsafe(ref to, i);
    }

    /// <summary>Exchanges the basic variable of a row with the nonbasic one of the column in <see cref="factors"/>.</summary>
    private void Pivot(int row, int column)
    {
        var inverse = 1.0 / coefficients[row * stride + column];
        var constant = constants[row] * inverse;
        StepConstants(constant, false);
        (basic[row], nonbasic[column]) = (nonbasic[column], basic[row]);
        (constants[row], rowWidths[row]) = (constant, widths[basic[row]]);
        Clip(row);
        StepGains(row, column, inverse);
        Eliminate(row, column);
    }

    /// <summary>Divides a row by its pivot, takes its multiple from the gains, and notes whether the new nonbasic variable can move.</summary>
    private void StepGains(int row, int column, double inverse)
    {
        ref var own = ref coefficients[row * stride];
        ref var gain = ref MemoryMarshal.GetArrayDataReference(gains);
        ref var size = ref MemoryMarshal.GetArrayDataReference(terms);
        ref var mask = ref MemoryMarshal.GetArrayDataReference(movable);
        var times = Vector512.Create(gains[column]);
        var isMovable = Vector512.Create(CanMove(nonbasic[column]) ? -1L : 0L);
        for (nuint j = 0; j < (nuint)stride; j += Lanes.Width)
        {
            var isHere = Vector512.Equals(Lanes.Indices, Vector512.Create(column - (long)j));
            var isOwn = isHere.AsDouble();
            var divided = Vector512.ConditionalSelect(isOwn, Vector512<double>.One, Vector512.LoadUnsafe(ref own, j));
            divided *= Vector512.Create(inverse);
            var product = times * divided;
            divided.StoreUnsafe(ref own, j);
            (Vector512.AndNot(Vector512.LoadUnsafe(ref gain, j), isOwn) - product).StoreUnsafe(ref gain, j);
            (Vector512.AndNot(Vector512.LoadUnsafe(ref size, j), isOwn) + Vector512.Abs(product)).StoreUnsafe(ref size, j);
            Vector512.ConditionalSelect(isHere, isMovable, Vector512.LoadUnsafe(ref mask, j)).StoreUnsafe(ref mask, j);
        }
    }

    /// <summary>Takes the multiples of a row by <see cref="factors"/> from the others, in the column from 0.</summary>
    // On its own, as the loop that most of the time goes to.
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private void Eliminate(int row, int column)
    {
        ref var own = ref coefficients[row * stride];
        ref var factor = ref MemoryMarshal.GetArrayDataReference(factors);
        ref var to = ref MemoryMarshal.GetArrayDataReference(coefficients);
        var pivot = Unsafe.Add(ref own, column);
        for (nint i = 0; i < rows; i++, to = ref Unsafe.Add(ref to, stride))
        {
            var times = Unsafe.Add(ref factor, i);
            if (times == 0.0 || i == row) continue;
            var vector = Vector512.Create(times);
            for (nuint j = 0; j < (nuint)stride; j += Lanes.Width)
                (Vector512.LoadUnsafe(ref to, j) - vector * Vector512.LoadUnsafe(ref own, j)).StoreUnsafe(ref to, j);
            Unsafe.Add(ref to, column) = 0.0 - times * pivot;
        }
    }

    /// <summary>Takes the multiples of a step by <see cref="factors"/> from the constants, and clips the changed ones, or all.</summary>
    private void StepConstants(double step, bool clipsAll)
    {
        ref var constant = ref MemoryMarshal.GetArrayDataReference(constants);
        ref var width = ref MemoryMarshal.GetArrayDataReference(rowWidths);
        ref var factor = ref MemoryMarshal.GetArrayDataReference(factors);
        for (nuint i = 0; i < (nuint)constants.Length; i += Lanes.Width)
        {
            var (old, most) = (Vector512.LoadUnsafe(ref constant, i), Vector512.LoadUnsafe(ref width, i));
            var times = Vector512.LoadUnsafe(ref factor, i);
            var moved = old - times * Vector512.Create(step);
            var clipped = Vector512.ConditionalSelect(Vector512.GreaterThan(moved, most), most, moved);
            clipped = Vector512.ConditionalSelect(Vector512.LessThan(moved, Vector512<double>.Zero), Vector512<double>.Zero, clipped);
            if (!clipsAll) clipped = Vector512.ConditionalSelect(Vector512.Equals(times, Vector512<double>.Zero), old, clipped);
            clipped.StoreUnsafe(ref constant, i);
        }
    }

    /// <summary>Moves the nonbasic variable of the column in <see cref="factors"/> to its other bound.</summary>
    private void FlipColumn(int column)
    {
        StepConstants(widths[nonbasic[column]], true);
        for (var i = 0; i < rows; i++) coefficients[i * stride + column] = -factors[i];
        gains[column] = -gains[column];
        isFlipped[nonbasic[column]] ^= true;
    }

    /// <summary>Writes a basic variable as its distance from its other bound.</summary>
    private void FlipRow(int row)
    {
        foreach (ref var coefficient in Row(row)) coefficient = -coefficient;
        constants[row] = rowWidths[row] - constants[row];
        isFlipped[basic[row]] ^= true;
    }

    // Out of bounds only by rounding, but for the first pivot of all, whose row is the most negative.
    private void Clip(int i)
    {
        if (constants[i] < 0.0) constants[i] = 0.0;
        else if (constants[i] > rowWidths[i]) constants[i] = rowWidths[i];
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

    private static void AddSizes(Span<double> target, double factor, ReadOnlySpan<double> x)
    {
        ref var to = ref MemoryMarshal.GetReference(target);
        ref var from = ref MemoryMarshal.GetReference(x);
        var times = Vector512.Create(factor);
        for (nuint j = 0; j < (nuint)target.Length; j += Lanes.Width)
            (Vector512.LoadUnsafe(ref to, j) + Vector512.Abs(times * Vector512.LoadUnsafe(ref from, j))).StoreUnsafe(ref to, j);
    }
}
