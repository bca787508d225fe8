using System;
using System.Runtime.Intrinsics;

namespace Perturbed.Kernels;

/// <content>Column reduction and reduction transfer, the start of a square problem.</content>
internal sealed partial class AugmentingPaths
{
    /// <summary>
    /// Sets the price of each column to its least cost and matches it to that row, the last columns first; a row with
    /// several is matched to the last.
    /// </summary>
    private void ReduceColumns()
    {
        ref var c = ref cost.First;
        for (nuint j = 0; j < (nuint)Stride; j += Lanes.Width)
        {
            var least = Vector512.LoadUnsafe(ref c, j);
            var row = Vector512<long>.Zero;
            for (nuint i = 1; i < (nuint)Rows; i++)
            {
                var here = Vector512.LoadUnsafe(ref c, i * (nuint)Stride + j);
                row = Vector512.ConditionalSelect(Vector512.LessThan(here, least).AsInt64(), Vector512.Create((long)i), row);
                least = Vector512.MinNative(least, here);
            }

            least.StoreUnsafe(ref price.First, j);
            row.StoreUnsafe(ref parent[0], j);
        }

        price.Span[Columns..].Clear();
        var owned = reached.AsSpan(0, Rows);
        owned.Clear();
        for (var j = Columns - 1; j >= 0; j--)
        {
            var i = (int)parent[j];
            if (owned[i]++ > 0) continue;
            (columnOf[i], rowOf[j]) = (j, i);
        }

        // Reduction transfer: a row that is best for one column alone lowers the price of that column until the second
        // best one is as good.
        freeCount = 0;
        for (var i = 0; i < Rows; i++)
        {
            if (owned[i] == 0) free[freeCount++] = i;
            else if (owned[i] == 1 && Columns > 1) price.Span[columnOf[i]] -= SecondLeast(i, columnOf[i]);
        }
    }

    private double SecondLeast(int row, int column)
    {
        var j = Least(row, out var least, out var second);
        return j == column ? second - least : 0.0;
    }
}
