using System;
using System.Numerics;
using Perturbed.Functional.CSharp;

namespace Perturbed.Kernels;

/// <summary>
/// The best spanning forest whose trees keep cannot-link pairs apart, for few groups of linked nodes, by dynamic
/// programming over subsets of the groups.
/// </summary>
/// <remarks>
/// A subset has its maximum spanning tree, out of that of the subset without one group and the edges of this group; a
/// partition into k subsets is built subset by subset. O(2^g g² + k 3^g) for g groups. Of equal partitions the first
/// found is the answer, in an order that depends on the groups alone.
/// </remarks>
internal sealed class SubsetForest
{
    /// <summary>The largest number of groups: 2^g subsets, and pairs of groups that fit a word.</summary>
    public const int MostGroups = 10;

    private readonly Graph graph;
    private readonly int components, full;
    private readonly int[] groupOf;
    private readonly bool[] isApart;

    // An edge is identified by its rank among those that are the best of their two groups.
    private readonly int[] edges = new int[MostGroups * (MostGroups - 1) / 2];
    private readonly int[] ends = new int[MostGroups * (MostGroups - 1) / 2];
    private readonly ulong[] edgesOf = new ulong[MostGroups];
    private readonly int[] part = new int[MostGroups];

    private readonly ulong[] forest;
    private readonly double[] weight, best;
    private readonly int[] last;

    public SubsetForest(Graph graph, int components, ForestRules rules)
    {
        (this.graph, this.components, groupOf) = (graph, components, rules.GroupOf);
        var size = 1 << rules.Groups;
        full = size - 1;
        isApart = new bool[size];
        for (var set = 0; set < size; set++) isApart[set] = rules.AreApart(set);
        forest = new ulong[size];
        weight = new double[size];
        best = new double[(components + 1) * size];
        last = new int[best.Length];
    }

    /// <summary>Whether there is any forest, whatever θ is.</summary>
    public bool Exists()
    {
        var order = new int[graph.Edges];
        for (var e = 0; e < order.Length; e++) order[e] = e;
        return TrySolve(order, new double[graph.Edges], out _);
    }

    /// <summary>The best edges between groups, as ranks.</summary>
    /// <param name="falling">All edges, the largest entry first.</param>
    /// <param name="theta">The weights.</param>
    /// <param name="chosen">A bit for each rank.</param>
    public bool TrySolve(ReadOnlySpan<int> falling, ReadOnlySpan<double> theta, out ulong chosen)
    {
        Rank(falling);
        GrowTrees(theta);
        var size = full + 1;
        weight.CopyTo(best, size);
        for (var count = 2; count <= components; count++)
            for (var set = count == components ? full : 1; set <= full; set++) Split(set, count, size);
        chosen = 0;
        if (double.IsNegativeInfinity(best[components * size + full])) return false;
        for (var (set, count) = (full, components); count > 0; count--)
        {
            var tree = count == 1 ? set : last[count * size + set];
            chosen |= forest[tree];
            set &= ~tree;
        }

        return true;
    }

    /// <summary>The edge of a rank.</summary>
    public int Edge(int rank) => edges[rank];

    private void Rank(ReadOnlySpan<int> falling)
    {
        edgesOf.AsSpan().Clear();
        var count = 0;
        foreach (var e in falling)
        {
            var (a, b) = (groupOf[graph.Pairs[e].From], groupOf[graph.Pairs[e].To]);
            if (a == b || Array.IndexOf(ends, 1 << a | 1 << b, 0, count) >= 0) continue;
            (edges[count], ends[count]) = (e, 1 << a | 1 << b);
            edgesOf[a] |= 1UL << count;
            edgesOf[b] |= 1UL << count++;
        }
    }

    /// <summary>Kruskal's algorithm for every subset, on the edges that can matter.</summary>
    private void GrowTrees(ReadOnlySpan<double> theta)
    {
        weight[0] = double.NegativeInfinity;
        for (var set = 1; set <= full; set++)
        {
            var lowest = BitOperations.TrailingZeroCount(set);
            for (var group = lowest; group < part.Length; group++) part[group] = 1 << group;
            var (sum, missing, taken) = (0.0, BitOperations.PopCount((uint)set) - 1, 0UL);
            for (var left = forest[set & (set - 1)] | edgesOf[lowest]; left != 0 && missing > 0; left &= left - 1)
            {
                var rank = BitOperations.TrailingZeroCount(left);
                var pair = ends[rank];
                if ((pair & ~set) != 0) continue;
                var (a, b) = (part[BitOperations.TrailingZeroCount(pair)], part[BitOperations.Log2((uint)pair)]);
                if (a == b) continue;
                for (var rest = a | b; rest != 0; rest &= rest - 1) part[BitOperations.TrailingZeroCount(rest)] = a | b;
                taken |= 1UL << rank;
                sum += theta[edges[rank]];
                missing--;
            }

            forest[set] = taken;
            weight[set] = missing == 0 && isApart[set] ? sum : double.NegativeInfinity;
        }
    }

    /// <summary>
    /// The best partition of a subset into a number of trees, of which the last holds its lowest group.
    /// </summary>
    private void Split(int set, int count, int size)
    {
        var (most, tree) = (double.NegativeInfinity, 0);
        var others = set & (set - 1);
        for (var rest = others; rest != 0; rest = (rest - 1) & others)
        {
            var sum = weight[set & ~rest] + best[(count - 1) * size + rest];
            if (sum > most) (most, tree) = (sum, set & ~rest);
        }

        best[count * size + set] = most;
        last[count * size + set] = tree;
    }
}
