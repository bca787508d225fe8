using System;
using System.Numerics;

namespace Perturbed.Kernels;

/// <summary>Which bits numbers use: all of them are multiples of 2^Lowest below 2^(Highest + 1) in size.</summary>
internal readonly record struct BinaryRange(int Lowest, int Highest, bool IsFinite)
{
    private const int ExponentOfUnit = 1075;

    /// <summary>How many bits a multiple of the unit takes, beside the sign.</summary>
    public int Bits => Highest - Lowest + 1;

    /// <summary>The bits of numbers: of no bit at all where all of them are 0.</summary>
    public static BinaryRange Of(ReadOnlySpan<double> numbers)
    {
        var (lowest, highest, isFinite) = (int.MaxValue, int.MinValue, true);
        foreach (var number in numbers)
        {
            if (number == 0.0) continue;
            isFinite &= double.IsFinite(number);
            var (mantissa, exponent) = Parts(number);
            lowest = Math.Min(lowest, exponent + BitOperations.TrailingZeroCount(mantissa));
            highest = Math.Max(highest, exponent + 63 - BitOperations.LeadingZeroCount((ulong)Math.Abs(mantissa)));
        }

        return highest == int.MinValue ? new(0, -1, true) : new(lowest, highest, isFinite);
    }

    /// <summary>
    /// Whether sums of 2^<paramref name="terms"/> such numbers are exact in double precision, and finite.
    /// </summary>
    public bool AreSumsExact(int terms) => IsFinite && Bits + terms <= 53 && Highest + terms < 1023;

    /// <summary>Whether sums of 2^<paramref name="terms"/> such numbers fit 256 bits.</summary>
    public bool FitsWide(int terms) => Bits + terms <= Wide.Bits;

    /// <summary>A number as a multiple of 2^<paramref name="lowest"/>, where <see cref="FitsWide"/>.</summary>
    public static Wide ToWide(double number, int lowest)
    {
        if (number == 0.0) return default;
        var (mantissa, exponent) = Parts(number);
        var shift = exponent - lowest;
        // A negative shift drops zeros alone: every number is a multiple of the unit.
        return shift < 0 ? Wide.Shifted(mantissa >> -shift, 0) : Wide.Shifted(mantissa, shift);
    }

    /// <summary>A number as a multiple of 2^<paramref name="lowest"/>, of any size.</summary>
    public static BigInteger ToBigInteger(double number, int lowest)
    {
        if (number == 0.0) return default;
        var (mantissa, exponent) = Parts(number);
        var shift = exponent - lowest;
        return shift < 0 ? mantissa >> -shift : (BigInteger)mantissa << shift;
    }

    /// <summary>The bits that sums of so many terms need beyond those of a term.</summary>
    public static int BitsOf(int terms) => 32 - BitOperations.LeadingZeroCount((uint)terms);

    private static (long Mantissa, int Exponent) Parts(double number)
    {
        var bits = BitConverter.DoubleToInt64Bits(number);
        var exponent = (int)((bits >> 52) & 0x7FF);
        var mantissa = bits & 0xF_FFFF_FFFF_FFFF;
        if (exponent == 0) exponent = 1;
        else mantissa |= 1L << 52;
        return (bits < 0 ? -mantissa : mantissa, exponent - ExponentOfUnit);
    }
}
