using System;

namespace Perturbed.Kernels;

/// <summary>Functions of one number that lose no digits where the textbook expression cancels.</summary>
internal static class Precise
{
    /// <summary>eˣ − 1 by Kahan's quotient: the rounding of eˣ cancels in (eˣ − 1)/log eˣ.</summary>
    internal static double ExpM1(double x)
    {
        var e = Math.Exp(x);
        if (e == 1) return x;
        var difference = e - 1;
        return difference == -1 || double.IsInfinity(e) ? difference : difference * x / Math.Log(e);
    }
}
