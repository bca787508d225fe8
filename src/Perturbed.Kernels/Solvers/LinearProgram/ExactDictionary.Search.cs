using System;
using System.Numerics;

namespace Perturbed.Kernels;

/// <content>The search for a feasible basis and for the best one, by Bland's rule, which ends.</content>
internal sealed partial class ExactDictionary
{
    /// <summary>
    /// Pivots from the slacks to a basis that was found in doubles; false where it is none, or not feasible.
    /// </summary>
    public bool Load(ReadOnlySpan<int> basis, ReadOnlySpan<bool> areFlipped)
    {
        var stays = new bool[rows + columns];
        foreach (var variable in basis) stays[variable] = true;
        if (stays[Auxiliary]) return false;
        for (var column = 0; column < columns; column++)
        {
            if (!stays[nonbasic[column]]) continue;
            var row = -1;
            for (var i = 0; i < rows; i++)
                if (!stays[basic[i]] && !table[i][column].IsZero
                    && (row < 0 || table[i][column].GetBitLength() < table[row][column].GetBitLength()))
                    row = i;
            if (row < 0) return false;
            Pivot(row, column);
        }

        for (var column = 0; column < columns; column++)
            if (nonbasic[column] < Dimension && areFlipped[nonbasic[column]]) FlipColumn(column);
        for (var i = 0; i < rows; i++)
            if (table[i][columns].Sign < 0 || IsBeyond(i)) return false;
        DropAuxiliary();
        return true;
    }

    /// <summary>
    /// The first phase, which overwrites the gains: pivots from the slacks to a feasible basis. 0, or by how much of
    /// its row's largest coefficient every b_i must grow; at least the least double.
    /// </summary>
    public double MakeFeasible()
    {
        var worst = -1;
        for (var i = 0; i < rows; i++)
            if (table[i][columns].Sign < 0
                && (worst < 0 || table[i][columns] * table[worst][Dimension] > table[worst][columns] * table[i][Dimension]))
                worst = i;
        if (worst >= 0)
        {
            Pivot(worst, Dimension);
            for (var j = 0; j <= columns; j++) table[rows][j] = -table[worst][j];
            Climb();
            var row = Array.IndexOf(basic, Auxiliary);
            if (row >= 0)
            {
                if (!table[row][columns].IsZero) return Math.Max(double.Epsilon, Dyadic.Nearest(table[row][columns], denominator, -shift));
                Pivot(row, Array.FindIndex(table[row], entry => !entry.IsZero));
            }
        }

        DropAuxiliary();
        return 0.0;
    }

    /// <summary>
    /// Pivots to the best basis: <see cref="SimplexDictionary.Optimal"/>, or the column of a variable that may grow
    /// for ever.
    /// </summary>
    public int Climb()
    {
        while (true)
        {
            var entering = -1;
            for (var j = 0; j < columns; j++)
            {
                var variable = nonbasic[j];
                if (variable == Auxiliary || table[rows][j].Sign >= 0 || widths[variable] is { IsZero: true }) continue;
                if (entering < 0 || variable < nonbasic[entering]) entering = j;
            }

            if (entering < 0) return SimplexDictionary.Optimal;
            var leaving = Leaving(entering, out var distance, out var slope, out var isUpper);
            var width = widths[nonbasic[entering]];
            if (leaving < 0 && width is null) return entering;
            if (width is not null && (leaving < 0 || width.Value * slope <= distance))
            {
                FlipColumn(entering);
                continue;
            }

            if (isUpper) FlipRow(leaving);
            Pivot(leaving, entering);
        }
    }

    /// <summary>
    /// The row whose variable is the first to come to a bound, after a step of distance/slope; −1 where none does; of
    /// equals the auxiliary one, then the lowest.
    /// </summary>
    private int Leaving(int column, out BigInteger distance, out BigInteger slope, out bool isUpper)
    {
        (var found, distance, slope, isUpper) = (-1, BigInteger.Zero, BigInteger.One, false);
        for (var i = 0; i < rows; i++)
        {
            var coefficient = table[i][column];
            if (coefficient.IsZero) continue;
            var isRising = coefficient.Sign < 0;
            if (isRising && widths[basic[i]] is null) continue;
            var (far, fast) = isRising
                ? (widths[basic[i]]!.Value * denominator - table[i][columns], -coefficient)
                : (table[i][columns], coefficient);
            var order = found < 0 ? -1 : (far * slope).CompareTo(distance * fast);
            var isFirst = found < 0 || basic[i] == Auxiliary || (basic[found] != Auxiliary && basic[i] < basic[found]);
            if (order < 0 || (order == 0 && isFirst)) (found, distance, slope, isUpper) = (i, far, fast, isRising);
        }

        return found;
    }

    private bool IsBeyond(int row) => widths[basic[row]] is { } width && table[row][columns] > width * denominator;

    /// <summary>A nonbasic variable is 0; without coefficients it stays so for good.</summary>
    private void DropAuxiliary()
    {
        var column = Array.IndexOf(nonbasic, Auxiliary);
        foreach (var line in table) line[column] = BigInteger.Zero;
    }
}
