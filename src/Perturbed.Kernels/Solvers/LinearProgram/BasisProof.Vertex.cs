using System;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Perturbed.Kernels;

/// <content>The vertex, and whether it satisfies the constraints.</content>
internal sealed partial class BasisProof
{
    /// <summary>Refines the entries between bounds until each is proved to be the nearest double, and within its bounds.</summary>
    private bool FindVertex()
    {
        for (var i = 0; i < size; i++) point[variables[i]] = 0.0;
        for (var i = size; i < Round(size); i++) (residuals[i], doubts[i]) = (0.0, 0.0);
        for (var refinement = 0; refinement <= Refinements; refinement++)
        {
            var isMet = true;
            for (var i = 0; i < size; i++)
            {
                residuals[i] = Residual(tightRows[i], out var doubt);
                doubts[i] = Math.Abs(residuals[i]) * (size + 4) * 4.0 * Unit + doubt;
                isMet &= residuals[i] == 0.0 && doubt == 0.0;
            }

            if (Refine(isMet) && refinement > 0) return AreWithinBounds();
        }

        return size == 0;
    }

    /// <summary>Adds the correction to each entry; whether all are proved. Where all equations are met without rounding, the point is the vertex itself.</summary>
    private bool Refine(bool isMet)
    {
        var tail = 0.0;
        if (norm > 0.0)
        {
            for (var i = 0; i < size; i++)
            {
                var (correction, doubt) = Correction(i);
                tail = Math.Max(tail, Math.Abs(correction) + doubt);
            }

            tail *= 1.01 * norm;
        }

        var isProved = true;
        for (var i = 0; i < size; i++)
        {
            var (correction, doubt) = Correction(i);
            doubt = isMet ? 0.0 : 1.01 * (doubt + tail);
            if (doubt > 0.0) doubt += Underflow;
            var old = point[variables[i]];
            var sum = old + correction;
            var part = sum - old;
            var rest = (old - (sum - part)) + (correction - part);
            var entry = Math.Abs(sum);
            isExact[variables[i]] = doubt == 0.0 && rest == 0.0;
            isProved &= isExact[variables[i]] || Math.Abs(rest) + doubt < 0.5 * (entry - Math.BitDecrement(entry));
            isProved &= entry == 0.0 || (entry > ScaledProgram.Least && entry < ScaledProgram.Most);
            (point[variables[i]], line[i], errors[i]) = (sum, rest, doubt);
        }

        return isProved;
    }

    /// <summary>The row of R times the residuals, and of |R| times what they may be wrong by.</summary>
    private (double Correction, double Doubt) Correction(int i)
    {
        ref var r = ref inverse[i * blockStride];
        ref var v = ref MemoryMarshal.GetArrayDataReference(residuals);
        ref var w = ref MemoryMarshal.GetArrayDataReference(doubts);
        var (sum, doubt) = (Vector512<double>.Zero, Vector512<double>.Zero);
        for (nuint j = 0; j < (nuint)Round(size); j += Lanes.Width)
        {
            var factors = Vector512.LoadUnsafe(ref r, j);
            sum += factors * Vector512.LoadUnsafe(ref v, j);
            doubt += Vector512.Abs(factors) * Vector512.LoadUnsafe(ref w, j);
        }

        return (Lanes.Sum(sum), Lanes.Sum(doubt));
    }

    private bool AreWithinBounds()
    {
        for (var i = 0; i < size; i++)
        {
            var j = variables[i];
            if (point[j] < program.Lower[j] || point[j] > program.Upper[j]) return false;

            // The nearest double is at a bound: the vertex may be on either side of it.
            if (point[j] == program.Lower[j] && !isExact[j] && !(line[i] > errors[i])) return false;
            if (point[j] == program.Upper[j] && !isExact[j] && !(line[i] < -errors[i])) return false;
        }

        return true;
    }

    private bool RowsHold()
    {
        for (var i = 0; i < program.Rows; i++)
        {
            if (isTight[i]) continue;
            var slack = Slack(i, out var terms);
            var doubt = (program.Dimension + 8) * Unit * terms;
            if (slack > doubt) continue;
            if (!(slack >= -doubt) || !(doubt < double.PositiveInfinity)) return false;

            // The row opposite to a tight one leaves the width of the strip, which is at least 0.
            if (program.Opposite[i] >= 0 && isTight[program.Opposite[i]]) continue;
            if (!HasExactEntries(i) || !(Residual(i, out var left) >= 0.0) || left != 0.0) return false;
        }

        return true;
    }

    private bool HasExactEntries(int row)
    {
        for (var i = 0; i < size; i++)
            if (!isExact[variables[i]] && program.A[row * stride + variables[i]] != 0.0) return false;
        return true;
    }

    /// <summary>b_i − Σ a_ij y_j in doubles, and the sum of the sizes of its terms.</summary>
    private double Slack(int i, out double terms)
    {
        ref var a = ref program.A[i * stride];
        ref var y = ref MemoryMarshal.GetArrayDataReference(point);
        var (sum, total) = (Vector512<double>.Zero, Vector512<double>.Zero);
        for (nuint j = 0; j < (nuint)stride; j += Lanes.Width)
        {
            var product = Vector512.LoadUnsafe(ref a, j) * Vector512.LoadUnsafe(ref y, j);
            sum += product;
            total += Vector512.Abs(product);
        }

        terms = Lanes.Sum(total) + Math.Abs(program.B[i]);
        return program.B[i] - Lanes.Sum(sum);
    }

    /// <summary>b_i − Σ a_ij y_j in twice the precision, and what it may be wrong by: exactly 0 where no operation rounded.</summary>
    private double Residual(int i, out double doubt)
    {
        ref var a = ref program.A[i * stride];
        ref var y = ref MemoryMarshal.GetArrayDataReference(point);
        var (high, low, total) = (Vector512<double>.Zero, Vector512<double>.Zero, Vector512<double>.Zero);
        var rounded = Vector512<double>.Zero;
        for (nuint j = 0; j < (nuint)stride; j += Lanes.Width)
        {
            var (x, z) = (Vector512.LoadUnsafe(ref a, j), Vector512.LoadUnsafe(ref y, j));
            var product = x * z;
            var productError = Vector512.FusedMultiplyAdd(x, z, -product);
            var sum = high + product;
            var part = sum - high;
            var sumError = (high - (sum - part)) + (product - part);
            high = sum;
            low += productError + sumError;
            rounded = Vector512.Max(rounded, Vector512.Max(Vector512.Abs(productError), Vector512.Abs(sumError)));
            total += Vector512.Abs(product);
        }

        var (result, rest, isRounded) = (program.B[i], -Lanes.Sum(low), Lanes.Max(rounded) != 0.0);
        for (var lane = 0; lane < Lanes.Width; lane++)
        {
            var term = -high.GetElement(lane);
            var sum = result + term;
            var part = sum - result;
            var error = (result - (sum - part)) + (term - part);
            (result, rest, isRounded) = (sum, rest + error, isRounded | error != 0.0);
        }

        var terms = Lanes.Sum(total) + Math.Abs(program.B[i]);
        doubt = isRounded ? (stride + 16.0) * (stride + 16.0) * Unit * Unit * 4.0 * terms + Underflow : 0.0;
        return result + rest;
    }
}
