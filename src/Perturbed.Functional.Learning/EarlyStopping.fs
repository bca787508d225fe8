namespace Perturbed.Functional

open System

/// Which metric is the better one.
[<RequireQualifiedAccess>]
type Goal =
    /// The larger, as for a correlation.
    | Maximise
    /// The smaller, as for a loss.
    | Minimise

/// When to stop before the last epoch.
type EarlyStopping =
    {
        /// Epochs in a row without an improvement that end the training, at least 1.
        Patience: int
        /// Which metric is the better one.
        Goal: Goal
        /// The metric of parameters, on data of its own.
        Metric: float[] -> float
    }

/// The best epoch of a run.
type BestEpoch =
    {
        /// Its number, from 0.
        Epoch: int
        /// Its metric.
        Metric: float
        /// The parameters after it.
        Parameters: float[]
    }

/// Training that watches a validation metric and keeps the best parameters.
[<RequireQualifiedAccess>]
module EarlyStopping =

    /// <summary>Trains until a metric has not improved for some epochs in a row, and keeps the best
    /// parameters.</summary>
    /// <param name="stopping">Patience, goal and metric; the metric is taken after each epoch, ties keep the earlier
    /// epoch.</param>
    /// <param name="config">The training; its own OnEpoch is still called and may stop as well.</param>
    /// <param name="model">The model.</param>
    /// <param name="loss">The loss.</param>
    /// <param name="examples">The training data.</param>
    /// <returns>The best epoch, none where no epoch was completed, and the training's own result, whose parameters are
    /// the last ones.</returns>
    /// <exception cref="T:System.ArgumentException">Patience is below 1, the metric is NaN, or as for
    /// Training.run.</exception>
    let run
        (stopping: EarlyStopping)
        (config: TrainingConfig)
        (model: Model)
        (loss: Loss)
        (examples: Examples)
        : BestEpoch option * Trained =
        Check.positiveInt "stopping.Patience" stopping.Patience
        let mutable best: BestEpoch voption = ValueNone

        let improves (metric: float) =
            match best, stopping.Goal with
            | ValueNone, _ -> true
            | ValueSome b, Goal.Maximise -> metric > b.Metric
            | ValueSome b, Goal.Minimise -> metric < b.Metric

        let onEpoch (report: EpochReport) =
            let epoch = report.Record.Epoch
            let metric = stopping.Metric report.Parameters

            if Double.IsNaN metric then
                invalidArg (nameof stopping) $"stopping.Metric is NaN after epoch {epoch}; a number was expected."

            if improves metric then
                best <-
                    ValueSome
                        {
                            Epoch = epoch
                            Metric = metric
                            Parameters = Array.copy report.Parameters
                        }

            match config.OnEpoch report, best with
            | EpochDecision.Stop, _ -> EpochDecision.Stop
            | EpochDecision.Continue, ValueSome b when epoch - b.Epoch >= stopping.Patience -> EpochDecision.Stop
            | EpochDecision.Continue, _ -> EpochDecision.Continue

        let trained = Training.run { config with OnEpoch = onEpoch } model loss examples
        ValueOption.toOption best, trained
