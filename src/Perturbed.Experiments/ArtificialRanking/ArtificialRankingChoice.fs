namespace Perturbed.Experiments

open Perturbed.Functional

/// The experiment `artificial-ranking-choice`: learning rates and λ for `artificial-ranking`.
[<RequireQualifiedAccess>]
module ArtificialRankingChoice =

    let private rates = [ 0.01; 0.1; 1.0 ]
    let private lambdas = [ 0.001; 0.01; 0.1; 1.0 ]
    let private sigmas = [ 0.1; 1.0 ]

    // Far from the numbers of the runs of a report, which count from 0.
    let private run = 1000

    let private settings (isQuick: bool) : ArtificialRankingSettings =
        let settings = ArtificialRankingSettings.create isQuick

        if isQuick then
            settings
        else
            { settings with
                TrainRows = settings.TrainRows / 4
                Epochs = settings.Epochs / 4
            }

    let private score
        (settings: ArtificialRankingSettings)
        (key: Key)
        (name: string)
        (loss: RankingLoss)
        (context: PieceContext)
        : float =
        // A candidate takes a minute at most: what is interrupted is trained again.
        let context =
            { context with
                Checkpoint =
                    { context.Checkpoint with
                        Load = fun () -> None
                        IsDue = fun () -> false
                    }
            }

        sigmas
        |> List.averageBy (fun sigma ->
            let data = ArtificialRankingPlan.data settings sigma (Key.fold 0 key)

            let trained =
                ArtificialRankingPlan.train settings name loss data (Key.fold 1 key) context

            ArtificialRankingPlan.scores settings data trained.Parameters
            |> List.find (fun (metric, _) -> metric = "partialNoisy")
            |> snd)

    let private candidates (request: ExperimentRequest) : Candidate list =
        let settings = settings request.IsQuick
        let key = Key.create request.Key |> Key.fold run

        [
            for name, loss in ArtificialRankingSettings.losses do
                for rate in rates do
                    for lambda in
                        (if loss = RankingLoss.BlackBox then
                             lambdas
                         else
                             [ settings.Lambda ]) do
                        let settings =
                            { settings with
                                LearningRates = [ name, rate ]
                                Lambda = lambda
                            }

                        {
                            Method = name
                            Settings =
                                [
                                    "learningRate", rate
                                    if loss = RankingLoss.BlackBox then
                                        "lambda", lambda
                                ]
                            Cost = 1.0
                            Score = score settings key name loss
                        }
        ]

    let private rule (record: RunRecord) : string =
        let number (name: string) =
            Terminal.number (Json.number name record.Settings)

        $"""Learning rates and λ of artificial-ranking. Each candidate is trained on {number "trainRows"} """
        + $"""instances for {number "epochs"} epochs at each σ of """
        + $"""{Json.text (Json.get "sigmas" record.Settings)}, drawn from a key that no run of the report uses; """
        + "its score is the share of labels at their places on "
        + $"""{number "testRows"} further instances, against their noisy rankings, averaged over σ. Everything """
        + "else is as in artificial-ranking."

    let private plan (request: ExperimentRequest) : Plan =
        if request.Data.IsSome then
            Input.fail "--data is given; artificial-ranking-choice generates its data."

        let settings =
            { settings request.IsQuick with
                Sigmas = List.toArray sigmas
                LearningRates = []
                Runs = 1
            }

        {
            Settings = ArtificialRankingSettings.json settings
            Pieces = Choice.pieces (candidates request)
            // Some tens of seconds a candidate at full size.
            Estimate =
                fun _ pieces ->
                    1.2e-5
                    * float (settings.TrainRows * settings.Epochs * sigmas.Length * pieces.Length)
        }

    /// The experiment.
    let experiment: Experiment =
        {
            Name = "artificial-ranking-choice"
            Title = "Artificial rankings: choice of settings"
            Summary = "chooses the learning rates and λ of artificial-ranking on data of its own."
            Notes = "PIECES: LOSS/SETTINGS."
            Options = []
            Plan = plan
            Report = fun record -> Choice.report (rule record) record
        }
