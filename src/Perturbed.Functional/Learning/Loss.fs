namespace Perturbed.Functional

open System
open System.Numerics.Tensors
open Perturbed.Kernels

/// <summary>
/// A loss of a batch: key, Θ [rows × d] and targets [rows × k] ↦ the mean loss over the rows and its gradient with respect to Θ,
/// already divided by the number of rows. The key seeds whatever the loss draws; a loss that draws nothing ignores it.
/// </summary>
type Loss = Key -> float[,] -> float[,] -> float * float[,]

/// <summary>Losses of batches: Fenchel-Young, squared after a smoothed operator, squared on θ, softmax cross-entropy.</summary>
/// <remarks>The two that draw noise draw it from the key of the call, so every training step has noise of its own: doubly stochastic gradients.</remarks>
[<RequireQualifiedAccess>]
module Loss =

    let private checkShapes (theta: float[,]) (targets: float[,]) : int * int =
        Check.notNull (nameof theta) theta
        Check.notNull (nameof targets) targets
        let rows, columns = Array2D.length1 theta, Array2D.length2 theta

        if Array2D.length1 targets <> rows || Array2D.length2 targets <> columns then
            invalidArg
                (nameof targets)
                $"targets is [{Array2D.length1 targets} × {Array2D.length2 targets}]; theta is [{rows} × {columns}]."

        rows, columns

    /// <summary>The squared loss on θ: the mean over rows of ½ ‖y − θ‖², with gradient (θ − y)/rows.</summary>
    /// <param name="_key">Not used: nothing is drawn.</param>
    /// <param name="theta">Θ, [rows × d].</param>
    /// <param name="targets">Y, [rows × d].</param>
    /// <returns>The mean loss and its gradient [rows × d]; 0 for a batch without rows. O(rows · d).</returns>
    /// <exception cref="T:System.ArgumentException">The shapes differ.</exception>
    let squared (_key: Key) (theta: float[,]) (targets: float[,]) : float * float[,] =
        let rows, columns = checkShapes theta targets
        let gradient = Array2D.zeroCreate<float> rows columns

        if rows = 0 then
            0.0, gradient
        else
            let g = Dense.AsSpan gradient
            TensorPrimitives.Subtract<float>(Dense.AsSpan theta, Dense.AsSpan targets, g)
            let value = 0.5 * Sums.OfSquares(Span.op_Implicit g, 0.0) / float rows
            TensorPrimitives.Divide<float>(g, float rows, g)
            value, gradient

    /// <summary>Softmax cross-entropy: the mean over rows of −Σ_i y_i log softmax(θ)_i, with gradient (softmax(θ) − y)/rows.</summary>
    /// <remarks>
    /// For y on the simplex. It differs from the Fenchel-Young loss of the argmax under Gumbel noise with ε = 1 by the entropy of y, which is 0 at a
    /// vertex. Computed from θ − max θ, so that no θ overflows.
    /// </remarks>
    /// <param name="_key">Not used: nothing is drawn.</param>
    /// <param name="theta">Θ, [rows × d].</param>
    /// <param name="targets">Y, [rows × d]; rows of weights that sum to 1, such as indicators of classes.</param>
    /// <returns>The mean loss and its gradient [rows × d]; 0 for a batch without rows. O(rows · d).</returns>
    /// <exception cref="T:System.ArgumentException">The shapes differ.</exception>
    let crossEntropy (_key: Key) (theta: float[,]) (targets: float[,]) : float * float[,] =
        let rows, columns = checkShapes theta targets
        let gradient = Array2D.zeroCreate<float> rows columns
        let mutable total = 0.0

        for r in 0 .. rows - 1 do
            let mutable largest = Double.NegativeInfinity

            for i in 0 .. columns - 1 do
                largest <- Math.Max(largest, theta[r, i])

            let mutable sum = 0.0

            for i in 0 .. columns - 1 do
                gradient[r, i] <- exp (theta[r, i] - largest)
                sum <- sum + gradient[r, i]

            for i in 0 .. columns - 1 do
                let y = targets[r, i]
                total <- total + y * (log sum - (theta[r, i] - largest))
                gradient[r, i] <- (gradient[r, i] / sum - y) / float rows

        (if rows = 0 then 0.0 else total / float rows), gradient

    /// <summary>The mean Fenchel-Young loss over the rows, with gradient (ȳ_{ε,M}(θ) − y)/rows: unbiased for any M, even 1.</summary>
    /// <remarks>
    /// Where εΩ(y) is not known the value is the loss up to a constant in θ, as in <c>FenchelYoung</c>. A target outside of conv(Y), where it is +∞, is an
    /// ArgumentException (<c>Oracle.membership</c>): training looks at all rows before its first step, any other call at those it is given. Berthet et al. 2020, Proposition 4.2.
    /// </remarks>
    /// <param name="smoothed">The operator; its own key is replaced by the key of the call. Its noise has a mean.</param>
    /// <returns>The loss: M solves a row, no derivative of the solver.</returns>
    let fenchelYoung (smoothed: Smoothed) : Loss =
        Check.notNull (nameof smoothed) smoothed

        let mean (lossesAndGradients: float[,] -> float[,] -> Smoothed -> LossValue[] * float[,]) : Loss =
            fun key theta targets ->
                let losses, gradient =
                    smoothed |> Smoothed.withKey key |> lossesAndGradients theta targets

                if losses.Length = 0 then
                    0.0, gradient
                else
                    let g = Dense.AsSpan gradient
                    TensorPrimitives.Divide<float>(g, float losses.Length, g)
                    losses |> Array.averageBy _.Value, gradient

        let check (targets: float[,]) : unit =
            FenchelYoung.checkTargets Allowance.ofDoubles "examples.Targets" targets smoothed

        TargetedLoss.create smoothed.Oracle check (mean FenchelYoung.ofChecked) (mean FenchelYoung.valueAndGradientBatch)

    /// <summary>The mean over rows of ½ ‖y − y*_ε(θ)‖², through the pullback of the operator.</summary>
    /// <remarks>
    /// The gradient Jᵀ(ȳ − y) uses one set of samples for ȳ and J, so it is the gradient's estimate up to a bias of order 1/M; not convex in θ.
    /// Training refuses data with a target outside of conv(Y), which no θ comes near; other calls take any target.
    /// </remarks>
    /// <param name="smoothed">The operator; its own key is replaced by the key of the call.</param>
    /// <returns>The loss: M solves a row and the replay of their noise.</returns>
    let smoothedSquared (smoothed: Smoothed) : Loss =
        Check.notNull (nameof smoothed) smoothed

        let loss: Loss =
            fun key theta targets ->
                let value, pullback = smoothed |> Smoothed.withKey key |> Batch.pullback theta
                let loss, cotangent = squared key value targets
                loss, pullback cotangent

        let check (targets: float[,]) : unit =
            Array.init (Array2D.length1 targets) (fun r -> targets[r, *])
            |> Memberships.checkTargets Allowance.ofDoubles "examples.Targets" (KnownRegularizer.oracleOf smoothed)

        TargetedLoss.create smoothed.Oracle check loss loss

    /// <summary>A loss through an operator whose ε and M change over the training: large and few at first, small and many at the end.</summary>
    /// <remarks>A large ε smooths more and has less variance; y*_ε → y* as ε → 0 (Berthet et al. 2020, Proposition 2.3). What the data are fitted to is the last ε.</remarks>
    /// <param name="epsilon">ε(t), positive, at each time t in epochs.</param>
    /// <param name="samples">M(t), rounded to the nearest whole number, at least 1.</param>
    /// <param name="loss">From an operator to a loss: <c>Loss.fenchelYoung</c>, <c>Loss.smoothedSquared</c>, or one's own.</param>
    /// <param name="smoothed">The operator; its ε and M are replaced, one ε for all coordinates.</param>
    /// <returns>The loss at each time, for <c>Training.runScheduled</c>. It throws an ArgumentException at a time where ε(t) or M(t) is out of range.</returns>
    let scheduled
        (epsilon: Schedule)
        (samples: Schedule)
        (loss: Smoothed -> Loss)
        (smoothed: Smoothed)
        : float -> Loss =
        Check.notNull (nameof smoothed) smoothed

        fun time ->
            let e, m = epsilon time, Math.Round(samples time)

            if not (Double.IsFinite e && e > 0.0) then
                invalidArg (nameof epsilon) $"epsilon is {e} at time {time}; it must be positive and finite."

            if not (m >= 1.0 && m <= float Int32.MaxValue) then
                invalidArg
                    (nameof samples)
                    $"samples is {samples time} at time {time}; it must round to a whole number from 1 to {Int32.MaxValue}."

            smoothed |> Smoothed.withEpsilon e |> Smoothed.withSamples (int m) |> loss
