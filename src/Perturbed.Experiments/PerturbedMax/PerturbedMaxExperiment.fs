namespace Perturbed.Experiments

open System.IO
open System.Threading
open Perturbed.Functional

/// The classification experiment, section 5.1 of the paper, with a multilayer perceptron.
[<RequireQualifiedAccess>]
module PerturbedMaxExperiment =

    /// <summary>Seconds of one thread for an example and an epoch: the last of three epochs on a few, when the run
    /// time has compiled most of it.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="features">Inputs.</param>
    /// <param name="loss">The loss.</param>
    /// <param name="cancellation">Ends the timing.</param>
    /// <returns>Seconds.</returns>
    let secondsOfExample
        (settings: ClassSettings)
        (features: int)
        (loss: ClassLoss)
        (cancellation: CancellationToken)
        : float =
        let few = 4 * settings.BatchSize
        let key = Key.create 0UL
        let drawn = Noise.gaussian |> Noise.sample features few key
        let targets = (GeneratedClasses.create few 0 key).Targets

        let set =
            {
                Train = Examples.create drawn targets
                Test = Examples.create drawn targets
            }

        let config =
            { PerturbedMaxTraining.config { settings with Epochs = 3 } key with
                Cancellation = cancellation
            }

        let trained =
            set.Train
            |> Training.run config (PerturbedMaxTraining.model settings 1 set) (PerturbedMaxTraining.loss 1 loss)

        match Array.tryLast trained.History with
        | Some epoch -> epoch.Seconds / float few
        | None -> 0.0

    /// <summary>The inputs of a set.</summary>
    /// <param name="settings">Its settings.</param>
    /// <returns>How many.</returns>
    let features (settings: ClassSettings) : int =
        if settings.Name = "generated" then
            GeneratedClasses.Dimension
        else
            Cifar10.ImageBytes

    let private pieces
        (isQuick: bool)
        (key: Key)
        (settings: ClassSettings, set: Lazy<ClassSet>)
        : (Piece * ClassSettings * ClassLoss)[] =
        [|
            for name, loss in PerturbedMaxSettings.losses isQuick do
                let draws =
                    match loss with
                    | ClassLoss.FenchelYoung(_, samples) -> samples
                    | ClassLoss.CrossEntropy -> 0

                let piece =
                    {
                        Name = $"{settings.Name}/{name}"
                        Settings = PerturbedMaxSettings.lossJson loss
                        // A thousand draws cost about what a thousand features do.
                        Weight = float (settings.Epochs * settings.Train) * float (features settings + draws)
                        Run = PerturbedMaxTraining.run settings loss key set
                    }

                piece, settings, loss
        |]

    let private plan (request: ExperimentRequest) : Plan =
        let key = Key.create request.Key
        let isQuick = request.IsQuick
        let generated = PerturbedMaxSettings.generated isQuick
        let cifar = PerturbedMaxSettings.cifar10 isQuick
        let directory = defaultArg request.Data ClassSets.directory

        // A directory that the user names must have the files; without one the default may be absent.
        let isThere = request.Data.IsSome || Directory.Exists directory

        let sets =
            [
                if isThere then
                    cifar, lazy (ClassSets.cifar10 cifar.Train cifar.Test directory)
                generated, lazy (ClassSets.generated generated.Train generated.Test (Key.fold 0 key))
            ]

        let planned = sets |> Seq.collect (pieces isQuick (Key.fold 1 key)) |> Seq.toArray

        let estimate (cancellation: CancellationToken) (waiting: Piece[]) =
            planned
            |> Array.filter (fun (piece, _, _) -> waiting |> Array.exists (fun w -> w.Name = piece.Name))
            |> Array.groupBy (fun (_, settings, loss) ->
                settings,
                match loss with
                | ClassLoss.CrossEntropy -> 0
                | ClassLoss.FenchelYoung(_, samples) -> samples)
            |> Array.sumBy (fun (_, group) ->
                let _, settings, loss = group[0]
                let each = secondsOfExample settings (features settings) loss cancellation
                each * float (settings.Epochs * settings.Train * group.Length))

        {
            Settings =
                Json.Object
                    [
                        for settings, _ in sets do
                            settings.Name, PerturbedMaxSettings.json settings
                        "cifar10Digest",
                        (if isThere then
                             Json.Text(ClassSets.digest directory)
                         else
                             Json.Null)
                    ]
            Pieces = planned |> Array.map (fun (piece, _, _) -> piece)
            Estimate = estimate
        }

    let private notes: string =
        $"""Trains a multilayer perceptron on ten classes by the perturbed Fenchel-Young loss of the argmax (Gaussian
    noise, M = 1 and 1,000, ε over six decades) and by softmax cross-entropy, all from the same start in the same
    order; after each epoch the accuracy on test data.

DATA: the binary files of CIFAR-10, {ClassSets.files[0]} and {ClassSets.files[1]} (10,000 and 2,000 images), by
    default in {ClassSets.directory}; without that directory only the generated set is learned."""

    /// The experiment.
    let experiment: Experiment =
        {
            Name = "perturbed-max"
            Title = "Perturbed maximum (Figure 2)"
            Summary = "classifies with the perturbed Fenchel-Young loss and with cross-entropy."
            Notes = notes
            Options = []
            Plan = plan
            Report = fun record -> PerturbedMaxReport.create (PerturbedMaxReport.choices record) record
        }
