using System;
using Perturbed.Functional.CSharp;

namespace Perturbed.Kernels;

/// <summary>
/// The shortest path on a grid from the top left to the bottom right cell: y*(θ) = argmax of ⟨y, θ⟩ over the
/// indicators y of paths.
/// </summary>
/// <remarks>
/// <para>
/// y has a 1 at every cell the path visits, both ends included, row-major. With <see cref="GridMoves.RightDown"/>, Y
/// holds every path, and θ may have any sign. With <see cref="GridMoves.Four"/> and <see cref="GridMoves.Eight"/>, Y
/// holds the paths without a chord: no two cells of the path are neighbours except consecutive ones. For costs ≥ 0 the
/// best of them are as short as any path, since a chord leaves cells out.
/// </para>
/// <para>
/// Ties. RightDown: from the end backward, the step from above is taken where both are as good. Four and Eight: the
/// path that sweeps through the grid find first, forward (a cell takes the first of NW, N, NE, W that improves it
/// most) and backward (SE, S, SW, E) in turn, until nothing improves; where it has chords, each is followed from the
/// end. The choice is a function of θ alone.
/// </para>
/// <para>
/// Cost: O(cells) a row for RightDown; O(cells · sweeps) for Four and Eight, eight rows at once. Paper: Section 5.3
/// and Appendix B.
/// </para>
/// </remarks>
public sealed class GridPathOracle : IOracle
{
    /// <summary>
    /// Paths on a grid. θ is minus the cost of each cell, so that maximising ⟨y, θ⟩ minimises the cost of the path.
    /// </summary>
    /// <param name="rows">The number of rows, at least 1.</param>
    /// <param name="columns">The number of columns, at least 1.</param>
    /// <param name="moves">The steps a path may take.</param>
    /// <param name="negativeCosts">
    /// The policy for θ &gt; 0 with <see cref="GridMoves.Four"/> and <see cref="GridMoves.Eight"/>;
    /// <see cref="GridMoves.RightDown"/> solves any sign exactly. Under <see cref="NegativeCosts.ClampToZero"/> the
    /// path is shortest for the clamped costs, and its value is still ⟨y, θ⟩.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// A size is below 1, the grid has more than 2^24 cells, or an enumeration has no such value.
    /// </exception>
    public GridPathOracle(int rows, int columns, GridMoves moves, NegativeCosts negativeCosts)
    {
        Rows = RowShape.Dimension(rows, nameof(rows));
        Columns = RowShape.Dimension(columns, nameof(columns));
        if ((long)rows * columns > 1 << 24)
            throw new ArgumentOutOfRangeException(
                nameof(columns), columns, $"The grid has {rows} × {columns} cells; it may have at most {1 << 24}.");
        if (!Enum.IsDefined(moves))
            throw new ArgumentOutOfRangeException(nameof(moves), moves, $"moves is {moves}; expected RightDown, Four or Eight.");
        if (!Enum.IsDefined(negativeCosts))
            throw new ArgumentOutOfRangeException(
                nameof(negativeCosts), negativeCosts, $"negativeCosts is {negativeCosts}; expected Reject or ClampToZero.");
        Moves = moves;
        NegativeCosts = negativeCosts;
    }

    /// <inheritdoc/>
    public string Name => Moves switch
    {
        GridMoves.RightDown => "grid-right-down",
        GridMoves.Four => "grid4",
        _ => "grid",
    };

    /// <summary>The number of rows of the grid.</summary>
    public int Rows { get; }

    /// <summary>The number of columns of the grid.</summary>
    public int Columns { get; }

    /// <summary>The steps a path may take.</summary>
    public GridMoves Moves { get; }

    /// <summary>The policy for negative costs.</summary>
    public NegativeCosts NegativeCosts { get; }

    /// <inheritdoc/>
    public int Dimension => Rows * Columns;

    /// <inheritdoc/>
    public int SolutionDimension => Dimension;

    /// <inheritdoc/>
    public bool DependsOnInstance => false;

    /// <summary>
    /// Whether the ones of <paramref name="y"/> are the cells of a path in Y: from the first cell to the last, under
    /// the moves, without a chord.
    /// </summary>
    /// <param name="y">A point, of the dimension rows · columns.</param>
    /// <returns>True exactly for the points of Y as this type defines it; every solution is one.</returns>
    /// <exception cref="ArgumentException"><paramref name="y"/> has another length.</exception>
    public bool IsSolution(ReadOnlySpan<double> y)
    {
        RowShape.Point(y, Dimension);
        if (y[0] != 1.0) return false;
        var ones = 0;
        foreach (var entry in y)
        {
            if (entry == 1.0) ones++;
            else if (entry != 0.0) return false;
        }

        // From each cell the path goes on to the only neighbour that is not the cell before; two such neighbours are a
        // chord. All ones must lie on it.
        var (before, cell, visited) = (-1, 0, 1);
        while (true)
        {
            var next = OnlyNeighbour(y, cell, before);
            if (next < 0) return next == None && cell == Dimension - 1 && visited == ones;
            if (cell == Dimension - 1 || visited == ones) return false;
            (before, cell) = (cell, next);
            visited++;
        }
    }

    /// <inheritdoc/>
    public ISolver CreateSolver() => Moves == GridMoves.RightDown
        ? new RightDownSolver(Rows, Columns, Name)
        : new GridSweepSolver(Rows, Columns, Moves == GridMoves.Eight, NegativeCosts == NegativeCosts.ClampToZero, Name);

    private const int None = -1, Fork = -2;

    private int OnlyNeighbour(ReadOnlySpan<double> y, int cell, int before)
    {
        var (row, column) = Math.DivRem(cell, Columns);
        var found = None;
        for (var down = -1; down <= 1; down++)
        {
            for (var right = -1; right <= 1; right++)
            {
                var (r, c) = (row + down, column + right);
                if (!IsMove(down, right) || r < 0 || r >= Rows || c < 0 || c >= Columns) continue;
                var neighbour = r * Columns + c;
                if (neighbour == before || y[neighbour] == 0.0) continue;
                if (found != None) return Fork;
                found = neighbour;
            }
        }

        return found;
    }

    private bool IsMove(int down, int right) => Moves switch
    {
        GridMoves.RightDown => down >= 0 && right >= 0 && down + right == 1,
        GridMoves.Four => Math.Abs(down) + Math.Abs(right) == 1,
        _ => down != 0 || right != 0,
    };
}
