using System;

namespace Perturbed.Functional.CSharp;

public sealed partial class Loss
{
    /// <summary>The squared loss on θ: the mean over rows of ½ ‖y − θ‖², with gradient w (θ − y)/Σw; 0 for a batch
    /// without rows.</summary>
    public static Loss Squared => new(LossModule.squared);

    /// <summary>Softmax cross-entropy: the mean over rows of −Σ_i y_i log softmax(θ)_i, with gradient w (softmax(θ) −
    /// y)/Σw, for y on the simplex.</summary>
    public static Loss CrossEntropy => new(LossModule.crossEntropy);

    /// <summary>The mean Fenchel-Young loss over the rows, with gradient w (ȳ_{ε,M}(θ) − y)/Σw: unbiased for any M,
    /// even 1.</summary>
    /// <param name="smoothed">The operator; its own key and instances are replaced by those of the batch. Its noise
    /// has a mean.</param>
    /// <returns>The loss: M solves a row, no derivative of the solver.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="smoothed"/> is null.</exception>
    /// <remarks>Where εΩ(y) is not known the value is the loss up to a constant in θ. A target outside of conv(Y),
    /// where it is +∞, is an ArgumentException: training looks at all rows before its first step, any other call at
    /// those it is given. Berthet et al. 2020, Proposition 4.2.</remarks>
    public static Loss FenchelYoung(Smoothed smoothed) => new(LossModule.fenchelYoung(Crossing.NotNull(smoothed).Core));

    /// <summary>The mean partial Fenchel-Young loss over the rows, with gradient w (y*_ε(θ) − y*_ε(θ; Y_p))/Σw: unbiased
    /// for any M, even 1.</summary>
    /// <param name="restricted">The oracle of Y_p; <see cref="Oracle.PerInstance"/> gives each instance its own.</param>
    /// <param name="smoothed">The operator on Y; its own key and instances are replaced by those of the batch.</param>
    /// <returns>The loss: M solves of each oracle a row. It looks at no target.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <remarks>Oracles of different dimensions are an ArgumentException when the loss is evaluated. Stewart et al.
    /// 2023.</remarks>
    public static Loss PartialFenchelYoung(Oracle restricted, Smoothed smoothed) =>
        new(LossModule.partialFenchelYoung(Crossing.NotNull(restricted).Core, Crossing.NotNull(smoothed).Core));

    /// <summary>The mean over rows of ½ ‖y − y*_ε(θ)‖², through the pullback of the operator.</summary>
    /// <param name="smoothed">The operator; its own key and instances are replaced by those of the batch.</param>
    /// <returns>The loss: M solves a row and the replay of their noise. Its gradient has a bias of order 1/M; it is
    /// not convex in θ. Training refuses data with a target outside of conv(Y).</returns>
    /// <exception cref="ArgumentNullException"><paramref name="smoothed"/> is null.</exception>
    public static Loss SmoothedSquared(Smoothed smoothed) => new(LossModule.smoothedSquared(Crossing.NotNull(smoothed).Core));

    /// <summary>A loss through an operator whose ε and M change over the training: large and few at first, small and
    /// many at the end.</summary>
    /// <param name="smoothed">The operator; its ε and M are replaced, one ε for all coordinates.</param>
    /// <param name="epsilon">ε(t), positive, at each time t in epochs: one of <see cref="Schedule"/>, or any
    /// function.</param>
    /// <param name="samples">M(t), rounded to the nearest whole number, at least 1.</param>
    /// <param name="loss">From an operator to a loss, such as <see cref="FenchelYoung"/>.</param>
    /// <returns>The loss, for any training; the time is <see cref="LossBatch.Time"/>. It throws an ArgumentException
    /// at a time where ε(t) or M(t) is out of range.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static Loss Scheduled(
        Smoothed smoothed, Func<double, double> epsilon, Func<double, double> samples, Func<Smoothed, Loss> loss) =>
        new(LossModule.scheduled(
            Crossing.Function(epsilon), Crossing.Function(samples), Views.Loss(Crossing.NotNull(loss)), Crossing.NotNull(smoothed).Core));

    /// <summary>A user's own loss, defined at every target.</summary>
    /// <param name="loss">A batch ↦ the mean loss over its rows and its gradient with respect to Θ [rows × d], as
    /// <see cref="LossBatch.Mean"/> takes it.</param>
    /// <returns>The loss.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="loss"/> is null.</exception>
    public static Loss Create(Func<LossBatch, (double Value, double[,] Gradient)> loss) => Views.Loss(Crossing.NotNull(loss));

    /// <summary>A user's own loss that is not defined at every target.</summary>
    /// <param name="loss">A batch ↦ the mean loss over its rows and its gradient with respect to Θ [rows × d], as
    /// <see cref="LossBatch.Mean"/> takes it.</param>
    /// <param name="targetFault">An instance and its target ↦ why the loss is not defined there, in words that follow
    /// "row 3 of the targets"; null where it is. Training asks once, before its first step.</param>
    /// <returns>The loss.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static Loss Create(
        Func<LossBatch, (double Value, double[,] Gradient)> loss, Func<int, double[], string?> targetFault) =>
        Views.Loss(Crossing.NotNull(loss), Crossing.NotNull(targetFault));
}
