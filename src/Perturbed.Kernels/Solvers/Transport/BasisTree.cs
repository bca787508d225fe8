using System;
using System.Numerics;

namespace Perturbed.Kernels;

/// <summary>
/// A basis of the transport problem: a tree of rows 0..r − 1 and columns r..r + c − 1, rooted at the last column, with
/// the flow on the arc of each node to its parent.
/// </summary>
/// <remarks>
/// Flow runs from rows to columns. The tree is strongly feasible: an arc without flow leads towards the root, so that
/// every node could send some there; with Cunningham's choice of the arc that leaves, it stays so, and no sequence of
/// pivots comes back to a tree.
/// </remarks>
internal sealed class BasisTree
{
    private readonly Marginals marginals;
    private readonly int rows, nodes;
    private readonly int[] parent, depth, firstChild, next, previous, stack;
    private readonly double[] flow;

    public BasisTree(Marginals marginals)
    {
        this.marginals = marginals;
        rows = marginals.Rows.Length;
        nodes = rows + marginals.Columns.Length;
        (parent, depth, firstChild) = (new int[nodes], new int[nodes], new int[nodes]);
        (next, previous, stack) = (new int[nodes], new int[nodes], new int[nodes]);
        flow = new double[nodes];
    }

    /// <summary>The root: the last column.</summary>
    public int Root => nodes - 1;

    public int ParentOf(int node) => parent[node];

    /// <summary>The flow between a node and its parent.</summary>
    public double FlowOf(int node) => flow[node];

    /// <summary>
    /// The staircase of the north-west corner rule. Where row and column run out together, the column ends first, and
    /// the row is tied to the next one by an arc without flow.
    /// </summary>
    public void Reset()
    {
        firstChild.AsSpan().Fill(-1);
        parent[Root] = -1;
        var (i, j) = (0, 0);
        var (supply, demand) = (marginals.Rows[0], marginals.Columns[0]);
        while (i < rows - 1 || rows + j < Root)
        {
            var isColumnDone = demand <= supply && rows + j < Root;
            if (isColumnDone || i == rows - 1)
            {
                Attach(rows + j, i, demand);
                supply -= demand;
                demand = marginals.Columns[++j];
            }
            else
            {
                Attach(i, rows + j, supply);
                demand -= supply;
                supply = marginals.Rows[++i];
            }
        }

        Attach(i, Root, supply);
    }

    /// <summary>
    /// Brings the arc from a row to a column into the tree, and returns the root of the subtree that was moved.
    /// </summary>
    public int Pivot(int row, int column)
    {
        var (apex, other) = (row, column);
        while (apex != other)
        {
            if (depth[apex] >= depth[other]) apex = parent[apex];
            else other = parent[other];
        }

        // On the path from the row up the flow falls on arcs of rows to their parents; on that from the column up, on
        // arcs of columns to theirs.
        var (least, leaving, isRowSide) = (double.PositiveInfinity, -1, true);
        for (var node = row; node != apex; node = parent[node])
            if (node < rows && flow[node] < least) (least, leaving) = (flow[node], node);
        for (var node = column; node != apex; node = parent[node])
            if (node >= rows && flow[node] <= least) (least, leaving, isRowSide) = (flow[node], node, false);
        if (least > 0.0)
        {
            for (var node = row; node != apex; node = parent[node]) flow[node] += node < rows ? -least : least;
            for (var node = column; node != apex; node = parent[node]) flow[node] += node < rows ? least : -least;
        }

        var (moved, target) = isRowSide ? (row, column) : (column, row);
        Reroot(moved, target, least, leaving);
        return moved;
    }

    /// <summary>Sets depths and prices below a node from those of its parent, and its own.</summary>
    public void Reprice<T>(int top, ReadOnlySpan<T> cost, int stride, Span<T> rowPrice, Span<T> columnPrice)
        where T : struct, ISubtractionOperators<T, T, T>
    {
        var count = 1;
        stack[0] = top;
        while (count > 0)
        {
            var node = stack[--count];
            var up = parent[node];
            if (up < 0) (depth[node], columnPrice[node - rows]) = (0, default);
            else if (node < rows)
                (depth[node], rowPrice[node]) = (depth[up] + 1, cost[node * stride + up - rows] - columnPrice[up - rows]);
            else (depth[node], columnPrice[node - rows]) = (depth[up] + 1, cost[up * stride + node - rows] - rowPrice[up]);
            for (var child = firstChild[node]; child >= 0; child = next[child]) stack[count++] = child;
        }
    }

    /// <summary>Writes the flows into a plan, which is zero.</summary>
    public void Write(Span<double> plan)
    {
        var columns = nodes - rows;
        for (var node = 0; node < Root; node++)
        {
            var (i, j) = node < rows ? (node, parent[node] - rows) : (parent[node], node - rows);
            plan[i * columns + j] = flow[node];
        }
    }

    /// <summary>
    /// Reverses the arcs from a node up to the leaving arc, and attaches the node to its new parent.
    /// </summary>
    private void Reroot(int node, int target, double amount, int leaving)
    {
        while (true)
        {
            var (above, carried) = (parent[node], flow[node]);
            Detach(node);
            Attach(node, target, amount);
            if (node == leaving) return;
            (target, node, amount) = (node, above, carried);
        }
    }

    private void Attach(int node, int above, double amount)
    {
        (parent[node], flow[node]) = (above, amount);
        var sibling = firstChild[above];
        (next[node], previous[node], firstChild[above]) = (sibling, -1, node);
        if (sibling >= 0) previous[sibling] = node;
    }

    private void Detach(int node)
    {
        var (before, after) = (previous[node], next[node]);
        if (before >= 0) next[before] = after;
        else firstChild[parent[node]] = after;
        if (after >= 0) previous[after] = before;
    }
}
