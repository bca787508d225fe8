namespace Perturbed.Functional

open System
open System.Numerics.Tensors
open System.Threading
open Perturbed.Kernels

/// <summary>
/// A loss of a batch ↦ the mean loss over the rows, Σ w_i l_i / Σ w_i, and its gradient with respect to Θ, already
/// divided by Σ w_i; and which targets it is defined at. Training asks for the faults of all targets once, before its
/// first step, and evaluates without asking again.
/// </summary>
type Loss =
    {
        /// An instance and its target y ↦ why the loss is not defined at y, in words that follow "row 3 of the
        /// targets"; None where it is.
        TargetFault: int -> float[] -> string option
        /// The mean loss and its gradient [rows × d], at targets without a fault. The key of the batch seeds whatever
        /// the loss draws.
        Evaluate: LossBatch -> float * float[,]
    }

/// <summary>Losses of batches: Fenchel-Young, squared after a smoothed operator, squared on θ, softmax
/// cross-entropy.</summary>
/// <remarks>The two that draw noise draw it from the key of the batch, so every training step has noise of its own:
/// doubly stochastic gradients.</remarks>
[<RequireQualifiedAccess>]
module Loss =

    /// <summary>A loss of one's own, defined at every target: <c>{ Loss.create evaluate with TargetFault = … }</c>
    /// refuses some.</summary>
    /// <param name="evaluate">A batch ↦ the mean loss over its rows and its gradient with respect to Θ [rows × d], as
    /// <c>LossBatch.mean</c> gives them.</param>
    /// <returns>The loss.</returns>
    let create (evaluate: LossBatch -> float * float[,]) : Loss =
        {
            TargetFault = fun _ _ -> None
            Evaluate = evaluate
        }

    // Rows after the token is cancelled are not looked at: who passed it sees to that.
    let internal checkTargetsUntil
        (cancellation: CancellationToken)
        (weights: float[])
        (instances: int[])
        (targets: float[,])
        (loss: Loss)
        : unit =
        Check.finiteMatrix (nameof targets) targets
        BatchRows.check weights instances (Array2D.length1 targets)

        for row in 0 .. instances.Length - 1 do
            if weights[row] > 0.0 && not cancellation.IsCancellationRequested then
                match loss.TargetFault instances[row] targets[row, *] with
                | Some fault -> invalidArg (nameof targets) $"Row {row} of the targets {fault}."
                | None -> ()

    /// <summary>Refuses data at whose targets a loss is not defined, such as those outside of the hull of an oracle's
    /// solutions.</summary>
    /// <param name="weights">The weight of each row; a row of weight 0 is as good as absent, whatever its
    /// target.</param>
    /// <param name="instances">The instance of each row.</param>
    /// <param name="targets">Y, [rows × k], finite.</param>
    /// <param name="loss">The loss.</param>
    /// <exception cref="T:System.ArgumentException">A target has a fault: the message names the first such
    /// row.</exception>
    let checkTargets (weights: float[]) (instances: int[]) (targets: float[,]) (loss: Loss) : unit =
        loss |> checkTargetsUntil CancellationToken.None weights instances targets

    /// <summary>The loss of a batch whose targets have not been checked: <c>checkTargets</c>, then the loss.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="loss">The loss.</param>
    /// <returns>The mean loss and its gradient [rows × d].</returns>
    /// <exception cref="T:System.ArgumentException">A target at which the loss is not defined (the row is named), or
    /// shapes that differ.</exception>
    let evaluate (batch: LossBatch) (loss: Loss) : float * float[,] =
        LossBatch.checkRows batch |> ignore
        checkTargets batch.Weights batch.Instances batch.Targets loss
        loss.Evaluate batch

    // Targets of the shape of theta.
    /// <summary>
    /// How far the gradient of a loss is from central finite differences of its values: max |g − g_h| / max(|g|, |g_h|)
    /// over the entries of Θ, where g_h of an entry is (l(θ + h) − l(θ − h)) / 2h.
    /// </summary>
    /// <remarks>
    /// Every evaluation has the key of the batch: a loss that draws by it draws the same numbers each time (common random
    /// numbers), so no sampling error is in the answer. A right gradient of a smooth loss gives O(h²) plus rounding of
    /// order 1e-16 l/h. The M-sample Fenchel-Young loss has kinks where a solution changes; between them its gradient is
    /// exact. A gradient through a pullback of samples, as that of <c>smoothedSquared</c>, estimates the derivative of the
    /// expectation and not that of the mean of M solutions, which is piecewise constant: check such a loss with an exact
    /// operator (<c>Smoothed.exact</c>).
    /// </remarks>
    /// <param name="step">h, positive, in the unit of θ.</param>
    /// <param name="batch">Where; the loss is evaluated 2 · rows · d + 1 times.</param>
    /// <param name="loss">The loss to check.</param>
    /// <returns>The worst relative discrepancy; 0 where gradient and differences are zero.</returns>
    /// <exception cref="T:System.ArgumentException"><paramref name="step"/> is not positive, a target at which the loss
    /// is not defined, or the gradient has another shape than Θ.</exception>
    /// <example><code>
    /// let loss = Loss.create (fun batch ->
    ///     let losses = Array.init (LossBatch.count batch) (fun r -> batch.Theta[r, 0] ** 4.0)
    ///     LossBatch.mean losses (batch.Theta |> Array2D.map (fun t -> 4.0 * t ** 3.0)) batch)
    /// let batch = LossBatch.create (Key.create 1UL) (array2D [ [ 2.0 ]; [ -1.0 ] ]) (array2D [ [ 0.0 ]; [ 0.0 ] ])
    /// (loss |> Loss.discrepancy 1e-4 batch) &lt; 1e-8 // true
    /// </code></example>
    let discrepancy (step: float) (batch: LossBatch) (loss: Loss) : float =
        Check.positive (nameof step) step
        let _, gradient = loss |> evaluate batch
        PlainLoss.discrepancy step loss.Evaluate batch gradient

    /// <summary>The squared loss on θ: the mean over rows of ½ ‖y − θ‖², with gradient w (θ − y)/Σw; 0 for a batch
    /// without rows.</summary>
    /// <remarks>For Θ and Y of one shape, [rows × d]; other shapes are an ArgumentException. It draws nothing and
    /// costs O(rows · d).</remarks>
    /// <returns>The loss.</returns>
    let squared: Loss = create PlainLoss.squared

    /// <summary>Softmax cross-entropy: the mean over rows of −Σ_i y_i log softmax(θ)_i, with gradient w (softmax(θ) −
    /// y)/Σw, for y on the simplex.</summary>
    /// <remarks>
    /// For y on the simplex, such as indicators of classes. It differs from the Fenchel-Young loss of the argmax under
    /// Gumbel noise with ε = 1 by the entropy of y, which is 0 at a vertex. Computed from θ − max θ, so that no θ
    /// overflows. Other shapes of Y than Θ's are an ArgumentException; a batch without rows has the loss 0. It draws
    /// nothing and costs O(rows · d).
    /// </remarks>
    /// <returns>The loss.</returns>
    let crossEntropy: Loss = create PlainLoss.crossEntropy

    /// <summary>The mean Fenchel-Young loss over the rows, with gradient w (ȳ_{ε,M}(θ) − y)/Σw: unbiased for any M,
    /// even 1.</summary>
    /// <remarks>
    /// Where εΩ(y) is not known the value is the loss up to a constant in θ, as in <c>FenchelYoung</c>. A target
    /// outside of conv(Y), where it is +∞ under additive noise, is a fault (<c>Oracle.membership</c>). Berthet et al.
    /// 2020, Proposition 4.2.
    /// </remarks>
    /// <param name="smoothed">The operator; its own key and instances are replaced by those of the batch. Its noise
    /// has a mean.</param>
    /// <returns>The loss: M solves a row, no derivative of the solver.</returns>
    /// <example><code>
    /// let loss = perturb (Oracle.ranking 3) Noise.gaussian 1.0 100 |> Loss.fenchelYoung
    /// let batch = LossBatch.create (Key.create 1UL) (array2D [ [ 1.0; 0.0; -0.5 ] ]) (array2D [ [ 3.0; 2.0; 1.0 ] ])
    /// loss |> Loss.evaluate batch // (0.477, [[-0.38; -0.13; 0.51]])
    /// </code></example>
    let fenchelYoung (smoothed: Smoothed) : Loss =
        Check.notNull (nameof smoothed) smoothed

        {
            TargetFault =
                match smoothed.Perturbation with
                | Perturbation.Additive -> OperatorLoss.hullFault smoothed.Oracle
                | Perturbation.Multiplicative -> fun _ _ -> None
            Evaluate =
                fun batch ->
                    let losses, gradients =
                        OperatorLoss.withOperator
                            smoothed
                            batch
                            (FenchelYoung.valueAndGradientUnchecked batch.Theta batch.Targets)

                    let mean = LossBatch.mean (losses |> Array.map _.Value) gradients batch

                    if OperatorLoss.canTell smoothed then
                        OperatorLoss.reportAgreement batch (fun row -> losses[row].SamplesAgree)

                    mean
        }

    /// <summary>The mean partial Fenchel-Young loss over the rows, with gradient w (y*_ε(θ) − y*_ε(θ; Y_p))/Σw: unbiased
    /// for any M, even 1.</summary>
    /// <remarks>Targets are not looked at. <c>PartialFenchelYoung</c>; Stewart et al. 2023.</remarks>
    /// <param name="restricted">The oracle of Y_p; <c>Oracle.perInstance</c> gives each instance its own.</param>
    /// <param name="smoothed">The operator on Y; its own key and instances are replaced by those of the batch.</param>
    /// <returns>The loss: M solves of each oracle a row.</returns>
    /// <exception cref="T:System.ArgumentException">When evaluated: oracles of different dimensions.</exception>
    let partialFenchelYoung (restricted: Oracle) (smoothed: Smoothed) : Loss =
        Check.notNull (nameof restricted) restricted
        Check.notNull (nameof smoothed) smoothed

        create (fun batch ->
            let losses, gradients =
                PartialFenchelYoung.valueAndGradientBatch batch.Theta restricted
                |> OperatorLoss.withOperator smoothed batch

            if OperatorLoss.canTell smoothed then
                OperatorLoss.reportAgreement batch (fun row -> losses[row].SamplesAgree)

            LossBatch.mean (losses |> Array.map _.Value) gradients batch)

    /// <summary>The mean over rows of ½ ‖y − y*_ε(θ)‖², through the pullback of the operator.</summary>
    /// <remarks>
    /// The gradient Jᵀ(ȳ − y) uses one set of samples for ȳ and J, so it is the gradient's estimate up to a bias of
    /// order 1/M; not convex in θ. A target outside of conv(Y), which no θ comes near, is a fault, so that training
    /// refuses it; the value is defined there too.
    /// </remarks>
    /// <param name="smoothed">The operator; its own key and instances are replaced by those of the batch.</param>
    /// <returns>The loss: M solves a row and the replay of their noise.</returns>
    let smoothedSquared (smoothed: Smoothed) : Loss =
        Check.notNull (nameof smoothed) smoothed

        {
            TargetFault = OperatorLoss.hullFault smoothed.Oracle
            Evaluate =
                fun batch ->
                    OperatorLoss.withOperator smoothed batch (fun op ->
                        let value, agree, pullback = Batch.pullbackWithAgreement batch.Theta op
                        let loss, cotangent = PlainLoss.squared { batch with Theta = value }
                        let gradient = pullback cotangent

                        if OperatorLoss.canTell op then
                            OperatorLoss.reportAgreement batch (fun row -> agree[row])

                        loss, gradient)
        }

    /// <summary>A loss through an operator whose ε and M change over the training: large and few at first, small and
    /// many at the end.</summary>
    /// <remarks>
    /// A large ε smooths more and has less variance; y*_ε → y* as ε → 0 (Berthet et al. 2020, Proposition 2.3). What
    /// the data are fitted to is the last ε. The time is <c>LossBatch.Time</c>; evaluated at a time where ε(t) or M(t)
    /// is out of range, the loss throws an ArgumentException.
    /// </remarks>
    /// <param name="epsilon">ε(t), positive, at each time t in epochs.</param>
    /// <param name="samples">M(t), rounded to the nearest whole number, at least 1.</param>
    /// <param name="loss">From an operator to a loss: <c>Loss.fenchelYoung</c>, <c>Loss.smoothedSquared</c>, or one's
    /// own.</param>
    /// <param name="smoothed">The operator; its ε and M are replaced, one ε for all coordinates.</param>
    /// <returns>The loss, for any training.</returns>
    let scheduled (epsilon: Schedule) (samples: Schedule) (loss: Smoothed -> Loss) (smoothed: Smoothed) : Loss =
        Check.notNull (nameof smoothed) smoothed

        let at (time: float) : Loss =
            let e, m = epsilon time, Math.Round(samples time)

            if not (Double.IsFinite e && e > 0.0) then
                invalidArg (nameof epsilon) $"epsilon is {e} at time {time}; it must be positive and finite."

            if not (m >= 1.0 && m <= float Int32.MaxValue) then
                invalidArg
                    (nameof samples)
                    $"samples is {samples time} at time {time}; it must round to a whole number from 1 to {Int32.MaxValue}."

            smoothed |> Smoothed.withEpsilon e |> Smoothed.withSamples (int m) |> loss

        // Which targets are allowed does not depend on ε or M.
        {
            TargetFault = (loss smoothed).TargetFault
            Evaluate = fun batch -> (at batch.Time).Evaluate batch
        }
