namespace Perturbed.Experiments

open System
open System.Threading
open Perturbed.Functional

/// Training and cross-validation of an affine model of rankings.
[<RequireQualifiedAccess>]
module RankingTraining =

    // The Fenchel-Young gradient with ½ ‖ȳ − y‖² in place of the loss: no number that is reported needs the loss, and
    // in closed form it costs more than the gradient.
    let private gradientOnly (operator: Smoothed) : Loss =
        Loss.create (fun batch ->
            let gradient =
                operator
                |> Smoothed.withInstances batch.Instances
                |> FenchelYoung.gradientBatch batch.Theta batch.Targets

            Loss.squared.Evaluate
                { batch with
                    Theta = gradient
                    Targets = gradient |> Array2D.map (fun _ -> 0.0)
                })

    let private loss (settings: RankingSettings) (epsilon: float) (labels: int) : Loss =
        // Folds run side by side, so each operator keeps to one thread.
        let operator =
            lazy
                (perturb (Oracle.ranking labels) settings.Noise epsilon settings.Samples
                 |> Smoothed.withThreads 1)

        match settings.Loss with
        | RankingLoss.FenchelYoung -> Loss.fenchelYoung (operator.Force())
        | RankingLoss.SmoothedSquared -> Loss.smoothedSquared (operator.Force())
        | RankingLoss.Squared -> Loss.squared
        // ε's place holds λ.
        | RankingLoss.BlackBox -> BlackBoxLoss.squared epsilon (Oracle.ranking labels)
        | RankingLoss.ExactFenchelYoung -> gradientOnly (Smoothed.exact (operator.Force()))

    /// <summary>The epochs that a number of training rows gets.</summary>
    /// <param name="settings">Epochs, the cap on steps, and the batch size.</param>
    /// <param name="rows">Training rows.</param>
    /// <returns>At least 1.</returns>
    let epochs (settings: RankingSettings) (rows: int) : int =
        let stepsOfEpoch = (rows - 1) / settings.BatchSize + 1
        min settings.Epochs (max 1 (settings.MaxSteps / stepsOfEpoch))

    let private train
        (settings: RankingSettings)
        (candidate: RankingCandidate)
        (key: Key)
        (cancellation: CancellationToken)
        (model: Model)
        (examples: Examples)
        : Trained =
        let epochs = epochs settings (Examples.count examples)

        let schedule =
            match settings.Schedule with
            | RankingSchedule.Cosine -> Schedule.cosine epochs 0.0 candidate.LearningRate
            | RankingSchedule.Constant -> Schedule.constant candidate.LearningRate

        let config =
            { Training.config epochs settings.BatchSize (snd settings.Optimizer) schedule key with
                Cancellation = cancellation
            }

        let trained =
            examples
            |> Training.run config model (loss settings candidate.Epsilon model.OutputDimension)

        if trained.Ending = Ending.Cancelled then
            raise (OperationCanceledException cancellation)

        trained

    let private score
        (settings: RankingSettings)
        (cancellation: CancellationToken)
        (examples: Examples)
        (candidate: RankingCandidate)
        (fold: Fold)
        : FoldResult =
        let train', test =
            Standardisation.pair (Examples.take fold.Train examples) (Examples.take fold.Test examples)

        let model =
            Model.affine (Array2D.length2 examples.Inputs) (Array2D.length2 examples.Targets)

        let trained = train settings candidate fold.Key cancellation model train'
        let theta = model |> Model.predict trained.Parameters test.Inputs

        let isExact (target: float[]) (predicted: float[]) =
            Metrics.solutionMatch target (Metrics.ranks predicted)

        {
            Fold = fold.Index
            Spearman = theta |> Metrics.mean Metrics.spearman test.Targets
            Kendall = theta |> Metrics.mean Metrics.kendall test.Targets
            ExactMatch = theta |> Metrics.mean isExact test.Targets
            Candidate = candidate
            Losses = trained.History |> Array.map _.Loss
        }

    // The candidate of the best mean Spearman correlation inside the training part of a fold. One that diverges is
    // never chosen.
    let private choose
        (settings: RankingSettings)
        (cancellation: CancellationToken)
        (examples: Examples)
        (fold: Fold)
        : RankingCandidate =
        match settings.Candidates with
        | [| one |] -> one
        | several ->
            let inner = Examples.take fold.Train examples

            let config =
                { CrossValidation.config settings.InnerFolds (Key.fold 1 fold.Key) with
                    MaxParallel = 1
                    Cancellation = cancellation
                }

            let spearman candidate part =
                try
                    (score settings cancellation inner candidate part).Spearman
                with :? TrainingDivergedException ->
                    nan

            let best, _ =
                CrossValidation.select config Goal.Maximise several (Examples.count inner) spearman

            match best with
            | Some candidate -> candidate
            | None ->
                cancellation.ThrowIfCancellationRequested()
                Input.fail "training diverges with every learning rate; lower ones may help."

    /// <summary>One fold: the candidate is chosen by cross-validation inside the training part, then trained on all of
    /// it and scored on the test part.</summary>
    /// <param name="settings">How to train.</param>
    /// <param name="cancellation">Stops between two steps.</param>
    /// <param name="examples">The data set.</param>
    /// <param name="fold">The fold; its test rows are looked at once, by the model that is scored.</param>
    /// <returns>The scores of the test rows.</returns>
    /// <exception cref="T:System.OperationCanceledException">Cancelled.</exception>
    /// <exception cref="T:Perturbed.Functional.CSharp.TrainingDivergedException">The learning rate is too
    /// high.</exception>
    let fold
        (settings: RankingSettings)
        (cancellation: CancellationToken)
        (examples: Examples)
        (fold: Fold)
        : FoldResult =
        let candidate = choose settings cancellation examples fold
        score settings cancellation examples candidate fold

    /// <summary>Cross-validates a data set. The result is a function of settings and data: the number of threads does
    /// not change its bits.</summary>
    /// <param name="settings">How to train.</param>
    /// <param name="cancellation">Stops between two steps; the folds done so far are the result then.</param>
    /// <param name="onFold">Told of each fold as it ends, on the thread that ran it.</param>
    /// <param name="set">The data set, at least as many rows as folds.</param>
    /// <returns>The scores of the folds that were done.</returns>
    /// <exception cref="T:System.ArgumentException">Fewer rows than folds, or a number out of range.</exception>
    /// <exception cref="T:Perturbed.Functional.CSharp.TrainingDivergedException">The learning rate is too
    /// high.</exception>
    let crossValidate
        (settings: RankingSettings)
        (cancellation: CancellationToken)
        (onFold: FoldResult -> unit)
        (set: NamedSet)
        : SetResult =
        let examples = set.Data.Examples
        let results: FoldResult option[] = Array.create settings.Folds None

        let evaluate (part: Fold) : float =
            let result = fold settings cancellation examples part
            results[part.Index] <- Some result
            onFold result
            result.Spearman

        let config =
            { CrossValidation.config settings.Folds (Key.create settings.Key) with
                MaxParallel = settings.Threads
                Cancellation = cancellation
            }

        CrossValidation.run config (Examples.count examples) evaluate |> ignore

        {
            Name = set.Name
            Rows = Examples.count examples
            Features = set.Data.FeatureNames.Length
            Labels = set.Data.Labels.Length
            Folds = Array.choose id results
        }
