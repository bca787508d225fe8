using System;
using System.Runtime.InteropServices;

namespace Perturbed.Kernels;

/// <summary>
/// Zeros in memory that does not move, from the start of a cache line on: the vectors of eight numbers lie in one line
/// each.
/// </summary>
/// <remarks>
/// Vectors across two lines made tours slower by two fifths, finite sets and assignments by a tenth.
/// </remarks>
internal readonly struct AlignedNumbers
{
    private readonly double[] numbers;
    private readonly int start;

    public AlignedNumbers(int length)
    {
        Length = length;
        numbers = GC.AllocateArray<double>(length + Lanes.Width - 1, pinned: true);
        var place = (int)(Marshal.UnsafeAddrOfPinnedArrayElement(numbers, 0) / sizeof(double) % Lanes.Width);
        start = (Lanes.Width - place) % Lanes.Width;
    }

    /// <summary>How many numbers there are.</summary>
    public int Length { get; }

    /// <summary>The first number, of at least one.</summary>
    public ref double First => ref numbers[start];

    /// <summary>All numbers.</summary>
    public Span<double> Span => numbers.AsSpan(start, Length);
}
