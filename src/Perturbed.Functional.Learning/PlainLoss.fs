namespace Perturbed.Functional

open System
open System.Numerics.Tensors
open Perturbed.Kernels

/// Losses on θ itself, without an operator, and the differences that a gradient is checked against.
module internal PlainLoss =

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

    let squared (batch: LossBatch) : float * float[,] =
        let struct (rows, columns) = checkShapes batch
        let gradients = Array2D.zeroCreate<float> rows columns
        let g = Dense.AsSpan gradients
        TensorPrimitives.Subtract<float>(Dense.AsSpan batch.Theta, Dense.AsSpan batch.Targets, g)

        if LossBatch.hasWeights batch then
            let losses =
                Array.init rows (fun r ->
                    let row = Dense.AsSpan(gradients).Slice(r * columns, columns)
                    0.5 * Sums.OfSquares(Span.op_Implicit row, 0.0))

            LossBatch.mean losses gradients batch
        else
            LossBatch.plainMean (0.5 * Sums.OfSquares(Span.op_Implicit g, 0.0)) gradients batch

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

        if LossBatch.hasWeights batch then
            LossBatch.mean losses gradients batch
        else
            LossBatch.plainMean total gradients batch

    /// The worst relative distance of a gradient from central differences of the values of a loss.
    let discrepancy
        (step: float)
        (evaluate: LossBatch -> float * float[,])
        (batch: LossBatch)
        (gradient: float[,])
        : float =
        let rows, columns = Array2D.length1 batch.Theta, Array2D.length2 batch.Theta

        if Array2D.length1 gradient <> rows || Array2D.length2 gradient <> columns then
            invalidArg
                "loss"
                $"The gradient is [{Array2D.length1 gradient} × {Array2D.length2 gradient}]; theta is [{rows} × {columns}]."

        let moved row column by =
            let theta = Array2D.copy batch.Theta
            theta[row, column] <- theta[row, column] + by
            fst (evaluate { batch with Theta = theta })

        let mutable worst, largest = 0.0, 0.0

        for row in 0 .. rows - 1 do
            for column in 0 .. columns - 1 do
                let g = gradient[row, column]
                let difference = (moved row column step - moved row column -step) / (2.0 * step)
                // A NaN of either stays.
                worst <- Math.Max(worst, abs (g - difference))
                largest <- Math.Max(largest, Math.Max(abs g, abs difference))

        if worst = 0.0 then 0.0 else worst / largest
