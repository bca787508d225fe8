using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading;

namespace Perturbed.Kernels;

/// <summary>The direction numbers of Sobol's sequence by Joe and Kuo (2008), 32 for each of 1111 dimensions.</summary>
/// <remarks>
/// Direction number k = 1, 2, … of a dimension is v_k = m_k/2ᵏ. The first dimension has m_k = 1; another has a
/// primitive polynomial of degree s with inner coefficients a_1 … a_(s−1) and its first s numbers from the table, and
/// goes on by m_k = 2a_1 m_(k−1) ⊕ … ⊕ 2^(s−1)a_(s−1) m_(k−s+1) ⊕ 2ˢm_(k−s) ⊕ m_(k−s).
/// </remarks>
internal static class SobolDirections
{
    internal const int Columns = 32;

    /// <summary>The digits after the binary point that are kept.</summary>
    internal const int Digits = 52;

    private static readonly Lazy<ulong[]> Table = new(Load, LazyThreadSafetyMode.ExecutionAndPublication);

    internal const int Dimensions = 1111;

    /// <summary>The direction numbers of a dimension, from 0, times 2⁵².</summary>
    internal static ReadOnlySpan<ulong> Of(int dimension) => Table.Value.AsSpan(dimension * Columns, Columns);

    private static ulong[] Load()
    {
        using var stream = typeof(SobolDirections).Assembly.GetManifestResourceStream("direction-numbers.txt")!;
        using var reader = new StreamReader(stream);
        var table = new ulong[Dimensions * Columns];
        for (var k = 0; k < Columns; k++) table[k] = 1UL << (Digits - 1 - k);
        var start = Columns;
        while (reader.ReadLine() is { } line)
        {
            if (line.StartsWith('#')) continue;
            var numbers = line.Split(' ').Select(text => ulong.Parse(text, CultureInfo.InvariantCulture)).ToArray();
            Extend(numbers[0], numbers.AsSpan(1), table.AsSpan(start, Columns));
            start += Columns;
        }
        return table;
    }

    private static void Extend(ulong inner, ReadOnlySpan<ulong> known, Span<ulong> columns)
    {
        var s = known.Length;
        for (var k = 0; k < columns.Length; k++)
        {
            if (k < s)
            {
                columns[k] = known[k] << (Digits - 1 - k);
                continue;
            }
            // In v = m/2ᵏ the factors 2ⁱ of the recurrence vanish, but for the last term's.
            var v = columns[k - s] ^ (columns[k - s] >> s);
            for (var i = 1; i < s; i++)
                if (((inner >> (s - 1 - i)) & 1) != 0) v ^= columns[k - i];
            columns[k] = v;
        }
    }
}
