using System;
using System.Collections.Generic;
using System.Linq;

namespace Perturbed.Functional.CSharp;

/// <summary>
/// What is known of clusters: pairs of nodes that belong together, and pairs that do not. Immutable.
/// </summary>
/// <remarks>
/// Stewart, Bach, Llinares-López, Berthet, "Differentiable clustering with perturbed spanning forests", NeurIPS 2023.
/// </remarks>
public sealed class LinkConstraints
{
    private readonly (int, int)[] mustLink, cannotLink;

    /// <summary>Constraints out of pairs.</summary>
    /// <param name="mustLink">
    /// Pairs of nodes in one cluster. Pairs chain: with (a, b) and (b, c), a and c are together too. It is copied.
    /// </param>
    /// <param name="cannotLink">Pairs of nodes in different clusters. It is copied.</param>
    /// <exception cref="ArgumentNullException">A list is null.</exception>
    /// <exception cref="ArgumentException">A pair of <paramref name="cannotLink"/> names one node twice.</exception>
    public LinkConstraints((int, int)[] mustLink, (int, int)[] cannotLink)
    {
        ArgumentNullException.ThrowIfNull(mustLink);
        ArgumentNullException.ThrowIfNull(cannotLink);
        for (var i = 0; i < cannotLink.Length; i++)
        {
            var (a, b) = cannotLink[i];
            if (a == b) throw new ArgumentException($"cannotLink[{i}] is ({a}, {b}); expected two different nodes.", nameof(cannotLink));
        }

        this.mustLink = mustLink.ToArray();
        this.cannotLink = cannotLink.ToArray();
    }

    /// <summary>No constraints.</summary>
    public static LinkConstraints None { get; } = new([], []);

    /// <summary>The constraints of nodes of which some have labels: equal labels together, different ones apart.</summary>
    /// <param name="labels">The label of each node, from 0; −1 where it is not known.</param>
    /// <returns>A must-link for each labelled node but the first of its label, and a cannot-link for each pair of
    /// labels.</returns>
    /// <exception cref="ArgumentNullException">The labels are null.</exception>
    /// <exception cref="ArgumentException">A label is below −1.</exception>
    /// <remarks>
    /// On a complete graph a forest of as many trees as there are labels, or more, that obeys these constraints exists,
    /// and the search of <c>SpanningForestOracle</c> finds one: only groups of different labels are apart, and those are
    /// no more than the trees.
    /// </remarks>
    public static LinkConstraints OfLabels(params int[] labels)
    {
        ArgumentNullException.ThrowIfNull(labels);
        var first = new SortedDictionary<int, int>();
        var together = new List<(int, int)>();
        var apart = new List<(int, int)>();
        for (var node = 0; node < labels.Length; node++)
        {
            if (labels[node] < -1)
                throw new ArgumentException($"labels[{node}] is {labels[node]}; expected 0 or more, or -1 for none.", nameof(labels));
            if (labels[node] == -1) continue;
            if (first.TryGetValue(labels[node], out var other)) together.Add((other, node));
            else
            {
                foreach (var known in first.Values) apart.Add((known, node));
                first.Add(labels[node], node);
            }
        }

        return new(together.ToArray(), apart.ToArray());
    }

    /// <summary>Pairs of nodes in one cluster.</summary>
    public ReadOnlySpan<(int, int)> MustLink => mustLink;

    /// <summary>Pairs of nodes in different clusters.</summary>
    public ReadOnlySpan<(int, int)> CannotLink => cannotLink;
}
