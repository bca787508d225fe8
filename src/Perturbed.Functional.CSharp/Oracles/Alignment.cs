using System;

namespace Perturbed.Functional.CSharp;

/// <summary>Scores for alignment oracles out of letters, and their solutions as text.</summary>
public static class Alignment
{
    /// <summary>θ for an alignment oracle: the same score for a pair of letters wherever it stands, and the same for
    /// every gap.</summary>
    /// <param name="first">The first sequence, of n letters.</param>
    /// <param name="second">The second sequence, of m letters.</param>
    /// <param name="substitution">The gain of a letter of the first sequence over one of the second, finite.</param>
    /// <param name="opening">The gain of the first letter of a gap, finite; negative as a rule.</param>
    /// <param name="extension">The gain of each further letter, finite; negative as a rule.</param>
    /// <returns>θ, of length 3·n·m: substitution, opening, extension, each n × m and row-major; empty where a sequence
    /// is.</returns>
    /// <exception cref="ArgumentException">A score that is not finite.</exception>
    public static double[] Scores(string first, string second, Func<char, char, double> substitution, double opening, double extension) =>
        Functional.Alignment.scores(Crossing.Function(substitution), opening, extension, first, second);

    /// <summary>The alignment with given pairs of letters as a solution of an alignment oracle: the target of training
    /// from known alignments.</summary>
    /// <param name="kind">Of which oracle.</param>
    /// <param name="n">Letters of the first sequence, at least 0.</param>
    /// <param name="m">Letters of the second, at least 0.</param>
    /// <param name="pairs">The indices of the letters of each pair, both ascending; none for a y of 0, which is no
    /// global alignment unless a sequence has no letters.</param>
    /// <returns>y, of length 3·n·m.</returns>
    /// <exception cref="ArgumentException">A negative length, a pair beyond the sequences or out of order, or none for a
    /// global alignment.</exception>
    /// <remarks>Between two pairs, letters of the first sequence stand before those of the second. So they do at the
    /// ends of a global alignment; those of a local one are its first and its last pair; a semi-global one has steps
    /// there where both sequences have letters left, of the first sequence.</remarks>
    public static double[] OfPairs(AlignmentKind kind, int n, int m, (int First, int Second)[] pairs) =>
        Functional.Alignment.ofPairs(kind, n, m, pairs);

    /// <summary>The pairs of letters that a solution aligns.</summary>
    /// <param name="n">Letters of the first sequence, at least 0.</param>
    /// <param name="m">Letters of the second, at least 0.</param>
    /// <param name="y">The solution, of length 3·n·m, or longer and padded (<see cref="Oracle.Alignments"/>).</param>
    /// <returns>The indices of the letters of each pair, ascending.</returns>
    /// <exception cref="ArgumentException">A length below 3·n·m.</exception>
    public static (int First, int Second)[] Pairs(int n, int m, double[] y) => Functional.Alignment.pairs(n, m, y);

    /// <summary>An alignment as three lines of text: the first sequence, a bar under equal letters and a dot under
    /// others, and the second sequence; a dash for a gap.</summary>
    /// <param name="first">The first sequence, of n letters.</param>
    /// <param name="second">The second sequence, of m letters.</param>
    /// <param name="y">The solution, of length 3·n·m: one alignment, not a mean of several.</param>
    /// <param name="kind">Whether y is a solution of <see cref="Oracle.Alignment"/>, of
    /// <see cref="Oracle.LocalAlignment"/> or of <see cref="Oracle.SemiGlobalAlignment"/>.</param>
    /// <returns>Three lines, joined by line feeds. An alignment that is not global shows its own part of the sequences
    /// only; the empty one is three empty lines.</returns>
    /// <exception cref="ArgumentException">A wrong length, or a y that is no alignment.</exception>
    public static string Render(string first, string second, double[] y, AlignmentKind kind = AlignmentKind.Global) =>
        Functional.Alignment.render(kind, first, second, y);
}
