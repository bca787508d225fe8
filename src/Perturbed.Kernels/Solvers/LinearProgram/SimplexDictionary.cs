using System;

namespace Perturbed.Kernels;

/// <summary>
/// A basis of {A y + s = b, l ≤ y ≤ u, s ≥ 0} written out: each basic variable as a constant minus multiples of the
/// nonbasic ones.
/// </summary>
/// <remarks>
/// Variables 0..d−1 are y − l, d..d+M−1 the slacks, and d+M is the auxiliary one of the first phase. A variable x of a
/// finite width w = u − l may be flipped: w − x replaces it, so that every nonbasic variable is 0 whichever bound it
/// is at. Source: Chvátal, Linear Programming, chapters 2, 3 and 8.
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

    /// <summary>
    /// The dictionary whose basis is the slacks, every y at its lower bound, with a column to spare for the auxiliary
    /// variable.
    /// </summary>
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

    /// <summary>
    /// Sets the gains of the nonbasic variables to those of ⟨y, θ⟩, for a θ in the scale of the program.
    /// </summary>
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
}
