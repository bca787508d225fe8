namespace Perturbed.Functional.CSharp;

/// <summary>The score of one fold.</summary>
public readonly record struct FoldScore
{
    internal FoldScore(Functional.FoldScore core) => (Fold, Score) = (core.Fold, core.Score);

    /// <summary>Number of the fold, from 0.</summary>
    public int Fold { get; }

    /// <summary>What the evaluation gave.</summary>
    public double Score { get; }

    /// <summary>Number and score, for <c>foreach (var (fold, score) in …)</c>.</summary>
    /// <param name="fold">Number of the fold.</param>
    /// <param name="score">What the evaluation gave.</param>
    public void Deconstruct(out int fold, out double score) => (fold, score) = (Fold, Score);
}
