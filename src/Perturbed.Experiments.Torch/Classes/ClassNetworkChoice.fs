namespace Perturbed.Experiments.Torch

open Perturbed.Functional
open Perturbed.Experiments

/// The experiment `class-network-choice`: the learning rate of `class-network`.
[<RequireQualifiedAccess>]
module ClassNetworkChoice =

    let private rates = [ 1e-4; 3e-4; 1e-3; 3e-3 ]

    // A fold of the key that no training of a report uses.
    let private fold = 1000

    let private plan (options: TorchOptions) (request: ExperimentRequest) : Plan =
        DeviceUse.find options.Device |> ignore
        let all = PerturbedMaxSettings.cifar10 request.IsQuick

        // Eight tenths of the training images train, two tenths score.
        let settings =
            { all with
                Train = defaultArg options.Train (all.Train * 8 / 10)
                Test = defaultArg options.Test (all.Train * 2 / 10)
                Epochs = defaultArg options.Epochs all.Epochs
                Hidden = [||]
            }

        let directory = defaultArg request.Data ClassSets.directory
        let digest = ClassSets.digest directory
        let key = Key.create request.Key |> Key.fold fold

        let candidates =
            [
                for rate in rates do
                    {
                        Method = settings.Name
                        Settings = [ "learningRate", rate ]
                        Cost = float (settings.Epochs * settings.Train)
                        Score =
                            fun context ->
                                let settings = { settings with LearningRate = rate }

                                ClassNetworkExperiment.train
                                    options
                                    settings
                                    true
                                    ClassLoss.CrossEntropy
                                    directory
                                    key
                                    context
                                |> fun result -> Json.number "accuracy" result.Metrics
                    }
            ]

        {
            Settings =
                Json.Object
                    [
                        settings.Name, PerturbedMaxSettings.json settings
                        "cifar10Digest", Json.Text digest
                        "device", Json.Text options.Device
                        "libtorch", Json.Text(string TorchSharp.torch.__version__)
                    ]
            Pieces = Choice.pieces candidates
            Estimate = fun _ pieces -> 0.008 * Array.sumBy _.Weight pieces
        }

    let private rule =
        "The learning rate of class-network. Each candidate is trained by cross-entropy, the baseline, on the first \
          images of the training file; its score is the accuracy on the last ones, of which none has trained. Test \
          images are not read. Everything else is as in class-network."

    /// <summary>The experiment.</summary>
    /// <param name="options">Device, epochs, images.</param>
    /// <returns>The experiment.</returns>
    let create (options: TorchOptions) : Experiment =
        {
            Name = "class-network-choice"
            Title = "Perturbed maximum with a deep network: choice of settings"
            Summary = "chooses the learning rate of class-network on validation images."
            Notes =
                $"PIECES: SET/SETTINGS. DATA: as class-network, of which the training file alone is read.\n\n{TorchOptions.notes}"
            Options = TorchOptions.given options
            Plan = plan options
            Report = Choice.report rule
        }
