using System;
using Perturbed.Functional.CSharp;

namespace Perturbed.Kernels;

/// <summary>
/// Up to 64 random words of 64 bits that belong to one coordinate of one group of samples: functions of (key, row,
/// group, coordinate, index).
/// </summary>
internal readonly struct DesignWords(Key key, uint row, uint group, uint coordinate)
{
    internal const int Count = 64;

    /// <summary>Writes the words number 0, 1, … at <paramref name="words"/>, at most <see cref="Count"/>.</summary>
    internal void Fill(Span<ulong> words)
    {
        for (var i = 0; i < words.Length; i += 2)
        {
            var (a, b, c, d) = Philox.Block(key.Value, group, coordinate, row, Philox.DesignDomain + (uint)i / 2);
            words[i] = a | ((ulong)b << 32);
            if (i + 1 < words.Length) words[i + 1] = c | ((ulong)d << 32);
        }
    }
}
