using System;
using Microsoft.FSharp.Core;

namespace Perturbed.Functional.CSharp;

/// <summary>
/// A loss of a batch: key, Θ [rows × d] and targets [rows × k] ↦ the mean loss over the rows and its gradient with respect to Θ,
/// already divided by the number of rows. Made by <see cref="Losses"/>.
/// </summary>
public sealed class TrainingLoss
{
    internal TrainingLoss(FSharpFunc<Key, FSharpFunc<double[,], FSharpFunc<double[,], Tuple<double, double[,]>>>> core) => Core = core;

    internal FSharpFunc<Key, FSharpFunc<double[,], FSharpFunc<double[,], Tuple<double, double[,]>>>> Core { get; }

    /// <summary>The mean loss over the rows and its gradient.</summary>
    /// <param name="key">Seeds whatever the loss draws; a loss that draws nothing ignores it.</param>
    /// <param name="theta">Θ, [rows × d].</param>
    /// <param name="targets">Y, [rows × k].</param>
    /// <returns>The mean loss and its gradient with respect to Θ [rows × d].</returns>
    /// <exception cref="ArgumentException">A shape disagrees with the loss, or an entry is not finite.</exception>
    public (double Value, double[,] Gradient) Evaluate(Key key, double[,] theta, double[,] targets) =>
        Core.Invoke(key).Invoke(Crossing.NotNull(theta)).Invoke(Crossing.NotNull(targets)).ToValueTuple();
}
