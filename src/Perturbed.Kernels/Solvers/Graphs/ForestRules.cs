using System;
using Perturbed.Functional.CSharp;

namespace Perturbed.Kernels;

/// <summary>
/// The constraints of a spanning forest, checked once: which edges come first, and which nodes may not meet.
/// </summary>
internal sealed class ForestRules
{
    public ForestRules(Graph graph, int components, LinkConstraints constraints)
    {
        var groups = new DisjointSets(graph.Nodes);
        groups.Reset();
        Join(groups, graph.Nodes, constraints.MustLink);
        if (components > groups.Count)
            throw new ArgumentException(
                $"mustLink leaves {groups.Count} groups of nodes; expected {components} or more, the number of components.",
                nameof(constraints));
        IsFirst = new bool[graph.Edges];
        HasFirst = constraints.MustLink.Length > 0;
        var inside = new DisjointSets(graph.Nodes);
        inside.Reset();
        for (var e = 0; e < graph.Edges; e++)
        {
            var (a, b) = graph.Pairs[e];
            IsFirst[e] = groups.Find(a) == groups.Find(b);
            if (IsFirst[e] && inside.Find(a) != inside.Find(b)) inside.Merge(inside.Find(a), inside.Find(b));
        }

        foreach (var (a, b) in constraints.MustLink)
            if (inside.Find(a) != inside.Find(b))
                throw new ArgumentException(
                    $"mustLink has ({a}, {b}), but no edges among the nodes linked with them join the two; expected a connected group.",
                    nameof(constraints));
        Number(graph.Nodes, groups, constraints.CannotLink);
        GroupOf = new int[graph.Nodes];
        for (var node = 0; node < graph.Nodes; node++) GroupOf[node] = groups.Find(node) == node ? Groups++ : -1;
        for (var node = 0; node < graph.Nodes; node++) GroupOf[node] = GroupOf[groups.Find(node)];
    }

    /// <summary>The number of groups of nodes that must be linked; a node by itself is a group.</summary>
    public int Groups { get; }

    /// <summary>The group of each node.</summary>
    public int[] GroupOf { get; }

    /// <summary>Whether an edge lies inside a group of nodes that must be linked.</summary>
    public bool[] IsFirst { get; }

    public bool HasFirst { get; }

    /// <summary>The number that a node has among those with a cannot-link, or −1.</summary>
    public int[] NumberOf { get; private set; } = [];

    /// <summary>The nodes with a cannot-link.</summary>
    public int Numbers { get; private set; }

    /// <summary>Words of a set of such nodes.</summary>
    public int Words => (Numbers + 63) / 64;

    /// <summary>For each such node the set of those it must not meet.</summary>
    public ulong[] Conflicts { get; private set; } = [];

    /// <summary>Whether no two nodes of some groups, one bit each, must be kept apart.</summary>
    public bool AreApart(int groups)
    {
        for (var a = 0; a < NumberOf.Length; a++)
        {
            if (NumberOf[a] < 0 || (groups >> GroupOf[a] & 1) == 0) continue;
            for (var b = 0; b < a; b++)
                if ((groups >> GroupOf[b] & 1) != 0 && AreInConflict(a, b)) return false;
        }

        return true;
    }

    /// <summary>Whether two nodes must not be linked.</summary>
    public bool AreInConflict(int a, int b)
    {
        var (x, y) = (NumberOf[a], NumberOf[b]);
        return x >= 0 && y >= 0 && (Conflicts[x * Words + y / 64] >> y & 1) != 0;
    }

    private static void Join(DisjointSets groups, int nodes, ReadOnlySpan<(int, int)> pairs)
    {
        for (var i = 0; i < pairs.Length; i++)
        {
            var (a, b) = Checked(pairs[i], i, nodes, "mustLink");
            var (x, y) = (groups.Find(a), groups.Find(b));
            if (x != y) groups.Merge(x, y);
        }
    }

    private static (int, int) Checked((int First, int Second) pair, int index, int nodes, string list) =>
        pair.First >= 0 && pair.First < nodes && pair.Second >= 0 && pair.Second < nodes
            ? pair
            : throw new ArgumentException(
                $"{list}[{index}] is ({pair.First}, {pair.Second}); expected nodes, 0 to {nodes - 1}.", "constraints");

    private void Number(int nodes, DisjointSets groups, ReadOnlySpan<(int, int)> pairs)
    {
        NumberOf = new int[nodes];
        NumberOf.AsSpan().Fill(-1);
        for (var i = 0; i < pairs.Length; i++)
        {
            var (a, b) = Checked(pairs[i], i, nodes, "cannotLink");
            if (groups.Find(a) == groups.Find(b))
                throw new ArgumentException(
                    $"cannotLink[{i}] is ({a}, {b}), but mustLink puts these nodes together; expected no contradiction.", "constraints");
            if (NumberOf[a] < 0) NumberOf[a] = Numbers++;
            if (NumberOf[b] < 0) NumberOf[b] = Numbers++;
        }

        Conflicts = new ulong[Numbers * Words];
        foreach (var (a, b) in pairs)
        {
            Conflicts[NumberOf[a] * Words + NumberOf[b] / 64] |= 1UL << NumberOf[b];
            Conflicts[NumberOf[b] * Words + NumberOf[a] / 64] |= 1UL << NumberOf[a];
        }
    }
}
