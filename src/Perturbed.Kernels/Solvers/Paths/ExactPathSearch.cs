using System;
using System.Numerics;
using System.Text;
using Perturbed.Functional.CSharp;

namespace Perturbed.Kernels;

/// <summary>
/// Shortest paths in whole numbers of any length, for the rows where rounding closed a cycle or may have.
/// </summary>
/// <remarks>
/// Every cost is raised by 2^−53 of its size, half a unit in its last place. So a cycle whose cost is 0 but for the
/// rounding of its own costs, as 0.3 − 0.1 − 0.2, is not negative, and of paths that differ by less than that the one
/// of smaller costs is chosen. It allocates; such rows are rare where noise is continuous.
/// </remarks>
internal sealed class ExactPathSearch(PathProblem problem)
{
    private const int MostNames = 16;

    private readonly LabelSearch<BigInteger> search = new(problem);
    private readonly BigInteger[] gains = new BigInteger[problem.Graph.Edges];
    private readonly BigInteger[] untouched = new BigInteger[problem.Graph.Nodes];

    /// <summary>
    /// The edges by which nodes are reached; a cycle of negative cost, first of all the one that was found with
    /// rounding, is an error.
    /// </summary>
    /// <param name="theta">Minus the costs.</param>
    /// <param name="cycle">A node on a cycle of <paramref name="reachedBy"/>, or −1.</param>
    /// <param name="reachedBy">For each node an edge, or −1.</param>
    /// <param name="batchRow">The row, for messages.</param>
    public int[] Run(ReadOnlySpan<double> theta, int cycle, int[] reachedBy, long batchRow)
    {
        var lowest = LowestBit(theta);
        var most = BigInteger.One;
        for (var e = 0; e < gains.Length; e++)
        {
            var gain = Whole(theta[e], lowest);
            gains[e] = (gain << 53) - BigInteger.Abs(gain);
            most += BigInteger.Abs(gains[e]);
        }

        RejectNegative(theta, cycle, reachedBy, lowest, batchRow);

        // No sum in the search comes near these: each pass adds less than `most`.
        for (var node = 0; node < untouched.Length; node++) untouched[node] = (problem.IsUseful[node] ? most : -most) << 64;
        if (!search.Run(gains, untouched, int.MaxValue, out cycle)) RejectNegative(theta, cycle, search.ReachedBy, lowest, batchRow);
        return search.ReachedBy;
    }

    private void RejectNegative(ReadOnlySpan<double> theta, int cycle, int[] reachedBy, int lowest, long batchRow)
    {
        if (cycle < 0) return;
        var (names, edges) = (new StringBuilder($"{cycle}"), new StringBuilder());
        var (at, length, raised, gain) = (cycle, 0, BigInteger.Zero, BigInteger.Zero);
        do
        {
            var edge = reachedBy[at];
            raised += gains[edge];
            gain += Whole(theta[edge], lowest);
            at = problem.Graph.From[edge];
            length++;
            if (length > MostNames && at != cycle) continue;
            var isNamed = length < MostNames || at == cycle;
            names.Insert(0, isNamed ? $"{at} → " : "… → ");
            edges.Insert(0, (isNamed ? $"{edge}" : "…") + (edges.Length > 0 ? ", " : ""));
        }
        while (at != cycle);
        if (raised <= 0) return;
        throw new OracleException(
            problem.Name,
            batchRow,
            $"the cycle {names} of {length} edges (numbers {edges}) has the negative cost {-Number(gain, lowest)}; "
            + $"expected none on a path from {problem.Source} to {problem.Target}.");
    }

    /// <summary>The exponent of the lowest bit of any entry.</summary>
    private static int LowestBit(ReadOnlySpan<double> theta)
    {
        var lowest = 0;
        foreach (var entry in theta)
            if (entry != 0.0) lowest = Math.Min(lowest, Exponent(entry));
        return lowest;
    }

    /// <summary>The exponent of the last place of a number.</summary>
    private static int Exponent(double number) => Math.Max(Math.ILogB(number) - 52, -1074);

    /// <summary>A number as a multiple of 2^lowest.</summary>
    private static BigInteger Whole(double number, int lowest)
    {
        if (number == 0.0) return BigInteger.Zero;
        var exponent = Exponent(number);
        return (BigInteger)Math.ScaleB(number, -exponent) << (exponent - lowest);
    }

    /// <summary>
    /// A multiple of 2^lowest as a number, cut to 64 bits first, so that a long one does not overflow.
    /// </summary>
    private static double Number(BigInteger whole, int lowest)
    {
        var cut = (int)Math.Max(whole.GetBitLength() - 64, 0);
        return Math.ScaleB((double)(whole >> cut), lowest + cut);
    }
}
