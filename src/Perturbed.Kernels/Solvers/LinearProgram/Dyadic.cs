using System;
using System.Numerics;

namespace Perturbed.Kernels;

/// <summary>
/// Doubles as whole numbers times powers of two, and fractions of whole numbers as the nearest doubles.
/// </summary>
internal static class Dyadic
{
    /// <summary>
    /// The least exponent e such that x is a whole number times 2^e; <see cref="int.MaxValue"/> for 0.
    /// </summary>
    public static int Exponent(double x)
    {
        if (x == 0.0) return int.MaxValue;
        var (mantissa, exponent) = Split(x);
        return exponent + BitOperations.TrailingZeroCount(mantissa);
    }

    /// <summary>x · 2^shift, which must be whole.</summary>
    public static BigInteger Whole(double x, int shift)
    {
        if (x == 0.0) return BigInteger.Zero;
        var (mantissa, exponent) = Split(x);
        var (zeros, magnitude) = (BitOperations.TrailingZeroCount(mantissa), (BigInteger)mantissa);
        var whole = (magnitude >> zeros) << (exponent + zeros + shift);
        return x < 0.0 ? -whole : whole;
    }

    /// <summary>
    /// The double nearest to numerator/denominator · 2^exponent, of two the even one; ±∞ beyond the largest.
    /// </summary>
    /// <param name="numerator">Of any sign.</param>
    /// <param name="denominator">Above 0.</param>
    /// <param name="exponent">Of any sign.</param>
    /// <returns>The double.</returns>
    public static double Nearest(BigInteger numerator, BigInteger denominator, int exponent)
    {
        if (numerator.IsZero) return 0.0;
        var magnitude = BigInteger.Abs(numerator);

        // The quotient is above 2^size and below 2^(size + 2), so that the first unit leaves 53 or 54 bits, and the
        // second 53.
        var size = (long)magnitude.GetBitLength() - (long)denominator.GetBitLength() - 1;
        for (var unit = Math.Max(size - 52 + exponent, -1074); ; unit++)
        {
            var shift = exponent - unit;
            var (whole, rest) = shift >= 0
                ? Divide(magnitude << (int)shift, denominator)
                : Divide(magnitude, denominator << (int)-shift);
            var twice = (rest << 1).CompareTo(shift >= 0 ? denominator : denominator << (int)-shift);
            if (twice > 0 || (twice == 0 && !whole.IsEven)) whole += BigInteger.One;
            if (whole.GetBitLength() > 54 || (whole.GetBitLength() == 54 && !whole.IsPowerOfTwo)) continue;
            return numerator.Sign * Math.ScaleB((double)whole, (int)unit);
        }
    }

    private static (BigInteger Whole, BigInteger Left) Divide(BigInteger x, BigInteger y)
    {
        var whole = BigInteger.DivRem(x, y, out var rest);
        return (whole, rest);
    }

    private static (ulong Mantissa, int Exponent) Split(double x)
    {
        var bits = BitConverter.DoubleToUInt64Bits(x);
        var exponent = (int)(bits >> 52 & 0x7FF);
        var fraction = bits & (1UL << 52) - 1;
        return exponent == 0 ? (fraction, -1074) : (fraction | 1UL << 52, exponent - 1075);
    }
}
