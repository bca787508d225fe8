using System;

namespace Perturbed.Functional.CSharp;

/// <summary>The result of a cross-validation.</summary>
public sealed record CrossValidated
{
    internal CrossValidated(Functional.CrossValidated core) => (Scores, Mean, StandardDeviation, Ending) =
        (Array.ConvertAll(core.Scores, score => new FoldScore(score)), core.Mean, core.StandardDeviation, core.Ending.ToKind());

    /// <summary>The folds that were evaluated, by number.</summary>
    public FoldScore[] Scores { get; }

    /// <summary>Their mean; NaN where there is none.</summary>
    public double Mean { get; }

    /// <summary>Their standard deviation with n − 1 in the denominator; NaN below two folds.</summary>
    public double StandardDeviation { get; }

    /// <summary>Completed, or Cancelled with the folds that were done.</summary>
    public Ending Ending { get; }

    /// <summary>Mean and deviation, for <c>var (mean, standardDeviation) = …</c>.</summary>
    /// <param name="mean">The mean of the scores.</param>
    /// <param name="standardDeviation">Their standard deviation.</param>
    public void Deconstruct(out double mean, out double standardDeviation) => (mean, standardDeviation) = (Mean, StandardDeviation);
}
