namespace Perturbed.Functional

open System
open System.Threading

/// The result of one epoch of training.
type EpochRecord =
    {
        /// Number of the epoch, from 0, as in Schedule.
        Epoch: int
        /// Mean loss over the rows, weighted as they are, each taken at the parameters of its own step.
        Loss: float
        /// Mean over the steps of the gradient's Euclidean norm.
        GradientNorm: float
        /// Learning rate of the last step.
        LearningRate: float
        /// Wall-clock time of the steps in seconds, callbacks left out.
        Seconds: float
        /// <summary>How many rows had M ≥ 2 samples that all had one solution, so that no gradient passed through the
        /// maximizer and ε is far below the gaps of θ; None where the loss does not tell (one sample, an exact
        /// operator, a loss without an operator, one's own that does not call
        /// <c>LossBatch.OnSamplesAgree</c>).</summary>
        RowsWhereSamplesAgree: int option
    }

/// What a callback sees after an epoch.
type EpochReport =
    {
        /// The epoch's record.
        Record: EpochRecord
        /// A copy of the parameters after the epoch.
        Parameters: float[]
    }

/// What a callback decides after an epoch.
[<RequireQualifiedAccess>]
type EpochDecision =
    /// Go on with the next epoch.
    | Continue
    /// End the training here.
    | Stop

/// How long work ended.
[<RequireQualifiedAccess>]
type Ending =
    /// All of it was done.
    | Completed
    /// A callback stopped it before the last epoch.
    | StoppedEarly
    /// Its cancellation token was cancelled; what was reached is returned.
    | Cancelled

/// How to train.
type TrainingConfig =
    {
        /// Passes over the data, at least 0.
        Epochs: int
        /// Rows of a step, at least 1; the last step of an epoch takes the rows that are left.
        BatchSize: int
        /// The optimizer.
        Optimizer: Optimizer
        /// The learning rate at each time, in epochs from 0.
        Schedule: Schedule
        /// The key of everything random: the start, the order of the rows, the noise of the loss.
        Key: Key
        /// Called after each epoch, on the training thread.
        OnEpoch: EpochReport -> EpochDecision
        /// Called after each epoch.
        Progress: IProgress<EpochRecord> option
        /// Read before each step, and passed to the loss, which may stop inside one: the training then ends where
        /// that step began.
        Cancellation: CancellationToken
    }

/// The state of a training between two steps: all that is needed to go on with the same bits.
type TrainingState =
    {
        /// Number of the running epoch, from 0; equal to the number of epochs when all are done.
        Epoch: int
        /// Steps already taken in it.
        Step: int
        /// w.
        Parameters: float[]
        /// The optimizer's memory.
        Memory: OptimizerState
        /// Sum over the rows seen in this epoch of their weights times their losses.
        LossSum: float
        /// Sum over the steps of this epoch of the gradient's norm.
        GradientNormSum: float
        /// Wall-clock time of the steps of this epoch in seconds.
        Seconds: float
        /// The rows of this epoch's steps whose samples agreed; None where no step told.
        RowsWhereSamplesAgree: int option
    }

/// The result of a training.
type Trained =
    {
        /// The last parameters.
        Parameters: float[]
        /// One record for each epoch completed in this call.
        History: EpochRecord[]
        /// How it ended.
        Ending: Ending
        /// Where it ended, for Training.resume.
        State: TrainingState
    }
