namespace Perturbed.Functional

open System
open System.Diagnostics
open System.Numerics.Tensors
open Perturbed.Kernels

/// One step of a training.
module internal TrainingStep =

    let private lossKey (key: Key) epoch step =
        key |> Key.fold 2 |> Key.fold epoch |> Key.fold step

    /// One step on the given rows. It may write into the arrays of the state.
    let take
        (config: TrainingConfig)
        (model: Model)
        (loss: Loss)
        (time: float)
        (batch: Examples)
        (state: TrainingState)
        : TrainingState =
        let started = Stopwatch.GetTimestamp()

        let rate = config.Schedule time

        let diverged (what: string) =
            raise (TrainingDivergedException(state.Epoch, state.Step, rate, what))

        let theta, pullback = model.Apply batch.Inputs state.Parameters

        // Operators refuse such a θ, too, but cannot know that it comes from a training.
        let largest = TensorPrimitives.MaxMagnitude<float>(Dense.AsSpan theta)

        if not (abs largest <= Check.largest) then
            diverged $"an output of the model is {largest}"

        // Of several reports of a step the largest counts: there are no more than its rows.
        let agreeing = ref -1

        let value, thetaGradient =
            loss.Evaluate
                {
                    Key = lossKey config.Key state.Epoch state.Step
                    Theta = theta
                    Targets = batch.Targets
                    Weights = batch.Weights
                    Instances = batch.Instances
                    Time = time
                    Cancellation = config.Cancellation
                    OnSamplesAgree = fun rows -> agreeing.Value <- max agreeing.Value rows
                }

        if not (Double.IsFinite value) then
            diverged $"the loss is {value}"

        let gradient = pullback thetaGradient
        let norm = sqrt (Sums.OfSquares(ReadOnlySpan gradient, 0.0))

        if not (Double.IsFinite norm) then
            diverged $"the gradient's norm is {norm}"

        let parameters, memory =
            Optimizer.stepInPlace config.Optimizer rate gradient state.Parameters state.Memory

        if not (TensorPrimitives.IsFiniteAll<float>(ReadOnlySpan parameters)) then
            diverged "a parameter is no longer finite after the step"

        { state with
            Step = state.Step + 1
            Parameters = parameters
            Memory = memory
            LossSum = state.LossSum + value * Array.sum batch.Weights
            GradientNormSum = state.GradientNormSum + norm
            Seconds = state.Seconds + Stopwatch.GetElapsedTime(started).TotalSeconds
            RowsWhereSamplesAgree =
                if agreeing.Value < 0 then
                    state.RowsWhereSamplesAgree
                else
                    Some(agreeing.Value + Option.defaultValue 0 state.RowsWhereSamplesAgree)
        }
