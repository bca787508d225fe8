using System;
using System.Numerics;

namespace Perturbed.Kernels;

/// <summary>
/// A dictionary in whole numbers: what <see cref="SimplexDictionary"/> writes in doubles, without rounding.
/// </summary>
/// <remarks>
/// Doubles are whole numbers times powers of two. All entries are whole over one common denominator, the determinant
/// of the basis, and a pivot divides without a rest (Bareiss 1968; Edmonds' integer pivoting). The last row holds
/// minus the gains, the last column the constants. Source of the method: Avis, lrs (2000).
/// </remarks>
internal sealed partial class ExactDictionary
{
    /// <summary>So many products of 64-bit words at most go into one answer: some ten seconds.</summary>
    private const double MostWork = 4e9;

    private readonly ScaledProgram program;
    private readonly double mostWork;
    private readonly int rows;
    private readonly int columns;
    private readonly BigInteger[][] table;
    private readonly BigInteger?[] widths;
    private readonly int[] rowShifts;
    private readonly int[] basic;
    private readonly int[] nonbasic;
    private readonly bool[] isFlipped;
    private BigInteger denominator = BigInteger.One;
    private int shift;
    private double work;

    /// <summary>The dictionary of the slacks, with the gains of θ.</summary>
    public ExactDictionary(ScaledProgram program, ReadOnlySpan<double> theta, double mostWork = MostWork)
    {
        (this.program, this.mostWork, rows, columns) = (program, mostWork, program.Rows, program.Dimension + 1);
        (basic, nonbasic, rowShifts) = (new int[rows], new int[columns], new int[rows]);
        (widths, isFlipped) = (new BigInteger?[rows + columns], new bool[rows + columns]);
        table = new BigInteger[rows + 1][];
        Shift();
        for (var j = 0; j < columns; j++) nonbasic[j] = j < Dimension ? j : Auxiliary;
        for (var j = 0; j < Dimension; j++)
            if (double.IsFinite(program.OriginalUpper[j])) widths[j] = Whole(program.OriginalUpper[j]) - Whole(program.OriginalLower[j]);
        for (var i = 0; i < rows; i++) table[i] = CreateRow(i);
        table[rows] = new BigInteger[columns + 1];
        var finest = 0;
        foreach (var gain in theta) finest = Math.Min(finest, Dyadic.Exponent(gain));
        for (var j = 0; j < theta.Length; j++) table[rows][j] = -Dyadic.Whole(theta[j], -finest);
    }

    /// <summary>The basic variables, one a row.</summary>
    public ReadOnlySpan<int> Basic => basic;

    /// <summary>The nonbasic variables, one a column.</summary>
    public ReadOnlySpan<int> Nonbasic => nonbasic;

    /// <summary>Which variables are written as their distance from their upper bound.</summary>
    public ReadOnlySpan<bool> IsFlipped => isFlipped;

    private int Dimension => columns - 1;

    private int Auxiliary => Dimension + rows;

    /// <summary>The coefficient of a row and a column, in the scale of the program, rounded.</summary>
    public double Coefficient(int row, int column) =>
        Dyadic.Nearest(table[row][column], denominator, Scale(basic[row]) - Scale(nonbasic[column]));

    /// <summary>The constant of a row, in the scale of the program, rounded.</summary>
    public double Constant(int row) => Dyadic.Nearest(table[row][columns], denominator, Scale(basic[row]));

    /// <summary>The point of the basis, each entry the nearest double, ±∞ beyond the largest.</summary>
    public void Write(Span<double> y)
    {
        for (var j = 0; j < Dimension; j++) y[j] = isFlipped[j] ? program.OriginalUpper[j] + 0.0 : program.OriginalLower[j] + 0.0;
        for (var i = 0; i < rows; i++)
        {
            var j = basic[i];
            if (j >= Dimension) continue;
            var distance = table[i][columns];
            var numerator = isFlipped[j]
                ? Whole(program.OriginalUpper[j]) * denominator - distance
                : Whole(program.OriginalLower[j]) * denominator + distance;
            y[j] = Dyadic.Nearest(numerator, denominator, -shift);
        }
    }

    /// <summary>
    /// How fast y grows with a nonbasic variable, rounded, in a unit of which the largest entry is 1.
    /// </summary>
    public void Direction(int column, Span<double> ray)
    {
        ray.Clear();
        var sizes = new BigInteger[Dimension];
        if (nonbasic[column] < Dimension) sizes[nonbasic[column]] = Towards(nonbasic[column], denominator);
        for (var i = 0; i < rows; i++)
            if (basic[i] < Dimension) sizes[basic[i]] = Towards(basic[i], -table[i][column]);
        var unit = BigInteger.One;
        foreach (var size in sizes) unit = BigInteger.Max(unit, BigInteger.Abs(size));
        for (var j = 0; j < Dimension; j++) ray[j] = Dyadic.Nearest(sizes[j], unit, 0);
    }

    private BigInteger Towards(int variable, BigInteger amount) => isFlipped[variable] ? -amount : amount;

    private BigInteger Whole(double bound) => Dyadic.Whole(bound, shift);

    /// <summary>The exponent of two between a variable here and the same one in the scale of the program.</summary>
    private int Scale(int variable) =>
        variable < Dimension ? -shift - program.ColumnExponents[variable]
        : variable == Auxiliary ? 0
        : program.RowExponent(variable - Dimension) - rowShifts[variable - Dimension] - shift;

    /// <summary>The powers of two that make rows, right sides and bounds whole.</summary>
    private void Shift()
    {
        shift = 0;
        for (var i = 0; i < rows; i++)
        {
            var finest = int.MaxValue;
            foreach (var entry in program.OriginalRow(i)) finest = Math.Min(finest, Dyadic.Exponent(entry));
            rowShifts[i] = finest == int.MaxValue ? 0 : -finest;
            if (program.OriginalRight(i) != 0.0) shift = Math.Max(shift, -Dyadic.Exponent(program.OriginalRight(i)) - rowShifts[i]);
        }

        for (var j = 0; j < Dimension; j++)
        {
            if (program.OriginalLower[j] != 0.0) shift = Math.Max(shift, -Dyadic.Exponent(program.OriginalLower[j]));
            if (double.IsFinite(program.OriginalUpper[j]) && program.OriginalUpper[j] != 0.0)
                shift = Math.Max(shift, -Dyadic.Exponent(program.OriginalUpper[j]));
        }
    }

    private BigInteger[] CreateRow(int i)
    {
        var row = new BigInteger[columns + 1];
        var left = Dyadic.Whole(program.OriginalRight(i), rowShifts[i] + shift);
        var entries = program.OriginalRow(i);
        var largest = BigInteger.Zero;
        for (var j = 0; j < Dimension; j++)
        {
            row[j] = Dyadic.Whole(entries[j], rowShifts[i]);
            left -= row[j] * Whole(program.OriginalLower[j]);
            largest = BigInteger.Max(largest, BigInteger.Abs(row[j]));
        }

        row[Dimension] = largest.IsZero ? -BigInteger.One : -largest;
        row[columns] = left;
        basic[i] = Dimension + i;
        return row;
    }

    private void Pivot(int row, int column)
    {
        Count();
        var own = table[row];
        var pivot = own[column];
        for (var i = 0; i <= rows; i++)
        {
            if (i == row) continue;
            var other = table[i];
            var factor = other[column];
            for (var j = 0; j <= columns; j++)
            {
                if (j == column) continue;
                var product = other[j] * pivot;
                if (!factor.IsZero && !own[j].IsZero) product -= factor * own[j];
                other[j] = denominator.IsOne ? product : product / denominator;
            }

            other[column] = -factor;
        }

        own[column] = denominator;
        denominator = pivot;
        if (denominator.Sign < 0)
        {
            denominator = -denominator;
            foreach (var line in table)
                for (var j = 0; j <= columns; j++) line[j] = -line[j];
        }

        (basic[row], nonbasic[column]) = (nonbasic[column], basic[row]);
    }

    private void FlipColumn(int column)
    {
        var width = widths[nonbasic[column]]!.Value;
        foreach (var line in table)
        {
            line[columns] -= line[column] * width;
            line[column] = -line[column];
        }

        isFlipped[nonbasic[column]] ^= true;
    }

    private void FlipRow(int row)
    {
        var line = table[row];
        for (var j = 0; j < columns; j++) line[j] = -line[j];
        line[columns] = widths[basic[row]]!.Value * denominator - line[columns];
        isFlipped[basic[row]] ^= true;
    }

    private void Count()
    {
        var words = 1.0 + denominator.GetBitLength() / 64;
        work += (rows + 1.0) * (columns + 1.0) * (40.0 + words * words);
        if (work > mostWork)
            throw new ExactLimitException(
                $"rounding leaves it open, and {rows} rows and {Dimension} columns are too many for exact arithmetic");
    }
}
