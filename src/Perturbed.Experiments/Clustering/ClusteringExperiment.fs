namespace Perturbed.Experiments

open System.IO
open System.Threading
open Perturbed.Functional

/// Differentiable clustering of Fashion-MNIST from must-link and cannot-link constraints.
[<RequireQualifiedAccess>]
module ClusteringExperiment =

    /// <summary>Both files of the directory, or an error that says how to name another one.</summary>
    /// <param name="settings">The settings.</param>
    /// <returns>The training and the test file, read when they are needed.</returns>
    /// <exception cref="T:Perturbed.Experiments.InputException">The directory is not there.</exception>
    let sets (settings: ClusteringSettings) : Lazy<LabelledImages * LabelledImages> =
        if not (Directory.Exists settings.Directory) then
            Input.fail
                $"There is no directory {settings.Directory}; --data DIRECTORY names that of Fashion-MNIST's four idx files."

        lazy (FashionImages.load settings.Directory "train", FashionImages.load settings.Directory "t10k")

    /// <summary>Seconds of one thread for a step, from those of two epochs of a few batches.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="sets">The images.</param>
    /// <param name="cancellation">Ends the timing.</param>
    /// <returns>Seconds.</returns>
    let secondsOfStep
        (settings: ClusteringSettings)
        (sets: Lazy<LabelledImages * LabelledImages>)
        (cancellation: CancellationToken)
        : float =
        let few = { settings with Batches = 10 }
        let images = fst (sets.Force())
        let known = LinkedBatches.known few ClusterTask.AllLabels (Key.create 0UL) images
        let examples, restricted = LinkedBatches.training few known (Key.create 0UL) images
        let network = ImageEncoder.network 1 few.Hidden few.Dimension

        let config =
            { Training.config 2 1 Optimizer.adam (Schedule.constant 1e-3) (Key.create 0UL) with
                Cancellation = cancellation
            }

        let trained =
            examples
            |> Training.run
                config
                (ImageEncoder.pairs (Graph.Complete few.Points) images network)
                (ClusteringTraining.loss few 1 FashionImages.Classes restricted)

        match Array.tryLast trained.History with
        | Some epoch -> epoch.Seconds / 10.0
        | None -> 0.0

    let private plan (request: ExperimentRequest) : Plan =
        let settings = ClusteringSettings.ofRequest request
        let sets = sets settings
        let steps = float (settings.Batches * settings.Epochs)

        let pieces =
            [|
                for key in 0 .. settings.Keys - 1 do
                    for name, task in ClusteringSettings.tasks request.IsQuick do
                        {
                            Name = $"{name}/key {key}"
                            Settings = ClusteringSettings.taskJson task
                            Weight = steps
                            Run = ClusteringTraining.run settings task (Key.create request.Key |> Key.fold key) sets
                        }
            |]

        {
            Settings = ClusteringSettings.json settings
            Pieces = pieces
            // Cross-entropy and the scores take about as long as the encoder.
            Estimate =
                fun cancellation pieces -> 2.0 * secondsOfStep settings sets cancellation * Array.sumBy _.Weight pieces
        }

    let private notes: string =
        """Trains a perceptron on images of Fashion-MNIST by must-link and cannot-link constraints alone: θ of two images is
    minus the squared distance of their points, the clusters are the trees of the best forest of k trees, and the loss
    is the partial Fenchel-Young loss between all forests and those that obey the constraints (Stewart et al. 2023).
    Tasks: the classes of all training images known, of 100 or 10 images a class, and three classes absent from
    training. Scored on test images: the forest and k-means on the encoder's points, a linear probe on them, the same
    perceptron under cross-entropy, and single linkage and k-means on pixels.

DATA: --data DIRECTORY has train-images-idx3-ubyte.gz, train-labels-idx1-ubyte.gz and the same for t10k. Of the
    training file the first 18,000 images train and the next 2,000 validate."""

    let private choices (record: RunRecord) : ReportPart list =
        let number (name: string) =
            Terminal.number (Json.number name record.Settings)

        [
            ReportPart.Paragraph(
                $"""The encoder is a perceptron from 784 pixels to {number "dimension"} numbers, with the hidden layers """
                + $"""{Json.text (Json.get "hidden" record.Settings)}, trained by Adam for {number "epochs"} epochs of """
                + $"""{number "batches"} batches of {number "points"} images; ε = {number "epsilon"}, M = """
                + $"""{number "samples"}, Gaussian noise. Its rate, {number "learningRate"}, ε, and the rate of """
                + $"""cross-entropy, {number "classRate"}, are those of clustering-choice, on validation images. An """
                + "error is the share of the images of a test batch outside of the cluster that the best matching \
                   gives their class; ± is one standard error over the keys, each of which draws its own labelled \
                   images, batches, starts and noise."
            )
        ]

    /// The experiment.
    let experiment: Experiment =
        {
            Name = "clustering"
            Title = "Clustering from constraints (Stewart et al. 2023)"
            Summary = "learns to cluster images from must-link and cannot-link constraints."
            Notes = notes
            Options = []
            Plan = plan
            Report = fun record -> ClusteringReport.create (choices record) record
        }
