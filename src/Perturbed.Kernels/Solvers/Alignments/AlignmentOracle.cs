using System;
using System.Diagnostics.CodeAnalysis;
using Perturbed.Functional.CSharp;

namespace Perturbed.Kernels;

/// <summary>
/// The alignment of two sequences with affine gaps: θ holds a score for each pair, gap opening and gap extension, and
/// y*(θ) marks those of the best alignment.
/// </summary>
/// <remarks>
/// For sequences of n and m letters, θ and y are three planes of n × m, row-major one after the other: substitution,
/// opening, extension. Cell (i, j) of the first plane is the pair of letter i with letter j. A gap step belongs to the
/// cell of the last letters it leaves behind: one that uses letter i of the first after j letters of the second to (i,
/// max(j − 1, 0)), one that uses letter j of the second after i letters of the first to (max(i − 1, 0), j). The first
/// step of a gap is in the plane of openings, the rest in that of extensions; a gap in one sequence may follow one in
/// the other and opens anew. A semi-global alignment starts before the first letter of one sequence and ends as soon
/// as it has used all letters of one; letters of the other before and after have no steps. y counts steps: every entry
/// is 0 or 1, but for the opening at (0, 0), which is 2 where a global alignment begins with a gap of one letter in
/// each sequence. Scores may have any sign. Of equal alignments one is chosen by a rule: from the end, a step after a
/// pair before one after a letter of the first alone, and that before one after a letter of the second alone; an
/// opening before an extension; of local ones the shorter start and the first end, row by row; and of semi-global ones
/// the first end, all of the second sequence before all of the first. By Gotoh's dynamic program, eight rows at once:
/// cost O(n·m). Sources: Gotoh 1982; Smith and Waterman 1981; Llinares-López et al. 2023 (DEDAL).
/// </remarks>
public sealed class AlignmentOracle : IOracle
{
    /// <summary>Alignments of sequences of n and m letters.</summary>
    /// <param name="first">n, at least 1.</param>
    /// <param name="second">m, at least 1.</param>
    /// <param name="kind">Global, local or semi-global.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// A length is below 1, n·m is above 2^22, or the kind has no such value.
    /// </exception>
    public AlignmentOracle(int first, int second, AlignmentKind kind)
    {
        First = RowShape.Dimension(first, nameof(first));
        Second = RowShape.Dimension(second, nameof(second));
        if ((long)first * second > 1 << 22)
            throw new ArgumentOutOfRangeException(
                nameof(second), second, $"There are {first} × {second} cells; there may be at most {1 << 22}.");
        if (!Enum.IsDefined(kind))
            throw new ArgumentOutOfRangeException(nameof(kind), kind, $"kind is {kind}; expected Global, Local or SemiGlobal.");
        Kind = kind;
    }

    /// <inheritdoc/>
    public string Name => Kind switch
    {
        AlignmentKind.Local => "local-alignment",
        AlignmentKind.SemiGlobal => "semi-global-alignment",
        _ => "alignment",
    };

    /// <summary>The length n of the first sequence.</summary>
    public int First { get; }

    /// <summary>The length m of the second sequence.</summary>
    public int Second { get; }

    /// <summary>Global, local or semi-global.</summary>
    public AlignmentKind Kind { get; }

    /// <inheritdoc/>
    public int Dimension => 3 * First * Second;

    /// <inheritdoc/>
    public int SolutionDimension => Dimension;

    /// <inheritdoc/>
    public bool DependsOnInstance => false;

    /// <summary>Whether <paramref name="y"/> counts the steps of an alignment.</summary>
    /// <param name="y">A point, of the dimension 3·n·m.</param>
    /// <returns>True exactly for the alignments, all of which are vertices.</returns>
    /// <exception cref="ArgumentException"><paramref name="y"/> has another length.</exception>
    public bool IsSolution(ReadOnlySpan<double> y) => TryPath(y, out _);

    /// <summary>The alignment that a point marks.</summary>
    /// <param name="y">A point, of the dimension 3·n·m.</param>
    /// <param name="path">
    /// The alignment. Where y has a 2, or a semi-global one begins with a gap at (0, 0), two alignments have the same
    /// steps, and it is one of them, the same every time.
    /// </param>
    /// <returns>Whether there is one.</returns>
    /// <exception cref="ArgumentException"><paramref name="y"/> has another length.</exception>
    public bool TryPath(ReadOnlySpan<double> y, [NotNullWhen(true)] out AlignmentPath? path)
    {
        RowShape.Point(y, Dimension);
        path = null;
        var corner = First * Second;
        var theta = new double[Dimension];
        for (var at = 0; at < y.Length; at++)
        {
            var isTwice = at == corner && Kind == AlignmentKind.Global && y[at] == 2.0;
            if (y[at] != 0.0 && y[at] != 1.0 && !isTwice) return false;
            theta[at] = 2.0 * y[at] - 1.0;
        }

        // 2y − 1 has its largest product with y itself. Where the opening at the corner counts once, half the score
        // keeps it from counting twice.
        if (y[corner] == 1.0) theta[corner] = 0.5;
        var best = new double[Dimension];
        var found = new AlignmentSolver(First, Second, Kind, Name).Path(theta, best);
        if (!y.SequenceEqual(best)) return false;
        path = found;
        return true;
    }

    /// <inheritdoc/>
    public ISolver CreateSolver() => new AlignmentSolver(First, Second, Kind, Name);
}
