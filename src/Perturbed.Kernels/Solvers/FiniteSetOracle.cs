using System;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Perturbed.Functional;

namespace Perturbed.Kernels;

/// <summary>A finite set given as rows: y*(θ) = argmax over n of ⟨y_n, θ⟩, by a scan over all of them.</summary>
/// <remarks>
/// Of equal products the row with the lowest number wins. A product is the plain sum over the coordinates in their order, so it has the same
/// bits wherever its row stands. Cost O(N·d/8) a row of θ with vector instructions.
/// </remarks>
public sealed class FiniteSetOracle : IOracle
{
    private const int Block = 4 * Lanes.Width;

    private readonly double[] points;
    private readonly double[] columns;

    /// <summary>The rows of a matrix.</summary>
    /// <param name="rows">The points y_n, N × d, at least one, all finite. They are copied; they may repeat.</param>
    /// <exception cref="ArgumentNullException"><paramref name="rows"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no row or no column.</exception>
    /// <exception cref="ArgumentException">An entry is not finite.</exception>
    public FiniteSetOracle(double[,] rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        Count = rows.GetLength(0);
        Dimension = rows.GetLength(1);
        if (Count == 0 || Dimension == 0)
            throw new ArgumentOutOfRangeException(nameof(rows), $"rows is {Count} × {Dimension}; it must have at least one row and one column.");
        var blocks = (Count - 1) / Block + 1;
        Sizes.Product(nameof(rows), "The set, in blocks of 32 points,", blocks, Dimension, Block);
        points = new double[Count * Dimension];
        for (var n = 0; n < Count; n++)
            for (var j = 0; j < Dimension; j++)
                points[n * Dimension + j] = double.IsFinite(rows[n, j])
                    ? rows[n, j]
                    : throw new ArgumentException($"rows[{n}, {j}] is {rows[n, j]}; expected a finite number.", nameof(rows));

        // Blocks of 32 points, a point in each lane. Lanes without a point repeat the first, which wins every tie against them.
        columns = new double[blocks * Dimension * Block];
        for (var n = 0; n < blocks * Block; n++)
            for (var j = 0; j < Dimension; j++)
                columns[(n / Block * Dimension + j) * Block + n % Block] = points[(n < Count ? n : 0) * Dimension + j];
    }

    /// <inheritdoc/>
    public string Name => "finite-set";

    /// <summary>The number N of rows.</summary>
    public int Count { get; }

    /// <inheritdoc/>
    public int Dimension { get; }

    /// <inheritdoc/>
    public int SolutionDimension => Dimension;

    /// <inheritdoc/>
    public bool DependsOnInstance => false;

    /// <summary>Whether <paramref name="y"/> equals one of the rows, entry for entry.</summary>
    /// <param name="y">A point, of the dimension d.</param>
    /// <returns>True exactly for the points of the set.</returns>
    /// <exception cref="ArgumentException"><paramref name="y"/> has another length.</exception>
    public bool IsSolution(ReadOnlySpan<double> y)
    {
        RowShape.Point(y, Dimension);
        for (var n = 0; n < Count; n++)
            if (y.SequenceEqual(points.AsSpan(n * Dimension, Dimension))) return true;
        return false;
    }

    /// <inheritdoc/>
    public ISolver CreateSolver() => new Solver(Dimension, points, columns);

    private sealed class Solver(int dimension, double[] points, double[] columns) : ISolver
    {
        private readonly double[] bestValues = new double[Lanes.Width];
        private readonly long[] bestNumbers = new long[Lanes.Width];

        public void Begin(long row, ReadOnlySpan<double> theta)
        {
        }

        public void Solve(ReadOnlySpan<double> thetas, Span<double> solutions, Span<double> values)
        {
            var rows = RowShape.Rows(thetas, dimension, solutions, dimension, values);
            for (var row = 0; row < rows; row++)
            {
                var best = Best(thetas.Slice(row * dimension, dimension), out var value);
                points.AsSpan(best * dimension, dimension).CopyTo(solutions[(row * dimension)..]);
                if (!values.IsEmpty) values[row] = value;
            }
        }

        private int Best(ReadOnlySpan<double> theta, out double value)
        {
            ref var column = ref MemoryMarshal.GetArrayDataReference(columns);
            var most = Vector512.Create(double.NegativeInfinity);
            var number = Vector512<long>.Zero;
            var current = Lanes.Indices;
            var step = Vector512.Create((long)Lanes.Width);
            for (nuint at = 0; at < (nuint)columns.Length;)
            {
                var a = Vector512<double>.Zero;
                var b = a;
                var c = a;
                var d = a;
                foreach (var entry in theta)
                {
                    var t = Vector512.Create(entry);
                    a += t * Vector512.LoadUnsafe(ref column, at);
                    b += t * Vector512.LoadUnsafe(ref column, at + Lanes.Width);
                    c += t * Vector512.LoadUnsafe(ref column, at + 2 * Lanes.Width);
                    d += t * Vector512.LoadUnsafe(ref column, at + 3 * Lanes.Width);
                    at += Block;
                }

                Keep(a, current, ref most, ref number);
                Keep(b, current += step, ref most, ref number);
                Keep(c, current += step, ref most, ref number);
                Keep(d, current += step, ref most, ref number);
                current += step;
            }

            most.CopyTo(bestValues);
            number.CopyTo(bestNumbers);
            var best = 0;
            for (var lane = 1; lane < Lanes.Width; lane++)
            {
                var isTie = bestValues[lane] == bestValues[best];
                if (isTie ? bestNumbers[lane] < bestNumbers[best] : bestValues[lane] > bestValues[best]) best = lane;
            }

            value = bestValues[best];
            return (int)bestNumbers[best];
        }

        private static void Keep(Vector512<double> value, Vector512<long> current, ref Vector512<double> most, ref Vector512<long> number)
        {
            var better = Vector512.GreaterThan(value, most);
            most = Vector512.ConditionalSelect(better, value, most);
            number = Vector512.ConditionalSelect(better.AsInt64(), current, number);
        }
    }
}
