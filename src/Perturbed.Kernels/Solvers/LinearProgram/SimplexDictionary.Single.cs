using System;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Perturbed.Kernels;

/// <content>The proof that no other basis would do.</content>
/// <remarks>
/// A climb from anywhere ends at an x' where no gain exceeds the tolerance τ. With S the sum of the largest values that variables take, x' is worse than the best point by τS
/// at most. Here a nonbasic variable j loses g_j a unit, so Σ g_j x'_j ≤ τS, and a basic variable i with the coefficients a_ij differs at x' by at most τS · max_j |a_ij|/g_j.
/// Another basis has one of the variables that are basic here at a bound, or a nonbasic one at its other bound. Where all are further from their bounds than twice
/// that (as much again for rounding), there is none.
/// </remarks>
internal sealed partial class SimplexDictionary
{
    /// <summary>A number c of the basis alone, so that <see cref="IsSingle"/> is quick where the basis is known before.</summary>
    public double Clearance()
    {
        var gap = double.PositiveInfinity;
        for (var i = 0; i < rows; i++) gap = Math.Min(gap, Gap(i));
        foreach (var variable in nonbasic)
            if (CanMove(variable)) gap = Math.Min(gap, widths[variable]);
        return gap / (2.0 * Math.Max(1.0, AtomicNorm.LargestMagnitude(coefficients)) * Math.Max(Spread(), double.Epsilon));
    }

    /// <summary>Whether every climb, from wherever it starts, ends at this basis for these gains.</summary>
    public bool IsSingle(double clearance)
    {
        var least = double.PositiveInfinity;
        for (var j = 0; j < columns; j++)
        {
            var loss = CanMove(nonbasic[j]) ? -gains[j] : double.PositiveInfinity;
            if (!(loss > 0.0)) return false;
            least = Math.Min(least, loss);
            scratch[j] = 1.0 / loss;
        }

        return least * clearance > Tolerance || AreFar(scratch, 2.0 * Tolerance * Spread());
    }

    private bool AreFar(ReadOnlySpan<double> inverseLosses, double worse)
    {
        for (var j = 0; j < columns; j++)
            if (CanMove(nonbasic[j]) && !(widths[nonbasic[j]] > worse * inverseLosses[j])) return false;
        for (var i = 0; i < rows; i++)
            if (!(Gap(i) > worse * LargestProduct(Row(i), inverseLosses))) return false;
        return true;
    }

    private static double LargestProduct(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        ref var first = ref MemoryMarshal.GetReference(x);
        ref var second = ref MemoryMarshal.GetReference(y);
        var largest = Vector512<double>.Zero;
        for (nuint j = 0; j < (nuint)x.Length; j += Lanes.Width)
            largest = Vector512.MaxNative(largest, Vector512.Abs(Vector512.LoadUnsafe(ref first, j) * Vector512.LoadUnsafe(ref second, j)));
        return Lanes.Max(largest);
    }

    /// <summary>How far the basic variable of a row is from its nearer bound.</summary>
    private double Gap(int i) => Math.Min(constants[i], widths[basic[i]] - constants[i]);

    /// <summary>S: what the variables add up to at most, as far as they have two bounds, and here where they have one.</summary>
    private double Spread()
    {
        var sum = 0.0;
        for (var i = 0; i < rows; i++) sum += double.IsFinite(widths[basic[i]]) ? widths[basic[i]] : constants[i];
        foreach (var variable in nonbasic)
            if (CanMove(variable) && double.IsFinite(widths[variable])) sum += widths[variable];
        return sum;
    }
}
