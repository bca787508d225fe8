using System;
using Perturbed.Functional;

namespace Perturbed.Kernels;

/// <summary>Assignments row by row: lays θ out as costs, decides whether to start warm, and writes the matching.</summary>
internal sealed class AssignmentSolver : ISolver
{
    /// <summary>So many rows of an instance repay the search for its prices.</summary>
    private const int RowsForPrices = 4;

    /// <summary>After so many rows that started warm and took more work than from nothing, or may have ties, the instance goes on without.</summary>
    private const int MostSetbacks = 3;

    private readonly int rows, columns;
    private readonly string name;
    private readonly AugmentingPaths paths;
    private readonly SingleOptimum single;
    private readonly double[] instance, prices;
    private long batchRow;
    private bool isKnown, hasPrices;
    private int solved, setbacks, coldScans;

    public AssignmentSolver(int rows, int columns, string name)
    {
        (this.rows, this.columns, this.name) = (rows, columns, name);
        paths = new AugmentingPaths(Math.Min(rows, columns), Math.Max(rows, columns));
        single = new SingleOptimum(rows);
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
        if (!paths.Solve()) throw Overflow();
        paths.Prices.CopyTo(prices);
        coldScans = paths.Scans;
        hasPrices = true;
    }

    private void Match(ReadOnlySpan<double> theta)
    {
        paths.Load(theta, rows > columns);
        if (hasPrices && setbacks < MostSetbacks)
        {
            var isSingle = paths.SolveFrom(prices) && single.Holds(paths);
            if (!isSingle || paths.Scans + rows > coldScans) setbacks++;
            if (isSingle) return;
        }

        if (!paths.Solve()) throw Overflow();
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
