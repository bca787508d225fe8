using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Perturbed.Kernels;

/// <summary>The innermost piece of a blocked product: four rows by three vectors, all sums in registers.</summary>
/// <remarks>
/// Twelve chains hide the latency of a fused multiply-add on two units, and with the three vectors of B and one of A
/// they fit the sixteen registers of a 256-bit machine.
/// </remarks>
internal static class Tile<TWidth, TVector>
    where TWidth : struct, IVectorWidth<TVector>
    where TVector : struct
{
    public const int Rows = 4;

    public static int Columns => 3 * TWidth.Count;

    /// <summary>
    /// C += A B on a tile, or C = A B; A is packed [inner × 4], B [inner × 3w]. Every entry goes on its chain in index
    /// order.
    /// </summary>
    /// <remarks>
    /// Optimised at its first call: before the run time would find it hot, a small training is over.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(ref double a, ref double b, int inner, ref double c, int stride, bool isFirst)
    {
        var w = TWidth.Count;
        TVector s00, s01, s02, s10, s11, s12, s20, s21, s22, s30, s31, s32;
        if (isFirst)
        {
            s00 = s01 = s02 = s10 = s11 = s12 = s20 = s21 = s22 = s30 = s31 = s32 = TWidth.Broadcast(0.0);
        }
        else
        {
            s00 = TWidth.Load(ref c, 0);
            s01 = TWidth.Load(ref c, w);
            s02 = TWidth.Load(ref c, 2 * w);
            s10 = TWidth.Load(ref c, stride);
            s11 = TWidth.Load(ref c, stride + w);
            s12 = TWidth.Load(ref c, stride + 2 * w);
            s20 = TWidth.Load(ref c, 2 * stride);
            s21 = TWidth.Load(ref c, 2 * stride + w);
            s22 = TWidth.Load(ref c, 2 * stride + 2 * w);
            s30 = TWidth.Load(ref c, 3 * stride);
            s31 = TWidth.Load(ref c, 3 * stride + w);
            s32 = TWidth.Load(ref c, 3 * stride + 2 * w);
        }

        for (; inner > 0; inner--)
        {
            var b0 = TWidth.Load(ref b, 0);
            var b1 = TWidth.Load(ref b, w);
            var b2 = TWidth.Load(ref b, 2 * w);
            var x = TWidth.Broadcast(a);
            s00 = TWidth.MultiplyAdd(x, b0, s00);
            s01 = TWidth.MultiplyAdd(x, b1, s01);
            s02 = TWidth.MultiplyAdd(x, b2, s02);
            x = TWidth.Broadcast(Unsafe.Add(ref a, 1));
            s10 = TWidth.MultiplyAdd(x, b0, s10);
            s11 = TWidth.MultiplyAdd(x, b1, s11);
            s12 = TWidth.MultiplyAdd(x, b2, s12);
            x = TWidth.Broadcast(Unsafe.Add(ref a, 2));
            s20 = TWidth.MultiplyAdd(x, b0, s20);
            s21 = TWidth.MultiplyAdd(x, b1, s21);
            s22 = TWidth.MultiplyAdd(x, b2, s22);
            x = TWidth.Broadcast(Unsafe.Add(ref a, 3));
            s30 = TWidth.MultiplyAdd(x, b0, s30);
            s31 = TWidth.MultiplyAdd(x, b1, s31);
            s32 = TWidth.MultiplyAdd(x, b2, s32);
            a = ref Unsafe.Add(ref a, Rows);
            b = ref Unsafe.Add(ref b, 3 * w);
        }

        TWidth.Store(s00, ref c, 0);
        TWidth.Store(s01, ref c, w);
        TWidth.Store(s02, ref c, 2 * w);
        TWidth.Store(s10, ref c, stride);
        TWidth.Store(s11, ref c, stride + w);
        TWidth.Store(s12, ref c, stride + 2 * w);
        TWidth.Store(s20, ref c, 2 * stride);
        TWidth.Store(s21, ref c, 2 * stride + w);
        TWidth.Store(s22, ref c, 2 * stride + 2 * w);
        TWidth.Store(s30, ref c, 3 * stride);
        TWidth.Store(s31, ref c, 3 * stride + w);
        TWidth.Store(s32, ref c, 3 * stride + 2 * w);
    }

    /// <summary>The same for a tile that the matrix ends in: computed whole beside it, its part copied.</summary>
    public static void MultiplyPart(ref double a, ref double b, int inner, ref double c, int stride, bool isFirst, int rows, int columns)
    {
        Span<double> whole = stackalloc double[Rows * 3 * TWidth.Count];
        whole.Clear();
        var to = MemoryMarshal.CreateSpan(ref c, (rows - 1) * stride + columns);
        for (var r = 0; r < rows && !isFirst; r++) to.Slice(r * stride, columns).CopyTo(whole[(r * Columns)..]);
        Multiply(ref a, ref b, inner, ref MemoryMarshal.GetReference(whole), Columns, isFirst);
        for (var r = 0; r < rows; r++) whole.Slice(r * Columns, columns).CopyTo(to[(r * stride)..]);
    }
}
