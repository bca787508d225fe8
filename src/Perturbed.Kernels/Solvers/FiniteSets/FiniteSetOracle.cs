using System;
using System.Collections.Generic;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Perturbed.Functional.CSharp;

namespace Perturbed.Kernels;

/// <summary>A finite set given as rows: y*(θ) = argmax over n of ⟨y_n, θ⟩, by a scan over all of them.</summary>
/// <remarks>
/// Of equal products the row with the lowest number is chosen. A value is the plain sum over the coordinates in their
/// order, so it has the same bits for any order of the rows; where two sums are closer than their rounding the
/// products are compared exactly. Cost O(N·d/8) a row of θ with vector instructions.
/// </remarks>
public sealed class FiniteSetOracle : IOracle
{
    private const int Block = 4 * Lanes.Width;

    private readonly double[] points;
    private readonly double[] distinct;
    private readonly Aligned<double> columns;

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
            throw new ArgumentOutOfRangeException(
                nameof(rows), $"rows is {Count} × {Dimension}; it must have at least one row and one column.");
        Sizes.Product(nameof(rows), "The set, in blocks of 32 points,", (Count - 1) / Block + 1, Dimension, Block);
        points = new double[Count * Dimension];
        for (var n = 0; n < Count; n++)
            for (var j = 0; j < Dimension; j++)
                points[n * Dimension + j] = double.IsFinite(rows[n, j])
                    ? rows[n, j]
                    : throw new ArgumentException($"rows[{n}, {j}] is {rows[n, j]}; expected a finite number.", nameof(rows));

        // A repeated point is never chosen before its first copy, and would make every decision for it a close one.
        distinct = Distinct(points, Dimension);
        var count = distinct.Length / Dimension;

        // Blocks of 32 points, a point in each lane. Lanes without a point hold NaN, which is above nothing.
        var blocks = (count + Block - 1) / Block;
        columns = new Aligned<double>(blocks * Dimension * Block);
        var lanes = columns.Span;
        for (var n = 0; n < blocks * Block; n++)
            for (var j = 0; j < Dimension; j++)
                lanes[(n / Block * Dimension + j) * Block + n % Block] = n < count ? distinct[n * Dimension + j] : double.NaN;
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
    public ISolver CreateSolver() => new Solver(Dimension, distinct, columns);

    private static double[] Distinct(double[] points, int dimension)
    {
        var kept = new double[points.Length];
        var known = new HashSet<double[]>(Comparer);
        var count = 0;
        for (var at = 0; at < points.Length; at += dimension)
        {
            var point = points.AsSpan(at, dimension).ToArray();
            if (!known.Add(point)) continue;
            point.CopyTo(kept, count);
            count += dimension;
        }

        return kept[..count];
    }

    private static readonly IEqualityComparer<double[]> Comparer = EqualityComparer<double[]>.Create(
        (x, y) => x.AsSpan().SequenceEqual(y),
        x =>
        {
            var hash = new HashCode();
            foreach (var entry in x) hash.Add(entry);
            return hash.ToHashCode();
        });

    private sealed class Solver(int dimension, double[] points, Aligned<double> columns) : ISolver
    {
        private readonly CloseProducts close = new(points, dimension);

        public void Solve(ReadOnlySpan<double> thetas, Span<double> solutions, Span<double> values)
        {
            var rows = RowShape.Rows(thetas, dimension, solutions, dimension, values);
            for (var row = 0; row < rows; row++)
            {
                var theta = thetas.Slice(row * dimension, dimension);
                var best = Best(theta, out var value, out var second, out var size);
                if (close.MayBeTied(theta, size, value, second)) best = close.First(theta, value, out value);
                points.AsSpan(best * dimension, dimension).CopyTo(solutions[(row * dimension)..]);
                if (!values.IsEmpty) values[row] = value;
            }
        }

        /// <summary>
        /// The row of the largest sum, the first of equal ones; also the second largest sum or −∞ where it is far
        /// below, and the largest size in θ.
        /// </summary>
        // Compiled on its own, because it is slower inlined into its caller.
        [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
        private int Best(ReadOnlySpan<double> theta, out double value, out double second, out double size)
        {
            ref var column = ref columns.First;
            var most = Vector512.Create(double.NegativeInfinity);
            var number = Vector512<long>.Zero;
            var next = most;
            var current = Lanes.Indices;
            var step = Vector512.Create((long)Lanes.Width);
            var largest = 0.0;
            for (nuint at = 0; at < (nuint)columns.Length;)
            {
                var a = Vector512<double>.Zero;
                var b = a;
                var c = a;
                var d = a;
                foreach (var entry in theta)
                {
                    var t = Vector512.Create(entry);
                    largest = double.MaxNative(largest, Math.Abs(entry));
                    a += t * Vector512.LoadUnsafe(ref column, at);
                    b += t * Vector512.LoadUnsafe(ref column, at + Lanes.Width);
                    c += t * Vector512.LoadUnsafe(ref column, at + 2 * Lanes.Width);
                    d += t * Vector512.LoadUnsafe(ref column, at + 3 * Lanes.Width);
                    at += Block;
                }

                Keep(a, current, ref most, ref number, ref next);
                Keep(b, current += step, ref most, ref number, ref next);
                Keep(c, current += step, ref most, ref number, ref next);
                Keep(d, current += step, ref most, ref number, ref next);
                current += step;
            }

            size = largest;
            value = Lanes.Max(most);
            var hits = Vector512.Equals(most, Vector512.Create(value)).ExtractMostSignificantBits();
            var lane = BitOperations.TrailingZeroCount(hits);
            for (var others = hits & (hits - 1); others != 0; others &= others - 1)
            {
                var other = BitOperations.TrailingZeroCount(others);
                if (number[other] < number[lane]) lane = other;
            }

            // Where all others are far below, as most often, the second is not looked for.
            var near = Vector512.Create(value - 2.0 * close.Rounding(size));
            var below = Vector512.LessThan(most, near).ExtractMostSignificantBits() | (1UL << lane);
            if (below == 0xFF && Vector512.LessThanAll(next, near))
            {
                second = double.NegativeInfinity;
            }
            else
            {
                var isBest = Vector512.Equals(Lanes.Indices, Vector512.Create((long)lane)).AsDouble();
                second = Lanes.Max(Vector512.MaxNative(next, Vector512.ConditionalSelect(isBest, next, most)));
            }

            value = most[lane];
            return (int)number[lane];
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void Keep(
            Vector512<double> value, Vector512<long> current, ref Vector512<double> most, ref Vector512<long> number,
            ref Vector512<double> next)
        {
            var better = Vector512.GreaterThan(value, most);
            var loser = Vector512.ConditionalSelect(better, most, value);
            next = Vector512.ConditionalSelect(Vector512.GreaterThan(loser, next), loser, next);
            most = Vector512.ConditionalSelect(better, value, most);
            number = Vector512.ConditionalSelect(better.AsInt64(), current, number);
        }
    }
}
