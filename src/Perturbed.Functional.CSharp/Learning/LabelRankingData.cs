using System.IO;

namespace Perturbed.Functional.CSharp;

/// <summary>A label-ranking data set: features, and for each row an order of the same labels.</summary>
public sealed record LabelRankingData
{
    internal LabelRankingData(Functional.LabelRankingData core) =>
        (FeatureNames, Labels, Examples) = (core.FeatureNames, core.Labels, new(core.Examples));

    /// <summary>Names of the feature columns.</summary>
    public string[] FeatureNames { get; }

    /// <summary>Names of the labels in ordinal order: column l of the targets is label l.</summary>
    public string[] Labels { get; }

    /// <summary>Features [rows × p]; targets [rows × d], where the best label has d and the worst 1, so that a row is
    /// argmax ⟨y, θ⟩ over the permutations y of (1..d) for θ in the order of the ranking.</summary>
    public Examples Examples { get; }

    /// <summary>Reads a data set from a CSV file in UTF-8, with or without a byte-order mark; as
    /// <see cref="Read"/>.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The data set.</returns>
    /// <exception cref="IOException">The file is not there or cannot be read.</exception>
    /// <exception cref="InvalidDataException">Something is wrong in it: the message is path:line, what was found and
    /// what was expected.</exception>
    public static LabelRankingData Load(string path) => new(LabelRanking.load(Crossing.NotNull(path)));

    /// <summary>Reads a data set from text: a header with one column <c>ranking</c>, then a row of numbers and a
    /// ranking <c>a&gt;c&gt;b</c>, best first.</summary>
    /// <param name="source">Name of the text in error messages, such as its path.</param>
    /// <param name="reader">The text; not closed.</param>
    /// <returns>The data set.</returns>
    /// <exception cref="InvalidDataException">Something is wrong: the message is source:line, what was found and what
    /// was expected.</exception>
    public static LabelRankingData Read(string source, TextReader reader) => new(LabelRanking.read(Crossing.NotNull(source), reader));
}
