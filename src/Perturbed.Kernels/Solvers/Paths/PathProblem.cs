using System;
using Perturbed.Functional.CSharp;

namespace Perturbed.Kernels;

/// <summary>
/// What the searches for a path have in common: the graph, the ends, and the nodes on a path between them.
/// </summary>
internal sealed record PathProblem(Digraph Graph, int Source, int Target, bool[] IsUseful, string Name)
{
    /// <summary>
    /// Marks in <paramref name="y"/>, which is zero, the path that ends with the edges by which nodes were reached,
    /// and returns ⟨y, θ⟩, summed from its end.
    /// </summary>
    public double Write(ReadOnlySpan<int> reachedBy, long batchRow, ReadOnlySpan<double> theta, Span<double> y)
    {
        var value = 0.0;
        var from = Graph.From;
        for (var node = Target; node != Source; node = from[reachedBy[node]])
        {
            var e = reachedBy[node];
            if (e < 0) throw Overflow(batchRow);
            y[e] = 1.0;
            value += theta[e];
        }

        return double.IsFinite(value) ? value : throw Overflow(batchRow);
    }

    public OracleException Overflow(long batchRow) =>
        new(Name, batchRow, $"the costs of paths from {Source} to {Target} exceed the largest finite number; expected smaller ones.");
}
