using System;
using System.Numerics;

namespace Perturbed.Kernels;

/// <summary>
/// The pivots of <see cref="TransportSolver"/> with exact prices, number by number: the definition of the answer where
/// double precision leaves doubt.
/// </summary>
internal sealed class ExactTransport<T>(int rows, int columns)
    where T : struct, IAdditionOperators<T, T, T>, ISubtractionOperators<T, T, T>, IComparisonOperators<T, T, bool>
{
    private readonly T[] cost = new T[rows * columns], rowPrice = new T[rows], columnPrice = new T[columns];

    /// <summary>Costs as whole numbers, row by row, to be written before <see cref="Improve"/>.</summary>
    public Span<T> Costs => cost;

    /// <summary>Pivots from a tree to the first one where no pair is cheaper than its prices.</summary>
    public void Improve(BasisTree tree)
    {
        tree.Reprice<T>(tree.Root, cost, columns, rowPrice, columnPrice);
        for (int row = 0, idle = 0; idle < rows; row = row + 1 == rows ? 0 : row + 1)
        {
            var (column, least) = (0, cost[row * columns] - columnPrice[0]);
            for (var j = 1; j < columns; j++)
            {
                var here = cost[row * columns + j] - columnPrice[j];
                if (here < least) (column, least) = (j, here);
            }

            if (least < rowPrice[row])
            {
                tree.Reprice<T>(tree.Pivot(row, rows + column), cost, columns, rowPrice, columnPrice);
                idle = 0;
            }
            else
            {
                idle++;
            }
        }
    }
}
