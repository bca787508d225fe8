using System;
using System.Numerics;

namespace Perturbed.Kernels;

/// <summary>
/// A whole number of 256 bits in two's complement: sums of doubles in multiples of one power of two, without rounding
/// and without allocation.
/// </summary>
internal readonly struct Wide(Int128 high, UInt128 low)
    : IAdditionOperators<Wide, Wide, Wide>, ISubtractionOperators<Wide, Wide, Wide>, IComparisonOperators<Wide, Wide, bool>,
    IEquatable<Wide>
{
    /// <summary>The number of bits beside the sign.</summary>
    public const int Bits = 255;

    private readonly Int128 high = high;
    private readonly UInt128 low = low;

    public static Wide operator +(Wide a, Wide b)
    {
        var low = a.low + b.low;
        return new(a.high + b.high + (low < a.low ? Int128.One : Int128.Zero), low);
    }

    public static Wide operator -(Wide a, Wide b) => new(a.high - b.high - (a.low < b.low ? Int128.One : Int128.Zero), a.low - b.low);

    public static bool operator <(Wide a, Wide b) => a.high < b.high || (a.high == b.high && a.low < b.low);

    public static bool operator >(Wide a, Wide b) => b < a;

    public static bool operator <=(Wide a, Wide b) => !(b < a);

    public static bool operator >=(Wide a, Wide b) => !(a < b);

    public static bool operator ==(Wide a, Wide b) => a.high == b.high && a.low == b.low;

    public static bool operator !=(Wide a, Wide b) => !(a == b);

    /// <summary>A number of 64 bits times 2^<paramref name="shift"/>, 0 ≤ shift ≤ 192.</summary>
    public static Wide Shifted(long number, int shift)
    {
        var wide = (Int128)number;
        if (shift == 0) return new(wide >> 127, (UInt128)wide);
        return shift < 128 ? new(wide >> (128 - shift), (UInt128)wide << shift) : new(wide << (shift - 128), UInt128.Zero);
    }

    public bool Equals(Wide other) => this == other;

    public override bool Equals(object? obj) => obj is Wide other && this == other;

    public override int GetHashCode() => HashCode.Combine(high, low);
}
