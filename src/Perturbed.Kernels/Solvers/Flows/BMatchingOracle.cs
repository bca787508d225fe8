using System;
using Perturbed.Functional.CSharp;

namespace Perturbed.Kernels;

/// <summary>
/// Bipartite b-matchings: y*(θ) = argmax of ⟨y, θ⟩ over the r × c matrices of zeros and ones with at most a_i ones in
/// row i and b_j in column j.
/// </summary>
/// <remarks>
/// θ may have any sign; no pair with θ &lt; 0 is taken, and limits need not be used up (with all equal to 1, this is
/// the best matching of any size; <see cref="AssignmentOracle"/> saturates the smaller side). conv(Y) = {0 ≤ y ≤ 1,
/// row sums ≤ a, column sums ≤ b}. Method: a flow from a source over rows and columns to a target, at most r·c
/// shortest paths of O(r·c·log(r + c)) each, again in exact arithmetic where the answer is not proved the only best
/// one. Ties: of several best matchings, the one that the search finds, a function of θ alone. Paper: Appendix B.
/// </remarks>
public sealed class BMatchingOracle : IOracle
{
    private const int MostEntries = 1 << 24;
    private readonly int[] rowLimits, columnLimits;
    private readonly FlowNetwork network;

    /// <summary>Matchings within the limits of their rows and columns.</summary>
    /// <param name="rowLimits">a: how many partners each row may have, at least 0. It is copied.</param>
    /// <param name="columnLimits">b: how many each column may have, at least 0. It is copied.</param>
    /// <exception cref="ArgumentNullException">A list is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The matrix would have more than 2^24 entries.</exception>
    /// <exception cref="ArgumentException">A list is empty, or a limit is negative.</exception>
    public BMatchingOracle(int[] rowLimits, int[] columnLimits)
    {
        ArgumentNullException.ThrowIfNull(rowLimits);
        ArgumentNullException.ThrowIfNull(columnLimits);
        Check(rowLimits, nameof(rowLimits));
        Check(columnLimits, nameof(columnLimits));
        var (r, c) = (rowLimits.Length, columnLimits.Length);
        if ((long)r * c > MostEntries)
            throw new ArgumentOutOfRangeException(
                nameof(columnLimits), c, $"The matrix has {r} × {c} entries; it may have at most {MostEntries}.");
        (this.rowLimits, this.columnLimits) = ((int[])rowLimits.Clone(), (int[])columnLimits.Clone());
        Dimension = r * c;

        // The pairs come first, so that θ and y are the beginning of those of the flow; then an edge to each row and
        // one from each column.
        var (from, to, capacities) = (new int[Dimension + r + c], new int[Dimension + r + c], new int[Dimension + r + c]);
        for (var e = 0; e < Dimension; e++) (from[e], to[e], capacities[e]) = (e / c, r + e % c, 1);
        for (var i = 0; i < r; i++) (from[Dimension + i], to[Dimension + i], capacities[Dimension + i]) = (r + c, i, rowLimits[i]);
        for (var j = 0; j < c; j++)
            (from[Dimension + r + j], to[Dimension + r + j], capacities[Dimension + r + j]) = (r + j, r + c + 1, columnLimits[j]);
        network = new FlowNetwork(new Digraph(r + c + 2, from, to), capacities, r + c, r + c + 1);
    }

    /// <inheritdoc/>
    public string Name => "b-matching";

    /// <summary>a.</summary>
    public ReadOnlySpan<int> RowLimits => rowLimits;

    /// <summary>b.</summary>
    public ReadOnlySpan<int> ColumnLimits => columnLimits;

    /// <inheritdoc/>
    public int Dimension { get; }

    /// <inheritdoc/>
    public int SolutionDimension => Dimension;

    /// <inheritdoc/>
    public bool DependsOnInstance => false;

    /// <summary>Whether <paramref name="y"/> is zeros and ones within the limits.</summary>
    /// <param name="y">A point, of the dimension r · c.</param>
    /// <returns>True exactly for the points of Y.</returns>
    /// <exception cref="ArgumentException"><paramref name="y"/> has another length.</exception>
    public bool IsSolution(ReadOnlySpan<double> y)
    {
        RowShape.Point(y, Dimension);
        var (rows, columns) = ((int[])rowLimits.Clone(), (int[])columnLimits.Clone());
        for (var e = 0; e < y.Length; e++)
        {
            if (y[e] != 0.0 && y[e] != 1.0) return false;
            if (y[e] == 1.0 && (rows[e / columns.Length]-- == 0 || columns[e % columns.Length]-- == 0)) return false;
        }

        return true;
    }

    /// <inheritdoc/>
    public ISolver CreateSolver() => new Solver(network, Dimension, Name);

    private static void Check(int[] limits, string name)
    {
        if (limits.Length == 0) throw new ArgumentException($"{name} is empty; expected at least 1 entry.", name);
        for (var i = 0; i < limits.Length; i++)
            if (limits[i] < 0) throw new ArgumentException($"{name}[{i}] is {limits[i]}; expected at least 0.", name);
    }

    private sealed class Solver(FlowNetwork network, int dimension, string name) : ISolver
    {
        private readonly FlowSolver flows = new(network, name);
        private readonly double[] gains = new double[network.Capacities.Length], flow = new double[network.Capacities.Length];

        public void Begin(long row, ReadOnlySpan<double> theta) => flows.Begin(row, theta);

        public void Solve(ReadOnlySpan<double> thetas, Span<double> solutions, Span<double> values)
        {
            var rows = RowShape.Rows(thetas, dimension, solutions, dimension, values);
            for (var row = 0; row < rows; row++)
            {
                thetas.Slice(row * dimension, dimension).CopyTo(gains);
                flows.Solve(gains, flow, values.IsEmpty ? values : values.Slice(row, 1));
                flow.AsSpan(0, dimension).CopyTo(solutions[(row * dimension)..]);
            }
        }
    }
}
