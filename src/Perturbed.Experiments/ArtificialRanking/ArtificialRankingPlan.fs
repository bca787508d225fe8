namespace Perturbed.Experiments

open System.Globalization
open System.Threading
open Perturbed.Functional

/// The plan of the artificial-ranking experiment: a piece for each σ, loss and run.
[<RequireQualifiedAccess>]
module ArtificialRankingPlan =

    /// A training set and a test set of one run, the latter with its targets before noise, too.
    type Data =
        {
            Train: Examples
            Test: Examples
            NoiseFree: float[,]
        }

    /// <summary>The data of a run.</summary>
    /// <param name="settings">Their sizes.</param>
    /// <param name="sigma">σ.</param>
    /// <param name="key">The key of features, weights and noise: another σ moves neither features nor weights.</param>
    /// <returns>Training and test instances, which share the weights.</returns>
    let data (settings: ArtificialRankingSettings) (sigma: float) (key: Key) : Data =
        let setting: ArtificialRanking =
            {
                Rows = settings.TrainRows + settings.TestRows
                Features = settings.Features
                Labels = settings.Labels
                Noise = sigma
            }

        let all = (ArtificialRanking.generateShared setting key).Examples
        let test = Examples.take [| settings.TrainRows .. setting.Rows - 1 |] all
        let model = Model.shared settings.Labels settings.Features

        let scores =
            Model.predict (ArtificialRanking.sharedWeights setting key) test.Inputs model

        let clean = Array2D.zeroCreate<float> settings.TestRows settings.Labels

        for r in 0 .. settings.TestRows - 1 do
            Metrics.ranks scores[r, *] |> Array.iteri (fun l rank -> clean[r, l] <- rank)

        {
            Train = Examples.take [| 0 .. settings.TrainRows - 1 |] all
            Test = test
            NoiseFree = clean
        }

    /// <summary>How parameters do on test instances.</summary>
    /// <param name="settings">The sizes.</param>
    /// <param name="data">The data.</param>
    /// <param name="parameters">w.</param>
    /// <returns>Scores by name, against the order before noise and against that with it.</returns>
    let scores (settings: ArtificialRankingSettings) (data: Data) (parameters: float[]) : (string * float) list =
        let theta =
            Model.shared settings.Labels settings.Features
            |> Model.predict parameters data.Test.Inputs

        let of' (metric: float[] -> float[] -> float) (targets: float[,]) =
            theta
            |> Metrics.mean (fun target row -> metric target (Metrics.ranks row)) targets

        [
            "perfect", of' Metrics.solutionMatch data.NoiseFree
            "partial", of' Metrics.solutionAgreement data.NoiseFree
            "perfectNoisy", of' Metrics.solutionMatch data.Test.Targets
            "partialNoisy", of' Metrics.solutionAgreement data.Test.Targets
            "spearman", theta |> Metrics.mean Metrics.spearman data.NoiseFree
        ]

    let private jsonOf (scores: (string * float) list) : (string * Json) list =
        scores |> List.map (fun (name, value) -> name, Json.Number value)

    // The first epochs one by one, then every tenth: enough for a curve, and cheaper than the training.
    let private isMeasured (settings: ArtificialRankingSettings) (epoch: int) : bool =
        epoch < 10 || (epoch + 1) % 10 = 0 || epoch + 1 = settings.Epochs

    /// <summary>Trains by one loss.</summary>
    /// <param name="settings">Sizes, rates, ε, M and λ.</param>
    /// <param name="name">The loss's name in the record.</param>
    /// <param name="loss">The loss.</param>
    /// <param name="data">The data.</param>
    /// <param name="key">The key of order and noise.</param>
    /// <param name="context">What the piece was given.</param>
    /// <returns>Parameters, and epochs with their scores where they are measured.</returns>
    let train
        (settings: ArtificialRankingSettings)
        (name: string)
        (loss: RankingLoss)
        (data: Data)
        (key: Key)
        (context: PieceContext)
        : PieceTraining =
        let config =
            Training.config
                settings.Epochs
                settings.BatchSize
                Optimizer.adam
                (Schedule.cosine settings.Epochs 0.0 (ArtificialRankingSettings.learningRate name settings))
                key

        let measure (report: EpochReport) =
            if isMeasured settings report.Record.Epoch then
                jsonOf (scores settings data report.Parameters)
            else
                []

        let model = Model.shared settings.Labels settings.Features
        let loss = ArtificialRankingSettings.lossOf settings context.Threads loss
        ResumableTraining.run context config model loss data.Train measure

    /// <summary>A value of σ as names and labels have it.</summary>
    /// <param name="sigma">The value.</param>
    /// <returns>Three significant digits, no exponent.</returns>
    let sigmaText (sigma: float) : string =
        sigma.ToString((if sigma >= 99.5 then "F0" else "G3"), CultureInfo.InvariantCulture)

    // Data depend on the run alone: all losses and all σ of a run see the same features and weights.
    let private piece
        (settings: ArtificialRankingSettings)
        (root: Key)
        (sigma: float)
        (name: string)
        (loss: RankingLoss)
        (run: int)
        : Piece =
        let key = root |> Key.fold run

        {
            Name = $"sigma {sigmaText sigma}/{name}/run {run}"
            Settings =
                Json.Object [ "sigma", Json.Number sigma; "loss", Json.Text name; "run", Json.Integer(int64 run) ]
            Weight =
                match loss with
                | RankingLoss.FenchelYoung
                | RankingLoss.ExactFenchelYoung -> 1.0
                | RankingLoss.SmoothedSquared -> 1.3
                | RankingLoss.Squared -> 0.2
                | RankingLoss.BlackBox -> 0.4
            Run =
                fun context ->
                    let data = data settings sigma (Key.fold 0 key)
                    let trained = train settings name loss data (Key.fold 1 key) context

                    {
                        Metrics = Json.Object(jsonOf (scores settings data trained.Parameters))
                        Epochs = trained.Epochs
                        EpochSeconds = trained.EpochSeconds
                    }
        }

    /// A context for a piece that is only timed.
    let private timing (cancellation: CancellationToken) : PieceContext =
        {
            Cancellation = cancellation
            Threads = 1
            Report = fun _ _ -> ()
            Checkpoint =
                {
                    Load = fun () -> None
                    Save = ignore
                    IsDue = fun () -> false
                }
        }

    let private estimate
        (settings: ArtificialRankingSettings)
        (cancellation: CancellationToken)
        (pieces: Piece[])
        : float =
        let few =
            { settings with
                TrainRows = 64
                TestRows = 10
                Epochs = 2
            }

        let data = data few 1.0 (Key.create 0UL)

        let secondsOfStep (name: string) (loss: RankingLoss) =
            Timing.processorSeconds 30 (fun () ->
                train few name loss data (Key.create 0UL) (timing cancellation) |> ignore)
            / 4.0

        let steps = settings.Epochs * ((settings.TrainRows - 1) / settings.BatchSize + 1)

        // What a piece does besides its steps, generating and testing, was some hundreds of milliseconds.
        let perPiece = 0.4

        let ofLoss =
            ArtificialRankingSettings.losses
            |> List.map (fun (name, loss) -> name, secondsOfStep name loss * float steps + perPiece)
            |> Map.ofList

        pieces |> Array.sumBy (fun piece -> ofLoss[Json.string "loss" piece.Settings])

    /// <summary>The plan.</summary>
    /// <param name="request">What the user asked for.</param>
    /// <returns>Settings and pieces.</returns>
    /// <exception cref="T:Perturbed.Experiments.InputException">Data are given; this experiment generates its
    /// own.</exception>
    let create (request: ExperimentRequest) : Plan =
        if request.Data.IsSome then
            Input.fail "--data is given; artificial-ranking generates its data."

        let settings = ArtificialRankingSettings.create request.IsQuick
        let root = Key.create request.Key

        {
            Settings = ArtificialRankingSettings.json settings
            Pieces =
                [|
                    for sigma in settings.Sigmas do
                        for name, loss in ArtificialRankingSettings.losses do
                            for run in 0 .. settings.Runs - 1 do
                                piece settings root sigma name loss run
                |]
            Estimate = estimate settings
        }
