using System;
using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Perturbed.Kernels;

/// <summary>One thread's part of a product: C = A B by blocks that stay in the caches.</summary>
/// <remarks>
/// A panel of B (inner block × tile columns) stays in the first cache while the rows of a block of A pass by; the
/// block of A stays in the second. Sizes measured on a processor with 32 KiB and 1 MiB of them. The packed copies come
/// from the shared pool.
/// </remarks>
internal static class Stripe<TWidth, TVector>
    where TWidth : struct, IVectorWidth<TVector>
    where TVector : struct
{
    private const int InnerBlock = 192, RowBlock = 96, ColumnBlock = 480;

    public static void Multiply(
        ref double a, int aRow, int aStep, ref double b, int bStep, int bColumn, ref double c, int stride, int rows, int inner,
        int columns)
    {
        const int tileRows = Tile<TWidth, TVector>.Rows;
        var tileColumns = Tile<TWidth, TVector>.Columns;
        var depth = Math.Min(InnerBlock, inner);
        var packedA = ArrayPool<double>.Shared.Rent(depth * Whole(Math.Min(RowBlock, rows), tileRows));
        var packedB = ArrayPool<double>.Shared.Rent(depth * Whole(Math.Min(ColumnBlock, columns), tileColumns));
        for (var j = 0; j < columns; j += ColumnBlock)
        {
            var width = Math.Min(ColumnBlock, columns - j);
            for (var k = 0; k < inner; k += InnerBlock)
            {
                depth = Math.Min(InnerBlock, inner - k);
                Panels.Pack(ref At(ref b, k, bStep, j, bColumn), width, bColumn, depth, bStep, tileColumns, packedB);
                for (var i = 0; i < rows; i += RowBlock)
                {
                    var height = Math.Min(RowBlock, rows - i);
                    Panels.Pack(ref At(ref a, i, aRow, k, aStep), height, aRow, depth, aStep, tileRows, packedA);
                    Block(packedA, packedB, ref At(ref c, i, stride, j, 1), stride, height, depth, width, k == 0);
                }
            }
        }

        ArrayPool<double>.Shared.Return(packedA);
        ArrayPool<double>.Shared.Return(packedB);
    }

    private static void Block(
        ReadOnlySpan<double> packedA, ReadOnlySpan<double> packedB, ref double c, int stride, int rows, int depth, int columns,
        bool isFirst)
    {
        const int tileRows = Tile<TWidth, TVector>.Rows;
        var tileColumns = Tile<TWidth, TVector>.Columns;
        for (var j = 0; j < columns; j += tileColumns)
        {
            ref var b = ref MemoryMarshal.GetReference(packedB[(j * depth)..]);
            for (var i = 0; i < rows; i += tileRows)
            {
                ref var a = ref MemoryMarshal.GetReference(packedA[(i * depth)..]);
                ref var to = ref At(ref c, i, stride, j, 1);
                if (i + tileRows <= rows && j + tileColumns <= columns)
                    Tile<TWidth, TVector>.Multiply(ref a, ref b, depth, ref to, stride, isFirst);
                else
                    Tile<TWidth, TVector>.MultiplyPart(
                        ref a, ref b, depth, ref to, stride, isFirst, Math.Min(tileRows, rows - i), Math.Min(tileColumns, columns - j));
            }
        }
    }

    private static int Whole(int size, int part) => (size + part - 1) / part * part;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ref double At(ref double matrix, int row, int rowStride, int column, int columnStride) =>
        ref Unsafe.Add(ref matrix, (nint)row * rowStride + (nint)column * columnStride);
}
