using System;

namespace Perturbed.Functional.CSharp;

/// <summary>Artificial label-ranking sets: targets are the order of noisy linear scores. Berthet et al. 2020, section 5.2.</summary>
public static class ArtificialRankings
{
    /// <summary>x standard normal [features], y the ascending ranks of xᵀ W₀ + σ Z: the shape of the real sets, for a linear or affine model.</summary>
    /// <param name="setting">Sizes and σ; σ changes neither x nor W₀ nor Z.</param>
    /// <param name="key">The same key gives the same set.</param>
    /// <returns>The data set; O(rows · labels · (features + log labels)).</returns>
    /// <exception cref="ArgumentException">A number of the setting is out of range.</exception>
    public static RankingData Generate(ArtificialRankingSetting setting, Key key) =>
        new(ArtificialRankingModule.generate(Crossing.NotNull(setting).ToCore(), key));

    /// <summary>The hidden weights W₀ [features × labels], row by row, uniform in {−1, 1}: the parameters of <see cref="Models.Linear"/> that <see cref="Generate"/> uses.</summary>
    /// <param name="setting">Features and labels.</param>
    /// <param name="key">The key that generates the data.</param>
    /// <returns>features · labels signs.</returns>
    /// <exception cref="ArgumentException">A number of the setting is out of range.</exception>
    public static double[] Weights(ArtificialRankingSetting setting, Key key) =>
        ArtificialRankingModule.weights(Crossing.NotNull(setting).ToCore(), key);

    /// <summary>
    /// The paper's set: each label of each row has its own standard normal features, X_i [labels × features], and y is the ascending
    /// ranks of X_i w₀ + σ Z with one w₀ for all. The batch holds X_i as a row of labels · features, as <see cref="Models.Shared"/> takes it.
    /// </summary>
    /// <param name="setting">Sizes and σ; σ changes neither X nor w₀ nor Z.</param>
    /// <param name="key">The same key gives the same set.</param>
    /// <returns>The data set, rows · labels · features numbers.</returns>
    /// <exception cref="ArgumentException">A number of the setting is out of range.</exception>
    public static RankingData GenerateShared(ArtificialRankingSetting setting, Key key) =>
        new(ArtificialRankingModule.generateShared(Crossing.NotNull(setting).ToCore(), key));

    /// <summary>The hidden weights w₀ [features], uniform in {−1, 1}: the parameters of <see cref="Models.Shared"/> that <see cref="GenerateShared"/> uses.</summary>
    /// <param name="setting">The number of features.</param>
    /// <param name="key">The key that generates the data.</param>
    /// <returns>One sign a feature.</returns>
    /// <exception cref="ArgumentException">A number of the setting is out of range.</exception>
    public static double[] SharedWeights(ArtificialRankingSetting setting, Key key) =>
        ArtificialRankingModule.sharedWeights(Crossing.NotNull(setting).ToCore(), key);
}
