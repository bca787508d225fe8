using System;
using Perturbed.Functional.CSharp;

namespace Perturbed.Kernels;

/// <summary>
/// The assignment: y*(θ) = argmax of ⟨y, θ⟩ = Σ y_ij θ_ij over the matchings y of rows to columns that saturate the
/// smaller side.
/// </summary>
/// <remarks>
/// <para>
/// θ and y are r × c matrices, row-major; y has a 1 where row i is matched to column j. With r = c, Y is the
/// permutation matrices, the vertices of the Birkhoff polytope; otherwise each member of the smaller side is matched
/// once and each of the larger at most once. θ may have any sign.
/// </para>
/// <para>
/// Method: shortest augmenting paths after Jonker and Volgenant (1987): column reduction and reduction transfer where
/// the problem is square, then one Dijkstra search for each row still free; cost O(n³) at worst, n the larger side,
/// and near O(n²) for most matrices. A square problem starts from the prices of the unperturbed θ when
/// <see cref="ISolver.Begin"/> was given it and four rows or more follow, for as long as that saves work: with noise
/// well below the differences between the entries.
/// </para>
/// <para>
/// Ties. Of several best matchings, the one that the search without a warm start finds, a function of θ alone. A warm
/// answer counts only where it is the single best one by a margin, which the absence of an alternating cycle of nearly
/// tight pairs proves; otherwise the row is solved again without it, and unless the answer is then proved best, to the
/// rounding of its own terms at most, the same search in exact arithmetic decides. So a warm start never changes an
/// answer, and large entries hide no small ones. Paper: Appendix B.
/// </para>
/// </remarks>
public sealed class AssignmentOracle : IOracle
{
    private const int MostEntries = 1 << 24;

    /// <summary>The assignment of rows to columns.</summary>
    /// <param name="rows">The number r of rows, at least 1.</param>
    /// <param name="columns">The number c of columns, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// A side is below 1, or the matrix has more than 2^24 entries.
    /// </exception>
    public AssignmentOracle(int rows, int columns)
    {
        Rows = RowShape.Dimension(rows, nameof(rows));
        Columns = RowShape.Dimension(columns, nameof(columns));
        if ((long)rows * columns > MostEntries)
            throw new ArgumentOutOfRangeException(
                nameof(columns), columns, $"The matrix has {rows} × {columns} entries; it may have at most {MostEntries}.");
    }

    /// <inheritdoc/>
    public string Name => "assignment";

    /// <summary>The number r of rows.</summary>
    public int Rows { get; }

    /// <summary>The number c of columns.</summary>
    public int Columns { get; }

    /// <inheritdoc/>
    public int Dimension => Rows * Columns;

    /// <inheritdoc/>
    public int SolutionDimension => Dimension;

    /// <summary>True for square problems, which start warm.</summary>
    public bool DependsOnInstance => Rows == Columns;

    /// <summary>
    /// Whether <paramref name="y"/> is a matching that saturates the smaller side: zeros and ones, at most a single 1
    /// in each row and column.
    /// </summary>
    /// <param name="y">A point, of the dimension r · c.</param>
    /// <returns>True exactly for the points of Y.</returns>
    /// <exception cref="ArgumentException"><paramref name="y"/> has another length.</exception>
    public bool IsSolution(ReadOnlySpan<double> y)
    {
        RowShape.Point(y, Dimension);
        var isTaken = new bool[Columns];
        var matched = 0;
        for (var i = 0; i < Rows; i++)
        {
            var before = matched;
            for (var j = 0; j < Columns; j++)
            {
                var entry = y[i * Columns + j];
                if (entry == 0.0) continue;
                if (entry != 1.0 || isTaken[j] || matched > before) return false;
                isTaken[j] = true;
                matched++;
            }
        }

        return matched == Math.Min(Rows, Columns);
    }

    /// <inheritdoc/>
    public ISolver CreateSolver() => new AssignmentSolver(Rows, Columns, Name);
}
