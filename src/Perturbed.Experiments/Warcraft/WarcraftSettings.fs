namespace Perturbed.Experiments

open Perturbed.Functional

/// Where the maps come from.
[<RequireQualifiedAccess>]
type MapSource =
    /// The generator.
    | Generated of train: int * test: int * key: Key
    /// Files train_*.npy and test_*.npy, with so many maps.
    | Files of directory: string * train: int * test: int * digest: string

/// What a network learns by.
[<RequireQualifiedAccess>]
type PathLoss =
    /// The perturbed Fenchel-Young loss.
    | FenchelYoung
    /// The Hamming loss of y*(θ) with the interpolated gradient.
    | BlackBox of lambda: float
    /// ½ ‖(y − 1) − θ‖²: no optimizer, the cost of a tile is 1 off the path and 0 on it.
    | Squared

/// Settings of the shortest-path experiment.
type WarcraftSettings =
    {
        Source: MapSource
        /// Widths of the hidden layers of the network.
        Hidden: int[]
        Epochs: int
        BatchSize: int
        LearningRate: float
        /// Parts of the epochs after which the rate falls to a tenth.
        Drops: float list
        Epsilon: float
        Samples: int
        /// The mean cost of a map's tiles under the Fenchel-Young loss: ε counts in relation to it.
        MeanCost: float
        /// What a tile counts whose cost noise has brought below 0.
        NegativeCosts: NegativeCosts
        /// The key of starts, orders and noise.
        Key: Key
    }

/// The settings of the paper where it gives them.
[<RequireQualifiedAccess>]
module WarcraftSettings =

    /// The methods with their losses and learning rates, chosen as the mean cost by warcraft-choice.
    let methods: (string * PathLoss * float) list =
        [
            "Fenchel-Young", PathLoss.FenchelYoung, 1e-2
            "black-box", PathLoss.BlackBox 1.0, 1e-2
            "squared", PathLoss.Squared, 3e-3
        ]

    /// <summary>A method's loss and learning rate as JSON.</summary>
    /// <param name="loss">The loss.</param>
    /// <param name="rate">The rate.</param>
    /// <returns>An object.</returns>
    let methodJson (loss: PathLoss) (rate: float) : Json =
        Json.Object
            [
                match loss with
                | PathLoss.FenchelYoung -> "loss", Json.Text "fenchelYoung"
                | PathLoss.BlackBox lambda ->
                    "loss", Json.Text "blackBox"
                    "lambda", Json.Number lambda
                | PathLoss.Squared -> "loss", Json.Text "squared"
                "learningRate", Json.Number rate
            ]

    /// <summary>The settings of a request: ε = 1, M = 1, batches of 70, Adam, 50 epochs with drops of the rate after
    /// 30 and 40.</summary>
    /// <param name="request">Quick or not, the key, the directory of the maps if they are not generated.</param>
    /// <returns>The settings; of files only those of costs are read.</returns>
    let ofRequest (request: ExperimentRequest) : WarcraftSettings =
        let key = Key.create request.Key
        let train, test = if request.IsQuick then 1500, 200 else 10000, 1000

        {
            Source =
                match request.Data with
                | None -> MapSource.Generated(train, test, Key.fold 0 key)
                | Some directory ->
                    let count split most =
                        let all = MapFiles.count directory split
                        if request.IsQuick then min all most else all

                    MapSource.Files(directory, count "train" train, count "test" test, MapFiles.digest directory)
            Hidden = [| 96; 24 |]
            Epochs = if request.IsQuick then 8 else 50
            BatchSize = 70
            LearningRate = 3e-3
            Drops = [ 0.6; 0.8 ]
            Epsilon = 1.0
            Samples = 1
            MeanCost = 1000.0
            NegativeCosts = NegativeCosts.ClampToZero
            Key = Key.fold 1 key
        }

    /// <summary>The training and the test maps.</summary>
    /// <param name="settings">The settings.</param>
    /// <returns>Both sets.</returns>
    let maps (settings: WarcraftSettings) : MapSet * MapSet =
        match settings.Source with
        | MapSource.Generated(train, test, key) ->
            TerrainGenerator.create train (Key.fold 0 key), TerrainGenerator.create test (Key.fold 1 key)
        | MapSource.Files(directory, train, test, _) ->
            MapFiles.load directory "train" |> MapSet.truncate train,
            MapFiles.load directory "test" |> MapSet.truncate test

    /// <summary>What decides the numbers, as JSON.</summary>
    /// <param name="settings">The settings.</param>
    /// <returns>An object.</returns>
    let json (settings: WarcraftSettings) : Json =
        let source, train, test =
            match settings.Source with
            | MapSource.Generated(train, test, _) -> "generated", train, test
            | MapSource.Files(_, train, test, digest) -> $"files {digest}", train, test

        Json.Object
            [
                "maps", Json.Text source
                "trainMaps", Json.Integer(int64 train)
                "testMaps", Json.Integer(int64 test)
                "hidden", settings.Hidden |> Seq.map (int64 >> Json.Integer) |> Json.Array
                "epochs", Json.Integer(int64 settings.Epochs)
                "batchSize", Json.Integer(int64 settings.BatchSize)
                "optimizer", Json.Text "Adam"
                "drops", settings.Drops |> Seq.map Json.Number |> Json.Array
                "epsilon", Json.Number settings.Epsilon
                "samples", Json.Integer(int64 settings.Samples)
                "meanCost", Json.Number settings.MeanCost
                "negativeCosts", Json.Text(string settings.NegativeCosts)
            ]
