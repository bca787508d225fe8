using System;
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

    /// <summary>Pairs of nodes in one cluster.</summary>
    public ReadOnlySpan<(int, int)> MustLink => mustLink;

    /// <summary>Pairs of nodes in different clusters.</summary>
    public ReadOnlySpan<(int, int)> CannotLink => cannotLink;
}
