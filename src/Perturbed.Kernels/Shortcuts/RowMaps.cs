using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Perturbed.Kernels;

/// <summary>A function of θ_i and ε_i, eight coordinates at a time.</summary>
internal interface IRowMap
{
    Vector512<double> Of(Vector512<double> theta, Vector512<double> epsilon);
}

internal static class RowMaps
{
    /// <summary>Writes the images of the first <paramref name="count"/> coordinates and of some behind them: all three spans reach seven numbers further.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    internal static void Apply<TMap>(TMap map, ReadOnlySpan<double> theta, ReadOnlySpan<double> epsilon, int count, Span<double> image)
        where TMap : struct, IRowMap
    {
        ref var t = ref MemoryMarshal.GetReference(theta);
        ref var e = ref MemoryMarshal.GetReference(epsilon);
        ref var to = ref MemoryMarshal.GetReference(image);
        for (var i = 0; i < count; i += Lanes.Width)
            map.Of(Vector512.LoadUnsafe(ref t, (nuint)i), Vector512.LoadUnsafe(ref e, (nuint)i)).StoreUnsafe(ref to, (nuint)i);
    }
}
