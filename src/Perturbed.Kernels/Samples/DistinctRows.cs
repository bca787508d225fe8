using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Threading;

namespace Perturbed.Kernels;

/// <summary>
/// Counts how often each distinct row has been seen. Memory grows with the distinct rows, never with the rows; safe
/// for many threads.
/// </summary>
/// <param name="width">The width w of a row.</param>
public sealed class DistinctRows(int width)
{
    private readonly Lock gate = new();
    private readonly Dictionary<double[], long> counts = new(new RowComparer());

    /// <summary>How many distinct rows there are.</summary>
    public int Count
    {
        get
        {
            lock (gate) return counts.Count;
        }
    }

    /// <summary>Counts the rows of a block.</summary>
    /// <param name="rows">n × w, row-major.</param>
    public void Add(ReadOnlySpan<double> rows)
    {
        lock (gate)
        {
            var lookup = counts.GetAlternateLookup<ReadOnlySpan<double>>();
            for (var start = 0; start < rows.Length; start += width)
            {
                var row = rows.Slice(start, width);
                lookup.TryGetValue(row, out var count);
                lookup[row] = count + 1;
            }
        }
    }

    /// <summary>
    /// The distinct rows with their counts: the most frequent first, rows of equal count in lexicographic order.
    /// </summary>
    /// <returns>A new array.</returns>
    public (double[] Row, long Count)[] ToArray()
    {
        lock (gate)
        {
            var result = new (double[] Row, long Count)[counts.Count];
            var i = 0;
            foreach (var (row, count) in counts) result[i++] = (row, count);
            Array.Sort(result, static (a, b) => a.Count != b.Count ? b.Count.CompareTo(a.Count) : a.Row.AsSpan().SequenceCompareTo(b.Row));
            return result;
        }
    }

    private sealed class RowComparer : IEqualityComparer<double[]>, IAlternateEqualityComparer<ReadOnlySpan<double>, double[]>
    {
        public bool Equals(double[]? x, double[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode([DisallowNull] double[] obj) => GetHashCode(obj.AsSpan());

        public bool Equals(ReadOnlySpan<double> alternate, double[] other) => alternate.SequenceEqual(other);

        public double[] Create(ReadOnlySpan<double> alternate) => alternate.ToArray();

        public int GetHashCode(ReadOnlySpan<double> alternate)
        {
            var hash = 0xCBF29CE484222325UL;
            foreach (var value in alternate)
            {
                // Adding zero turns −0.0 into 0.0, which it equals.
                hash = (hash ^ BitConverter.DoubleToUInt64Bits(value + 0.0)) * 0x9E3779B97F4A7C15UL;
                hash ^= hash >> 32;
            }
            return (int)hash;
        }
    }
}
