using System;
using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Perturbed.Kernels;

/// <summary>
/// The cheapest matching of n rows into m ≥ n columns by shortest augmenting paths (Jonker and Volgenant, Computing
/// 38, 1987).
/// </summary>
/// <remarks>
/// Every column j has a price v_j. All along, a matched row holds a column of least c_ij − v_j, and a column never
/// matched has the price 0 (where m &gt; n), so that a complete matching is optimal. Rows of costs are padded with ∞
/// to whole vectors; searches mask the columns they have reached by a price of −∞, so that the inner loop has no
/// branch. The augmenting row reduction of the paper is left out: with vectors of eight it takes more passes over rows
/// than it saves in searches (measured on random matrices of 20 to 100 rows).
/// </remarks>
internal sealed partial class AugmentingPaths
{
    private readonly Aligned<double> cost, price, open, distance;
    private readonly double[] reachedAt;
    private readonly long[] parent;
    private readonly int[] columnOf, rowOf, free, reached;
    private int freeCount;

    public AugmentingPaths(int rows, int columns)
    {
        (Rows, Columns) = (rows, columns);
        Stride = (columns + Lanes.Width - 1) / Lanes.Width * Lanes.Width;
        cost = new Aligned<double>(rows * Stride);
        cost.Span.Fill(double.PositiveInfinity);
        price = new Aligned<double>(Stride);
        open = new Aligned<double>(Stride);
        distance = new Aligned<double>(Stride);
        parent = new long[Stride];
        reachedAt = new double[columns];
        reached = new int[columns];
        columnOf = new int[rows];
        rowOf = new int[columns];
        free = new int[rows];
    }

    public int Rows { get; }

    public int Columns { get; }

    /// <summary>The length of a row of costs in memory.</summary>
    public int Stride { get; }

    /// <summary>How often the last search passed over a row of costs: the measure of its work.</summary>
    public int Scans { get; private set; }

    public ReadOnlySpan<double> Prices => price.Span;

    public ReadOnlySpan<double> Costs => cost.Span;

    /// <summary>The matching: the column of each row.</summary>
    public Span<int> ColumnsOfRows => columnOf;

    public int ColumnOf(int row) => columnOf[row];

    /// <summary>The row matched to a column, or −1.</summary>
    public int RowOf(int column) => rowOf[column];

    /// <summary>Takes θ as costs −θ, transposed where θ has more rows than columns.</summary>
    public void Load(ReadOnlySpan<double> theta, bool isTransposed)
    {
        for (var i = 0; i < Rows; i++)
        {
            var row = cost.Span.Slice(i * Stride, Columns);
            if (isTransposed)
                for (var j = 0; j < Columns; j++) row[j] = -theta[j * Rows + i];
            else
                TensorPrimitives.Negate(theta.Slice(i * Columns, Columns), row);
        }
    }

    /// <summary>Finds the best matching; false where no finite path is left, because sums overflow.</summary>
    public bool Solve()
    {
        columnOf.AsSpan().Fill(-1);
        rowOf.AsSpan().Fill(-1);
        price.Span.Clear();
        Scans = 2 * Rows;
        if (Rows == Columns) ReduceColumns();
        else ListAll();
        return AugmentAll();
    }

    /// <summary>Solves a square problem from the prices of a problem nearby, as <see cref="Solve"/> does.</summary>
    public bool SolveFrom(ReadOnlySpan<double> prices)
    {
        columnOf.AsSpan().Fill(-1);
        rowOf.AsSpan().Fill(-1);
        prices.CopyTo(price.Span);
        (freeCount, Scans) = (0, Rows);
        for (var i = 0; i < Rows; i++)
        {
            var j = Least(i, out _, out _);
            if (rowOf[j] < 0) (columnOf[i], rowOf[j]) = (j, i);
            else free[freeCount++] = i;
        }

        return AugmentAll();
    }

    private void ListAll()
    {
        for (var i = 0; i < Rows; i++) free[i] = i;
        freeCount = Rows;
    }

    /// <summary>
    /// The first column of least c_ij − v_j, that least and the second least (∞ where there is a single column).
    /// </summary>
    private int Least(int row, out double least, out double second)
    {
        ref var c = ref Unsafe.Add(ref cost.First, (nint)row * Stride);
        ref var v = ref price.First;
        var first = Vector512.Create(double.PositiveInfinity);
        var next = first;
        var column = Vector512<long>.Zero;
        var current = Lanes.Indices;
        for (nuint j = 0; j < (nuint)Stride; j += Lanes.Width)
        {
            var x = Vector512.LoadUnsafe(ref c, j) - Vector512.LoadUnsafe(ref v, j);
            column = Vector512.ConditionalSelect(Vector512.LessThan(x, first).AsInt64(), current, column);
            next = Vector512.MinNative(next, Vector512.MaxNative(x, first));
            first = Vector512.MinNative(x, first);
            current += Vector512.Create((long)Lanes.Width);
        }

        least = Min(first);
        var best = FirstColumn(first, column, least);
        var isBest = Vector512.Equals(column, Vector512.Create(best)) & Vector512.Equals(first, Vector512.Create(least)).AsInt64();
        second = Min(Vector512.ConditionalSelect(isBest.AsDouble(), next, first));
        return (int)best;
    }

    private bool AugmentAll()
    {
        price.Span.CopyTo(open.Span);
        for (var k = 0; k < freeCount; k++)
            if (!Augment(free[k])) return false;
        return true;
    }

    /// <summary>
    /// Dijkstra's search over reduced costs from a free row to the nearest unmatched column, then the exchange along
    /// the path.
    /// </summary>
    private bool Augment(int start)
    {
        distance.Span.Fill(double.PositiveInfinity);
        var prices = price.Span;
        var opens = open.Span;
        var (count, row, shift, least) = (0, start, 0.0, 0.0);
        int column;
        while (true)
        {
            column = Relax(row, shift, out least);
            Scans++;
            if (!double.IsFinite(least)) return false;
            if (rowOf[column] < 0) break;
            reached[count] = column;
            reachedAt[count++] = least;
            row = rowOf[column];
            shift = cost.Span[row * Stride + column] - prices[column] - least;
            opens[column] = double.NegativeInfinity;
            distance.Span[column] = double.PositiveInfinity;
        }

        for (var k = 0; k < count; k++)
        {
            var j = reached[k];
            prices[j] += reachedAt[k] - least;
            opens[j] = prices[j];
        }

        do
        {
            row = (int)parent[column];
            rowOf[column] = row;
            (column, columnOf[row]) = (columnOf[row], column);
        }
        while (row != start);
        return true;
    }

    /// <summary>
    /// Relaxes every open column by the edges of one row, and returns the nearest: the first of equally near ones.
    /// </summary>
    private int Relax(int row, double shift, out double least)
    {
        ref var c = ref Unsafe.Add(ref cost.First, (nint)row * Stride);
        ref var v = ref open.First;
        ref var d = ref distance.First;
        ref var p = ref MemoryMarshal.GetArrayDataReference(parent);
        var from = Vector512.Create((long)row);
        var moved = Vector512.Create(shift);
        var first = Vector512.Create(double.PositiveInfinity);
        var column = Vector512<long>.Zero;
        var current = Lanes.Indices;
        for (nuint j = 0; j < (nuint)Stride; j += Lanes.Width)
        {
            var length = Vector512.LoadUnsafe(ref c, j) - Vector512.LoadUnsafe(ref v, j) - moved;
            var known = Vector512.LoadUnsafe(ref d, j);
            var isShorter = Vector512.LessThan(length, known).AsInt64();
            Vector512.ConditionalSelect(isShorter, from, Vector512.LoadUnsafe(ref p, j)).StoreUnsafe(ref p, j);
            known = Vector512.MinNative(length, known);
            known.StoreUnsafe(ref d, j);
            column = Vector512.ConditionalSelect(Vector512.LessThan(known, first).AsInt64(), current, column);
            first = Vector512.MinNative(known, first);
            current += Vector512.Create((long)Lanes.Width);
        }

        least = Min(first);
        return (int)FirstColumn(first, column, least);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static double Min(Vector512<double> v) => -Lanes.Max(-v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static long FirstColumn(Vector512<double> first, Vector512<long> column, double least)
    {
        var hits = Vector512.Equals(first, Vector512.Create(least)).ExtractMostSignificantBits();
        if (hits == 0) return 0;
        var best = column.GetElement(BitOperations.TrailingZeroCount(hits));
        for (hits &= hits - 1; hits != 0; hits &= hits - 1)
            best = Math.Min(best, column.GetElement(BitOperations.TrailingZeroCount(hits)));
        return best;
    }
}
