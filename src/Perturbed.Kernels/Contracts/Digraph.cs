using System;
using Perturbed.Kernels;

namespace Perturbed.Functional.CSharp;

/// <summary>
/// A directed graph: nodes 0 to n − 1 and a list of edges, whose order is the order of θ. Immutable; built once and
/// shared by oracles.
/// </summary>
/// <remarks>
/// Two edges may join the same nodes; an edge from a node to itself is an error. Building costs O(n + edges).
/// </remarks>
public sealed class Digraph
{
    private readonly int[] from, to;

    /// <summary>A graph with the given edges.</summary>
    /// <param name="nodes">The number n of nodes, 1 to 2^26.</param>
    /// <param name="from">Where each edge starts, 0 to n − 1. It is copied.</param>
    /// <param name="to">Where each edge ends. It is copied.</param>
    /// <exception cref="ArgumentNullException">A list is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="nodes"/> is below 1 or above 2^26.</exception>
    /// <exception cref="ArgumentException">
    /// The lists differ in length, or an edge names no node, or one node twice.
    /// </exception>
    public Digraph(int nodes, int[] from, int[] to)
    {
        ArgumentNullException.ThrowIfNull(from);
        ArgumentNullException.ThrowIfNull(to);
        Nodes = Ends.Nodes(nodes);
        Ends.Check(nodes, from, to);
        Ends.Differ(from, to);
        this.from = (int[])from.Clone();
        this.to = (int[])to.Clone();
        Outgoing = new Adjacency(nodes, this.from, this.to);
        Incoming = new Adjacency(nodes, this.to, this.from);
        Order = Outgoing.TopologicalOrder();
    }

    /// <summary>The number n of nodes.</summary>
    public int Nodes { get; }

    /// <summary>The number of edges: the dimension of θ.</summary>
    public int Edges => from.Length;

    /// <summary>Where each edge starts.</summary>
    public ReadOnlySpan<int> From => from;

    /// <summary>Where each edge ends.</summary>
    public ReadOnlySpan<int> To => to;

    /// <summary>Whether the graph has no cycle.</summary>
    public bool IsAcyclic => Order is not null;

    internal Adjacency Outgoing { get; }

    internal Adjacency Incoming { get; }

    /// <summary>The nodes, tails before heads; null where there is a cycle.</summary>
    internal int[]? Order { get; }

    /// <summary>
    /// The moves on a grid as edges: cell by cell, row-major, and for each cell its moves to the NW, N, NE, W, E, SW,
    /// S and SE, as far as they exist.
    /// </summary>
    /// <param name="rows">The number of rows, at least 1.</param>
    /// <param name="columns">The number of columns, at least 1.</param>
    /// <param name="moves">The steps; RightDown makes a graph without cycles.</param>
    /// <returns>A graph whose node r · columns + c is the cell (r, c).</returns>
    /// <exception cref="ArgumentOutOfRangeException">
    /// A side is below 1, the grid has more than 2^24 cells, or the moves are none of the three.
    /// </exception>
    public static Digraph Grid(int rows, int columns, GridMoves moves)
    {
        RowShape.Dimension(rows, nameof(rows));
        RowShape.Dimension(columns, nameof(columns));
        if ((long)rows * columns > 1 << 24)
            throw new ArgumentOutOfRangeException(
                nameof(columns), columns, $"The grid has {rows} × {columns} cells; it may have at most {1 << 24}.");
        (int Down, int Right)[] steps = moves switch
        {
            GridMoves.RightDown => [(0, 1), (1, 0)],
            GridMoves.Four => [(-1, 0), (0, -1), (0, 1), (1, 0)],
            GridMoves.Eight => [(-1, -1), (-1, 0), (-1, 1), (0, -1), (0, 1), (1, -1), (1, 0), (1, 1)],
            _ => throw new ArgumentOutOfRangeException(nameof(moves), moves, $"moves is {moves}; expected RightDown, Four or Eight."),
        };
        var (from, to, count) = (new int[rows * columns * steps.Length], new int[rows * columns * steps.Length], 0);
        for (var cell = 0; cell < rows * columns; cell++)
        {
            foreach (var (down, right) in steps)
            {
                var (r, c) = (cell / columns + down, cell % columns + right);
                if (r >= 0 && r < rows && c >= 0 && c < columns) (from[count], to[count++]) = (cell, r * columns + c);
            }
        }

        return new Digraph(rows * columns, from[..count], to[..count]);
    }
}
