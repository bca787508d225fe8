using System;

namespace Perturbed.Functional.CSharp;

/// <summary>An artificial label-ranking set: how large and how noisy (section 5.2 of the paper).</summary>
public sealed record ArtificialRanking
{
    /// <summary>A setting; its numbers are checked when it is used.</summary>
    /// <param name="rows">Number of rows n, at least 1.</param>
    /// <param name="features">Number of features p, at least 1.</param>
    /// <param name="labels">Number of labels d, at least 2.</param>
    /// <param name="noise">Standard deviation σ of the noise on the scores, at least 0.</param>
    public ArtificialRanking(int rows, int features, int labels, double noise) =>
        (Rows, Features, Labels, Noise) = (rows, features, labels, noise);

    /// <summary>Number of rows n, at least 1.</summary>
    public int Rows { get; init; }

    /// <summary>Number of features p, at least 1.</summary>
    public int Features { get; init; }

    /// <summary>Number of labels d, at least 2.</summary>
    public int Labels { get; init; }

    /// <summary>Standard deviation σ of the noise on the scores, at least 0.</summary>
    public double Noise { get; init; }

    /// <summary>x standard normal [features], y the ascending ranks of xᵀ W₀ + σ Z: the shape of the real sets, for a
    /// linear or affine model.</summary>
    /// <param name="key">The same key gives the same set.</param>
    /// <returns>The data set; O(rows · labels · (features + log labels)).</returns>
    /// <exception cref="ArgumentException">A number of the setting is out of range.</exception>
    public LabelRankingData Generate(Key key) =>
        new(ArtificialRankingModule.generate(ToCore(), key));

    /// <summary>The hidden weights W₀ [features × labels], row by row, uniform in {−1, 1}: the parameters of
    /// <see cref="Model.Linear"/> that <see cref="Generate"/> uses.</summary>
    /// <param name="key">The key that generates the data.</param>
    /// <returns>features · labels signs.</returns>
    /// <exception cref="ArgumentException">A number of the setting is out of range.</exception>
    public double[] Weights(Key key) =>
        ArtificialRankingModule.weights(ToCore(), key);

    /// <summary>
    /// The paper's set: each label of each row has its own standard normal features, X_i [labels × features], and y is
    /// the ascending ranks of X_i w₀ + σ Z with one w₀ for all. The batch holds X_i as a row of labels · features, as
    /// <see cref="Model.Shared"/> takes it. </summary>
    /// <param name="key">The same key gives the same set.</param>
    /// <returns>The data set, rows · labels · features numbers.</returns>
    /// <exception cref="ArgumentException">A number of the setting is out of range.</exception>
    public LabelRankingData GenerateShared(Key key) =>
        new(ArtificialRankingModule.generateShared(ToCore(), key));

    /// <summary>The hidden weights w₀ [features], uniform in {−1, 1}: the parameters of <see cref="Model.Shared"/>
    /// that <see cref="GenerateShared"/> uses.</summary>
    /// <param name="key">The key that generates the data.</param>
    /// <returns>One sign a feature.</returns>
    /// <exception cref="ArgumentException">A number of the setting is out of range.</exception>
    public double[] SharedWeights(Key key) =>
        ArtificialRankingModule.sharedWeights(ToCore(), key);

    internal Functional.ArtificialRanking ToCore() => new(Rows, Features, Labels, Noise);
}
