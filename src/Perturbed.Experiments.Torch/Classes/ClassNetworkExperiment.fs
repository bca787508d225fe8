namespace Perturbed.Experiments.Torch

open System.IO
open TorchSharp
open Perturbed.Functional
open Perturbed.Experiments

/// The classification experiment, section 5.1 of the paper, with its network.
[<RequireQualifiedAccess>]
module ClassNetworkExperiment =

    let private loss (device: string) (loss: ClassLoss) : NetworkTraining.Loss =
        match loss with
        | ClassLoss.CrossEntropy -> fun _ theta target -> (theta.log_softmax (1L) * target).sum([| 1L |]).mean().neg()
        | ClassLoss.FenchelYoung(epsilon, samples) ->
            // On the CPU the core's solver is the faster one; elsewhere scores stay where they are.
            let operator =
                if device = "cpu" then
                    perturb (Oracle.argmax Cifar10.Classes) Noise.gaussian epsilon samples
                    |> Torch.ofSmoothed
                else
                    Torch.perturb TensorSolver.Argmax Noise.gaussian epsilon samples

            fun key theta target -> (operator |> Torch.withKey key |> Torch.fenchelYoung theta target).mean()

    let private accuracy (network: torch.nn.Module<torch.Tensor, torch.Tensor>) (set: ImageSet) : float =
        use _ = torch.no_grad ()
        let mutable right = 0L

        for indices in Array.chunkBySize 500 [| 0 .. set.Count - 1 |] do
            use _ = torch.NewDisposeScope()
            let indices = set.Indices indices
            let found = network.forward(set.Images indices).argmax 1L
            right <- right + found.eq(set.Targets(indices).argmax 1L).sum().item<int64>()

        float right / float set.Count

    let private head (count: int) (images: Cifar10Images) : Cifar10Images =
        let count = min count images.Labels.Length

        {
            Labels = Array.sub images.Labels 0 count
            Pixels = Array.sub images.Pixels 0 (count * Cifar10.ImageBytes)
        }

    // The last of the training images, of which none has trained.
    let private tail (count: int) (images: Cifar10Images) : Cifar10Images =
        let from = images.Labels.Length - count

        {
            Labels = Array.skip from images.Labels
            Pixels = Array.skip (from * Cifar10.ImageBytes) images.Pixels
        }

    let private images
        (settings: ClassSettings)
        (isValidation: bool)
        (directory: string)
        (device: torch.Device)
        : ImageSet * ImageSet =
        let read (name: string) =
            Cifar10.load (Path.Combine(directory, name))

        let pixels (images: Cifar10Images) =
            use flat =
                torch.tensor (images.Pixels, dtype = System.Nullable torch.ScalarType.Byte)

            flat.reshape (images.Labels.LongLength, 3L, 32L, 32L)

        let all = read ClassSets.files[0]

        if isValidation && settings.Train + settings.Test > all.Labels.Length then
            Input.fail
                $"--train and --test are {settings.Train} and {settings.Test}; a choice takes both from the \
                  {all.Labels.Length} training images."

        let train = head settings.Train all

        let test =
            if isValidation then
                tail settings.Test all
            else
                read ClassSets.files[1] |> head settings.Test

        use trainPixels = pixels train
        use testPixels = pixels test
        let statistics = ImageSet.statistics trainPixels

        let create (images: Cifar10Images) (pixels: torch.Tensor) =
            let targets: float32[] = Array.zeroCreate (images.Labels.Length * Cifar10.Classes)

            images.Labels
            |> Array.iteri (fun i label -> targets[i * Cifar10.Classes + int label] <- 1.0f)

            ImageSet.create pixels targets Cifar10.Classes statistics device

        create train trainPixels, create test testPixels

    /// <summary>Trains a network by a loss.</summary>
    /// <param name="options">The device.</param>
    /// <param name="settings">The settings.</param>
    /// <param name="isValidation">Whether the last training images take the place of the test images.</param>
    /// <param name="classLoss">The loss.</param>
    /// <param name="directory">Where the images are.</param>
    /// <param name="key">The key of weights, orders and noise.</param>
    /// <param name="context">Cancellation, checkpoint, progress.</param>
    /// <returns>The accuracy after each epoch and at the end.</returns>
    let train
        (options: TorchOptions)
        (settings: ClassSettings)
        (isValidation: bool)
        (classLoss: ClassLoss)
        (directory: string)
        (key: Key)
        (context: PieceContext)
        : PieceResult =
        DeviceUse.alone context.Cancellation (fun () ->
            let device = DeviceUse.find options.Device
            let trainImages, testImages = images settings isValidation directory device
            use trainImages = trainImages
            use testImages = testImages

            use network =
                NetworkTraining.network (Key.fold 0 key) device (fun () -> new ClassNetwork())

            let training =
                {
                    Epochs = settings.Epochs
                    BatchSize = settings.BatchSize
                    LearningRate = settings.LearningRate
                    Drops = []
                    Key = key
                }

            let trained =
                NetworkTraining.run context training network (loss options.Device classLoss) trainImages (fun () ->
                    [ "accuracy", Json.Number(accuracy network testImages) ])

            {
                Metrics =
                    Json.Object
                        [
                            "accuracy", Json.Number(accuracy network testImages)
                            "trainAccuracy", Json.Number(accuracy network trainImages)
                        ]
                Epochs = trained.Epochs
                EpochSeconds = trained.EpochSeconds
            })

    let private plan (options: TorchOptions) (request: ExperimentRequest) : Plan =
        // Before a directory is made or an image read.
        DeviceUse.find options.Device |> ignore
        let base' = PerturbedMaxSettings.cifar10 request.IsQuick

        let settings =
            { base' with
                Train = defaultArg options.Train base'.Train
                Test = defaultArg options.Test base'.Test
                Epochs = defaultArg options.Epochs base'.Epochs
                LearningRate = defaultArg options.LearningRate 1e-3
                Hidden = [||]
            }

        let directory = defaultArg request.Data ClassSets.directory
        let digest = ClassSets.digest directory
        let key = Key.fold 1 (Key.create request.Key)

        {
            Settings =
                Json.Object
                    [
                        settings.Name, PerturbedMaxSettings.json settings
                        "network", Json.Text "4 convolutional and 2 fully connected layers"
                        "cifar10Digest", Json.Text digest
                        "device", Json.Text options.Device
                        "libtorch", Json.Text(string torch.__version__)
                    ]
            Pieces =
                [|
                    for name, loss in PerturbedMaxSettings.losses request.IsQuick do
                        {
                            Name = $"{settings.Name}/{name}"
                            Settings = PerturbedMaxSettings.lossJson loss
                            Weight = float (settings.Epochs * settings.Train)
                            Run = train options settings false loss directory key
                        }
                |]
            // 0.16 billion operations an image and step, of which a processor core of today does some 20 billion a
            // second in such small layers.
            Estimate = fun _ pieces -> 0.008 * Array.sumBy _.Weight pieces
        }

    let private notes: string =
        $"""Trains a network of four convolutional and two fully connected layers on CIFAR-10 by the perturbed
    Fenchel-Young loss of the argmax (Gaussian noise, M = 1 and 1,000, ε over six decades) and by softmax
    cross-entropy, all from the same weights in the same order; after each epoch the accuracy on test data. --only
    'cross-entropy' --only 'M 1,' leaves the sweep with M = 1,000 out.

{TorchOptions.notes}

DATA: the binary files of CIFAR-10, {ClassSets.files[0]} and {ClassSets.files[1]}, by default in {ClassSets.directory}."""

    /// <summary>The experiment.</summary>
    /// <param name="options">Device, epochs, images.</param>
    /// <returns>The experiment.</returns>
    let create (options: TorchOptions) : Experiment =
        {
            Name = "class-network"
            Title = "Perturbed maximum with a deep network (Figure 2)"
            Summary = "classifies CIFAR-10 by a convolutional network."
            Notes = notes
            Options = TorchOptions.given options
            Plan = plan options
            Report = ClassNetworkReport.create
        }
