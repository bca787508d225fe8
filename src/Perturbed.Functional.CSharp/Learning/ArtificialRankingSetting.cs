namespace Perturbed.Functional.CSharp;

/// <summary>An artificial label-ranking set: how large and how noisy. Berthet et al. 2020, section 5.2.</summary>
public sealed record ArtificialRankingSetting
{
    /// <summary>A setting; its numbers are checked when it is used.</summary>
    /// <param name="rows">Number of rows n, at least 1.</param>
    /// <param name="features">Number of features p, at least 1.</param>
    /// <param name="labels">Number of labels d, at least 2.</param>
    /// <param name="noise">Standard deviation σ of the noise on the scores, at least 0.</param>
    public ArtificialRankingSetting(int rows, int features, int labels, double noise) =>
        (Rows, Features, Labels, Noise) = (rows, features, labels, noise);

    /// <summary>Number of rows n, at least 1.</summary>
    public int Rows { get; init; }

    /// <summary>Number of features p, at least 1.</summary>
    public int Features { get; init; }

    /// <summary>Number of labels d, at least 2.</summary>
    public int Labels { get; init; }

    /// <summary>Standard deviation σ of the noise on the scores, at least 0.</summary>
    public double Noise { get; init; }

    internal ArtificialRanking ToCore() => new(Rows, Features, Labels, Noise);
}
