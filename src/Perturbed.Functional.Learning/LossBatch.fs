namespace Perturbed.Functional

open System
open System.Threading
open Perturbed.Kernels

/// Weights and instances that go with the rows of a batch.
module internal BatchRows =

    /// One weight, finite and at least 0, and one instance, at least 0, for each row.
    let check (weights: float[]) (instances: int[]) (rows: int) : unit =
        Check.notNull (nameof weights) weights
        Check.notNull (nameof instances) instances
        Check.length (nameof weights) weights.Length rows "the number of rows"
        Check.length (nameof instances) instances.Length rows "the number of rows"

        for row in 0 .. rows - 1 do
            if not (Double.IsFinite weights[row] && weights[row] >= 0.0) then
                invalidArg (nameof weights) $"weights[{row}] is {weights[row]}; a weight is finite and at least 0."

            if instances[row] < 0 then
                invalidArg (nameof instances) $"instances[{row}] is {instances[row]}; instances are numbered from 0."

/// What a loss is taken of: the rows of a step, each with its target, its weight and the instance that it is. Rows are
/// numbered for the noise by their place in the batch, under the key of the step.
type LossBatch =
    {
        /// Seeds whatever the loss draws.
        Key: Key
        /// Θ, [rows × d].
        Theta: float[,]
        /// Y, [rows × k].
        Targets: float[,]
        /// How much each row counts, at least 0.
        Weights: float[]
        /// <summary>The instance that each row is: its number in the data, which says by which problem it is solved
        /// (<c>Smoothed.withInstances</c>, <c>Oracle.solveInstances</c>).</summary>
        Instances: int[]
        /// <summary>The time of the step in epochs, counted as by a Schedule, for a loss that changes over the
        /// training (<c>Loss.scheduled</c>).</summary>
        Time: float
        /// <summary>Stops the loss with an OperationCanceledException; <c>Loss.fenchelYoung</c> and
        /// <c>Loss.smoothedSquared</c> hand it to their operators, and a loss of one's own may look at it.</summary>
        Cancellation: CancellationToken
        /// <summary>Told by a loss that knows it how many of its rows have M ≥ 2 samples that all have one solution,
        /// for <c>EpochRecord.RowsWhereSamplesAgree</c>.</summary>
        OnSamplesAgree: int -> unit
    }

/// Batches for losses: construction with checks, and weighted means over their rows.
[<RequireQualifiedAccess; CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module LossBatch =

    /// <summary>A batch of rows of weight 1 that are the instances 0, 1, …, at time 0: the whole data, or problems
    /// that do not differ from row to row.</summary>
    /// <param name="key">Seeds whatever the loss draws.</param>
    /// <param name="theta">Θ, [rows × d].</param>
    /// <param name="targets">Y, [rows × k].</param>
    /// <returns>The batch; not copied.</returns>
    /// <exception cref="T:System.ArgumentException">The numbers of rows differ.</exception>
    let create (key: Key) (theta: float[,]) (targets: float[,]) : LossBatch =
        Check.notNull (nameof theta) theta
        Check.notNull (nameof targets) targets
        let rows = Array2D.length1 theta

        if Array2D.length1 targets <> rows then
            invalidArg (nameof targets) $"targets has {Array2D.length1 targets} rows; theta has {rows}."

        {
            Key = key
            Theta = theta
            Targets = targets
            Weights = Array.create rows 1.0
            Instances = Array.init rows id
            Time = 0.0
            Cancellation = CancellationToken.None
            OnSamplesAgree = ignore
        }

    /// <summary>The number of rows.</summary>
    /// <param name="batch">The batch.</param>
    /// <returns>At least 0.</returns>
    let count (batch: LossBatch) : int = Array2D.length1 batch.Theta

    let private sameRows (name: string) (values: float[,]) (batch: LossBatch) : unit =
        Check.notNull name values
        Check.length name (Array2D.length1 values) (count batch) "the number of rows"

    /// <summary>The batch with another Θ, such as what an operator made of it; row by row the same
    /// instances.</summary>
    /// <param name="theta">Θ, of as many rows.</param>
    /// <param name="batch">The batch.</param>
    /// <returns>A copy.</returns>
    /// <exception cref="T:System.ArgumentException">Another number of rows.</exception>
    let withTheta (theta: float[,]) (batch: LossBatch) : LossBatch =
        sameRows (nameof theta) theta batch
        { batch with Theta = theta }

    /// <summary>The batch with other targets, such as centred ones; row by row the same instances.</summary>
    /// <param name="targets">Y, of as many rows.</param>
    /// <param name="batch">The batch.</param>
    /// <returns>A copy.</returns>
    /// <exception cref="T:System.ArgumentException">Another number of rows.</exception>
    let withTargets (targets: float[,]) (batch: LossBatch) : LossBatch =
        sameRows (nameof targets) targets batch
        { batch with Targets = targets }

    // Rows, and the sum of their weights, of a batch whose parts have the same rows.
    let internal checkRows (batch: LossBatch) : struct (int * float) =
        Check.notNull "theta" batch.Theta
        Check.notNull "targets" batch.Targets
        let rows = count batch

        if Array2D.length1 batch.Targets <> rows then
            invalidArg "targets" $"targets has {Array2D.length1 batch.Targets} rows; theta has {rows}."

        BatchRows.check batch.Weights batch.Instances rows
        struct (rows, Array.fold (+) 0.0 batch.Weights)

    /// <summary>The weighted mean of the rows' losses and gradients, Σ w_i l_i / Σ w_i: the last step of a loss of
    /// one's own.</summary>
    /// <param name="losses">The loss of each row.</param>
    /// <param name="gradients">The gradient of each row's loss with respect to its θ, [rows × d]; not changed.</param>
    /// <param name="batch">The batch.</param>
    /// <returns>The mean and its gradient; 0 where no row counts.</returns>
    /// <exception cref="T:System.ArgumentException">Another number of losses or of gradients than rows.</exception>
    let mean (losses: float[]) (gradients: float[,]) (batch: LossBatch) : float * float[,] =
        let struct (rows, total) = checkRows batch
        Check.notNull (nameof losses) losses
        Check.notNull (nameof gradients) gradients
        Check.length (nameof losses) losses.Length rows "the number of rows"
        Check.length (nameof gradients) (Array2D.length1 gradients) rows "the number of rows"
        let columns = Array2D.length2 gradients
        let mutable sum = 0.0
        let gradient = Array2D.zeroCreate<float> rows columns

        for row in 0 .. rows - 1 do
            let weight = batch.Weights[row]

            // A value that is not finite is absent with its row.
            if weight > 0.0 then
                sum <- sum + weight * losses[row]

                for i in 0 .. columns - 1 do
                    gradient[row, i] <- weight * gradients[row, i] / total

        (if total > 0.0 then sum / total else 0.0), gradient

    let internal hasWeights (batch: LossBatch) : bool =
        batch.Weights |> Array.exists (fun w -> w <> 1.0)

    // The mean of rows of weight 1, of the sum that their losses have in one go: the bits of a loss do not depend on
    // how a mean with weights would round.
    let internal plainMean (sum: float) (gradients: float[,]) (batch: LossBatch) : float * float[,] =
        let rows = count batch
        let _, gradient = mean (Array.zeroCreate rows) gradients batch
        (if rows = 0 then 0.0 else sum / float rows), gradient
