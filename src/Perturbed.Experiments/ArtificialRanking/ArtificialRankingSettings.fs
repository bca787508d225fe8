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
        /// The learning rate of each loss before its cosine.
        LearningRates: (string * float) list
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

    // Chosen by artificial-ranking-choice.
    let private learningRates =
        [ "fenchel-young", 1.0; "perturbed-squared", 1.0; "squared", 0.1; "black-box", 0.1 ]

    let private lambda = 0.001

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
            TrainRows = (if isQuick then 200 else 4000)
            TestRows = (if isQuick then 200 else 1000)
            Labels = 100
            Features = 50
            Sigmas = sigmas (if isQuick then 1 else 2)
            Runs = (if isQuick then 2 else 3)
            Epochs = (if isQuick then 20 else 400)
            BatchSize = 32
            LearningRates = learningRates
            Epsilon = 1.0
            Samples = 10
            Lambda = lambda
        }

    // θ_i = X_i w has no offset and X has mean 0: against raw ranks most of the squared loss would be their mean,
    // which no w can fit.
    let private centred (settings: ArtificialRankingSettings) : Loss =
        let middle = 0.5 * float (settings.Labels + 1)

        Loss.create (fun batch ->
            Loss.squared.Evaluate
                { batch with
                    Targets = batch.Targets |> Array2D.map (fun rank -> rank - middle)
                })

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

    /// <summary>The learning rate of a loss.</summary>
    /// <param name="name">The loss's name in the record.</param>
    /// <param name="settings">The settings.</param>
    /// <returns>The rate before its cosine.</returns>
    let learningRate (name: string) (settings: ArtificialRankingSettings) : float =
        settings.LearningRates |> List.find (fun (loss, _) -> loss = name) |> snd

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
                "learningRates", Json.Object [ for loss, rate in settings.LearningRates -> loss, Json.Number rate ]
                "noise", Json.Text "gaussian"
                "epsilon", Json.Number settings.Epsilon
                "samples", count settings.Samples
                "lambda", Json.Number settings.Lambda
            ]
