namespace Perturbed.Experiments

open Perturbed.Functional

/// Training of classifiers.
[<RequireQualifiedAccess>]
module PerturbedMaxTraining =

    let private largest (values: float[]) : int =
        values |> Array.indexed |> Array.maxBy snd |> fst

    /// <summary>The share of rows whose largest score is that of the class.</summary>
    /// <param name="scores">[rows × classes].</param>
    /// <param name="targets">[rows × classes], a 1 at the class.</param>
    /// <returns>From 0 to 1.</returns>
    let accuracy (scores: float[,]) (targets: float[,]) : float =
        let rows = Array2D.length1 scores

        seq { 0 .. rows - 1 }
        |> Seq.filter (fun r -> targets[r, largest scores[r, *]] = 1.0)
        |> Seq.length
        |> fun right -> float right / float rows

    /// <summary>The loss as the library sees it.</summary>
    /// <param name="threads">Threads of the operator.</param>
    /// <param name="loss">Which one.</param>
    /// <returns>A loss of batches of scores and classes.</returns>
    let loss (threads: int) (loss: ClassLoss) : Loss =
        match loss with
        | ClassLoss.CrossEntropy -> Loss.crossEntropy
        | ClassLoss.FenchelYoung(epsilon, samples) ->
            perturb (Oracle.argmax Cifar10.Classes) Noise.gaussian epsilon samples
            |> Smoothed.withThreads threads
            |> Loss.fenchelYoung

    /// <summary>The training as the library sees it.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="key">The key of start, order and noise.</param>
    /// <returns>A configuration of Adam with a constant rate.</returns>
    let config (settings: ClassSettings) (key: Key) : TrainingConfig =
        Training.config settings.Epochs settings.BatchSize Optimizer.adam (Schedule.constant settings.LearningRate) key

    /// <summary>The model: a perceptron from the set's features to its classes.</summary>
    /// <param name="settings">The widths.</param>
    /// <param name="threads">Threads of its products.</param>
    /// <param name="set">The set.</param>
    /// <returns>A model.</returns>
    let model (settings: ClassSettings) (threads: int) (set: ClassSet) : Model =
        let features, classes =
            Array2D.length2 set.Train.Inputs, Array2D.length2 set.Train.Targets

        Perceptron.model threads (Array.concat [ [| features |]; settings.Hidden; [| classes |] ])

    /// <summary>Trains by one loss and tests after each epoch.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="classLoss">The loss.</param>
    /// <param name="key">The key of start, order and noise: the same for all losses.</param>
    /// <param name="set">The set.</param>
    /// <param name="context">What the piece was given.</param>
    /// <returns>Accuracies on training and test data of the last parameters, and the epochs.</returns>
    let run
        (settings: ClassSettings)
        (classLoss: ClassLoss)
        (key: Key)
        (set: Lazy<ClassSet>)
        (context: PieceContext)
        : PieceResult =
        context.Report 0.0 "data"
        let set = set.Force()
        context.Cancellation.ThrowIfCancellationRequested()
        let model = model settings context.Threads set

        let accuracyOn (examples: Examples) (parameters: float[]) =
            accuracy (Model.predict parameters examples.Inputs model) examples.Targets

        let measure (report: EpochReport) =
            [ "accuracy", Json.Number(accuracyOn set.Test report.Parameters) ]

        let trained =
            ResumableTraining.run context (config settings key) model (loss context.Threads classLoss) set.Train measure

        {
            Metrics =
                Json.Object
                    [
                        "accuracy", Json.Number(accuracyOn set.Test trained.Parameters)
                        "trainAccuracy", Json.Number(accuracyOn set.Train trained.Parameters)
                    ]
            Epochs = trained.Epochs
            EpochSeconds = trained.EpochSeconds
        }
