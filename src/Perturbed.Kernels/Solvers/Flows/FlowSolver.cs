using System;
using System.Numerics;
using Perturbed.Functional.CSharp;

namespace Perturbed.Kernels;

/// <summary>
/// Flows row by row: the search in double precision proposes one; where it is not proved the only best one, the same
/// search in exact arithmetic decides.
/// </summary>
internal sealed class FlowSolver : ISolver
{
    private readonly FlowNetwork network;
    private readonly string name;
    private readonly FlowSearch<double> search;
    private readonly SingleFlow single;

    /// <summary>
    /// Potentials and distances are costs of paths without a cycle, and a step adds a cost to two of them.
    /// </summary>
    private readonly int bitsOfSums;
    private FlowSearch<Wide>? wide;
    private Wide[] wideTheta = [];
    private long batchRow;

    public FlowSolver(FlowNetwork network, string name)
    {
        (this.network, this.name) = (network, name);
        search = new FlowSearch<double>(network);
        single = new SingleFlow(network);
        bitsOfSums = BinaryRange.BitsOf(network.Nodes) + 2;
    }

    public void Begin(long row, ReadOnlySpan<double> theta) => batchRow = row;

    public void Solve(ReadOnlySpan<double> thetas, Span<double> solutions, Span<double> values)
    {
        var dimension = network.Capacities.Length;
        var count = RowShape.Rows(thetas, dimension, solutions, dimension, values);
        for (var row = 0; row < count; row++)
        {
            var theta = thetas.Slice(row * dimension, dimension);
            var flow = solutions.Slice(row * dimension, dimension);
            search.Solve(theta, flow);
            if (!single.Holds(theta, flow, search.Potentials)) Decide(theta, flow);
            var value = Lanes.Dot(flow, theta);
            if (!double.IsFinite(value))
                throw new OracleException(
                    name, batchRow, "the gain of a flow exceeds the largest finite number; expected entries of theta of smaller size.");
            if (!values.IsEmpty) values[row] = value;
        }
    }

    /// <summary>
    /// Keeps the flow found in double precision where its sums were exact, and finds another one in exact arithmetic
    /// otherwise.
    /// </summary>
    private void Decide(ReadOnlySpan<double> theta, Span<double> flow)
    {
        var range = BinaryRange.Of(theta);
        if (!range.IsFinite) throw new OracleException(name, batchRow, "theta has an entry that is not finite; expected finite entries.");
        if (range.AreSumsExact(bitsOfSums)) return;
        if (range.FitsWide(bitsOfSums))
        {
            if (wide is null) (wide, wideTheta) = (new(network), new Wide[theta.Length]);
            for (var e = 0; e < theta.Length; e++) wideTheta[e] = BinaryRange.ToWide(theta[e], range.Lowest);
            wide.Solve(wideTheta, flow);
        }
        else
        {
            var gains = new BigInteger[theta.Length];
            for (var e = 0; e < theta.Length; e++) gains[e] = BinaryRange.ToBigInteger(theta[e], range.Lowest);
            new FlowSearch<BigInteger>(network).Solve(gains, flow);
        }
    }
}
