using System;

namespace Perturbed.Functional.CSharp;

/// <summary>k-fold cross-validation.</summary>
public static class CrossValidation
{
    /// <summary>The folds of 0 .. rows − 1: shuffled by the key, their test parts disjoint, of sizes that differ by at
    /// most one.</summary>
    /// <param name="folds">Number of folds k, from 2 to the number of rows.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="key">The same key gives the same folds.</param>
    /// <returns>k folds whose test parts together hold each row once.</returns>
    /// <exception cref="ArgumentException">k is below 2 or above the number of rows.</exception>
    public static Fold[] Folds(int folds, int rows, Key key = default) =>
        Array.ConvertAll(Functional.CrossValidation.folds(folds, rows, key), fold => new Fold(fold));

    /// <summary>Evaluates each fold; folds run in parallel and the result does not depend on how many do.</summary>
    /// <param name="config">How to cross-validate.</param>
    /// <param name="rows">Number of rows, at least the number of folds.</param>
    /// <param name="evaluate">Trains on the fold's training rows and scores the test rows; safe to call from several
    /// threads, random only by the fold's key.</param>
    /// <returns>Scores, mean and deviation. A cancelled run returns the folds that were done.</returns>
    /// <exception cref="ArgumentException">A number of the settings is out of range; or whatever
    /// <paramref name="evaluate"/> throws, for the fold of the lowest number.</exception>
    public static CrossValidated Run(CrossValidationConfig config, int rows, Func<Fold, double> evaluate) =>
        new(Functional.CrossValidation.run(Crossing.NotNull(config).ToCore(), rows, Views.Evaluation(Crossing.NotNull(evaluate))));

    /// <summary>Evaluates each candidate on the same folds and picks the best mean, as for a learning rate from a
    /// grid.</summary>
    /// <typeparam name="TCandidate">What is tried.</typeparam>
    /// <param name="config">How to cross-validate.</param>
    /// <param name="goal">Which score is the better one.</param>
    /// <param name="candidates">At least one; ties keep the earlier one.</param>
    /// <param name="rows">Number of rows, at least the number of folds.</param>
    /// <param name="evaluate">As for <see cref="Run"/>, for a candidate. A candidate with a NaN mean is never
    /// picked.</param>
    /// <returns>The best candidate and every candidate's result.</returns>
    /// <exception cref="ArgumentException">There is no candidate; or as for <see cref="Run"/>.</exception>
    public static ValidationSelection<TCandidate> Select<TCandidate>(
        CrossValidationConfig config, Goal goal, TCandidate[] candidates, int rows, Func<TCandidate, Fold, double> evaluate) =>
        new(Functional.CrossValidation.select(
            Crossing.NotNull(config).ToCore(), goal.ToCore(nameof(goal)), candidates, rows, Views.Evaluation(Crossing.NotNull(evaluate))));
}
