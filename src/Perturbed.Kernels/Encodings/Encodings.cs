using System;
using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Perturbed.Kernels;

/// <summary>Solutions in few bits, so that a first pass can keep them and a second need not solve again.</summary>
/// <remarks>
/// A block of n solutions is one stretch of n·k entries; with bits, entry e is bit e mod 8 of byte e / 8.
/// </remarks>
public static class Encodings
{
    private const double Shift = 4503599627370496;
    private const int Padding = 8;

    /// <summary>The bytes that a block takes, some of them padding that a reader may touch.</summary>
    /// <param name="encoding">The encoding, not <see cref="SolutionEncoding.Numbers"/>.</param>
    /// <param name="solutions">The number n of solutions.</param>
    /// <param name="dimension">The dimension k of one.</param>
    /// <param name="ones">How many ones each solution has, for <see cref="SolutionEncoding.Indices"/>.</param>
    /// <returns>A number of bytes.</returns>
    public static long Bytes(SolutionEncoding encoding, long solutions, int dimension, int ones) => Padding + encoding switch
    {
        SolutionEncoding.Bits => ((solutions * dimension) + 7) / 8,
        SolutionEncoding.Indices => sizeof(int) * solutions * ones,
        _ => sizeof(ushort) * solutions * dimension,
    };

    /// <summary>Encodes a block.</summary>
    /// <param name="encoding">The encoding, not <see cref="SolutionEncoding.Numbers"/>.</param>
    /// <param name="dimension">The dimension k of a solution.</param>
    /// <param name="ones">How many ones each solution has, for <see cref="SolutionEncoding.Indices"/>.</param>
    /// <param name="solutions">n × k, row-major.</param>
    /// <param name="target">Destination, of <see cref="Bytes"/> bytes at least.</param>
    /// <returns>Whether every entry can be written so; if not, what is written means nothing.</returns>
    public static bool TryEncode(SolutionEncoding encoding, int dimension, int ones, ReadOnlySpan<double> solutions, Span<byte> target) =>
        encoding switch
        {
            SolutionEncoding.Bits => TryEncodeBits(solutions, target),
            SolutionEncoding.Indices => IndexEncoding.TryEncode(dimension, ones, solutions, MemoryMarshal.Cast<byte, int>(target)),
            _ => TryEncodeIntegers(solutions, MemoryMarshal.Cast<byte, ushort>(target)),
        };

    /// <summary>Decodes a block, exactly.</summary>
    /// <param name="encoding">The encoding, not <see cref="SolutionEncoding.Numbers"/>.</param>
    /// <param name="dimension">The dimension k of a solution.</param>
    /// <param name="ones">How many ones each solution has, for <see cref="SolutionEncoding.Indices"/>.</param>
    /// <param name="source">What <see cref="TryEncode"/> wrote.</param>
    /// <param name="solutions">Destination, n × k.</param>
    public static void Decode(SolutionEncoding encoding, int dimension, int ones, ReadOnlySpan<byte> source, Span<double> solutions)
    {
        if (encoding == SolutionEncoding.Bits) DecodeBits(source, solutions);
        else if (encoding == SolutionEncoding.Indices)
            IndexEncoding.Decode(dimension, ones, MemoryMarshal.Cast<byte, int>(source), solutions);
        else DecodeIntegers(MemoryMarshal.Cast<byte, ushort>(source), solutions);
    }

    /// <summary>
    /// products[m] = ⟨solution m, vector⟩ less an offset, where solutions are bits or indices: one addition for each
    /// 1.
    /// </summary>
    /// <param name="encoding"><see cref="SolutionEncoding.Bits"/> or <see cref="SolutionEncoding.Indices"/>.</param>
    /// <param name="ones">How many ones each solution has, for <see cref="SolutionEncoding.Indices"/>.</param>
    /// <param name="source">What <see cref="TryEncode"/> wrote.</param>
    /// <param name="vector">Of the dimension k.</param>
    /// <param name="offset">Subtracted from every product.</param>
    /// <param name="products">Destination, n.</param>
    public static void Products(
        SolutionEncoding encoding, int ones, ReadOnlySpan<byte> source, ReadOnlySpan<double> vector, double offset, Span<double> products)
    {
        if (encoding == SolutionEncoding.Indices)
            IndexEncoding.Products(ones, MemoryMarshal.Cast<byte, int>(source), vector, offset, products);
        else BitProducts(source, vector, offset, products);
    }

    /// <summary>
    /// Adds n solutions written as <see cref="SolutionEncoding.Indices"/> to their sum, which is exact in any order.
    /// </summary>
    /// <param name="source">What <see cref="TryEncode"/> wrote.</param>
    /// <param name="count">The number of indices, those of all n solutions.</param>
    /// <param name="sum">Accumulator, of the dimension k.</param>
    public static void AddIndices(ReadOnlySpan<byte> source, int count, Span<double> sum) =>
        IndexEncoding.Add(MemoryMarshal.Cast<byte, int>(source)[..count], sum);

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void BitProducts(ReadOnlySpan<byte> source, ReadOnlySpan<double> vector, double offset, Span<double> products)
    {
        ref var bytes = ref MemoryMarshal.GetReference(source);
        ref var terms = ref MemoryMarshal.GetReference(vector);
        var k = vector.Length;
        long start = 0;
        for (var m = 0; m < products.Length; m++, start += k)
        {
            var total = 0.0;
            for (var i = 0; i < k; i += 56)
            {
                // 57 bits are whole in the eight bytes from the one where the first of them lies.
                var at = start + i;
                var eight = MemoryMarshal.CreateReadOnlySpan(ref Unsafe.Add(ref bytes, (nint)(at / 8)), 8);
                var word = BinaryPrimitives.ReadUInt64LittleEndian(eight) >> (int)(at % 8);
                word &= ulong.MaxValue >> (64 - Math.Min(56, k - i));
                for (; word != 0; word &= word - 1) total += Unsafe.Add(ref terms, i + BitOperations.TrailingZeroCount(word));
            }

            products[m] = total - offset;
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static bool TryEncodeBits(ReadOnlySpan<double> solutions, Span<byte> target)
    {
        ref var y = ref MemoryMarshal.GetReference(solutions);
        var one = Vector512<double>.One;
        var fits = Vector512<double>.AllBitsSet;
        var i = 0;
        for (; i <= solutions.Length - Lanes.Width; i += Lanes.Width)
        {
            var v = Vector512.LoadUnsafe(ref y, (nuint)i);
            var ones = Vector512.Equals(v, one);
            fits &= ones | Vector512.Equals(v, Vector512<double>.Zero);
            target[i / 8] = (byte)ones.ExtractMostSignificantBits();
        }

        var rest = 0;
        var whole = fits.ExtractMostSignificantBits() == 0xFF;
        for (var j = i; j < solutions.Length; j++)
        {
            if (solutions[j] == 1.0) rest |= 1 << (j - i);
            else whole &= solutions[j] == 0.0;
        }

        if (i < solutions.Length) target[i / 8] = (byte)rest;
        return whole;
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void DecodeBits(ReadOnlySpan<byte> source, Span<double> solutions)
    {
        ref var y = ref MemoryMarshal.GetReference(solutions);
        var bits = Vector512.Create(1L, 2, 4, 8, 16, 32, 64, 128);
        var i = 0;
        for (; i <= solutions.Length - Lanes.Width; i += Lanes.Width)
        {
            var ones = Vector512.Equals(Vector512.Create((long)source[i / 8]) & bits, bits).AsDouble();
            (ones & Vector512<double>.One).StoreUnsafe(ref y, (nuint)i);
        }

        for (var j = i; j < solutions.Length; j++) solutions[j] = (source[i / 8] >> (j - i)) & 1;
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static bool TryEncodeIntegers(ReadOnlySpan<double> solutions, Span<ushort> target)
    {
        ref var y = ref MemoryMarshal.GetReference(solutions);
        ref var to = ref MemoryMarshal.GetReference(target);
        var fits = Vector512<double>.AllBitsSet;
        var i = 0;
        for (; i <= solutions.Length - (4 * Lanes.Width); i += 4 * Lanes.Width)
        {
            var low = Vector512.Narrow(Whole(ref y, i, ref fits), Whole(ref y, i + 8, ref fits));
            var high = Vector512.Narrow(Whole(ref y, i + 16, ref fits), Whole(ref y, i + 24, ref fits));
            Vector512.Narrow(low, high).StoreUnsafe(ref to, (nuint)i);
        }

        var whole = fits.ExtractMostSignificantBits() == 0xFF;
        for (; i < solutions.Length; i++)
        {
            target[i] = (ushort)solutions[i];
            whole &= target[i] == solutions[i];
        }

        return whole;
    }

    /// <summary>
    /// Eight entries as integers: added to 2⁵², where the last place is 1, an integer stands in the low bits of its
    /// sum.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ulong> Whole(ref double y, int i, ref Vector512<double> fits)
    {
        var v = Vector512.LoadUnsafe(ref y, (nuint)i);
        var sum = v + Vector512.Create(Shift);
        fits &= Vector512.Equals(sum - Vector512.Create(Shift), v)
            & Vector512.GreaterThanOrEqual(v, Vector512<double>.Zero)
            & Vector512.LessThanOrEqual(v, Vector512.Create((double)ushort.MaxValue));
        return sum.AsUInt64();
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void DecodeIntegers(ReadOnlySpan<ushort> source, Span<double> solutions)
    {
        ref var from = ref MemoryMarshal.GetReference(source);
        ref var y = ref MemoryMarshal.GetReference(solutions);
        var i = 0;
        for (; i <= solutions.Length - (4 * Lanes.Width); i += 4 * Lanes.Width)
        {
            var (low, high) = Vector512.Widen(Vector512.LoadUnsafe(ref from, (nuint)i));
            var (a, b) = Vector512.Widen(low);
            var (c, d) = Vector512.Widen(high);
            Number(a).StoreUnsafe(ref y, (nuint)i);
            Number(b).StoreUnsafe(ref y, (nuint)(i + 8));
            Number(c).StoreUnsafe(ref y, (nuint)(i + 16));
            Number(d).StoreUnsafe(ref y, (nuint)(i + 24));
        }

        for (; i < solutions.Length; i++) solutions[i] = source[i];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> Number(Vector512<ulong> integer) =>
        (integer | Vector512.Create(Shift).AsUInt64()).AsDouble() - Vector512.Create(Shift);
}
