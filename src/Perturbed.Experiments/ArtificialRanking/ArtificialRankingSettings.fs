namespace Perturbed.Experiments

open System
open Perturbed.Functional

/// The sizes of the artificial-ranking experiment.
type ArtificialRankingSettings =
    {
        /// Instances to train on.
        TrainRows: int
        /// Instances to test on.
        TestRows: int
        /// Labels of an instance.
        Labels: int
        /// Features of a label.
        Features: int
        /// The values of σ.
        Sigmas: float[]
        /// Runs with data and noise of their own.
        Runs: int
        /// Passes over the training instances.
        Epochs: int
        /// Instances of a step.
        BatchSize: int
        /// The learning rate before its cosine.
        LearningRate: float
        /// ε.
        Epsilon: float
        /// M.
        Samples: int
        /// λ of the black-box loss.
        Lambda: float
    }

/// The losses and sizes of the artificial-ranking experiment.
[<RequireQualifiedAccess>]
module ArtificialRankingSettings =

    /// The paper's losses by their names in the record.
    let losses: (string * RankingLoss) list =
        LabelRankingTables.losses
        |> List.filter (fun (_, loss) -> loss <> RankingLoss.ExactFenchelYoung)

    // 10^-2 … 10^3, a number of points to the decade.
    let private sigmas (pointsOfDecade: int) : float[] =
        [|
            for i in -2 * pointsOfDecade .. 3 * pointsOfDecade -> Math.Pow(10.0, float i / float pointsOfDecade)
        |]

    /// <summary>The sizes.</summary>
    /// <param name="isQuick">The minute-scale version.</param>
    /// <returns>The settings.</returns>
    let create (isQuick: bool) : ArtificialRankingSettings =
        {
            TrainRows = (if isQuick then 200 else 500)
            TestRows = (if isQuick then 200 else 500)
            Labels = 100
            Features = 50
            Sigmas = sigmas (if isQuick then 1 else 2)
            Runs = (if isQuick then 2 else 3)
            Epochs = (if isQuick then 20 else 200)
            BatchSize = 32
            LearningRate = 0.1
            Epsilon = 1.0
            Samples = 10
            Lambda = 0.01
        }

    // θ_i = X_i w has no offset and X has mean 0: against raw ranks most of the squared loss would be their mean, which no w can fit.
    let private centred (settings: ArtificialRankingSettings) : Loss =
        let middle = 0.5 * float (settings.Labels + 1)

        fun batch ->
            Loss.squared
                { batch with
                    Targets = batch.Targets |> Array2D.map (fun rank -> rank - middle)
                }

    /// <summary>The loss of a name.</summary>
    /// <param name="settings">ε, M, λ and the labels.</param>
    /// <param name="threads">Threads of the operator.</param>
    /// <param name="loss">The loss.</param>
    /// <returns>The loss of a batch.</returns>
    let lossOf (settings: ArtificialRankingSettings) (threads: int) (loss: RankingLoss) : Loss =
        let oracle = Oracle.ranking settings.Labels

        let operator =
            lazy
                (perturb oracle Noise.gaussian settings.Epsilon settings.Samples
                 |> Smoothed.withThreads threads)

        match loss with
        | RankingLoss.FenchelYoung -> Loss.fenchelYoung (operator.Force())
        | RankingLoss.ExactFenchelYoung -> Loss.fenchelYoung (Smoothed.exact (operator.Force()))
        | RankingLoss.SmoothedSquared -> Loss.smoothedSquared (operator.Force())
        | RankingLoss.Squared -> centred settings
        | RankingLoss.BlackBox -> BlackBoxLoss.squared settings.Lambda oracle

    /// <summary>The settings as JSON.</summary>
    /// <param name="settings">The settings.</param>
    /// <returns>An object.</returns>
    let json (settings: ArtificialRankingSettings) : Json =
        let count (value: int) = Json.Integer(int64 value)

        Json.Object
            [
                "trainRows", count settings.TrainRows
                "testRows", count settings.TestRows
                "labels", count settings.Labels
                "features", count settings.Features
                "sigmas", Json.numbers settings.Sigmas
                "runs", count settings.Runs
                "epochs", count settings.Epochs
                "batch", count settings.BatchSize
                "optimizer", Json.Text "adam"
                "schedule", Json.Text "cosine"
                "learningRate", Json.Number settings.LearningRate
                "noise", Json.Text "gaussian"
                "epsilon", Json.Number settings.Epsilon
                "samples", count settings.Samples
                "lambda", Json.Number settings.Lambda
            ]
