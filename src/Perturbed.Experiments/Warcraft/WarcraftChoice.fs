namespace Perturbed.Experiments

open Perturbed.Functional

/// The experiment `warcraft-choice`: learning rates, λ and the mean cost for `warcraft`.
[<RequireQualifiedAccess>]
module WarcraftChoice =

    let private rates = [ 1e-3; 3e-3; 1e-2 ]
    let private lambdas = [ 1.0; 5.0; 20.0; 80.0 ]
    let private meanCosts = [ 30.0; 100.0; 300.0; 1000.0 ]

    // A fold of the key that neither maps nor training of a report use.
    let private fold = 1000

    let private settings (request: ExperimentRequest) : WarcraftSettings =
        let key = Key.create request.Key |> Key.fold fold

        let train, validation, epochs =
            if request.IsQuick then 500, 100, 2 else 3000, 500, 12

        { WarcraftSettings.ofRequest request with
            Source = MapSource.Generated(train, validation, Key.fold 0 key)
            Epochs = epochs
            Key = Key.fold 1 key
        }

    let private candidates (settings: WarcraftSettings) (maps: Lazy<MapSet * MapSet>) : Candidate list =
        let candidate (name: string) (loss: PathLoss) (settings: WarcraftSettings) (values: (string * float) list) =
            {
                Method = name
                Settings = values
                Cost = 1.0
                Score =
                    fun context ->
                        let result = WarcraftTraining.run settings loss maps context
                        Json.number "optimal" result.Metrics
            }

        [
            for name, loss, _ in WarcraftSettings.methods do
                for rate in rates do
                    let settings = { settings with LearningRate = rate }

                    match loss with
                    | PathLoss.FenchelYoung ->
                        for mean in meanCosts do
                            candidate
                                name
                                loss
                                { settings with MeanCost = mean }
                                [ "learningRate", rate; "meanCost", mean ]
                    | PathLoss.BlackBox _ ->
                        for lambda in lambdas do
                            candidate
                                name
                                (PathLoss.BlackBox lambda)
                                settings
                                [ "learningRate", rate; "lambda", lambda ]
                    | PathLoss.Squared -> candidate name loss settings [ "learningRate", rate ]
        ]

    let private rule (record: RunRecord) : string =
        let number (name: string) =
            Terminal.number (Json.number name record.Settings)

        "Learning rates, λ and the mean cost of warcraft. Each candidate is trained on "
        + $"""{number "trainMaps"} maps for {number "epochs"} epochs; its score is the share of optimal paths """
        + $"""on {number "testMaps"} further maps. All of them are drawn from a key that the report does not """
        + "use. Everything else is as in warcraft."

    let private plan (request: ExperimentRequest) : Plan =
        if request.Data.IsSome then
            Input.fail "--data is given; warcraft-choice takes generated maps, of which there are always more."

        let settings = settings request
        let maps = lazy (WarcraftSettings.maps settings)

        let train =
            match settings.Source with
            | MapSource.Generated(train, _, _)
            | MapSource.Files(_, train, _, _) -> train

        {
            Settings = WarcraftSettings.json settings
            Pieces = Choice.pieces (candidates settings maps)
            Estimate =
                fun cancellation pieces ->
                    WarcraftExperiment.secondsOfMap settings cancellation
                    * float (settings.Epochs * train * pieces.Length)
        }

    /// The experiment.
    let experiment: Experiment =
        {
            Name = "warcraft-choice"
            Title = "Shortest paths on terrain maps: choice of settings"
            Summary = "chooses learning rates, λ and the mean cost of warcraft on maps of its own."
            Notes = "PIECES: METHOD/SETTINGS."
            Options = []
            Plan = plan
            Report = fun record -> Choice.report (rule record) record
        }
