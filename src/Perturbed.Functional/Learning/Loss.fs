namespace Perturbed.Functional

open System
open System.Numerics.Tensors
open System.Threading
open Perturbed.Kernels

/// <summary>
/// A loss of a batch ↦ the mean loss over the rows, Σ w_i l_i / Σ w_i, and its gradient with respect to Θ, already divided by Σ w_i. The key of the batch seeds
/// whatever the loss draws; a loss that draws nothing ignores it.
/// </summary>
type Loss = LossBatch -> float * float[,]

/// <summary>Losses of batches: Fenchel-Young, squared after a smoothed operator, squared on θ, softmax cross-entropy.</summary>
/// <remarks>The two that draw noise draw it from the key of the batch, so every training step has noise of its own: doubly stochastic gradients.</remarks>
[<RequireQualifiedAccess>]
module Loss =

    // Targets of the shape of theta.
    let private checkShapes (batch: LossBatch) : struct (int * int) =
        Check.notNull "theta" batch.Theta
        Check.notNull "targets" batch.Targets
        let rows, columns = Array2D.length1 batch.Theta, Array2D.length2 batch.Theta

        if
            Array2D.length1 batch.Targets <> rows
            || Array2D.length2 batch.Targets <> columns
        then
            invalidArg
                "targets"
                $"targets is [{Array2D.length1 batch.Targets} × {Array2D.length2 batch.Targets}]; theta is [{rows} × {columns}]."

        struct (rows, columns)

    let private hasWeights (batch: LossBatch) : bool =
        batch.Weights |> Array.exists (fun w -> w <> 1.0)

    // The mean of rows of weight 1, of the sum that their losses have in one go: the bits of a loss do not depend on how a mean with weights would round.
    let private plainMean (sum: float) (gradients: float[,]) (batch: LossBatch) : float * float[,] =
        let rows = LossBatch.count batch
        let _, gradient = LossBatch.mean (Array.zeroCreate rows) gradients batch
        (if rows = 0 then 0.0 else sum / float rows), gradient

    // What is done with the operator of a step: the noise of its key, the problem of each row's instance, and both its own token and that of the batch. An
    // error of the two tokens together is thrown again as that of the one that was cancelled.
    let private withOperator (smoothed: Smoothed) (batch: LossBatch) (work: Smoothed -> 'T) : 'T =
        let step =
            smoothed |> Smoothed.withKey batch.Key |> Smoothed.withInstances batch.Instances

        if not batch.Cancellation.CanBeCanceled then
            work step
        elif not step.Cancellation.CanBeCanceled then
            step |> Smoothed.withCancellation batch.Cancellation |> work
        else
            use both =
                CancellationTokenSource.CreateLinkedTokenSource(step.Cancellation, batch.Cancellation)

            try
                step |> Smoothed.withCancellation both.Token |> work
            with :? OperationCanceledException when both.IsCancellationRequested ->
                batch.Cancellation.ThrowIfCancellationRequested()
                step.Cancellation.ThrowIfCancellationRequested()
                reraise ()

    // Rows of weight 0 are as good as absent.
    let private reportAgreement (batch: LossBatch) (agrees: int -> bool) : unit =
        let mutable count = 0

        for row in 0 .. batch.Weights.Length - 1 do
            if batch.Weights[row] > 0.0 && agrees row then
                count <- count + 1

        batch.OnSamplesAgree count

    // One sample agrees with itself, and an exact operator has none: neither tells anything.
    let private canTell (op: Smoothed) : bool = op.Samples >= 2 && not op.IsExact

    /// <summary>The squared loss on θ: the mean over rows of ½ ‖y − θ‖², with gradient w (θ − y)/Σw.</summary>
    /// <param name="batch">Θ and Y, [rows × d], and the rows' weights. Nothing is drawn.</param>
    /// <returns>The mean loss and its gradient [rows × d]; 0 for a batch without rows. O(rows · d).</returns>
    /// <exception cref="T:System.ArgumentException">The shapes differ.</exception>
    let squared (batch: LossBatch) : float * float[,] =
        let struct (rows, columns) = checkShapes batch
        let gradients = Array2D.zeroCreate<float> rows columns
        let g = Dense.AsSpan gradients
        TensorPrimitives.Subtract<float>(Dense.AsSpan batch.Theta, Dense.AsSpan batch.Targets, g)

        if hasWeights batch then
            let losses =
                Array.init rows (fun r ->
                    let row = Dense.AsSpan(gradients).Slice(r * columns, columns)
                    0.5 * Sums.OfSquares(Span.op_Implicit row, 0.0))

            LossBatch.mean losses gradients batch
        else
            plainMean (0.5 * Sums.OfSquares(Span.op_Implicit g, 0.0)) gradients batch

    /// <summary>Softmax cross-entropy: the mean over rows of −Σ_i y_i log softmax(θ)_i, with gradient w (softmax(θ) − y)/Σw.</summary>
    /// <remarks>
    /// For y on the simplex. It differs from the Fenchel-Young loss of the argmax under Gumbel noise with ε = 1 by the entropy of y, which is 0 at a
    /// vertex. Computed from θ − max θ, so that no θ overflows.
    /// </remarks>
    /// <param name="batch">Θ, [rows × d]; Y, [rows × d], of rows that sum to 1, such as indicators of classes; and the rows' weights. Nothing is drawn.</param>
    /// <returns>The mean loss and its gradient [rows × d]; 0 for a batch without rows. O(rows · d).</returns>
    /// <exception cref="T:System.ArgumentException">The shapes differ.</exception>
    let crossEntropy (batch: LossBatch) : float * float[,] =
        let struct (rows, columns) = checkShapes batch
        let theta, targets = batch.Theta, batch.Targets
        let gradients = Array2D.zeroCreate<float> rows columns
        let losses: float[] = Array.zeroCreate rows
        let mutable total = 0.0

        for r in 0 .. rows - 1 do
            let mutable largest = Double.NegativeInfinity

            for i in 0 .. columns - 1 do
                largest <- Math.Max(largest, theta[r, i])

            let mutable sum = 0.0

            for i in 0 .. columns - 1 do
                gradients[r, i] <- exp (theta[r, i] - largest)
                sum <- sum + gradients[r, i]

            for i in 0 .. columns - 1 do
                let y = targets[r, i]
                let part = y * (log sum - (theta[r, i] - largest))
                total <- total + part
                losses[r] <- losses[r] + part
                gradients[r, i] <- gradients[r, i] / sum - y

        if hasWeights batch then
            LossBatch.mean losses gradients batch
        else
            plainMean total gradients batch

    /// <summary>The mean Fenchel-Young loss over the rows, with gradient w (ȳ_{ε,M}(θ) − y)/Σw: unbiased for any M, even 1.</summary>
    /// <remarks>
    /// Where εΩ(y) is not known the value is the loss up to a constant in θ, as in <c>FenchelYoung</c>. A target outside of conv(Y), where it is +∞, is an
    /// ArgumentException (<c>Oracle.membership</c>): training looks at all rows before its first step, any other call at those it is given. Berthet et al. 2020, Proposition 4.2.
    /// </remarks>
    /// <param name="smoothed">The operator; its own key and instances are replaced by those of the batch. Its noise has a mean.</param>
    /// <returns>The loss: M solves a row, no derivative of the solver.</returns>
    let fenchelYoung (smoothed: Smoothed) : Loss =
        Check.notNull (nameof smoothed) smoothed

        let mean (batch: LossBatch) : float * float[,] =
            let losses, gradients =
                withOperator smoothed batch (FenchelYoung.ofChecked batch.Theta batch.Targets)

            let mean = LossBatch.mean (losses |> Array.map _.Value) gradients batch

            if canTell smoothed then
                reportAgreement batch (fun row -> losses[row].SamplesAgree)

            mean

        // A row of weight 0 is as good as absent, whatever its target.
        let check (name: string) (weights: float[]) (instances: int[]) (targets: float[,]) : unit =
            smoothed
            |> Smoothed.withInstances instances
            |> FenchelYoung.checkTargets Allowance.ofDoubles name (fun row -> weights[row] > 0.0) targets

        TargetedLoss.create smoothed.Oracle (check "examples.Targets") mean (fun batch ->
            checkShapes batch |> ignore
            check "targets" batch.Weights batch.Instances batch.Targets
            mean batch)

    /// <summary>The mean over rows of ½ ‖y − y*_ε(θ)‖², through the pullback of the operator.</summary>
    /// <remarks>
    /// The gradient Jᵀ(ȳ − y) uses one set of samples for ȳ and J, so it is the gradient's estimate up to a bias of order 1/M; not convex in θ.
    /// Training refuses data with a target outside of conv(Y), which no θ comes near; other calls take any target.
    /// </remarks>
    /// <param name="smoothed">The operator; its own key and instances are replaced by those of the batch.</param>
    /// <returns>The loss: M solves a row and the replay of their noise.</returns>
    let smoothedSquared (smoothed: Smoothed) : Loss =
        Check.notNull (nameof smoothed) smoothed

        let loss (batch: LossBatch) : float * float[,] =
            withOperator smoothed batch (fun op ->
                let struct (value, agree, pullback) = Batch.watchedPullback batch.Theta op
                let loss, cotangent = squared { batch with Theta = value }
                let gradient = pullback cotangent

                if canTell op then
                    reportAgreement batch (fun row -> agree[row])

                loss, gradient)

        let check (weights: float[]) (instances: int[]) (targets: float[,]) : unit =
            let op = smoothed |> Smoothed.withInstances instances

            Array.init (Array2D.length1 targets) (fun r -> targets[r, *])
            |> Memberships.checkTargets Allowance.ofDoubles "examples.Targets" op.OracleOf (fun row ->
                weights[row] > 0.0)

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
