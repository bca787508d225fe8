using System;

namespace Perturbed.Kernels;

/// <content>The two phases, and the rules that choose a pivot.</content>
internal sealed partial class SimplexDictionary
{
    /// <summary>Coefficients and gains up to so much of their size count as 0.</summary>
    private const double Zero = 1e-10;

    /// <summary>What a gain must exceed to be worth a step.</summary>
    public double Tolerance => Zero * gainSize;

    /// <summary>Whether no gain is worth a step.</summary>
    public bool IsOptimal => Entering(false) < 0;

    /// <summary>The first phase: pivots to a feasible basis without the auxiliary variable. 0, or by how much the bounds fail.</summary>
    public double MakeFeasible()
    {
        var (worst, size) = (0, 1.0);
        for (var i = 0; i < rows; i++)
        {
            if (constants[i] < constants[worst]) worst = i;
            size = Math.Max(size, Math.Abs(constants[i]));
        }

        var column = structural;
        if (constants[worst] < 0.0)
        {
            Pivot(worst, column);

            // Minimise the auxiliary variable: it is basic now, so its row is its formula.
            Row(worst).CopyTo(gains);
            Climb();
            var row = Array.IndexOf(basic, Auxiliary);
            if (row >= 0)
            {
                if (constants[row] > 1e-9 * size) return constants[row];
                constants[row] = 0.0;

                // It is 0 but still basic: any column with a coefficient may take its place, for no change of the point.
                var best = 0;
                for (var j = 1; j < columns; j++)
                    if (Math.Abs(coefficients[row * stride + j]) > Math.Abs(coefficients[row * stride + best])) best = j;
                Pivot(row, best);
            }

            column = Array.IndexOf(nonbasic, Auxiliary);
        }

        // A nonbasic variable is 0; without coefficients it stays so for good.
        for (var i = 0; i < rows; i++)
        {
            coefficients[i * stride + column] = 0.0;
            Clip(i);
        }

        return 0.0;
    }

    /// <summary>Steps until no gain is worth one: −1, or the column of a variable that may grow for ever.</summary>
    public int Climb()
    {
        var isBland = false;
        Pivots = 0;
        for (var steps = 0; ; steps++)
        {
            var entering = Entering(isBland);
            if (entering < 0) return -1;
            var leaving = Leaving(entering, out var step, out var isUpper);
            var width = widths[nonbasic[entering]];
            if (leaving < 0 && double.IsPositiveInfinity(width)) return entering;
            if (width <= step)
            {
                FlipColumn(entering);
                continue;
            }

            if (isUpper) FlipRow(leaving);

            // A step of length 0 may be the first of a cycle; Bland's rule has none. So many steps are more than a program takes
            // that rounding does not lead astray.
            isBland = constants[leaving] <= 1e-13 || steps > 50 * (rows + columns);
            Pivot(leaving, entering);
            Pivots++;
        }
    }

    private int Entering(bool isBland)
    {
        var (found, least) = (-1, Tolerance);
        for (var j = 0; j < columns; j++)
        {
            if (gains[j] <= least || !CanMove(nonbasic[j])) continue;
            if (found < 0 || (isBland ? nonbasic[j] < nonbasic[found] : gains[j] > gains[found])) found = j;
        }

        return found;
    }

    /// <summary>The row whose variable is the first to come to a bound, −1 where none does; of equals the auxiliary one, then the lowest.</summary>
    private int Leaving(int column, out double step, out bool isUpper)
    {
        (var found, step, isUpper) = (-1, double.PositiveInfinity, false);
        for (var i = 0; i < rows; i++)
        {
            var coefficient = coefficients[i * stride + column];
            if (Math.Abs(coefficient) <= Zero) continue;
            var isRising = coefficient < 0.0;
            var width = widths[basic[i]];
            if (isRising && double.IsPositiveInfinity(width)) continue;
            var ratio = (isRising ? constants[i] - width : constants[i]) / coefficient;
            var isFirst = found < 0 || basic[i] == Auxiliary || (basic[found] != Auxiliary && basic[i] < basic[found]);
            if (ratio < step || (ratio == step && isFirst)) (found, step, isUpper) = (i, ratio, isRising);
        }

        return found;
    }
}
