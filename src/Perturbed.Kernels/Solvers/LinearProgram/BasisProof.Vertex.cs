using System;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Perturbed.Kernels;

/// <content>The vertex, and whether it satisfies the constraints.</content>
internal sealed partial class BasisProof
{
    /// <summary>
    /// Refines the entries between bounds until each is proved to be the nearest double, and within its bounds.
    /// </summary>
    private bool FindVertex()
    {
        for (var i = 0; i < size; i++) point[variables[i]] = 0.0;
        for (var refinement = 0; refinement <= Refinements && size > 0; refinement++)
            if (Refine(FindResiduals()) && refinement > 0) return AreWithinBounds();
        return size == 0;
    }

    /// <summary>
    /// What the tight rows leave, in twice the precision, and what it may be wrong by; whether all leave exactly
    /// nothing.
    /// </summary>
    private bool FindResiduals()
    {
        ref var a = ref MemoryMarshal.GetArrayDataReference(block);
        var precision = Vector512.Create((active + 16.0) * (active + 16.0) * Unit * Unit * 4.0);
        var unmet = Vector512<double>.Zero;
        for (nuint first = 0; first < (nuint)size; first += Lanes.Width)
        {
            var high = Vector512.LoadUnsafe(ref right[0], first);
            var (low, rounded, terms) = (Vector512<double>.Zero, Vector512<double>.Zero, Vector512.Abs(high));
            var at = first;
            for (var i = 0; i < active; i++, at += (nuint)blockStride)
            {
                var (x, y) = (Vector512.LoadUnsafe(ref a, at), Vector512.Create(-point[variables[i]]));
                var product = x * y;
                var productError = Vector512.FusedMultiplyAdd(x, y, -product);
                var sum = high + product;
                var part = sum - high;
                var sumError = (high - (sum - part)) + (product - part);
                high = sum;
                low += productError + sumError;
                rounded = Vector512.Max(rounded, Vector512.Max(Vector512.Abs(productError), Vector512.Abs(sumError)));
                terms += Vector512.Abs(product);
            }

            var residual = high + low;
            var isExactly = Vector512.Equals(rounded, Vector512<double>.Zero);
            var doubt = Vector512.ConditionalSelect(isExactly, Vector512<double>.Zero, precision * terms + Vector512.Create(Underflow));
            doubt += Vector512.Abs(residual) * Vector512.Create((size + 4) * 4.0 * Unit);
            unmet = Vector512.Max(unmet, Vector512.Abs(residual) + doubt);
            residual.StoreUnsafe(ref residuals[0], first);
            doubt.StoreUnsafe(ref doubts[0], first);
        }

        return Lanes.Max(unmet) == 0.0;
    }

    /// <summary>
    /// Adds the correction to each entry; whether all are proved. Where all equations are met without rounding, the
    /// point is the vertex itself.
    /// </summary>
    private bool Refine(bool isMet)
    {
        ref var r = ref MemoryMarshal.GetArrayDataReference(inverseColumns);
        var largest = Vector512<double>.Zero;
        for (nuint first = 0; first < (nuint)size; first += Lanes.Width)
        {
            var (sum, doubt) = (Vector512<double>.Zero, Vector512<double>.Zero);
            var at = first;
            for (var t = 0; t < size; t++, at += (nuint)blockStride)
            {
                var factors = Vector512.LoadUnsafe(ref r, at);
                sum += factors * Vector512.Create(residuals[t]);
                doubt += Vector512.Abs(factors) * Vector512.Create(doubts[t]);
            }

            largest = Vector512.Max(largest, Vector512.Abs(sum) + doubt);
            sum.StoreUnsafe(ref corrections[0], first);
            doubt.StoreUnsafe(ref spreads[0], first);
        }

        var tail = 1.01 * norm * Lanes.Max(largest);
        var isProved = true;
        for (var i = 0; i < size; i++)
        {
            var (old, correction) = (point[variables[i]], corrections[i]);
            var doubt = isMet ? 0.0 : 1.01 * (spreads[i] + tail);
            if (doubt > 0.0) doubt += Underflow;
            var sum = old + correction;
            var part = sum - old;
            var rest = (old - (sum - part)) + (correction - part);
            var entry = Math.Abs(sum);
            isExact[variables[i]] = doubt == 0.0 && rest == 0.0;
            isProved &= isExact[variables[i]] || Math.Abs(rest) + doubt < 0.5 * (entry - Math.BitDecrement(entry));
            isProved &= entry == 0.0 || (entry > ScaledProgram.Least && entry < ScaledProgram.Most);
            (point[variables[i]], rests[i], spreads[i]) = (sum, rest, doubt);
        }

        return isProved;
    }

    private bool AreWithinBounds()
    {
        for (var i = 0; i < size; i++)
        {
            var j = variables[i];
            if (point[j] < program.Lower[j] || point[j] > program.Upper[j]) return false;

            // The nearest double is at a bound: the vertex may be on either side of it.
            if (point[j] == program.Lower[j] && !isExact[j] && !(rests[i] > spreads[i])) return false;
            if (point[j] == program.Upper[j] && !isExact[j] && !(rests[i] < -spreads[i])) return false;
        }

        return true;
    }

    private bool RowsHold()
    {
        ref var a = ref MemoryMarshal.GetArrayDataReference(program.Columns);
        var precision = (active + 8) * Unit;
        for (nuint first = 0; first < (nuint)program.RowStride; first += Lanes.Width)
        {
            var slack = Vector512.LoadUnsafe(ref program.B[0], first);
            var terms = Vector512.Abs(slack);
            for (var i = 0; i < active; i++)
            {
                var product = Vector512.Create(point[variables[i]])
                    * Vector512.LoadUnsafe(ref a, (nuint)(variables[i] * program.RowStride) + first);
                slack -= product;
                terms += Vector512.Abs(product);
            }

            var holds = Vector512.GreaterThan(slack + Vector512.LoadUnsafe(ref allowances[0], first), terms * Vector512.Create(precision));
            for (var open = ~holds.ExtractMostSignificantBits() & 0xFF; open != 0; open &= open - 1)
            {
                var lane = System.Numerics.BitOperations.TrailingZeroCount(open);
                if (!(slack.GetElement(lane) >= -precision * terms.GetElement(lane)) || !RowHolds((int)first + lane)) return false;
            }
        }

        return true;
    }

    /// <summary>Whether a row holds for a reason other than its slack in doubles.</summary>
    private bool RowHolds(int row)
    {
        // The row opposite to a tight one leaves the width of the strip, which is at least 0.
        if (program.Opposite[row] >= 0 && allowances[program.Opposite[row]] > 0.0) return true;

        // Where no operation rounds, the slack is what it is.
        var left = program.B[row];
        for (var i = 0; i < active; i++)
        {
            var (entry, y) = (program.A[row * stride + variables[i]], point[variables[i]]);
            if (entry == 0.0) continue;
            var product = -entry * y;
            var sum = left + product;
            var part = sum - left;
            if (!isExact[variables[i]] || Math.FusedMultiplyAdd(-entry, y, -product) != 0.0
                || (left - (sum - part)) + (product - part) != 0.0)
                return false;
            left = sum;
        }

        return left >= 0.0;
    }
}
