using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Perturbed.Kernels;

/// <summary>Elementary functions of eight doubles, within 2 ulp, by range reduction and a polynomial.</summary>
/// <remarks>
/// Written out because a sample must have the same bits on every machine, which the run time's own vector functions do
/// not promise, and because they cost half as much for the ranges that noise needs. Every fused multiply-add is a true
/// one. The coefficients interpolate the function at Chebyshev nodes of the reduced range and were computed with 70
/// digits.
/// </remarks>
internal static class Elementary
{
    private const double Ln2 = 0.6931471805599453, Ln2Rest = 2.3190468138462996e-17;
    private const double Ln2Head = 0.6931471803691238, Ln2Tail = 1.9082149292705877e-10;
    private const double Log2E = 1.4426950408889634;
    private const double Shift = 6755399441055744;
    private const ulong ShiftBits = 0x4338000000000000;
    private const ulong SqrtHalf = 0x3FE6A09E667F3BCD, ExponentBias = 1023UL << 52, TwoTo52 = 0x4330000000000000;

    /// <summary>
    /// log x for positive normal x: x = 2ᵉm, m in [√½, √2), log m = f − (f²/2 − s(f²/2 + s²P(s²))), f = m − 1, s =
    /// f/(2 + f).
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector512<double> Log(Vector512<double> x)
    {
        var bits = x.AsUInt64();
        var above = bits - Vector512.Create(SqrtHalf);
        var exponent = ((above + Vector512.Create(ExponentBias)) >>> 52) | Vector512.Create(TwoTo52);
        var e = exponent.AsDouble() - Vector512.Create(4503599627370496.0 + 1023);
        var f = (bits - (above & Vector512.Create(0xFFF0000000000000))).AsDouble() - Vector512<double>.One;
        var s = f / (f + Vector512.Create(2.0));
        var w = s * s;
        var w2 = w * w;
        var p01 = Fma(w, 0.3999999999989827, 0.666666666666667);
        var p23 = Fma(w, 0.22222211043822487, 0.28571428626533335);
        var p45 = Fma(w, 0.1533150172120742, 0.18182895746801428);
        var p456 = Vector512.FusedMultiplyAdd(w2, Vector512.Create(0.1461916477718642), p45);
        var p = Vector512.FusedMultiplyAdd(w2 * w2, p456, Vector512.FusedMultiplyAdd(w2, p23, p01));
        var h = Vector512.Create(0.5) * f * f;
        var inner = Vector512.FusedMultiplyAdd(s, Vector512.FusedMultiplyAdd(w, p, h), e * Vector512.Create(Ln2Tail));
        return Vector512.FusedMultiplyAdd(e, Vector512.Create(Ln2Head), f - (h - inner));
    }

    /// <summary>eˣ for any x: 0 below −746, ∞ above 710, NaN for NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector512<double> Exp(Vector512<double> x)
    {
        var p = Reduce(x, out var half, out var rest);
        return (p + Vector512<double>.One) * half * rest.AsDouble();
    }

    /// <summary>
    /// eˣ − 1 for any x, accurate also where x is near 0: 2ᵏ(eʳ − 1) + (2ᵏ − 1), as (2ⁱ(eʳ − 1) + (2ⁱ − 2⁻ʲ))·2ʲ, i +
    /// j = k, which does not overflow early.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector512<double> ExpM1(Vector512<double> x)
    {
        var p = Reduce(x, out var half, out var rest);
        var inverse = (Vector512.Create(2 * ExponentBias) - rest).AsDouble();
        return Vector512.FusedMultiplyAdd(p, half, half - inverse) * rest.AsDouble();
    }

    /// <summary>
    /// sin 2πt and cos 2πt for |t| at most 2⁴⁰: the turn is reduced to an eighth exactly, so both are accurate
    /// relative to their own size.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void SinCosOfTurns(Vector512<double> t, out Vector512<double> sin, out Vector512<double> cos)
    {
        var shifted = Vector512.FusedMultiplyAdd(t, Vector512.Create(4.0), Vector512.Create(Shift));
        var quarter = shifted.AsUInt64();
        var f = Vector512.FusedMultiplyAdd(shifted - Vector512.Create(Shift), Vector512.Create(-0.25), t);
        var w = f * f;
        var w2 = w * w;
        var w4 = w2 * w2;
        var s01 = Fma(w, 81.6052492760517, -41.341702240399755);
        var s23 = Fma(w, 42.05868918088512, -76.70585973562093);
        var s45 = Fma(w, 3.78643334956545, -15.094054182079999);
        var s = Vector512.FusedMultiplyAdd(w4, s45, Vector512.FusedMultiplyAdd(w2, s23, s01));
        var c01 = Fma(w, 64.93939402266824, -19.739208802178716);
        var c23 = Fma(w, 60.24464135270201, -85.4568172066438);
        var c45 = Fma(w, 7.903206911569678, -26.426253275854723);
        var c456 = Vector512.FusedMultiplyAdd(w2, Vector512.Create(-1.6990343940660637), c45);
        var c = Vector512.FusedMultiplyAdd(w4, c456, Vector512.FusedMultiplyAdd(w2, c23, c01));
        var tail = Vector512.FusedMultiplyAdd(w, s, Vector512.Create(2.4492935982947064e-16));
        var sinF = Vector512.FusedMultiplyAdd(f, Vector512.Create(6.283185307179586), f * tail);
        var cosF = Vector512.FusedMultiplyAdd(w, c, Vector512<double>.One);
        // The quarter's low bit swaps the two, its next bit turns both signs; the swap turns the sign of the cosine
        // too.
        var odd = Vector512.Equals(quarter & Vector512<ulong>.One, Vector512<ulong>.One).AsDouble();
        var sinSign = (quarter & Vector512.Create(2UL)) << 62;
        var cosSign = ((quarter + Vector512<ulong>.One) & Vector512.Create(2UL)) << 62;
        sin = (Vector512.ConditionalSelect(odd, cosF, sinF).AsUInt64() ^ sinSign).AsDouble();
        cos = (Vector512.ConditionalSelect(odd, sinF, cosF).AsUInt64() ^ cosSign).AsDouble();
    }

    /// <summary>
    /// eʳ − 1 for the rest r of x = k·log 2 + r, and 2ᵏ as a product of two powers, each of which is a normal double.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> Reduce(Vector512<double> x, out Vector512<double> half, out Vector512<ulong> rest)
    {
        // Selections and not Min and Max, so that NaN stays NaN.
        x = Vector512.ConditionalSelect(Vector512.GreaterThan(x, Vector512.Create(710.0)), Vector512.Create(710.0), x);
        x = Vector512.ConditionalSelect(Vector512.LessThan(x, Vector512.Create(-746.0)), Vector512.Create(-746.0), x);
        var shifted = Vector512.FusedMultiplyAdd(x, Vector512.Create(Log2E), Vector512.Create(Shift));
        var k = shifted - Vector512.Create(Shift);
        var r = Vector512.FusedMultiplyAdd(k, Vector512.Create(-Ln2), x);
        r = Vector512.FusedMultiplyAdd(k, Vector512.Create(-Ln2Rest), r);
        var r2 = r * r;
        var r4 = r2 * r2;
        var q01 = Fma(r, 0.041666666666666664, 0.16666666666666669);
        var q23 = Fma(r, 0.0013888888888886537, 0.008333333333330039);
        var q45 = Fma(r, 2.4801587317228724e-05, 0.00019841269863171557);
        var q67 = Fma(r, 2.7557282838800484e-07, 2.7557268276905696e-06);
        var q89 = Fma(r, 2.09112987659402e-09, 2.5100472505694996e-08);
        var q03 = Vector512.FusedMultiplyAdd(r2, q23, q01);
        var q49 = Vector512.FusedMultiplyAdd(r4, q89, Vector512.FusedMultiplyAdd(r2, q67, q45));
        var q = Vector512.FusedMultiplyAdd(r4, q49, q03);
        // An offset keeps k positive, so that halving it is a logical shift.
        var positive = shifted.AsUInt64() - Vector512.Create(ShiftBits - 4096);
        var low = positive >>> 1;
        half = ((low - Vector512.Create(2048UL - 1023)) << 52).AsDouble();
        rest = (positive - low - Vector512.Create(2048UL - 1023)) << 52;
        return Vector512.FusedMultiplyAdd(r2, Vector512.FusedMultiplyAdd(r, q, Vector512.Create(0.5)), r);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> Fma(Vector512<double> x, double slope, double constant) =>
        Vector512.FusedMultiplyAdd(x, Vector512.Create(slope), Vector512.Create(constant));
}
