using System;
using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Perturbed.Functional;

namespace Perturbed.Kernels;

/// <summary>The network simplex: pricing row by row on vectors of eight, pivots on the basis tree.</summary>
internal sealed class TransportSolver : ISolver
{
    /// <summary>After so many rows that may have ties, the rows of an instance start from nothing.</summary>
    private const int MostSetbacks = 3;

    private const double Rounding = 1.0 / (1L << 52);

    private readonly int rows, columns, stride;
    private readonly string name;
    private readonly BasisTree tree;
    private readonly double[] cost, rowPrice, columnPrice;
    private bool hasBasis;
    private int setbacks;
    private long batchRow;

    public TransportSolver(Marginals marginals, string name)
    {
        (rows, columns, this.name) = (marginals.Rows.Length, marginals.Columns.Length, name);
        stride = (columns + Lanes.Width - 1) / Lanes.Width * Lanes.Width;
        tree = new BasisTree(marginals);
        cost = new double[rows * stride];
        cost.AsSpan().Fill(double.PositiveInfinity);
        rowPrice = new double[rows];
        columnPrice = new double[stride];
    }

    public void Begin(long row, ReadOnlySpan<double> theta) => (batchRow, setbacks) = (row, 0);

    public void Solve(ReadOnlySpan<double> thetas, Span<double> solutions, Span<double> values)
    {
        var dimension = rows * columns;
        var count = RowShape.Rows(thetas, dimension, solutions, dimension, values);
        solutions.Clear();
        for (var row = 0; row < count; row++)
        {
            var theta = thetas.Slice(row * dimension, dimension);
            var y = solutions.Slice(row * dimension, dimension);
            Optimise(theta);
            tree.Write(y);
            if (values.IsEmpty) continue;
            values[row] = Lanes.Dot(y, theta);
            if (!double.IsFinite(values[row])) throw Overflow(theta);
        }
    }

    private void Optimise(ReadOnlySpan<double> theta)
    {
        for (var i = 0; i < rows; i++) TensorPrimitives.Negate(theta.Slice(i * columns, columns), cost.AsSpan(i * stride, columns));
        var largest = Lanes.Largest(theta);
        if (largest > double.MaxValue / (8.0 * (rows + columns)))
            throw Overflow(theta);
        // A price is a sum along a path of the tree; twice what its rounding can amount to, so that a pivot always improves.
        var nodes = (double)(rows + columns);
        var slack = 2.0 * nodes * nodes * Rounding * largest;
        if (hasBasis && setbacks < MostSetbacks)
        {
            Improve(slack);
            // Twice what the pairs of another basis can hide together.
            if (IsSingle(2.0 * nodes * slack)) return;
            setbacks++;
        }

        tree.Reset();
        hasBasis = true;
        Improve(slack);
    }

    private OracleException Overflow(ReadOnlySpan<double> theta) =>
        new(name, batchRow, $"theta has an entry of size {Lanes.Largest(theta)}, and its sums exceed the largest finite number; expected smaller entries.");

    /// <summary>Pivots until no pair is cheaper than its prices by more than <paramref name="slack"/>: row after row, the best pair of each.</summary>
    private void Improve(double slack)
    {
        tree.Reprice(tree.Root, cost, stride, rowPrice, columnPrice);
        for (int row = 0, idle = 0; idle < rows; row = row + 1 == rows ? 0 : row + 1)
        {
            var column = Cheapest(row, out var least);
            if (least - rowPrice[row] < -slack)
            {
                tree.Reprice(tree.Pivot(row, rows + column), cost, stride, rowPrice, columnPrice);
                idle = 0;
            }
            else
            {
                idle++;
            }
        }
    }

    private int Cheapest(int row, out double least)
    {
        ref var c = ref cost[row * stride];
        ref var v = ref MemoryMarshal.GetArrayDataReference(columnPrice);
        var first = Vector512.Create(double.PositiveInfinity);
        var column = Vector512<long>.Zero;
        var current = Lanes.Indices;
        for (nuint j = 0; j < (nuint)stride; j += Lanes.Width)
        {
            var x = Vector512.LoadUnsafe(ref c, j) - Vector512.LoadUnsafe(ref v, j);
            column = Vector512.ConditionalSelect(Vector512.LessThan(x, first).AsInt64(), current, column);
            first = Vector512.MinNative(x, first);
            current += Vector512.Create((long)Lanes.Width);
        }

        least = -Lanes.Max(-first);
        var hits = Vector512.Equals(first, Vector512.Create(least)).ExtractMostSignificantBits();
        var best = long.MaxValue;
        for (; hits != 0; hits &= hits - 1) best = Math.Min(best, column.GetElement(BitOperations.TrailingZeroCount(hits)));
        return (int)best;
    }

    /// <summary>Whether only the pairs of the basis are as cheap as their prices.</summary>
    private bool IsSingle(double slack)
    {
        ref var v = ref MemoryMarshal.GetArrayDataReference(columnPrice);
        var tight = 0;
        for (var i = 0; i < rows; i++)
        {
            ref var c = ref cost[i * stride];
            var limit = Vector512.Create(rowPrice[i] + slack);
            for (nuint j = 0; j < (nuint)stride; j += Lanes.Width)
                tight += BitOperations.PopCount(Vector512.LessThanOrEqual(Vector512.LoadUnsafe(ref c, j) - Vector512.LoadUnsafe(ref v, j), limit).ExtractMostSignificantBits());
        }

        return tight == rows + columns - 1;
    }
}
