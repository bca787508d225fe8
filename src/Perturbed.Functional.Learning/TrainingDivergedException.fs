namespace Perturbed.Functional.CSharp

open System

/// A loss, a gradient or parameters became NaN or infinite: usually the learning rate is too high.
type TrainingDivergedException(epoch: int, step: int, learningRate: float, what: string) =
    inherit
        ArithmeticException(
            $"Training diverged in epoch {epoch}, step {step} (both from 0), learning rate {learningRate}: {what}; "
            + "finite values were expected. A lower learning rate may help."
        )

    /// The epoch, from 0.
    member _.Epoch: int = epoch

    /// The step in the epoch, from 0.
    member _.Step: int = step

    /// The learning rate of the step.
    member _.LearningRate: float = learningRate

namespace Perturbed.Functional

/// A loss, a gradient or parameters became NaN or infinite: usually the learning rate is too high.
type TrainingDivergedException = Perturbed.Functional.CSharp.TrainingDivergedException
