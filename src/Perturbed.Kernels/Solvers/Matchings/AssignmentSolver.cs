using System;
using System.Numerics;
using Perturbed.Functional.CSharp;

namespace Perturbed.Kernels;

/// <summary>
/// Assignments row by row: a search in double precision, warm or not, proposes a matching; where it is not proved the
/// only best one, exact arithmetic decides without a warm start.
/// </summary>
internal sealed class AssignmentSolver : ISolver
{
    private const double Rounding = 1.0 / (1L << 53);

    /// <summary>So many rows of an instance repay the search for its prices.</summary>
    private const int RowsForPrices = 4;

    /// <summary>
    /// After so many rows that started warm and took more work than from nothing, or may have ties, the instance goes
    /// on without.
    /// </summary>
    private const int MostSetbacks = 3;

    /// <summary>
    /// Reduced costs, prices and distances of a search without a warm start are below 64 = 2⁶ times the largest cost:
    /// one row relates a price to that of a column not yet matched, and another a distance to prices.
    /// </summary>
    private const int BitsOfSums = 6;

    private readonly int rows, columns;
    private readonly string name;
    private readonly AugmentingPaths paths;
    private readonly MatchingProof proof;
    private readonly double[] instance, prices;
    private ExactMatching<Wide>? wide;
    private long batchRow;
    private bool isKnown, hasPrices;
    private int solved, setbacks, coldScans;

    public AssignmentSolver(int rows, int columns, string name)
    {
        (this.rows, this.columns, this.name) = (rows, columns, name);
        paths = new AugmentingPaths(Math.Min(rows, columns), Math.Max(rows, columns));
        proof = new MatchingProof(paths.Rows);
        instance = new double[rows == columns ? rows * columns : 0];
        prices = new double[paths.Stride];
    }

    public void Begin(long row, ReadOnlySpan<double> theta)
    {
        batchRow = row;
        hasPrices = false;
        (solved, setbacks) = (0, 0);
        isKnown = rows == columns && rows > 1 && theta.Length == instance.Length;
        if (isKnown) theta.CopyTo(instance);
    }

    public void Solve(ReadOnlySpan<double> thetas, Span<double> solutions, Span<double> values)
    {
        var dimension = rows * columns;
        var count = RowShape.Rows(thetas, dimension, solutions, dimension, values);
        solved += count;
        if (isKnown && !hasPrices && solved >= RowsForPrices) FindPrices();
        solutions.Clear();
        for (var row = 0; row < count; row++)
        {
            var theta = thetas.Slice(row * dimension, dimension);
            Match(theta);
            var value = Write(theta, solutions.Slice(row * dimension, dimension));
            if (!values.IsEmpty) values[row] = value;
        }
    }

    private void FindPrices()
    {
        paths.Load(instance, false);
        isKnown = hasPrices = paths.Solve();
        paths.Prices.CopyTo(prices);
        coldScans = paths.Scans;
    }

    private void Match(ReadOnlySpan<double> theta)
    {
        paths.Load(theta, rows > columns);
        if (hasPrices && setbacks < MostSetbacks)
        {
            // The margin is beyond what a search without prices could be off by and still be best to rounding, so that
            // both give the same matching.
            var isSingle = paths.SolveFrom(prices) && proof.IsSingle(paths, Margin(Lanes.Largest(paths.Costs)));
            if (!isSingle || paths.Scans + rows > coldScans) setbacks++;
            if (isSingle) return;
        }

        if (paths.Solve() && (proof.IsBest(paths) || proof.IsSingle(paths, Margin(LargestMatched())))) return;
        var range = BinaryRange.Of(theta);
        if (!range.IsFinite) throw new OracleException(name, batchRow, "theta has an entry that is not finite; expected finite entries.");
        if (range.AreSumsExact(BitsOfSums)) return;
        if (range.FitsWide(BitsOfSums)) SolveExactly(wide ??= new(paths.Rows, paths.Columns), theta, range.Lowest, BinaryRange.ToWide);
        else SolveExactly(new ExactMatching<BigInteger>(paths.Rows, paths.Columns), theta, range.Lowest, BinaryRange.ToBigInteger);
    }

    /// <summary>What the errors of a search among costs of a size seldom exceed.</summary>
    private double Margin(double largest) => 16.0 * paths.Rows * paths.Rows * Rounding * (largest + Lanes.Largest(paths.Prices));

    private double LargestMatched()
    {
        var largest = 0.0;
        for (var i = 0; i < paths.Rows; i++) largest = Math.Max(largest, Math.Abs(paths.Costs[i * paths.Stride + paths.ColumnOf(i)]));
        return largest;
    }

    private void SolveExactly<T>(ExactMatching<T> exact, ReadOnlySpan<double> theta, int unit, Func<double, int, T> convert)
        where T : struct, IAdditionOperators<T, T, T>, ISubtractionOperators<T, T, T>, IComparisonOperators<T, T, bool>
    {
        for (var at = 0; at < theta.Length; at++)
        {
            var (i, j) = (at / columns, at % columns);
            exact.Costs[rows > columns ? j * rows + i : at] = convert(-theta[at], unit);
        }

        exact.Solve(paths.ColumnsOfRows);
    }

    private double Write(ReadOnlySpan<double> theta, Span<double> y)
    {
        var value = 0.0;
        for (var i = 0; i < paths.Rows; i++)
        {
            var at = rows > columns ? paths.ColumnOf(i) * columns + i : i * columns + paths.ColumnOf(i);
            y[at] = 1.0;
            value += theta[at];
        }

        return double.IsFinite(value) ? value : throw Overflow();
    }

    private OracleException Overflow() =>
        new(name, batchRow, "sums of theta along matchings exceed the largest finite number; expected entries of smaller size.");
}
