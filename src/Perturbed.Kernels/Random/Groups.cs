using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Perturbed.Functional.CSharp;

namespace Perturbed.Kernels;

/// <summary>A rule that makes the numbers of a stream in groups of 16.</summary>
internal interface IGroupRule
{
    /// <summary>
    /// Writes the numbers 16·<paramref name="group"/> … 16·<paramref name="group"/> + 15 at
    /// <paramref name="destination"/>.
    /// </summary>
    void Write(ref readonly PhiloxLanes lanes, ulong group, ref double destination);
}

/// <summary>
/// Fills spans from a rule. Whole groups are written in place, partial ones through a buffer, so that a number is
/// always computed in the same way.
/// </summary>
internal static class Groups
{
    private const int Size = 16;

    // Compiled on its own: inlined into a caller it exhausts the inlining budget, and vector functions remain calls,
    // at three to seven times the cost.
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    internal static void Fill<TRule>(TRule rule, Key key, uint row, long first, Span<double> destination)
        where TRule : struct, IGroupRule
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(first, long.MaxValue - destination.Length);
        if (destination.IsEmpty) return;
        var lanes = new PhiloxLanes(key, row, Philox.NoiseDomain);
        var group = (ulong)first / Size;
        var skip = (int)((ulong)first % Size);
        if (skip != 0) destination = destination[Cut(rule, in lanes, group++, skip, destination)..];
        ref var start = ref MemoryMarshal.GetReference(destination);
        var whole = destination.Length / Size * Size;
        for (var i = 0; i < whole; i += Size) rule.Write(in lanes, group++, ref Unsafe.Add(ref start, i));
        if (whole < destination.Length) Cut(rule, in lanes, group, 0, destination[whole..]);
    }

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int Cut<TRule>(TRule rule, ref readonly PhiloxLanes lanes, ulong group, int skip, Span<double> destination)
        where TRule : struct, IGroupRule
    {
        Span<double> buffer = stackalloc double[Size];
        rule.Write(in lanes, group, ref MemoryMarshal.GetReference(buffer));
        var count = Math.Min(Size - skip, destination.Length);
        buffer.Slice(skip, count).CopyTo(destination);
        return count;
    }
}
