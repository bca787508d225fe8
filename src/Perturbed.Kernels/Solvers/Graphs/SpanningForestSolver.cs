using System;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Perturbed.Functional.CSharp;

namespace Perturbed.Kernels;

/// <summary>
/// Kruskal's algorithm: edges in falling order, each taken where it joins two trees that may be joined, until k trees
/// are left.
/// </summary>
/// <remarks>
/// Where no cannot-link pair refused an edge, the forest is the best of all. Where one did and the groups are few, a
/// better one is searched among all partitions.
/// </remarks>
internal sealed class SpanningForestSolver(Graph graph, int components, bool withClusters, ForestRules? rules, string name) : ISolver
{
    private readonly DescendingOrder order = new(graph.Edges);
    private readonly DisjointSets trees = new(graph.Nodes);
    private readonly double[] label = new double[withClusters ? graph.Nodes : 0];

    // For a tree with nodes of cannot-link pairs: the number of one of them, at which its members and their conflicts
    // are stored.
    private readonly int[] slot = new int[rules is null ? 0 : graph.Nodes];
    private readonly ulong[] members = new ulong[rules is null ? 0 : rules.Conflicts.Length];
    private readonly ulong[] conflicts = new ulong[rules is null ? 0 : rules.Conflicts.Length];

    // For few groups, the search among all partitions.
    private readonly SubsetForest? subsets =
        rules is not null && SpanningForestOracle.IsSmall(rules) ? new SubsetForest(graph, components, rules) : null;
    private bool isRefused;
    private long batchRow;

    public void Begin(long row, ReadOnlySpan<double> theta) => batchRow = row;

    public void Solve(ReadOnlySpan<double> thetas, Span<double> solutions, Span<double> values)
    {
        var dimension = graph.Edges;
        var width = dimension + (withClusters ? graph.Nodes * graph.Nodes : 0);
        var count = RowShape.Rows(thetas, dimension, solutions, width, values);
        for (var row = 0; row < count; row++)
        {
            var theta = thetas.Slice(row * dimension, dimension);
            var y = solutions.Slice(row * width, width);
            y[..dimension].Clear();
            var value = Grow(theta, y);
            if (!values.IsEmpty) values[row] = value;
            if (withClusters) WriteClusters(y[dimension..]);
        }
    }

    private double Grow(ReadOnlySpan<double> theta, Span<double> y)
    {
        var falling = order.Sort(theta);
        trees.Reset();
        if (rules is null) return Take(falling, theta, y);
        rules.NumberOf.CopyTo(slot.AsSpan());
        rules.Conflicts.CopyTo(conflicts.AsSpan());
        members.AsSpan().Clear();
        for (var number = 0; number < rules.Numbers; number++) members[number * rules.Words + number / 64] = 1UL << number;
        isRefused = false;
        var first = rules.HasFirst ? TakeAllowed(falling, theta, y, true) : 0.0;
        var value = first + TakeAllowed(falling, theta, y, false);
        if (isRefused && subsets is not null) return Improve(falling, theta, y, first, value);
        return trees.Count == components
            ? value
            : throw TooManyTrees(rules);
    }

    private OracleException TooManyTrees(ForestRules rules)
    {
        var reason = $"the greedy search ends with {trees.Count} trees that the cannot-link pairs keep apart; "
            + $"expected {components}. A forest of {components} trees may exist: "
            + $"all are searched for up to {SubsetForest.MostGroups} groups of linked nodes, and there are {rules.Groups}. "
            + "Give fewer pairs, more components, or links that join groups.";
        return new OracleException(name, batchRow, reason, new SolveFailedException(SolveFailure.Failed, reason));
    }

    /// <summary>
    /// The best forest, the greedy one where it is as good. The constructor of the oracle made sure that there is one.
    /// </summary>
    private double Improve(ReadOnlySpan<int> falling, ReadOnlySpan<double> theta, Span<double> y, double first, double greedy)
    {
        if (!subsets!.TrySolve(falling, theta, out var chosen))
            throw FiniteValue.Overflow(name, batchRow);
        var others = 0.0;
        for (var left = chosen; left != 0; left &= left - 1) others += theta[subsets.Edge(BitOperations.TrailingZeroCount(left))];
        var value = first + others;
        if (trees.Count == components && value <= greedy) return greedy;
        for (var e = 0; e < graph.Edges; e++)
            if (!rules!.IsFirst[e]) y[e] = 0.0;
        for (var left = chosen; left != 0; left &= left - 1) y[subsets.Edge(BitOperations.TrailingZeroCount(left))] = 1.0;
        trees.Reset();
        for (var e = 0; e < graph.Edges; e++)
            if (y[e] != 0.0) trees.Merge(trees.Find(graph.Pairs[e].From), trees.Find(graph.Pairs[e].To));
        return value;
    }

    private double Take(ReadOnlySpan<int> falling, ReadOnlySpan<double> theta, Span<double> y)
    {
        var value = 0.0;
        var pairs = graph.Pairs;
        foreach (var e in falling)
        {
            if (trees.Count == components) break;
            var (a, b) = (trees.Find(pairs[e].From), trees.Find(pairs[e].To));
            if (a == b) continue;
            trees.Merge(a, b);
            y[e] = 1.0;
            value += theta[e];
        }

        return value;
    }

    private double TakeAllowed(ReadOnlySpan<int> falling, ReadOnlySpan<double> theta, Span<double> y, bool isFirstPass)
    {
        var value = 0.0;
        foreach (var e in falling)
        {
            if (trees.Count == components) break;
            if (isFirstPass && !rules!.IsFirst[e]) continue;
            var (a, b) = (trees.Find(graph.Pairs[e].From), trees.Find(graph.Pairs[e].To));
            if (a == b) continue;
            if (AreInConflict(slot[a], slot[b]))
            {
                isRefused = true;
                continue;
            }

            var merged = Unite(slot[a], slot[b]);
            slot[trees.Merge(a, b)] = merged;
            y[e] = 1.0;
            value += theta[e];
        }

        return value;
    }

    private bool AreInConflict(int a, int b)
    {
        if (a < 0 || b < 0) return false;
        var words = rules!.Words;
        for (var w = 0; w < words; w++)
            if ((members[a * words + w] & conflicts[b * words + w]) != 0) return true;
        return false;
    }

    private int Unite(int a, int b)
    {
        if (a < 0 || b < 0) return Math.Max(a, b);
        var words = rules!.Words;
        for (var w = 0; w < words; w++)
        {
            members[a * words + w] |= members[b * words + w];
            conflicts[a * words + w] |= conflicts[b * words + w];
        }

        return a;
    }

    private void WriteClusters(Span<double> matrix)
    {
        var n = graph.Nodes;
        for (var i = 0; i < n; i++) label[i] = trees.Find(i);
        ref var from = ref MemoryMarshal.GetArrayDataReference(label);
        ref var to = ref MemoryMarshal.GetReference(matrix);
        for (var i = 0; i < n; i++, to = ref Unsafe.Add(ref to, n))
        {
            var own = Vector512.Create(label[i]);
            var j = 0;
            for (; j <= n - Lanes.Width; j += Lanes.Width)
                (Vector512.Equals(Vector512.LoadUnsafe(ref from, (nuint)j), own) & Vector512.Create(1.0)).StoreUnsafe(ref to, (nuint)j);
            for (; j < n; j++) matrix[i * n + j] = label[j] == label[i] ? 1.0 : 0.0;
        }
    }
}
