using System;

namespace Perturbed.Functional.CSharp;

/// <summary>A loss of a batch ↦ the mean loss over the rows, Σ w_i l_i / Σ w_i, and its gradient with respect to Θ,
/// already divided by Σ w_i; and which targets it is defined at. Training asks for the faults of all targets once,
/// before its first step, and evaluates without asking again.</summary>
public sealed partial class Loss
{
    internal Loss(Functional.Loss core) => Core = core;

    internal Functional.Loss Core { get; }

    /// <summary>The mean loss over the rows and its gradient, at targets of which the caller knows that the loss is
    /// defined there.</summary>
    /// <param name="batch">Rows with their targets, weights and instances, and the key of what the loss draws.</param>
    /// <returns>The mean loss and its gradient with respect to Θ [rows × d].</returns>
    /// <exception cref="ArgumentException">A shape disagrees with the loss, or an entry is not finite.</exception>
    public (double Value, double[,] Gradient) EvaluateUnchecked(LossBatch batch) =>
        Core.Evaluate.Invoke(Crossing.NotNull(batch).Core).ToValueTuple();

    /// <summary>The loss of a batch whose targets have not been checked: <see cref="CheckTargets"/>, then the
    /// loss.</summary>
    /// <param name="batch">Rows with their targets, weights and instances, and the key of what the loss draws.</param>
    /// <returns>The mean loss and its gradient with respect to Θ [rows × d].</returns>
    /// <exception cref="ArgumentException">A shape disagrees with the loss, an entry is not finite, or the loss is not
    /// defined at a target (the row is named).</exception>
    public (double Value, double[,] Gradient) Evaluate(LossBatch batch) =>
        LossModule.evaluate(Crossing.NotNull(batch).Core, Core).ToValueTuple();

    /// <summary>Refuses data at whose targets a loss is not defined, such as those outside of the hull of an oracle's
    /// solutions.</summary>
    /// <param name="examples">The data; a row of weight 0 counts as absent, whatever its target.</param>
    /// <exception cref="ArgumentException">A target has a fault: the message names the first such row.</exception>
    public void CheckTargets(Examples examples) =>
        LossModule.checkTargets(Crossing.NotNull(examples).Core.Weights, examples.Core.Instances, examples.Core.Targets, Core);

    /// <summary>How far the gradient of a loss is from central finite differences of its values: max |g − g_h| /
    /// max(|g|, |g_h|) over the entries of Θ, where g_h of an entry is (l(θ + h) − l(θ − h)) / 2h.</summary>
    /// <param name="batch">Where; the loss is evaluated 2 · rows · d + 1 times, each time with the key of the
    /// batch.</param>
    /// <param name="step">h, positive, in the unit of θ.</param>
    /// <returns>The worst relative discrepancy; 0 where gradient and differences are zero. A right gradient of a smooth
    /// loss gives O(h²) plus rounding of order 1e-16 l/h.</returns>
    /// <exception cref="ArgumentException"><paramref name="step"/> is not positive, a target at which the loss is not
    /// defined, or the gradient has another shape than Θ.</exception>
    public double Discrepancy(LossBatch batch, double step = 1e-5) =>
        LossModule.discrepancy(step, Crossing.NotNull(batch).Core, Core);
}
