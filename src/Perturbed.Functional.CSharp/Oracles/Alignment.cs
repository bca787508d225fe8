using System;

namespace Perturbed.Functional.CSharp;

/// <summary>Scores for alignment oracles out of letters, and their solutions as text.</summary>
public static class Alignment
{
    /// <summary>θ for an alignment oracle: the same score for a pair of letters wherever it stands, and the same for
    /// every gap.</summary>
    /// <param name="first">The first sequence, n ≥ 1 letters.</param>
    /// <param name="second">The second sequence, m ≥ 1 letters.</param>
    /// <param name="substitution">The gain of a letter of the first sequence over one of the second, finite.</param>
    /// <param name="opening">The gain of the first letter of a gap, finite; negative as a rule.</param>
    /// <param name="extension">The gain of each further letter, finite; negative as a rule.</param>
    /// <returns>θ, of length 3·n·m: substitution, opening, extension, each n × m and row-major.</returns>
    /// <exception cref="ArgumentException">An empty sequence, or a score that is not finite.</exception>
    public static double[] Scores(string first, string second, Func<char, char, double> substitution, double opening, double extension) =>
        Functional.Alignment.scores(Crossing.Function(substitution), opening, extension, first, second);

    /// <summary>An alignment as three lines of text: the first sequence, a bar under equal letters and a dot under
    /// others, and the second sequence; a dash for a gap.</summary>
    /// <param name="first">The first sequence, n ≥ 1 letters.</param>
    /// <param name="second">The second sequence, m ≥ 1 letters.</param>
    /// <param name="y">The solution, of length 3·n·m: one alignment, not a mean of several.</param>
    /// <param name="kind">Whether y is a solution of <see cref="Oracle.Alignment"/> or of
    /// <see cref="Oracle.LocalAlignment"/>.</param>
    /// <returns>Three lines, joined by line feeds. A local alignment shows its stretch only; the empty one is three
    /// empty lines.</returns>
    /// <exception cref="ArgumentException">An empty sequence, a wrong length, or a y that is no alignment.</exception>
    public static string Render(string first, string second, double[] y, AlignmentKind kind = AlignmentKind.Global) =>
        Functional.Alignment.render(kind, first, second, y);
}
