using System;
using Microsoft.FSharp.Core;

namespace Perturbed.Functional.CSharp;

/// <summary>
/// A loss of a batch ↦ the mean loss over the rows, Σ w_i l_i / Σ w_i, and its gradient with respect to Θ, already divided by Σ w_i. Made by <see cref="Losses"/>.
/// </summary>
public sealed class TrainingLoss
{
    internal TrainingLoss(FSharpFunc<LossBatch, Tuple<double, double[,]>> core) => Core = core;

    internal FSharpFunc<LossBatch, Tuple<double, double[,]>> Core { get; }

    /// <summary>The mean loss over the rows and its gradient.</summary>
    /// <param name="batch">Rows with their targets, weights and instances, and the key of what the loss draws.</param>
    /// <returns>The mean loss and its gradient with respect to Θ [rows × d].</returns>
    /// <exception cref="ArgumentException">A shape disagrees with the loss, or an entry is not finite.</exception>
    public (double Value, double[,] Gradient) Evaluate(TrainingBatch batch) =>
        Core.Invoke(Crossing.NotNull(batch).Core).ToValueTuple();
}
