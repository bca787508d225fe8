using System;
using System.Numerics;
using Perturbed.Functional.CSharp;

namespace Perturbed.Kernels;

/// <summary>
/// Minimum cuts row by row: a maximum flow in double precision proposes one; where it is not proved the smallest of
/// the best ones, a flow in exact arithmetic decides.
/// </summary>
internal sealed class MinimumCutSolver(Digraph graph, int source, int target, bool isClamped, string name) : ISolver
{
    private readonly MinimumCutSearch<double> search = new(graph, source, target);
    private readonly MinimumCutProof proof = new(graph, source, target);
    private readonly double[] capacities = new double[graph.Edges];
    private readonly bool[] isInside = new bool[graph.Nodes];

    /// <summary>A flow is at most the sum of all capacities.</summary>
    private readonly int bitsOfSums = BinaryRange.BitsOf(graph.Edges);
    private MinimumCutSearch<Wide>? wide;
    private long batchRow;

    public void Begin(long row, ReadOnlySpan<double> theta) => batchRow = row;

    public void Solve(ReadOnlySpan<double> thetas, Span<double> solutions, Span<double> values)
    {
        var dimension = graph.Edges;
        var count = RowShape.Rows(thetas, dimension, solutions, dimension, values);
        solutions.Clear();
        for (var row = 0; row < count; row++)
        {
            var theta = thetas.Slice(row * dimension, dimension);
            if (!isClamped) RejectPositive(theta);
            for (var e = 0; e < dimension; e++) capacities[e] = Math.Max(-theta[e], 0.0);
            Cut();
            var value = Write(theta, solutions.Slice(row * dimension, dimension));
            if (!values.IsEmpty) values[row] = value;
        }
    }

    private void RejectPositive(ReadOnlySpan<double> theta)
    {
        var e = Lanes.FirstPositive(theta);
        if (e >= 0)
            throw new OracleException(
                name, batchRow,
                $"edge {e} ({graph.From[e]} → {graph.To[e]}) has theta = {theta[e]}, a negative capacity of {-theta[e]}; "
                + "expected theta ≤ 0, or the policy ClampToZero.");
    }

    private void Cut()
    {
        capacities.CopyTo(search.Capacities);
        Run(search);
        if (proof.IsSmallest(capacities, search.Flow, isInside)) return;
        var range = BinaryRange.Of(capacities);
        if (!range.IsFinite) throw new OracleException(name, batchRow, "theta has an entry that is not finite; expected finite entries.");
        if (range.AreSumsExact(bitsOfSums)) return;
        if (range.FitsWide(bitsOfSums)) CutExactly(wide ??= new(graph, source, target), range.Lowest, BinaryRange.ToWide);
        else CutExactly(new MinimumCutSearch<BigInteger>(graph, source, target), range.Lowest, BinaryRange.ToBigInteger);
    }

    private void CutExactly<T>(MinimumCutSearch<T> exact, int unit, Func<double, int, T> convert)
        where T : struct, IAdditionOperators<T, T, T>, ISubtractionOperators<T, T, T>, IComparisonOperators<T, T, bool>
    {
        for (var e = 0; e < capacities.Length; e++) exact.Capacities[e] = convert(capacities[e], unit);
        Run(exact);
    }

    private void Run<T>(MinimumCutSearch<T> flow)
        where T : struct, IAdditionOperators<T, T, T>, ISubtractionOperators<T, T, T>, IComparisonOperators<T, T, bool>
    {
        flow.Solve();
        for (var node = 0; node < isInside.Length; node++) isInside[node] = flow.IsInside(node);
    }

    private double Write(ReadOnlySpan<double> theta, Span<double> y)
    {
        var value = 0.0;
        for (var e = 0; e < theta.Length; e++)
        {
            if (!isInside[graph.From[e]] || isInside[graph.To[e]]) continue;
            y[e] = 1.0;
            value += theta[e];
        }

        return double.IsFinite(value)
            ? value
            : throw new OracleException(
                name, batchRow, "the capacity of the cut exceeds the largest finite number; expected smaller ones.");
    }
}
