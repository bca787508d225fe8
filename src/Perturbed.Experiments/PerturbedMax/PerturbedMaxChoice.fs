namespace Perturbed.Experiments

open System.IO
open Perturbed.Functional

/// The experiment `perturbed-max-choice`: the learning rates of `perturbed-max`.
[<RequireQualifiedAccess>]
module PerturbedMaxChoice =

    let private rates = [ 1e-4; 3e-4; 1e-3; 3e-3 ]

    // A fold of the key that neither data nor training of a report use.
    let private fold = 1000

    // Eight tenths of the training examples train, two tenths score.
    let private split (settings: ClassSettings) : ClassSettings =
        { settings with
            Train = settings.Train * 8 / 10
            Test = settings.Train * 2 / 10
        }

    let private plan (request: ExperimentRequest) : Plan =
        let key = Key.create request.Key |> Key.fold fold
        let directory = defaultArg request.Data ClassSets.directory
        let isThere = request.Data.IsSome || Directory.Exists directory
        let cifar = split (PerturbedMaxSettings.cifar10 request.IsQuick)
        let generated = split (PerturbedMaxSettings.generated request.IsQuick)

        let sets =
            [
                if isThere then
                    cifar, lazy (ClassSets.cifar10Validation cifar.Train cifar.Test directory)
                generated, lazy (ClassSets.generated generated.Train generated.Test (Key.fold 0 key))
            ]

        let candidates =
            [
                for settings, set in sets do
                    for rate in rates do
                        {
                            Method = settings.Name
                            Settings = [ "learningRate", rate ]
                            Cost = float (settings.Epochs * settings.Train * PerturbedMaxExperiment.features settings)
                            Score =
                                fun context ->
                                    let settings = { settings with LearningRate = rate }

                                    PerturbedMaxTraining.run
                                        settings
                                        ClassLoss.CrossEntropy
                                        (Key.fold 1 key)
                                        set
                                        context
                                    |> fun result -> Json.number "accuracy" result.Metrics
                        }
            ]

        let estimate cancellation (pieces: Piece[]) =
            sets
            |> List.sumBy (fun (settings, _) ->
                let count =
                    pieces
                    |> Array.filter _.Name.StartsWith(settings.Name, System.StringComparison.Ordinal)
                    |> Array.length

                let each =
                    PerturbedMaxExperiment.secondsOfExample
                        settings
                        (PerturbedMaxExperiment.features settings)
                        ClassLoss.CrossEntropy
                        cancellation

                each * float (settings.Epochs * settings.Train * count))

        {
            Settings = Json.Object [ for settings, _ in sets -> settings.Name, PerturbedMaxSettings.json settings ]
            Pieces = Choice.pieces candidates
            Estimate = estimate
        }

    let private rule =
        "The learning rate of each set of perturbed-max. Each candidate is trained by cross-entropy, the baseline, \
          on eight tenths of as many training examples; its score is the accuracy "
        + "on the other two tenths (CIFAR-10: images of the training file; generated: examples of a key that the \
            report does not use). Everything else is as in perturbed-max."

    /// The experiment.
    let experiment: Experiment =
        {
            Name = "perturbed-max-choice"
            Title = "Perturbed maximum: choice of settings"
            Summary = "chooses the learning rates of perturbed-max on validation data."
            Notes = "PIECES: SET/SETTINGS. DATA: as perturbed-max; of CIFAR-10 the training file alone."
            Options = []
            Plan = plan
            Report = Choice.report rule
        }
