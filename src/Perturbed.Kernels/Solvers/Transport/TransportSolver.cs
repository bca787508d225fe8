using System;
using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Perturbed.Functional.CSharp;

namespace Perturbed.Kernels;

/// <summary>
/// The network simplex: pricing row by row on vectors of eight, pivots on the basis tree; where its plan is not proved
/// the only best one, exact prices decide without a warm start.
/// </summary>
internal sealed class TransportSolver : ISolver
{
    /// <summary>After so many rows that may have ties, the rows of an instance start from nothing.</summary>
    private const int MostSetbacks = 3;

    private const double Rounding = 1.0 / (1L << 53);

    private readonly int rows, columns, stride;
    private readonly string name;
    private readonly BasisTree tree;
    private readonly Aligned<double> cost, columnPrice;
    private readonly double[] rowPrice;
    private ExactTransport<Wide>? wide;

    /// <summary>
    /// The largest entries whose sums along the tree are finite in double precision, and the sum of the marginals,
    /// which bounds values.
    /// </summary>
    private readonly double mostForDoubles, total;
    private bool hasBasis;
    private int setbacks;
    private long batchRow;

    public TransportSolver(Marginals marginals, string name)
    {
        (rows, columns, this.name) = (marginals.Rows.Length, marginals.Columns.Length, name);
        stride = (columns + Lanes.Width - 1) / Lanes.Width * Lanes.Width;
        tree = new BasisTree(marginals);
        cost = new Aligned<double>(rows * stride);
        cost.Span.Fill(double.PositiveInfinity);
        rowPrice = new double[rows];
        columnPrice = new Aligned<double>(stride);
        mostForDoubles = double.MaxValue / (8.0 * Nodes);
        foreach (var marginal in marginals.Rows) total += marginal;
    }

    private int Nodes => rows + columns;

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
            var largest = Lanes.LargestOfAll(theta);
            if (largest <= mostForDoubles) Optimise(theta, largest);
            else SolveExactly(theta, Range(theta));
            tree.Write(y);
            if (values.IsEmpty && largest * total < double.MaxValue) continue;
            var value = Lanes.Dot(y, theta);
            if (!double.IsFinite(value)) throw Overflow(largest);
            if (!values.IsEmpty) values[row] = value;
        }
    }

    private void Optimise(ReadOnlySpan<double> theta, double largest)
    {
        var costs = cost.Span;
        for (var i = 0; i < rows; i++) TensorPrimitives.Negate(theta.Slice(i * columns, columns), costs.Slice(i * stride, columns));

        // Twice what the rounding of a price, a sum along a path of the tree, can amount to, so that a pivot always
        // improves and the search ends.
        var slack = 4.0 * Nodes * Nodes * Rounding * largest;
        if (hasBasis && setbacks < MostSetbacks)
        {
            Improve(slack);
            if (IsSingle()) return;
            setbacks++;
        }

        tree.Reset();
        hasBasis = true;
        Improve(slack);
        if (!IsSingle()) Decide(theta);
    }

    /// <summary>
    /// Keeps the tree found in double precision where its sums were exact, and finds another one in exact arithmetic
    /// otherwise.
    /// </summary>
    private void Decide(ReadOnlySpan<double> theta)
    {
        var range = Range(theta);
        // The sums are those of FitsWide below, and the slack of a pivot has to stay below 1 unit.
        if (!range.AreSumsExact(2 * BinaryRange.BitsOf(Nodes) + 2)) SolveExactly(theta, range);
    }

    private BinaryRange Range(ReadOnlySpan<double> theta)
    {
        var range = BinaryRange.Of(theta);
        return range.IsFinite
            ? range
            : throw new OracleException(name, batchRow, "theta has an entry that is not finite; expected finite entries.");
    }

    private void SolveExactly(ReadOnlySpan<double> theta, BinaryRange range)
    {
        // A price is a sum of as many terms as the tree has arcs at most, and a reduced cost is one of two prices and
        // a cost.
        if (range.FitsWide(BinaryRange.BitsOf(Nodes) + 2))
            SolveExactly(wide ??= new(rows, columns), theta, range.Lowest, BinaryRange.ToWide);
        else SolveExactly(new ExactTransport<BigInteger>(rows, columns), theta, range.Lowest, BinaryRange.ToBigInteger);
    }

    private void SolveExactly<T>(ExactTransport<T> exact, ReadOnlySpan<double> theta, int unit, Func<double, int, T> convert)
        where T : struct, IAdditionOperators<T, T, T>, ISubtractionOperators<T, T, T>, IComparisonOperators<T, T, bool>
    {
        for (var at = 0; at < theta.Length; at++) exact.Costs[at] = convert(-theta[at], unit);
        tree.Reset();
        exact.Improve(tree);
    }

    private OracleException Overflow(double largest) =>
        new(
            name, batchRow,
            $"theta has an entry of size {largest}, and the value of a plan exceeds the largest finite number; expected smaller entries.");

    /// <summary>
    /// Pivots until no pair is cheaper than its prices by more than <paramref name="slack"/>: row after row, the best
    /// pair of each.
    /// </summary>
    private void Improve(double slack)
    {
        tree.Reprice<double>(tree.Root, cost.Span, stride, rowPrice, columnPrice.Span);
        for (int row = 0, idle = 0; idle < rows; row = row + 1 == rows ? 0 : row + 1)
        {
            var column = Cheapest(row, out var least);
            if (least - rowPrice[row] < -slack)
            {
                tree.Reprice<double>(tree.Pivot(row, rows + column), cost.Span, stride, rowPrice, columnPrice.Span);
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
        ref var c = ref Unsafe.Add(ref cost.First, row * stride);
        ref var v = ref columnPrice.First;
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

    /// <summary>
    /// Whether the reduced cost of every pair outside the tree exceeds those of all pairs of the tree together, so
    /// that the plan is the only best one.
    /// </summary>
    /// <remarks>
    /// Prices are any numbers, exact as they are. A plan that sends an amount over a pair outside the tree gets it by
    /// a cycle over pairs of the tree, each of them once at most; so it costs that amount times the pair's reduced
    /// cost more, up to the reduced costs of the tree together. Every difference is computed with an error that
    /// belongs to its pair.
    /// </remarks>
    // On its own, as a loop that every row passes.
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private bool IsSingle()
    {
        const double Low = 1.0 - 4.0 * Rounding, High = 1.0 + 4.0 * Rounding;
        // Two sums each, so that their additions overlap.
        var (offRows, offColumns, rowSizes, columnSizes) = (0.0, 0.0, 0.0, 0.0);
        for (var node = 0; node < rows; node++) AddArc(node, tree.ParentOf(node) - rows, ref offRows, ref rowSizes);
        for (var node = rows; node < tree.Root; node++) AddArc(tree.ParentOf(node), node - rows, ref offColumns, ref columnSizes);
        var slack = 2.0 * (offRows + offColumns + 4.0 * Rounding * (rowSizes + columnSizes));
        if (!double.IsFinite(slack)) return false;
        ref var v = ref columnPrice.First;
        var (low, high) = (Vector512.Create(Low), Vector512.Create(High));
        var dearer = 0;
        for (var i = 0; i < rows; i++)
        {
            ref var c = ref Unsafe.Add(ref cost.First, i * stride);
            var limit = Vector512.Create(Math.Max(rowPrice[i] * Low, rowPrice[i] * High) + slack);
            for (nuint j = 0; j < (nuint)stride; j += Lanes.Width)
            {
                var x = Vector512.LoadUnsafe(ref c, j) - Vector512.LoadUnsafe(ref v, j);
                x = Vector512.MinNative(x * low, x * high);
                dearer += BitOperations.PopCount(Vector512.GreaterThan(x, limit).ExtractMostSignificantBits());
            }
        }

        return dearer == rows * stride - (Nodes - 1);
    }

    /// <summary>
    /// Adds what a pair of the tree differs from its prices by, and the sizes that this was computed from.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void AddArc(int i, int j, ref double off, ref double sizes)
    {
        var x = Unsafe.Add(ref cost.First, i * stride + j) - Unsafe.Add(ref columnPrice.First, j);
        var price = rowPrice[i];
        off += Math.Abs(x - price);
        sizes += Math.Abs(x) + Math.Abs(price);
    }
}
