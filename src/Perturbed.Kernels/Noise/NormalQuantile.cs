using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Perturbed.Kernels;

/// <summary>
/// The quantile function of the standard normal law, by the rational approximations of Wichura, "Algorithm AS 241"
/// (Applied Statistics 37, 1988).
/// </summary>
/// <remarks>
/// With q = u − ½: q·A(0.425² − q²) for |q| ≤ 0.425, and else the sign of q times B(r − 1.6) or, from r = 5 on, C(r −
/// 5), r = (−log min(u, 1 − u))^½. Each of A, B and C is a quotient of polynomials of degree 7. Its error is some
/// units in the last place.
/// </remarks>
internal readonly struct NormalQuantile : IMap
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<double> Of(Vector512<double> u)
    {
        var q = u - Vector512.Create(0.5);
        var size = Vector512.Abs(q);
        var central = Vector512.LessThanOrEqual(size, Vector512.Create(0.425));
        var middle = q * Centre(Vector512.FusedMultiplyAdd(-q, q, Vector512.Create(0.180625)));
        if (central == Vector512<double>.AllBitsSet) return middle;
        var r = Vector512.Sqrt(-Elementary.Log(Vector512.Min(u, Vector512<double>.One - u)));
        var far = Vector512.GreaterThan(r, Vector512.Create(5.0));
        var tail = Tail(r - Vector512.Create(1.6));
        if (far != Vector512<double>.Zero) tail = Vector512.ConditionalSelect(far, FarTail(r - Vector512.Create(5.0)), tail);
        return Vector512.ConditionalSelect(central, middle, Vector512.CopySign(tail, q));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> Centre(Vector512<double> r) =>
        Polynomial(
            r, 3.387132872796366608, 133.14166789178437745, 1971.5909503065514427, 13731.693765509461125,
            45921.953931549871457, 67265.770927008700853, 33430.575583588128105, 2509.0809287301226727)
        / Polynomial(
            r, 1, 42.313330701600911252, 687.1870074920579083, 5394.1960214247511077,
            21213.794301586595867, 39307.89580009271061, 28729.085735721942674, 5226.495278852854561);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> Tail(Vector512<double> r) =>
        Polynomial(
            r, 1.42343711074968357734, 4.6303378461565452959, 5.7694972214606914055, 3.64784832476320460504,
            1.27045825245236838258, 0.24178072517745061177, 0.0227238449892691845833, 7.7454501427834140764e-4)
        / Polynomial(
            r, 1, 2.05319162663775882187, 1.6763848301838038494, 0.68976733498510000455,
            0.14810397642748007459, 0.0151986665636164571966, 5.475938084995344946e-4, 1.05075007164441684324e-9);

    // Needed once in 10¹⁰ numbers, so it is kept out of the loop.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Vector512<double> FarTail(Vector512<double> r) =>
        Polynomial(
            r, 6.6579046435011037772, 5.4637849111641143699, 1.7848265399172913358, 0.29656057182850489123,
            0.026532189526576123093, 0.0012426609473880784386, 2.71155556874348757815e-5, 2.01033439929228813265e-7)
        / Polynomial(
            r, 1, 0.59983220655588793769, 0.13692988092273580531, 0.0148753612908506148525,
            7.868691311456132591e-4, 1.8463183175100546818e-5, 1.4215117583164458887e-7, 2.04426310338993978564e-15);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> Polynomial(
        Vector512<double> r, double c0, double c1, double c2, double c3, double c4, double c5, double c6, double c7)
    {
        var sum = Vector512.FusedMultiplyAdd(Vector512.Create(c7), r, Vector512.Create(c6));
        sum = Vector512.FusedMultiplyAdd(sum, r, Vector512.Create(c5));
        sum = Vector512.FusedMultiplyAdd(sum, r, Vector512.Create(c4));
        sum = Vector512.FusedMultiplyAdd(sum, r, Vector512.Create(c3));
        sum = Vector512.FusedMultiplyAdd(sum, r, Vector512.Create(c2));
        sum = Vector512.FusedMultiplyAdd(sum, r, Vector512.Create(c1));
        return Vector512.FusedMultiplyAdd(sum, r, Vector512.Create(c0));
    }
}
