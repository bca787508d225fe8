using System;
using Perturbed.Functional.CSharp;

namespace Perturbed.Kernels;

/// <summary>
/// The ranking: y*(θ) = argmax of ⟨y, θ⟩ over the permutations y of a reference vector v, the vertices of the
/// permutahedron P_v.
/// </summary>
/// <remarks>
/// The largest θ gets the largest entry of v, whatever the order in which v is given; v = (1, …, d) yields the rank
/// numbers of θ, the largest entry ranked d. Of equal entries of θ the one with the lower index counts as smaller (a
/// stable sort), and −0.0 equals 0.0. Cost O(d log² d / 8) a row with vector instructions; where θ has ties, or a call
/// has one or two rows, O(d²/8) up to d = 256 and O(d log d) above. Paper: Section 5.2 and Appendix B.
/// </remarks>
public sealed class RankingOracle : IOracle
{
    /// <summary>
    /// The largest dimension whose blocks are ranked by counting; above it eight rows go through a sorting network
    /// together.
    /// </summary>
    internal const int CountingLimit = 7;

    /// <summary>Up to this dimension a single row is ranked by counting, above it by a sort.</summary>
    internal const int SingleCountingLimit = 256;

    /// <summary>So many rows are worth the sorting network, whose cost is that of eight.</summary>
    internal const int NetworkRows = 3;

    // What a bitmap on the stack may hold.
    private const int MostRanks = 4096;

    private readonly double[] sorted;
    private readonly bool isRanks;

    /// <summary>The permutations of v.</summary>
    /// <param name="v">
    /// The reference vector, of length d ≥ 1: finite numbers in any order, repeats allowed. It is copied.
    /// </param>
    /// <exception cref="ArgumentNullException"><paramref name="v"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="v"/> is empty.</exception>
    /// <exception cref="ArgumentException">An entry of <paramref name="v"/> is not finite.</exception>
    public RankingOracle(double[] v)
    {
        ArgumentNullException.ThrowIfNull(v);
        if (v.Length == 0) throw new ArgumentOutOfRangeException(nameof(v), 0, "The dimension of v is 0; it must be at least 1.");
        for (var i = 0; i < v.Length; i++)
            if (!double.IsFinite(v[i])) throw new ArgumentException($"v[{i}] is {v[i]}; expected a finite number.", nameof(v));
        sorted = (double[])v.Clone();
        Array.Sort(sorted);
        isRanks = sorted.Length <= MostRanks;
        for (var i = 0; i < sorted.Length && isRanks; i++) isRanks = sorted[i] == i + 1;
    }

    /// <inheritdoc/>
    public string Name => "ranking";

    /// <inheritdoc/>
    public int Dimension => sorted.Length;

    /// <inheritdoc/>
    public int SolutionDimension => sorted.Length;

    /// <inheritdoc/>
    public bool DependsOnInstance => false;

    /// <summary>Whether <paramref name="y"/> is a permutation of v, entry for entry.</summary>
    /// <param name="y">A point, of the dimension d.</param>
    /// <returns>True exactly for the permutations of v.</returns>
    /// <exception cref="ArgumentException"><paramref name="y"/> has another length.</exception>
    public bool IsSolution(ReadOnlySpan<double> y)
    {
        RowShape.Point(y, Dimension);
        if (isRanks) return AreRanks(y);
        var entries = y.ToArray();
        Array.Sort(entries);
        return entries.AsSpan().SequenceEqual(sorted);
    }

    // 1, …, d in some order: one pass, because losses ask it of every target.
    private static bool AreRanks(ReadOnlySpan<double> y)
    {
        Span<ulong> seen = stackalloc ulong[MostRanks / 64];
        foreach (var value in y)
        {
            var rank = (int)value;
            if (rank != value || rank < 1 || rank > y.Length) return false;
            ref var word = ref seen[(rank - 1) >> 6];
            var bit = 1UL << ((rank - 1) & 63);
            if ((word & bit) != 0) return false;
            word |= bit;
        }

        return true;
    }

    /// <inheritdoc/>
    public ISolver CreateSolver() => new Solver(sorted);

    private sealed class Solver(double[] sorted) : ISolver
    {
        private readonly int dimension = sorted.Length;
        private readonly CountingRank counting = new(sorted);
        private readonly NetworkRank? network = sorted.Length > CountingLimit ? new NetworkRank(sorted) : null;
        private readonly SortingRank? sorting = sorted.Length > CountingLimit ? new SortingRank(sorted) : null;

        public void Solve(ReadOnlySpan<double> thetas, Span<double> solutions, Span<double> values)
        {
            var rows = RowShape.Rows(thetas, dimension, solutions, dimension, values);
            if (network is null) counting.Rank(thetas, solutions);
            else RankMany(thetas, solutions, rows);
            if (!values.IsEmpty) Lanes.Dots(solutions, thetas, dimension, values);
        }

        // All three methods compute the same permutation exactly, so the choice among them changes the time alone.
        private void RankMany(ReadOnlySpan<double> thetas, Span<double> solutions, int rows)
        {
            for (var row = 0; row < rows; row += Lanes.Width)
            {
                var count = Math.Min(Lanes.Width, rows - row);
                var from = thetas.Slice(row * dimension, count * dimension);
                var to = solutions.Slice(row * dimension, count * dimension);
                var unsolved = count >= NetworkRows ? network!.Rank(from, to) : (1 << count) - 1;
                for (var lane = 0; lane < count; lane++)
                    if ((unsolved & (1 << lane)) != 0)
                        RankRow(from.Slice(lane * dimension, dimension), to.Slice(lane * dimension, dimension));
            }
        }

        private void RankRow(ReadOnlySpan<double> theta, Span<double> y)
        {
            if (dimension <= SingleCountingLimit) counting.Rank(theta, y);
            else sorting!.Rank(theta, y);
        }
    }
}
