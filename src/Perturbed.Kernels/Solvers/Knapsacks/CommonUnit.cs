using System;

namespace Perturbed.Kernels;

/// <summary>The largest number of which all given numbers are multiples, where it is not far below them.</summary>
internal static class CommonUnit
{
    private const double Smallest = 1e-6;

    /// <summary>
    /// A remainder that the rounding of the largest number explains, so that 0.1, 0.2 and 0.3 are multiples of 0.1.
    /// </summary>
    private const double Rounding = 1e-15;

    /// <summary>By Euclid's algorithm, whose remainders are exact for doubles.</summary>
    /// <param name="numbers">Positive numbers.</param>
    /// <returns>
    /// The unit, to rounding; 0 where it is less than a millionth of the largest number, as it is for numbers of many
    /// digits.
    /// </returns>
    public static double Of(ReadOnlySpan<double> numbers)
    {
        var largest = 0.0;
        foreach (var number in numbers) largest = Math.Max(largest, number);
        var unit = largest;
        foreach (var number in numbers)
        {
            if (number < Smallest * largest) return 0.0;
            for (var rest = number; rest > Rounding * largest;)
            {
                if (rest < Smallest * largest) return 0.0;
                (unit, rest) = (rest, unit % rest);
            }
        }

        return unit;
    }
}
