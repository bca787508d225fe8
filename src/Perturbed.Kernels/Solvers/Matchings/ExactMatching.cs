using System;
using System.Numerics;

namespace Perturbed.Kernels;

/// <summary>
/// The search of <see cref="AugmentingPaths"/> without a warm start in exact arithmetic, number by number: the
/// definition of the answer where double precision leaves doubt.
/// </summary>
/// <remarks>
/// Every choice is made as there, so that where the sums of doubles are exact both give the same matching, ties
/// included.
/// </remarks>
internal sealed class ExactMatching<T>(int rows, int columns)
    where T : struct, IAdditionOperators<T, T, T>, ISubtractionOperators<T, T, T>, IComparisonOperators<T, T, bool>
{
    private readonly T[] cost = new T[rows * columns], price = new T[columns], distance = new T[columns], reachedAt = new T[columns];
    private readonly int[] parent = new int[columns], rowOf = new int[columns], reached = new int[columns], owned = new int[rows];
    private readonly bool[] isClosed = new bool[columns];

    /// <summary>Costs as whole numbers, row by row, to be written before <see cref="Solve"/>.</summary>
    public Span<T> Costs => cost;

    /// <summary>Writes the column of each row.</summary>
    public void Solve(Span<int> columnOf)
    {
        columnOf.Fill(-1);
        rowOf.AsSpan().Fill(-1);
        price.AsSpan().Clear();
        if (rows == columns) ReduceColumns(columnOf);
        // No row is matched during this loop but by its own turn, so that the free rows are those without a column
        // now.
        for (var i = 0; i < rows; i++)
            if (columnOf[i] < 0) Augment(i, columnOf);
    }

    private void ReduceColumns(Span<int> columnOf)
    {
        owned.AsSpan().Clear();
        for (var j = columns - 1; j >= 0; j--)
        {
            var row = 0;
            for (var i = 1; i < rows; i++)
                if (cost[i * columns + j] < cost[row * columns + j]) row = i;
            price[j] = cost[row * columns + j];
            if (owned[row]++ == 0) (columnOf[row], rowOf[j]) = (j, row);
        }

        if (columns == 1) return;
        for (var i = 0; i < rows; i++)
            if (owned[i] == 1) price[columnOf[i]] -= Advantage(i, columnOf[i]);
    }

    /// <summary>How much cheaper a row's own column is than the best of the others.</summary>
    private T Advantage(int row, int own)
    {
        var second = own == 0 ? 1 : 0;
        var least = cost[row * columns + second] - price[second];
        for (var j = second + 1; j < columns; j++)
        {
            var here = cost[row * columns + j] - price[j];
            if (j != own && here < least) least = here;
        }

        return least - (cost[row * columns + own] - price[own]);
    }

    private void Augment(int start, Span<int> columnOf)
    {
        isClosed.AsSpan().Clear();
        var (count, row, column, shift) = (0, start, 0, default(T));
        while (true)
        {
            column = Relax(row, shift, row == start);
            if (rowOf[column] < 0) break;
            reached[count] = column;
            reachedAt[count++] = distance[column];
            row = rowOf[column];
            shift = cost[row * columns + column] - price[column] - distance[column];
            isClosed[column] = true;
        }

        for (var k = 0; k < count; k++) price[reached[k]] += reachedAt[k] - distance[column];
        do
        {
            row = parent[column];
            rowOf[column] = row;
            (column, columnOf[row]) = (columnOf[row], column);
        }
        while (row != start);
    }

    private int Relax(int row, T shift, bool isFirst)
    {
        var nearest = -1;
        for (var j = 0; j < columns; j++)
        {
            if (isClosed[j]) continue;
            var way = cost[row * columns + j] - price[j] - shift;
            if (isFirst || way < distance[j]) (distance[j], parent[j]) = (way, row);
            if (nearest < 0 || distance[j] < distance[nearest]) nearest = j;
        }

        return nearest;
    }
}
