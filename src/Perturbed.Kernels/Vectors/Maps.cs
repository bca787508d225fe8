using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Perturbed.Kernels;

/// <summary>A function of one coordinate, eight at a time.</summary>
internal interface IMap
{
    Vector512<double> Of(Vector512<double> z);
}

/// <summary>
/// Applies a map to a span. A short end is padded to a vector, so that a number's image does not depend on its place.
/// </summary>
internal static class Maps
{
    private const int Width = 8;

    // Compiled on its own: inlined into a caller it exhausts the inlining budget, and vector functions remain calls,
    // at three to seven times the cost.
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    internal static void Apply<TMap>(TMap map, ReadOnlySpan<double> z, Span<double> image)
        where TMap : struct, IMap
    {
        ref var from = ref MemoryMarshal.GetReference(z);
        ref var to = ref MemoryMarshal.GetReference(image);
        var whole = z.Length / Width * Width;
        for (var i = 0; i < whole; i += Width) map.Of(Vector512.LoadUnsafe(ref from, (nuint)i)).StoreUnsafe(ref to, (nuint)i);
        if (whole < z.Length) Tail(map, z[whole..], image[whole..]);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Tail<TMap>(TMap map, ReadOnlySpan<double> z, Span<double> image)
        where TMap : struct, IMap
    {
        Span<double> buffer = stackalloc double[Width];
        z.CopyTo(buffer);
        map.Of(Vector512.Create<double>(buffer)).CopyTo(buffer);
        buffer[..z.Length].CopyTo(image);
    }
}
