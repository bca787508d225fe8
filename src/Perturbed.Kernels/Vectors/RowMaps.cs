using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Perturbed.Kernels;

/// <summary>A function of θ_i and ε_i with two values, eight coordinates at a time.</summary>
internal interface IRowMap
{
    void Of(Vector512<double> theta, Vector512<double> epsilon, out Vector512<double> first, out Vector512<double> second);
}

internal static class RowMaps
{
    /// <summary>
    /// Writes the images of the first <paramref name="count"/> coordinates and of some behind them: all spans reach
    /// seven numbers further.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    internal static void Apply<TMap>(
        TMap map, ReadOnlySpan<double> theta, ReadOnlySpan<double> epsilon, int count, Span<double> first, Span<double> second)
        where TMap : struct, IRowMap
    {
        ref var t = ref MemoryMarshal.GetReference(theta);
        ref var e = ref MemoryMarshal.GetReference(epsilon);
        ref var one = ref MemoryMarshal.GetReference(first);
        ref var two = ref MemoryMarshal.GetReference(second);
        for (var i = 0; i < count; i += Lanes.Width)
        {
            map.Of(Vector512.LoadUnsafe(ref t, (nuint)i), Vector512.LoadUnsafe(ref e, (nuint)i), out var a, out var b);
            a.StoreUnsafe(ref one, (nuint)i);
            b.StoreUnsafe(ref two, (nuint)i);
        }
    }

    /// <summary>Numbers from 0 to 2³² − 1, whose spans reach fifteen further, as integers of 32 bits.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    internal static void ToUInt32(ReadOnlySpan<double> numbers, int count, Span<uint> integers)
    {
        ref var from = ref MemoryMarshal.GetReference(numbers);
        ref var to = ref MemoryMarshal.GetReference(integers);
        for (var i = 0; i < count; i += 16)
        {
            var low = Vector512.ConvertToUInt64Native(Vector512.LoadUnsafe(ref from, (nuint)i));
            var high = Vector512.ConvertToUInt64Native(Vector512.LoadUnsafe(ref from, (nuint)(i + 8)));
            Vector512.Narrow(low, high).StoreUnsafe(ref to, (nuint)i);
        }
    }

    /// <summary>Numbers in single precision; both spans reach fifteen further.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    internal static void ToSingle(ReadOnlySpan<double> numbers, int count, Span<float> singles)
    {
        ref var from = ref MemoryMarshal.GetReference(numbers);
        ref var to = ref MemoryMarshal.GetReference(singles);
        for (var i = 0; i < count; i += 16)
            Vector512.Narrow(Vector512.LoadUnsafe(ref from, (nuint)i), Vector512.LoadUnsafe(ref from, (nuint)(i + 8)))
                .StoreUnsafe(ref to, (nuint)i);
    }
}
