using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Perturbed.Kernels;

/// <summary>
/// Puts indices in the order of falling numbers, equal numbers in the order of their indices; −0.0 equals 0.0.
/// </summary>
/// <remarks>
/// The upper 32 bits of a number, made to order like an unsigned integer, are sorted together with its index in one
/// 64-bit word: a radix sort of three passes above <see cref="RadixLength"/>, the platform's sort of integers below.
/// Numbers that agree in those bits are sorted afterwards.
/// </remarks>
internal sealed class DescendingOrder
{
    private const int RadixLength = 512, Bits = 11, Buckets = 1 << Bits;

    private readonly ulong[] words, spare;
    private readonly int[] counts;
    private readonly double[] keys;
    private readonly int[] items;

    public DescendingOrder(int length)
    {
        words = new ulong[length];
        items = new int[length];
        keys = new double[length];
        spare = new ulong[length > RadixLength ? length : 0];
        counts = new int[length > RadixLength ? 3 * Buckets : 0];
    }

    /// <summary>The indices, the largest number first. Valid until the next call.</summary>
    public ReadOnlySpan<int> Sort(ReadOnlySpan<double> numbers)
    {
        for (var i = 0; i < numbers.Length; i++) words[i] = ((ulong)Falling(numbers[i]) << 32) | (uint)i;
        if (numbers.Length > RadixLength) SortByRadix(numbers.Length);
        else words.AsSpan(0, numbers.Length).Sort();
        for (var i = 0; i < numbers.Length; i++) items[i] = (int)(uint)words[i];
        for (var start = 0; start < numbers.Length;)
        {
            var end = start + 1;
            while (end < numbers.Length && words[end] >> 32 == words[start] >> 32) end++;
            if (end - start > 1) SortExactly(numbers, start, end);
            start = end;
        }

        return items.AsSpan(0, numbers.Length);
    }

    /// <summary>
    /// The upper half of a number's bits, turned so that larger numbers come first. Adding 0 makes −0.0 equal 0.0.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Falling(double number)
    {
        var bits = (int)(BitConverter.DoubleToInt64Bits(number + 0.0) >> 32);
        return (uint)(bits ^ ~((bits >> 31) | int.MinValue));
    }

    private void SortByRadix(int length)
    {
        counts.AsSpan().Clear();
        ref var count = ref MemoryMarshal.GetArrayDataReference(counts);
        foreach (var word in words.AsSpan(0, length))
        {
            Unsafe.Add(ref count, (nint)((word >> 32) & (Buckets - 1)))++;
            Unsafe.Add(ref count, (nint)(Buckets + ((word >> (32 + Bits)) & (Buckets - 1))))++;
            Unsafe.Add(ref count, (nint)(2 * Buckets + (word >> (32 + 2 * Bits))))++;
        }

        Scatter(words, spare, length, 0);
        Scatter(spare, words, length, 1);
        Scatter(words, spare, length, 2);
        spare.AsSpan(0, length).CopyTo(words);
    }

    private void Scatter(ulong[] source, ulong[] target, int length, int pass)
    {
        var offsets = counts.AsSpan(pass * Buckets, Buckets);
        var sum = 0;
        for (var b = 0; b < Buckets; b++) (offsets[b], sum) = (sum, sum + offsets[b]);
        ref var offset = ref MemoryMarshal.GetReference(offsets);
        ref var to = ref MemoryMarshal.GetArrayDataReference(target);
        var shift = 32 + pass * Bits;
        foreach (var word in source.AsSpan(0, length))
            Unsafe.Add(ref to, (nint)Unsafe.Add(ref offset, (nint)((word >> shift) & (Buckets - 1)))++) = word;
    }

    /// <summary>Puts a run of numbers with the same upper halves in order; their indices ascend.</summary>
    private void SortExactly(ReadOnlySpan<double> numbers, int start, int end)
    {
        if (end - start <= 32)
        {
            for (var i = start + 1; i < end; i++)
            {
                var item = items[i];
                var at = i;
                for (; at > start && numbers[items[at - 1]] < numbers[item]; at--) items[at] = items[at - 1];
                items[at] = item;
            }

            return;
        }

        for (var i = start; i < end; i++) keys[i] = -numbers[items[i]];
        keys.AsSpan(start, end - start).Sort(items.AsSpan(start, end - start));
        for (var from = start; from < end;)
        {
            var to = from + 1;
            while (to < end && keys[to] == keys[from]) to++;
            if (to - from > 1) items.AsSpan(from, to - from).Sort();
            from = to;
        }
    }
}
