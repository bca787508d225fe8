namespace Perturbed.Functional

open System
open Perturbed.Kernels

/// <summary>An artificial label-ranking set: how large and how noisy (section 5.2 of the paper).</summary>
type ArtificialRanking =
    {
        /// Number of rows n, at least 1.
        Rows: int
        /// Number of features p, at least 1.
        Features: int
        /// Number of labels d, at least 2.
        Labels: int
        /// Standard deviation σ of the noise on the scores, at least 0.
        Noise: float
    }

/// Artificial label-ranking sets: targets are the order of noisy linear scores.
[<RequireQualifiedAccess>]
module ArtificialRanking =

    let private check (setting: ArtificialRanking) : unit =
        Check.positiveInt "setting.Rows" setting.Rows
        Check.positiveInt "setting.Features" setting.Features

        if setting.Labels < 2 then
            invalidArg (nameof setting) $"setting.Labels is {setting.Labels}; a ranking needs at least 2 labels."

        if not (Double.IsFinite setting.Noise && setting.Noise >= 0.0) then
            invalidArg (nameof setting) $"setting.Noise is {setting.Noise}; it must be at least 0 and finite."

    let private weightCount (setting: ArtificialRanking) : int =
        Sizes.Product(nameof setting, "The hidden weights", int64 setting.Features, int64 setting.Labels)

    let private signs (count: int) (key: Key) : float[] =
        Array.init count (fun i -> if Draw.below 2UL key i = 0UL then -1.0 else 1.0)

    let private names (letter: string) (count: int) : string[] =
        let digits = (string count).Length
        Array.init count (fun i -> letter + (i + 1).ToString("D" + string digits))

    /// Features from one child of the key, noise from another, weights from a third: changing σ moves neither X nor w.
    let private build
        (setting: ArtificialRanking)
        (inputs: int)
        (model: Model)
        (weights: float[])
        (key: Key)
        : LabelRankingData =
        Sizes.Require<float>("setting", "The features", int64 setting.Rows, int64 inputs)
        Sizes.Require<float>("setting", "The targets", int64 setting.Rows, int64 setting.Labels)
        let x = Array2D.zeroCreate<float> setting.Rows inputs

        Draw.normals x.Length (Key.fold 1 key)
        |> fun draws -> draws.AsSpan().CopyTo(Dense.AsSpan x)

        let scores = Model.predict weights x model
        let noise = Draw.normals scores.Length (Key.fold 2 key)
        let d = setting.Labels
        let targets = Array2D.zeroCreate<float> setting.Rows d

        for r in 0 .. setting.Rows - 1 do
            let ranks =
                Metrics.ranks (Array.init d (fun l -> scores[r, l] + setting.Noise * noise[r * d + l]))

            for l in 0 .. d - 1 do
                targets[r, l] <- ranks[l]

        {
            FeatureNames = names "A" inputs
            Labels = names "L" d
            Examples = Examples.create x targets
        }

    /// <summary>The hidden weights W₀ [features × labels], row by row, uniform in {−1, 1}: the parameters of
    /// <c>Model.linear</c> that <c>generate</c> uses.</summary>
    /// <param name="setting">Features and labels.</param>
    /// <param name="key">The key that generates the data.</param>
    /// <returns>features · labels signs.</returns>
    /// <exception cref="T:System.ArgumentException">A number of the setting is out of range.</exception>
    let weights (setting: ArtificialRanking) (key: Key) : float[] =
        check setting
        signs (weightCount setting) (Key.fold 0 key)

    /// <summary>x standard normal [features], y the ascending ranks of xᵀ W₀ + σ Z: the shape of the real sets, for a
    /// linear or affine model.</summary>
    /// <param name="setting">Sizes and σ; σ changes neither x nor W₀ nor Z.</param>
    /// <param name="key">The same key gives the same set.</param>
    /// <returns>The data set; O(rows · labels · (features + log labels)).</returns>
    /// <exception cref="T:System.ArgumentException">A number of the setting is out of range.</exception>
    let generate (setting: ArtificialRanking) (key: Key) : LabelRankingData =
        let hidden = weights setting key
        build setting setting.Features (Model.linear setting.Features setting.Labels) hidden key

    /// <summary>The hidden weights w₀ [features], uniform in {−1, 1}: the parameters of <c>Model.shared</c> that
    /// <c>generateShared</c> uses.</summary>
    /// <param name="setting">The number of features.</param>
    /// <param name="key">The key that generates the data.</param>
    /// <returns>One sign a feature.</returns>
    /// <exception cref="T:System.ArgumentException">A number of the setting is out of range.</exception>
    let sharedWeights (setting: ArtificialRanking) (key: Key) : float[] =
        check setting
        signs setting.Features (Key.fold 0 key)

    /// <summary>
    /// The paper's set: each label of each row has its own standard normal features, X_i [labels × features], and y is
    /// the ascending ranks of X_i w₀ + σ Z with one w₀ for all. The batch holds X_i as a row of labels · features, as
    /// <c>Model.shared</c> takes it.
    /// </summary>
    /// <param name="setting">Sizes and σ; σ changes neither X nor w₀ nor Z.</param>
    /// <param name="key">The same key gives the same set.</param>
    /// <returns>The data set, rows · labels · features numbers.</returns>
    /// <exception cref="T:System.ArgumentException">A number of the setting is out of range.</exception>
    let generateShared (setting: ArtificialRanking) (key: Key) : LabelRankingData =
        let hidden = sharedWeights setting key
        let inputs = weightCount setting
        build setting inputs (Model.shared setting.Labels setting.Features) hidden key
