namespace Perturbed.Experiments.Torch

open Perturbed.Functional
open Perturbed.Experiments

/// The experiment `warcraft-network-choice`: learning rates, λ and the mean cost for `warcraft-network`.
[<RequireQualifiedAccess>]
module PathNetworkChoice =

    let private rates = [ 1e-3; 5e-3 ]
    let private lambdas = [ 1.0; 20.0 ]
    let private meanCosts = [ 100.0; 1000.0 ]

    // A fold of the key that neither maps nor training of a report use.
    let private fold = 1000

    let private settings (options: TorchOptions) (request: ExperimentRequest) : PathNetworkSettings =
        let small =
            { options with
                Epochs = Some(defaultArg options.Epochs (if request.IsQuick then 1 else 8))
            }

        let settings = PathNetworkSettings.ofRequest small request
        let key = Key.create request.Key |> Key.fold fold
        let train, validation = if request.IsQuick then 140, 50 else 2000, 500

        { settings with
            Source =
                { settings.Source with
                    Source =
                        MapSource.Generated(
                            defaultArg options.Train train,
                            defaultArg options.Test validation,
                            Key.fold 0 key
                        )
                }
            Training =
                { settings.Training with
                    Key = Key.fold 1 key
                }
        }

    let private candidates (settings: PathNetworkSettings) (maps: Lazy<MapSet * MapSet>) : Candidate list =
        let candidate (name: string) (loss: PathLoss) (rate: float) (mean: float) (values: (string * float) list) =
            let settings =
                { settings with
                    Source = { settings.Source with MeanCost = mean }
                    Training =
                        { settings.Training with
                            LearningRate = rate
                        }
                }

            {
                Method = name
                Settings = ("learningRate", rate) :: values
                Cost = 1.0
                Score =
                    fun context ->
                        let result = PathNetworkExperiment.train settings loss maps context
                        Json.number "optimal" result.Metrics
            }

        let given = settings.Source.MeanCost

        [
            for rate in rates do
                for mean in meanCosts do
                    candidate "Fenchel-Young" PathLoss.FenchelYoung rate mean [ "meanCost", mean ]

            for rate in rates do
                for lambda in lambdas do
                    candidate "black-box" (PathLoss.BlackBox lambda) rate given [ "lambda", lambda ]

            for rate in rates do
                candidate "squared" PathLoss.Squared rate given []
        ]

    let private rule (record: RunRecord) : string =
        let number (name: string) =
            Terminal.number (Json.number name record.Settings)

        "Learning rates, λ and the mean cost of warcraft-network. Each candidate is trained on "
        + $"""{number "trainMaps"} maps for {number "epochs"} epochs, with the drops of the rate at the same parts of """
        + $"""them; its score is the share of optimal paths on {number "testMaps"} further maps. All of them are drawn """
        + "from a key that the report does not use. Everything else is as in warcraft-network."

    let private plan (options: TorchOptions) (request: ExperimentRequest) : Plan =
        DeviceUse.find options.Device |> ignore

        if request.Data.IsSome then
            Input.fail "--data is given; warcraft-network-choice takes generated maps, of which there are always more."

        let settings = settings options request
        let maps = lazy (WarcraftSettings.maps settings.Source)

        {
            Settings = PathNetworkSettings.json settings
            Pieces = Choice.pieces (candidates settings maps)
            Estimate =
                fun cancellation pieces ->
                    PathNetworkExperiment.estimate settings cancellation
                    * float (settings.Training.Epochs * pieces.Length)
        }

    /// <summary>The experiment.</summary>
    /// <param name="options">Device, epochs, maps.</param>
    /// <returns>The experiment.</returns>
    let create (options: TorchOptions) : Experiment =
        {
            Name = "warcraft-network-choice"
            Title = "Shortest paths with a deep network: choice of settings"
            Summary = "chooses learning rates, λ and the mean cost of warcraft-network on maps of its own."
            Notes = $"PIECES: METHOD/SETTINGS.\n\n{TorchOptions.notes}"
            Options = TorchOptions.given options
            Plan = plan options
            Report = fun record -> Choice.report (rule record) record
        }
