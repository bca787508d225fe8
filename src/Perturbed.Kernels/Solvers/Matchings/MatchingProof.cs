using System;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Perturbed.Kernels;

/// <summary>
/// Proves that a matching is best, or the only best one, whatever the search that found it and its prices did to
/// rounding.
/// </summary>
/// <remarks>
/// Prices are any numbers v, exact as they are. Another matching differs by alternating cycles and costs more by the
/// sum along them of the reduced costs (c_ij − v_j) − (c_io − v_o), o the column of row i; where columns are left
/// over, also by paths between a column that is left and one that is taken, whose price −v_o counts too (columns left
/// have the price 0). A reduced cost is computed from the original costs with an error that belongs to its pair. Pairs
/// are tight unless their reduced cost certainly exceeds δ; if tight pairs form no cycle, and the reduced costs that
/// may be below 0 add up to less than δ in size, every cycle costs more. The choice of δ decides how often the proof
/// succeeds, not whether it is one.
/// </remarks>
internal sealed class MatchingProof(int n)
{
    private const double Rounding = 1.0 / (1L << 53);

    /// <summary>Bounds of the rounding of a difference, and of the product with this factor.</summary>
    private const double Low = 1.0 - 4.0 * Rounding, High = 1.0 + 4.0 * Rounding;

    // Bases of the simplex have n − 1 tight pairs beside the matching; so many more are probably ties.
    private readonly int[] to = new int[8 * n + 8];
    private readonly int[] start = new int[n + 2];
    private readonly int[] entering = new int[n + 1];
    private readonly int[] queue = new int[n + 1];
    private double slack, lack;

    /// <summary>
    /// Whether no matching is better by more than the rounding of the terms of this one, 8 n · 2⁻⁵³ of the sum of
    /// their sizes.
    /// </summary>
    /// <remarks>
    /// A fast pass for most problems: no row has a column dearer than its best by more than <c>worst</c> and the
    /// rounding of the two differences.
    /// </remarks>
    // Compiled on its own, as a loop that runs for every row.
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public bool IsBest(AugmentingPaths paths)
    {
        ref var v = ref MemoryMarshal.GetReference(paths.Prices);
        ref var row = ref MemoryMarshal.GetReference(paths.Costs);
        ref var column = ref MemoryMarshal.GetReference(paths.ColumnsOfRows);
        nint stride = paths.Stride;
        var worst = Vector512<double>.Zero;
        var (terms, differences, dearest) = (0.0, 0.0, 0.0);
        for (nint i = 0; i < n; i++, row = ref Unsafe.Add(ref row, stride))
        {
            nint own = Unsafe.Add(ref column, i);
            var (cost, price) = (Unsafe.Add(ref row, own), Unsafe.Add(ref v, own));
            var held = cost - price;
            dearest = double.MaxNative(dearest, price);
            terms += Math.Abs(cost);
            differences += Math.Abs(held);
            var limit = Vector512.Create(held);
            var least = limit;
            for (nint j = 0; j < stride; j += Lanes.Width)
                least = Vector512.MinNative(least, Vector512.LoadUnsafe(ref row, (nuint)j) - Vector512.LoadUnsafe(ref v, (nuint)j));
            worst = Vector512.MaxNative(worst, limit - least);
        }

        var lacking = Lanes.Max(worst);
        if (paths.Columns > n) lacking = Math.Max(lacking, dearest);

        // A price that is not a number makes the differences none.
        return 2.0 * n * lacking + 8.0 * Rounding * differences <= 8.0 * Rounding * n * terms;
    }

    /// <summary>Whether every other matching is dearer by more than <paramref name="margin"/>.</summary>
    public bool IsSingle(AugmentingPaths paths, double margin)
    {
        if (!double.IsFinite(margin)) return false;
        (slack, lack) = (2.0 * margin, 0.0);
        entering.AsSpan().Clear();
        var count = 0;
        for (var i = 0; i < n; i++)
        {
            start[i] = count;
            count = TightPairs(paths, i, count);
            if (count < 0) return false;
        }

        start[n] = count;
        count = CheapColumns(paths, count);
        start[n + 1] = count;
        return count >= 0 && lack <= 0.25 * slack && HasNoCycle();
    }

    /// <summary>
    /// Lists the rows that hold a column which row i would take almost as gladly, and n for a column that is left; −1
    /// where there are too many.
    /// </summary>
    private int TightPairs(AugmentingPaths paths, int i, int count)
    {
        ref var c = ref MemoryMarshal.GetReference(paths.Costs[(i * paths.Stride)..]);
        ref var v = ref MemoryMarshal.GetReference(paths.Prices);
        var own = paths.ColumnOf(i);
        var held = paths.Costs[i * paths.Stride + own] - paths.Prices[own];
        var most = Math.Max(held * Low, held * High);
        if (!double.IsFinite(most)) return -1;
        var limit = Vector512.Create(most + slack);
        var (low, high) = (Vector512.Create(Low), Vector512.Create(High));
        var least = most;
        for (var j = 0; j < paths.Stride; j += Lanes.Width)
        {
            var x = Vector512.LoadUnsafe(ref c, (nuint)j) - Vector512.LoadUnsafe(ref v, (nuint)j);
            x = Vector512.MinNative(x * low, x * high);
            // What is not a number is tight.
            for (var hits = ~Vector512.GreaterThan(x, limit).ExtractMostSignificantBits() & 0xFF; hits != 0; hits &= hits - 1)
            {
                var lane = BitOperations.TrailingZeroCount(hits);
                if (j + lane == own) continue;
                if (count == to.Length) return -1;
                var holder = paths.RowOf(j + lane);
                to[count] = holder < 0 ? n : holder;
                entering[to[count++]]++;
                least = Math.Min(least, x[lane]);
            }
        }

        lack += most - least;
        return count;
    }

    /// <summary>Lists the rows whose column could be left at almost no loss, where columns are left over.</summary>
    private int CheapColumns(AugmentingPaths paths, int count)
    {
        if (paths.Columns == n) return count;
        var most = 0.0;
        for (var i = 0; i < n; i++)
        {
            var price = paths.Prices[paths.ColumnOf(i)];
            if (price < -slack) continue;
            if (count == to.Length) return -1;
            most = Math.Max(most, price);
            to[count++] = i;
            entering[i]++;
        }

        lack += most;
        return count;
    }

    /// <summary>Removes nodes that no pair enters until none is left, or only cycles and what hangs on them.</summary>
    private bool HasNoCycle()
    {
        var (head, tail) = (0, 0);
        for (var i = 0; i <= n; i++)
            if (entering[i] == 0) queue[tail++] = i;
        while (head < tail)
        {
            var i = queue[head++];
            for (var k = start[i]; k < start[i + 1]; k++)
                if (--entering[to[k]] == 0) queue[tail++] = to[k];
        }

        return tail == n + 1;
    }
}
