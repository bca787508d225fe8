using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Perturbed.Kernels;

/// <summary>Copies of parts of a matrix in the order in which tiles read them.</summary>
internal static class Panels
{
    /// <summary>
    /// Panels of <paramref name="width"/> lines each: entry (line, k) of a panel at k · width + line. Lines beyond the
    /// last are zero.
    /// </summary>
    /// <param name="from">
    /// The matrix from its first line and step: entry (line, k) at line · lineStride + k · step.
    /// </param>
    /// <param name="lines">How many lines: rows of A, or columns of B.</param>
    /// <param name="lineStride">From one line to the next.</param>
    /// <param name="inner">How many steps.</param>
    /// <param name="step">From one step to the next; this or <paramref name="lineStride"/> is 1.</param>
    /// <param name="width">Lines of a panel.</param>
    /// <param name="to">Whole panels.</param>
    public static void Pack(ref double from, int lines, int lineStride, int inner, int step, int width, Span<double> to)
    {
        for (var first = 0; first < lines; first += width)
        {
            var panel = to.Slice(first * inner, width * inner);
            var count = Math.Min(width, lines - first);
            ref var start = ref Unsafe.Add(ref from, (nint)first * lineStride);
            if (count < width) panel.Clear();
            if (lineStride == 1) Copy(ref start, count, inner, step, width, panel);
            else Transpose(ref start, count, lineStride, inner, width, panel);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Copy(ref double from, int count, int inner, int step, int width, Span<double> panel)
    {
        for (var k = 0; k < inner; k++)
            MemoryMarshal.CreateReadOnlySpan(ref Unsafe.Add(ref from, (nint)k * step), count).CopyTo(panel[(k * width)..]);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Transpose(ref double from, int count, int lineStride, int inner, int width, Span<double> panel)
    {
        ref var to = ref MemoryMarshal.GetReference(panel);
        var line = 0;

        // Four lines at a time: blocks of four by four are transposed in registers.
        for (; line + 4 <= count; line += 4)
        {
            ref var r0 = ref Unsafe.Add(ref from, (nint)line * lineStride);
            ref var r1 = ref Unsafe.Add(ref r0, lineStride);
            ref var r2 = ref Unsafe.Add(ref r1, lineStride);
            ref var r3 = ref Unsafe.Add(ref r2, lineStride);
            var k = 0;
            for (; k + 2 <= inner; k += 2)
            {
                var x0 = Vector128.LoadUnsafe(ref r0, (nuint)k);
                var x1 = Vector128.LoadUnsafe(ref r1, (nuint)k);
                var x2 = Vector128.LoadUnsafe(ref r2, (nuint)k);
                var x3 = Vector128.LoadUnsafe(ref r3, (nuint)k);
                ref var at = ref Unsafe.Add(ref to, (nint)k * width + line);
                Vector128.Create(x0.GetElement(0), x1.GetElement(0)).StoreUnsafe(ref at);
                Vector128.Create(x2.GetElement(0), x3.GetElement(0)).StoreUnsafe(ref at, 2);
                Vector128.Create(x0.GetElement(1), x1.GetElement(1)).StoreUnsafe(ref at, (nuint)width);
                Vector128.Create(x2.GetElement(1), x3.GetElement(1)).StoreUnsafe(ref at, (nuint)width + 2);
            }

            for (; k < inner; k++)
            {
                ref var at = ref Unsafe.Add(ref to, (nint)k * width + line);
                at = Unsafe.Add(ref r0, k);
                Unsafe.Add(ref at, 1) = Unsafe.Add(ref r1, k);
                Unsafe.Add(ref at, 2) = Unsafe.Add(ref r2, k);
                Unsafe.Add(ref at, 3) = Unsafe.Add(ref r3, k);
            }
        }

        for (; line < count; line++)
            for (var k = 0; k < inner; k++)
                Unsafe.Add(ref to, (nint)k * width + line) = Unsafe.Add(ref from, (nint)line * lineStride + k);
    }
}
