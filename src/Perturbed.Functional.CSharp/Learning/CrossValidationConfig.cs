using System;
using System.Threading;

namespace Perturbed.Functional.CSharp;

/// <summary>How to cross-validate: a value, changed by <c>settings with { MaxParallel = 1 }</c>.</summary>
public sealed record CrossValidationConfig
{
    /// <summary>A configuration that runs as many folds at a time as there are processors, without progress or
    /// cancellation.</summary>
    /// <param name="folds">Number of folds k, at least 2.</param>
    /// <param name="key">The key of the shuffle and, folded, of each fold.</param>
    public CrossValidationConfig(int folds, Key key = default) =>
        (Folds, Key, MaxParallel) = (folds, key, Functional.CrossValidation.config(folds, key).MaxParallel);

    /// <summary>Number of folds k, at least 2.</summary>
    public int Folds { get; init; }

    /// <summary>The key of the shuffle and, folded, of each fold.</summary>
    public Key Key { get; init; }

    /// <summary>Folds that run at the same time, at least 1; the results do not depend on it.</summary>
    public int MaxParallel { get; init; }

    /// <summary>Called after each fold, on the thread that ran it; null for none.</summary>
    public IProgress<FoldScore>? Progress { get; init; }

    /// <summary>Read before and after each fold: a fold in which it was cancelled is left out, because its
    /// training may be incomplete.</summary>
    public CancellationToken Cancellation { get; init; }

    internal Functional.CrossValidationConfig ToCore() =>
        new(Folds, Key, MaxParallel, Views.Progress(Progress, (Functional.FoldScore score) => new FoldScore(score)), Cancellation);
}
