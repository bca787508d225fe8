namespace Perturbed.Experiments.Torch

open TorchSharp
open Perturbed.Functional
open Perturbed.Experiments

/// Settings of the shortest-path experiment with a deep network.
type PathNetworkSettings =
    {
        Source: WarcraftSettings
        Training: NetworkTrainingSettings
        Device: string
    }

/// The settings of the paper where it gives them.
[<RequireQualifiedAccess>]
module PathNetworkSettings =

    /// <summary>The settings of a request: batches of 70, Adam, 50 epochs with drops of the rate after three and four
    /// fifths of them.</summary>
    /// <param name="options">Device, and other numbers of epochs and maps.</param>
    /// <param name="request">Quick or not, the key, the directory of the maps if they are not generated.</param>
    /// <returns>The settings.</returns>
    let ofRequest (options: TorchOptions) (request: ExperimentRequest) : PathNetworkSettings =
        let source = WarcraftSettings.ofRequest request
        let quick, full = (if request.IsQuick then fst else snd), id

        let sized =
            match source.Source with
            | MapSource.Generated(train, test, key) ->
                let train = if request.IsQuick then 420 else train
                MapSource.Generated(defaultArg options.Train train, defaultArg options.Test test, key)
            | MapSource.Files(directory, train, test, digest) ->
                MapSource.Files(
                    directory,
                    min train (defaultArg options.Train train),
                    min test (defaultArg options.Test test),
                    digest
                )

        let epochs = defaultArg options.Epochs (quick (3, 50)) |> full

        {
            Source =
                { source with
                    Source = sized
                    Epochs = epochs
                }
            Training =
                {
                    Epochs = epochs
                    BatchSize = source.BatchSize
                    LearningRate = defaultArg options.LearningRate 5e-3
                    Drops = source.Drops |> List.map (fun drop -> int (ceil (drop * float epochs)))
                    Key = Key.fold 2 (Key.create request.Key)
                }
            Device = options.Device
        }

    /// <summary>What decides the numbers, as JSON.</summary>
    /// <param name="settings">The settings.</param>
    /// <returns>An object.</returns>
    let json (settings: PathNetworkSettings) : Json =
        let source, train, test =
            match settings.Source.Source with
            | MapSource.Generated(train, test, _) -> "generated", train, test
            | MapSource.Files(_, train, test, digest) -> $"files {digest}", train, test

        Json.Object
            [
                "maps", Json.Text source
                "trainMaps", Json.Integer(int64 train)
                "testMaps", Json.Integer(int64 test)
                "network", Json.Text "first five layers of ResNet18"
                "epochs", Json.Integer(int64 settings.Training.Epochs)
                "batchSize", Json.Integer(int64 settings.Training.BatchSize)
                "optimizer", Json.Text "Adam"
                "learningRate", Json.Number settings.Training.LearningRate
                "drops", settings.Training.Drops |> Seq.map (int64 >> Json.Integer) |> Json.Array
                "epsilon", Json.Number settings.Source.Epsilon
                "samples", Json.Integer(int64 settings.Source.Samples)
                "meanCost", Json.Number settings.Source.MeanCost
                "device", Json.Text settings.Device
                "libtorch", Json.Text(string torch.__version__)
            ]

    // Bytes as tensors take them: channels before pixels.
    let private pixels (set: MapSet) : torch.Tensor =
        use _ = torch.NewDisposeScope()
        let side = int64 MapSet.Side

        torch
            .tensor(set.Pixels, dtype = System.Nullable torch.ScalarType.Byte)
            .reshape(int64 set.Count, side, side, 3L)
            .permute(0L, 3L, 1L, 2L)
            .contiguous()
            .MoveToOuterDisposeScope()

    /// <summary>Both sets of maps on the device, standardised by the first.</summary>
    /// <param name="train">Maps to learn from.</param>
    /// <param name="test">Maps to be tested on.</param>
    /// <param name="device">Where to.</param>
    /// <returns>Both sets.</returns>
    let images (train: MapSet) (test: MapSet) (device: torch.Device) : ImageSet * ImageSet =
        use trainPixels = pixels train
        use testPixels = pixels test
        let statistics = ImageSet.statistics trainPixels

        let create (set: MapSet) (pixels: torch.Tensor) =
            let paths = set.Paths |> Seq.cast<float> |> Seq.map float32 |> Array.ofSeq
            ImageSet.create pixels paths MapSet.Cells statistics device

        create train trainPixels, create test testPixels
