using System;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Perturbed.Kernels;

/// <content>The two phases, and the rules that choose a pivot.</content>
internal sealed partial class SimplexDictionary
{
    /// <summary>What <see cref="Climb"/> returns at a basis that no gain improves, by these numbers.</summary>
    public const int Optimal = -1;

    /// <summary>What <see cref="Climb"/> returns where it goes on without end.</summary>
    public const int Undecided = -2;

    /// <summary>Coefficients up to so much are no pivots: rows and columns are scaled to entries near 1.</summary>
    private const double Zero = 1e-10;

    /// <summary>
    /// Gains up to so much of the terms they were added from are no gains. What is wrong with that, or with
    /// <see cref="Zero"/>, is found when the basis is proved.
    /// </summary>
    private const double Noise = 1e-12;

    /// <summary>
    /// The first phase: pivots to a basis without the auxiliary variable; false where there seems to be none.
    /// </summary>
    public bool MakeFeasible()
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
            Gather(column);
            Pivot(worst, column);

            // Minimise the auxiliary variable: it is basic now, so its row is its formula.
            Row(worst).CopyTo(gains);
            Array.Clear(terms);
            AddSizes(terms, 1.0, gains);
            Climb();
            var row = Array.IndexOf(basic, Auxiliary);
            if (row >= 0)
            {
                if (constants[row] > 1e-9 * size) return false;
                constants[row] = 0.0;

                // It is 0 but still basic: any column with a coefficient may take its place, for no change of the
                // point.
                var best = 0;
                for (var j = 1; j < columns; j++)
                    if (Math.Abs(coefficients[row * stride + j]) > Math.Abs(coefficients[row * stride + best])) best = j;
                Gather(best);
                Pivot(row, best);
            }

            column = Array.IndexOf(nonbasic, Auxiliary);
        }

        // A nonbasic variable is 0; without coefficients it remains 0.
        for (var i = 0; i < rows; i++)
        {
            coefficients[i * stride + column] = 0.0;
            Clip(i);
        }

        return true;
    }

    /// <summary>
    /// Steps until no gain is worth one: <see cref="Optimal"/>, or the column of a variable that seems to grow for
    /// ever, or <see cref="Undecided"/>.
    /// </summary>
    public int Climb()
    {
        var isBland = false;
        Pivots = 0;
        for (var steps = 0; ; steps++)
        {
            var entering = Entering(isBland);
            if (entering < 0) return Optimal;
            if (steps > 100 * (rows + columns)) return Undecided;
            Gather(entering);
            var leaving = Leaving(out var step, out var isUpper);
            var width = widths[nonbasic[entering]];
            if (leaving < 0 && double.IsPositiveInfinity(width)) return entering;
            if (width <= step)
            {
                FlipColumn(entering);
                continue;
            }

            if (isUpper) FlipRow(leaving);

            // A step of length 0 may be the first of a cycle; Bland's rule has none. Programs without trouble by
            // rounding take fewer steps.
            isBland = constants[leaving] <= 1e-13 || steps > 50 * (rows + columns);
            Pivot(leaving, entering);
            Pivots++;
        }
    }

    private int Entering(bool isBland)
    {
        ref var gain = ref MemoryMarshal.GetArrayDataReference(gains);
        ref var size = ref MemoryMarshal.GetArrayDataReference(terms);
        ref var mask = ref MemoryMarshal.GetArrayDataReference(movable);
        var (found, most) = (-1, double.NegativeInfinity);
        for (nuint j = 0; j < (nuint)stride; j += Lanes.Width)
        {
            var here = Vector512.LoadUnsafe(ref gain, j);
            var isGain = Vector512.GreaterThan(here, Vector512.Create(Noise) * Vector512.LoadUnsafe(ref size, j)).AsInt64();
            var isWorth = isGain & Vector512.LoadUnsafe(ref mask, j);
            for (var hits = isWorth.ExtractMostSignificantBits(); hits != 0; hits &= hits - 1)
            {
                var column = (int)j + BitOperations.TrailingZeroCount(hits);
                if (found >= 0 && !(isBland ? nonbasic[column] < nonbasic[found] : gains[column] > most)) continue;
                (found, most) = (column, gains[column]);
            }
        }

        return found;
    }

    /// <summary>
    /// The row whose variable first reaches a bound along the column in <see cref="factors"/>, −1 where none does; of
    /// equals the auxiliary one, then the lowest.
    /// </summary>
    private int Leaving(out double step, out bool isUpper)
    {
        ref var factor = ref MemoryMarshal.GetArrayDataReference(factors);
        ref var constant = ref MemoryMarshal.GetArrayDataReference(constants);
        ref var width = ref MemoryMarshal.GetArrayDataReference(rowWidths);
        ref var ratio = ref MemoryMarshal.GetArrayDataReference(ratios);
        var least = Vector512.Create(double.PositiveInfinity);
        for (nuint i = 0; i < (nuint)factors.Length; i += Lanes.Width)
        {
            var (coefficient, most) = (Vector512.LoadUnsafe(ref factor, i), Vector512.LoadUnsafe(ref width, i));
            var isRising = Vector512.LessThan(coefficient, Vector512<double>.Zero);
            var slack = Vector512.LoadUnsafe(ref constant, i) - (isRising & most);
            var isBounded = Vector512.GreaterThan(Vector512.Abs(coefficient), Vector512.Create(Zero))
                & ~(isRising & Vector512.Equals(most, Vector512.Create(double.PositiveInfinity)));
            var own = Vector512.ConditionalSelect(isBounded, slack / coefficient, Vector512.Create(double.NaN));
            least = Vector512.ConditionalSelect(Vector512.LessThan(own, least), own, least);
            own.StoreUnsafe(ref ratio, i);
        }

        step = -Lanes.Max(-least);
        var found = -1;
        for (nuint i = 0; i < (nuint)ratios.Length; i += Lanes.Width)
        {
            var isLeast = Vector512.Equals(Vector512.LoadUnsafe(ref ratio, i), Vector512.Create(step));
            for (var hits = isLeast.ExtractMostSignificantBits(); hits != 0; hits &= hits - 1)
            {
                var row = (int)i + BitOperations.TrailingZeroCount(hits);
                if (found < 0 || basic[row] == Auxiliary || (basic[found] != Auxiliary && basic[row] < basic[found])) found = row;
            }
        }

        isUpper = found >= 0 && factors[found] < 0.0;
        return found;
    }
}
