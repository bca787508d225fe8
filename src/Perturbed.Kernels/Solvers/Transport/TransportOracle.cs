using System;
using Perturbed.Functional.CSharp;

namespace Perturbed.Kernels;

/// <summary>
/// Optimal transport: y*(θ) = argmax of ⟨y, θ⟩ over the plans y ≥ 0 with given row sums a and column sums b, θ =
/// −cost; Y is the vertices of the transport polytope U(a, b).
/// </summary>
/// <remarks>
/// <para>
/// θ and y are r × c matrices, row-major, θ of any sign. Marginals are rounded to multiples of a power of two, at most
/// 2⁻⁵⁰ of their sum, so that flows are exact; whole numbers are kept as they are. A vertex has at most r + c − 1
/// positive entries, which form a forest.
/// </para>
/// <para>
/// Method: the network simplex on the basis tree, with strongly feasible trees (Cunningham 1976), which do not cycle;
/// a pivot costs O(r + c), pricing O(c) a row. The marginals are the same for every θ, so a row starts from the basis
/// of the row solved before it. An answer counts only where every pair outside the basis has a reduced cost above its
/// own error bound, which proves it the only best plan; otherwise the row is solved again from the north-west corner,
/// and where rounding could decide, in exact arithmetic. So the plan is best without rounding, however entries are
/// spread, and ties are broken by the search from that corner, a function of θ.
/// </para>
/// <para>Paper: Appendix B.</para>
/// </remarks>
public sealed class TransportOracle : IOracle
{
    private const int MostEntries = 1 << 24;
    private readonly Marginals marginals;

    /// <summary>Plans between two marginals.</summary>
    /// <param name="rowMarginals">a: the row sums, positive.</param>
    /// <param name="columnMarginals">
    /// b: the column sums, positive, of the same total to 1e-9 of it; what is left goes to the largest.
    /// </param>
    /// <exception cref="ArgumentNullException">A marginal is null.</exception>
    /// <exception cref="ArgumentException">
    /// A marginal is empty, or has an entry that is not positive and finite or is lost beside the sum; the sums
    /// disagree.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">The plan would have more than 2^24 entries.</exception>
    public TransportOracle(double[] rowMarginals, double[] columnMarginals)
    {
        ArgumentNullException.ThrowIfNull(rowMarginals);
        ArgumentNullException.ThrowIfNull(columnMarginals);
        if ((long)rowMarginals.Length * columnMarginals.Length > MostEntries)
            throw new ArgumentOutOfRangeException(
                nameof(columnMarginals), columnMarginals.Length,
                $"A plan has {rowMarginals.Length} × {columnMarginals.Length} entries; it may have at most {MostEntries}.");
        marginals = new Marginals(rowMarginals, columnMarginals, nameof(rowMarginals), nameof(columnMarginals));
    }

    /// <inheritdoc/>
    public string Name => "transport";

    /// <summary>a, as rounded.</summary>
    public ReadOnlySpan<double> RowMarginals => marginals.Rows;

    /// <summary>b, as rounded.</summary>
    public ReadOnlySpan<double> ColumnMarginals => marginals.Columns;

    /// <inheritdoc/>
    public int Dimension => marginals.Rows.Length * marginals.Columns.Length;

    /// <inheritdoc/>
    public int SolutionDimension => Dimension;

    /// <inheritdoc/>
    public bool DependsOnInstance => false;

    /// <summary>
    /// Whether <paramref name="y"/> is a vertex of U(a, b): no entry is negative, the sums are the marginals as
    /// rounded, exactly, and the positive entries form a forest.
    /// </summary>
    /// <param name="y">A point, of the dimension r · c.</param>
    /// <returns>True exactly for the points of Y.</returns>
    /// <exception cref="ArgumentException"><paramref name="y"/> has another length.</exception>
    public bool IsSolution(ReadOnlySpan<double> y)
    {
        RowShape.Point(y, Dimension);
        var (rows, columns) = (marginals.Rows.Length, marginals.Columns.Length);
        var left = (double[])marginals.Columns.Clone();
        var forest = new DisjointSets(rows + columns);
        forest.Reset();
        for (var i = 0; i < rows; i++)
        {
            var sum = 0.0;
            for (var j = 0; j < columns; j++)
            {
                var flow = y[i * columns + j];
                if (flow == 0.0) continue;
                var (a, b) = (forest.Find(i), forest.Find(rows + j));
                if (!(flow > 0.0) || a == b) return false;
                forest.Merge(a, b);
                sum += flow;
                left[j] -= flow;
            }

            if (sum != marginals.Rows[i]) return false;
        }

        return Array.TrueForAll(left, x => x == 0.0);
    }

    /// <inheritdoc/>
    public ISolver CreateSolver() => new TransportSolver(marginals, Name);
}
