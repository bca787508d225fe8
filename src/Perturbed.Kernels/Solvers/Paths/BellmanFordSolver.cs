using System;
using Perturbed.Functional.CSharp;

namespace Perturbed.Kernels;

/// <summary>
/// Shortest paths for costs of any sign, by Bellman's and Ford's algorithm; a cycle of negative cost is an error that
/// names its nodes and edges.
/// </summary>
/// <remarks>
/// Without a cycle among the edges by which nodes were reached the answer is within the rounding of its own costs.
/// With one, which may cost nothing but for rounding, the row is decided by <see cref="ExactPathSearch"/>.
/// </remarks>
internal sealed class BellmanFordSolver : ISolver
{
    private readonly PathProblem problem;
    private readonly double[] untouched;
    private readonly LabelSearch<double> search;
    private ExactPathSearch? exact;
    private long batchRow;

    public BellmanFordSolver(PathProblem problem)
    {
        this.problem = problem;
        untouched = Array.ConvertAll(problem.IsUseful, isUseful => isUseful ? double.PositiveInfinity : double.NegativeInfinity);
        search = new LabelSearch<double>(problem);
    }

    public void Begin(long row, ReadOnlySpan<double> theta) => batchRow = row;

    public void Solve(ReadOnlySpan<double> thetas, Span<double> solutions, Span<double> values)
    {
        var dimension = problem.Graph.Edges;
        var count = RowShape.Rows(thetas, dimension, solutions, dimension, values);
        solutions.Clear();
        for (var row = 0; row < count; row++)
        {
            var theta = thetas.Slice(row * dimension, dimension);
            var reachedBy = search.ReachedBy;

            // Without rounding n passes are enough where no cycle is negative.
            if (!search.Run(theta, untouched, problem.Graph.Nodes, out var cycle))
            {
                exact ??= new ExactPathSearch(problem);
                reachedBy = exact.Run(theta, cycle, reachedBy, batchRow);
            }

            var value = problem.Write(reachedBy, batchRow, theta, solutions.Slice(row * dimension, dimension));
            if (!values.IsEmpty) values[row] = value;
        }
    }
}
