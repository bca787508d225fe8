using System;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Perturbed.Kernels;

/// <summary>Proves that a square matching is the only best one, by more than rounding could hide.</summary>
/// <remarks>
/// Another matching differs by alternating cycles, and is dearer by the reduced costs along them. If the pairs of reduced cost at most δ form no
/// cycle, every other matching is dearer by δ at least. Searches add up n terms, each rounded to 2⁻⁵² of the largest number, and a cycle has n
/// pairs; so δ = 16 n² · 2⁻⁵² · (max |c| + max |v|) is beyond the errors of this solution and of any other's together.
/// </remarks>
internal sealed class SingleOptimum(int n)
{
    private const double Rounding = 1.0 / (1L << 52);

    // Bases of the simplex have n − 1 tight pairs beside the matching; so many more are ties in all likelihood.
    private readonly int[] to = new int[8 * n];
    private readonly int[] start = new int[n + 1];
    private readonly int[] entering = new int[n];
    private readonly int[] queue = new int[n];

    public bool Holds(AugmentingPaths paths)
    {
        var count = 0;
        var slack = 16.0 * n * n * Rounding * (Lanes.Largest(paths.Costs) + Lanes.Largest(paths.Prices));
        entering.AsSpan().Clear();
        for (var i = 0; i < n; i++)
        {
            start[i] = count;
            count = TightPairs(paths, i, slack, count);
            if (count < 0) return false;
        }

        start[n] = count;
        return HasNoCycle();
    }

    /// <summary>Lists the rows that hold a column which row i would take almost as gladly; −1 where there are too many.</summary>
    private int TightPairs(AugmentingPaths paths, int i, double slack, int count)
    {
        ref var c = ref MemoryMarshal.GetReference(paths.Costs[(i * paths.Stride)..]);
        ref var v = ref MemoryMarshal.GetReference(paths.Prices);
        var own = paths.ColumnOf(i);
        var limit = Vector512.Create(paths.Costs[i * paths.Stride + own] - paths.Prices[own] + slack);
        for (var j = 0; j < paths.Stride; j += Lanes.Width)
        {
            var x = Vector512.LoadUnsafe(ref c, (nuint)j) - Vector512.LoadUnsafe(ref v, (nuint)j);
            for (var hits = Vector512.LessThanOrEqual(x, limit).ExtractMostSignificantBits(); hits != 0; hits &= hits - 1)
            {
                var column = j + BitOperations.TrailingZeroCount(hits);
                if (column == own) continue;
                if (count == to.Length) return -1;
                to[count] = paths.RowOf(column);
                entering[to[count++]]++;
            }
        }

        return count;
    }

    /// <summary>Removes rows that no pair enters until none is left, or only cycles and what hangs on them.</summary>
    private bool HasNoCycle()
    {
        var (head, tail) = (0, 0);
        for (var i = 0; i < n; i++)
            if (entering[i] == 0) queue[tail++] = i;
        while (head < tail)
        {
            var i = queue[head++];
            for (var k = start[i]; k < start[i + 1]; k++)
                if (--entering[to[k]] == 0) queue[tail++] = to[k];
        }

        return tail == n;
    }
}
