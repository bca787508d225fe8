using System;

namespace Perturbed.Kernels;

/// <summary>A basis of {A y + s = b, y ≥ 0, s ≥ 0} written out: each basic variable as a constant minus multiples of the nonbasic ones.</summary>
/// <remarks>Variables 0..d−1 are y, d..d+M−1 the slacks, and d+M is the auxiliary one of the first phase. Source: Chvátal, Linear Programming, chapters 2 and 3.</remarks>
internal sealed class SimplexDictionary
{
    private const double Zero = 1e-10;

    private readonly int rows;
    private readonly int columns;
    private readonly double[] coefficients;
    private readonly double[] constants;
    private readonly double[] gains;
    private readonly int[] basic;
    private readonly int[] nonbasic;
    private readonly int structural;

    /// <summary>The dictionary whose basis is the slacks, with a column to spare for the auxiliary variable. Rows are scaled to a largest coefficient of 1.</summary>
    public SimplexDictionary(double[] a, double[] b, int d)
        : this(b.Length, d + 1, d)
    {
        for (var i = 0; i < rows; i++)
        {
            var largest = AtomicNorm.LargestMagnitude(a.AsSpan(i * d, d));
            var scale = largest > 0.0 ? largest : 1.0;
            for (var j = 0; j < d; j++) coefficients[i * columns + j] = a[i * d + j] / scale;
            coefficients[i * columns + d] = -1.0;
            constants[i] = b[i] / scale;
            basic[i] = d + i;
        }

        for (var j = 0; j < d; j++) nonbasic[j] = j;
        nonbasic[d] = d + rows;
    }

    private SimplexDictionary(int rows, int columns, int structural)
    {
        (this.rows, this.columns, this.structural) = (rows, columns, structural);
        coefficients = new double[rows * columns];
        constants = new double[rows];
        gains = new double[columns];
        basic = new int[rows];
        nonbasic = new int[columns];
    }

    /// <summary>The number d of entries of y.</summary>
    public int Dimension => structural;

    /// <summary>The number of variables, the auxiliary one included.</summary>
    public int Variables => structural + rows + 1;

    /// <summary>A dictionary of the same size, for a solver to work in.</summary>
    public SimplexDictionary CreateCopy()
    {
        var copy = new SimplexDictionary(rows, columns, structural);
        copy.Take(this);
        return copy;
    }

    /// <summary>Copies another dictionary of the same size.</summary>
    public void Take(SimplexDictionary other)
    {
        other.coefficients.CopyTo(coefficients, 0);
        other.constants.CopyTo(constants, 0);
        other.basic.CopyTo(basic, 0);
        other.nonbasic.CopyTo(nonbasic, 0);
    }

    /// <summary>The first phase: pivots to a feasible basis without the auxiliary variable. 0, or by how much the bounds fail.</summary>
    public double MakeFeasible()
    {
        var (worst, size) = (0, 1.0);
        for (var i = 0; i < rows; i++)
        {
            if (constants[i] < constants[worst]) worst = i;
            size = Math.Max(size, Math.Abs(constants[i]));
        }

        var auxiliary = structural;
        if (constants[worst] < 0.0)
        {
            Pivot(worst, auxiliary);
            Array.Clear(gains);
            var id = structural + rows;

            // Minimise the auxiliary variable: it is basic now, so its row is its formula.
            for (var j = 0; j < columns; j++) gains[j] = coefficients[worst * columns + j];
            Climb(1.0, id);
            var row = Array.IndexOf(basic, id);
            if (row >= 0)
            {
                if (constants[row] > 1e-9 * size) return constants[row];
                constants[row] = 0.0;

                // It is 0 but still basic: any column with a coefficient may take its place, for no change of the point.
                var best = 0;
                for (var j = 1; j < columns; j++)
                    if (Math.Abs(coefficients[row * columns + j]) > Math.Abs(coefficients[row * columns + best])) best = j;
                Pivot(row, best);
            }

            auxiliary = Array.IndexOf(nonbasic, id);
        }

        // A nonbasic variable is 0; without coefficients it stays so for good.
        for (var i = 0; i < rows; i++)
        {
            coefficients[i * columns + auxiliary] = 0.0;
            constants[i] = Math.Max(constants[i], 0.0);
        }

        return 0.0;
    }

    /// <summary>The second phase, from a feasible basis: −1, or the nonbasic variable that may grow for ever.</summary>
    public int Maximise(ReadOnlySpan<double> theta)
    {
        var scale = AtomicNorm.LargestMagnitude(theta);
        Array.Clear(gains);
        for (var j = 0; j < columns; j++)
            if (nonbasic[j] < structural) gains[j] += theta[nonbasic[j]];
        for (var i = 0; i < rows; i++)
        {
            if (basic[i] >= structural) continue;
            var entry = theta[basic[i]];
            for (var j = 0; j < columns; j++) gains[j] -= entry * coefficients[i * columns + j];
        }

        return Climb(scale, structural + rows);
    }

    /// <summary>How fast y grows with a nonbasic variable.</summary>
    public void Direction(int column, Span<double> ray)
    {
        ray.Clear();
        if (nonbasic[column] < structural) ray[nonbasic[column]] = 1.0;
        for (var i = 0; i < rows; i++)
            if (basic[i] < structural) ray[basic[i]] = -coefficients[i * columns + column];
    }

    /// <summary>Marks the basic variables.</summary>
    public void Mark(Span<bool> isBasic)
    {
        isBasic.Clear();
        foreach (var variable in basic) isBasic[variable] = true;
    }

    /// <param name="scale">The size of the gains, to tell them from 0.</param>
    /// <param name="auxiliary">The variable that leaves first of equals, and never enters once it is out.</param>
    private int Climb(double scale, int auxiliary)
    {
        var isBland = false;
        for (var pivots = 0; ; pivots++)
        {
            var entering = Entering(isBland, Zero * scale, auxiliary);
            if (entering < 0) return -1;
            var leaving = Leaving(entering, auxiliary);
            if (leaving < 0) return entering;

            // A step of length 0 may be the first of a cycle; Bland's rule has none. So many steps are more than a program takes
            // that rounding does not lead astray.
            isBland = constants[leaving] <= 1e-13 || pivots > 50 * (rows + columns);
            Pivot(leaving, entering);
        }
    }

    private int Entering(bool isBland, double least, int auxiliary)
    {
        var found = -1;
        for (var j = 0; j < columns; j++)
        {
            if (gains[j] <= least || nonbasic[j] == auxiliary) continue;
            if (found < 0 || (isBland ? nonbasic[j] < nonbasic[found] : gains[j] > gains[found])) found = j;
        }

        return found;
    }

    private int Leaving(int column, int auxiliary)
    {
        var (found, least) = (-1, double.PositiveInfinity);
        for (var i = 0; i < rows; i++)
        {
            var coefficient = coefficients[i * columns + column];
            if (coefficient <= Zero) continue;
            var ratio = constants[i] / coefficient;
            var isFirst = found < 0 || basic[i] == auxiliary || (basic[found] != auxiliary && basic[i] < basic[found]);
            if (ratio < least || (ratio == least && isFirst)) (found, least) = (i, ratio);
        }

        return found;
    }

    private void Pivot(int row, int column)
    {
        var own = coefficients.AsSpan(row * columns, columns);
        var inverse = 1.0 / own[column];
        own[column] = 1.0;
        for (var j = 0; j < columns; j++) own[j] *= inverse;
        constants[row] *= inverse;
        for (var i = 0; i < rows; i++)
        {
            if (i == row) continue;
            var other = coefficients.AsSpan(i * columns, columns);
            var factor = other[column];
            if (factor == 0.0) continue;
            other[column] = 0.0;
            Subtract(other, factor, own);
            constants[i] -= factor * constants[row];

            // Below 0 only by rounding, but for the first pivot of all, whose row is the most negative.
            if (constants[i] < 0.0) constants[i] = 0.0;
        }

        var gain = gains[column];
        gains[column] = 0.0;
        Subtract(gains, gain, own);
        (basic[row], nonbasic[column]) = (nonbasic[column], basic[row]);
    }

    private static void Subtract(Span<double> target, double factor, ReadOnlySpan<double> x)
    {
        for (var j = 0; j < target.Length; j++) target[j] -= factor * x[j];
    }
}
