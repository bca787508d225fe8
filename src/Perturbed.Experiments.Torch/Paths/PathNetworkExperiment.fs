namespace Perturbed.Experiments.Torch

open System.Threading
open TorchSharp
open Perturbed.Functional
open Perturbed.Experiments

/// The shortest-path experiment, section 5.3 of the paper, with its network.
[<RequireQualifiedAccess>]
module PathNetworkExperiment =

    // λ of Vlastelica et al. (ICLR 2020) for these maps.
    let private lambda = 20.0

    let private methods: (string * PathLoss * Json) list =
        [
            "Fenchel-Young", PathLoss.FenchelYoung, Json.Text "fenchelYoung"
            "black-box", PathLoss.BlackBox lambda, Json.Text "blackBox"
            "squared", PathLoss.Squared, Json.Text "squared"
        ]

    // What the pictures show of the first maps.
    let private shown = 3

    // θ of every map, in evaluation.
    let private predict (network: torch.nn.Module<torch.Tensor, torch.Tensor>) (set: ImageSet) : float[,] =
        use _ = torch.no_grad ()

        let parts =
            [|
                for indices in Array.chunkBySize 100 [| 0 .. set.Count - 1 |] do
                    use _ = torch.NewDisposeScope()
                    PathLosses.values (network.forward (set.Images(set.Indices indices)))
            |]

        Array2D.init set.Count MapSet.Cells (fun r c -> parts[r / 100][r % 100, c])

    let private scores (score: PathScore) : (string * Json) list =
        [
            "optimal", Json.Number score.Optimal
            "costRatio", Json.Number score.CostRatio
            "exact", Json.Number score.Exact
        ]

    /// <summary>Trains a network by a loss.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="loss">The loss.</param>
    /// <param name="maps">Maps to learn from and to be tested on.</param>
    /// <param name="context">Cancellation, checkpoint, progress.</param>
    /// <returns>Scores of the test maps after each epoch and at the end, with a few pictures.</returns>
    let train
        (settings: PathNetworkSettings)
        (loss: PathLoss)
        (maps: Lazy<MapSet * MapSet>)
        (context: PieceContext)
        : PieceResult =
        DeviceUse.alone context.Cancellation (fun () ->
            context.Report 0.0 "maps"
            let train, test = maps.Force()
            let device = DeviceUse.find settings.Device
            let trainImages, testImages = PathNetworkSettings.images train test device
            use trainImages = trainImages
            use testImages = testImages

            use network =
                NetworkTraining.network (Key.fold 0 settings.Training.Key) device (fun () ->
                    new TileNetwork(PathLosses.meanCost settings.Source loss))

            let answer () =
                let theta = predict network testImages
                let paths = PathMetrics.paths theta
                theta, paths, PathMetrics.score test paths

            let trained =
                NetworkTraining.run
                    context
                    settings.Training
                    network
                    (PathLosses.create settings.Source loss)
                    trainImages
                    (fun () ->
                        let _, _, score = answer ()
                        scores score)

            let theta, paths, score = answer ()

            let examples =
                Array.init (min shown test.Count) (fun map ->
                    Json.Object
                        [ "costs", Json.numbers (Array.map (~-) theta[map, *]); "path", Json.numbers paths[map, *] ])

            {
                Metrics = Json.Object(scores score @ [ "examples", Json.Array examples ])
                Epochs = trained.Epochs
                EpochSeconds = trained.EpochSeconds
            })

    // Seconds a map and an epoch, from the third and last of three epochs over two batches.
    let private secondsOfMap (settings: PathNetworkSettings) (cancellation: CancellationToken) : float =
        DeviceUse.alone cancellation (fun () ->
            let few =
                TerrainGenerator.create (2 * settings.Training.BatchSize) settings.Training.Key

            let device = DeviceUse.find settings.Device
            let images, tests = PathNetworkSettings.images few few device
            use images = images
            (tests :> System.IDisposable).Dispose()

            use network =
                NetworkTraining.network settings.Training.Key device (fun () -> new TileNetwork(ValueNone))

            let context =
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

            let trained =
                NetworkTraining.run
                    context
                    { settings.Training with Epochs = 3 }
                    network
                    (PathLosses.create settings.Source PathLoss.Squared)
                    images
                    (fun () -> [])

            Array.last trained.EpochSeconds / float few.Count)

    // Seconds of an epoch of a piece on all threads: one at a time has the whole device, however many there are.
    let private secondsOf (settings: PathNetworkSettings) (cancellation: CancellationToken) (maps: float) : float =
        float System.Environment.ProcessorCount
        * secondsOfMap settings cancellation
        * maps

    let private trainMaps (settings: PathNetworkSettings) : int =
        match settings.Source.Source with
        | MapSource.Generated(train, _, _)
        | MapSource.Files(_, train, _, _) -> train

    /// <summary>The cost of an epoch.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="cancellation">Stops the measurement.</param>
    /// <returns>Seconds, as estimates of plans count them.</returns>
    let estimate (settings: PathNetworkSettings) (cancellation: CancellationToken) : float =
        secondsOf settings cancellation (float (trainMaps settings))

    let private plan (options: TorchOptions) (request: ExperimentRequest) : Plan =
        // Before a directory is made or a map drawn.
        DeviceUse.find options.Device |> ignore
        let settings = PathNetworkSettings.ofRequest options request

        let count = trainMaps settings
        let maps = lazy (WarcraftSettings.maps settings.Source)

        {
            Settings = PathNetworkSettings.json settings
            Pieces =
                [|
                    {
                        Name = WarcraftReport.mapsPiece
                        Settings = Json.Object []
                        Weight = float count
                        Run = WarcraftTraining.describe maps
                    }
                    for name, loss, json in methods do
                        {
                            Name = name
                            Settings = Json.Object [ "loss", json ]
                            Weight = float (settings.Training.Epochs * count)
                            Run = train settings loss maps
                        }
                |]
            Estimate = fun cancellation pieces -> secondsOf settings cancellation (Array.sumBy _.Weight pieces)
        }

    let private notes: string =
        $"""Learns the costs of 12 × 12 tiles of terrain maps from shortest paths alone, by the first five layers of
    ResNet18 on whole maps: the perturbed Fenchel-Young loss (ε = 1, M = 1, batches of 70, Adam), the black-box
    gradient of Vlastelica et al. with λ = {lambda}, and the squared loss on path indicators without an optimizer.
    After each epoch: the share of test maps whose path is as cheap as the shortest, and its cost over the optimum.

{TorchOptions.notes}

DATA: maps are generated, 10,000 and 1,000; --data DIRECTORY reads the public set's files instead, as the experiment
    without networks does."""

    /// <summary>The experiment.</summary>
    /// <param name="options">Device, epochs, maps.</param>
    /// <returns>The experiment.</returns>
    let create (options: TorchOptions) : Experiment =
        {
            Name = "warcraft-network"
            Title = "Shortest paths on terrain maps with a deep network (Figure 6)"
            Summary = "learns the costs of terrain from shortest paths by layers of ResNet18."
            Notes = notes
            Options = TorchOptions.given options
            Plan = plan options
            Report = PathNetworkReport.create
        }
