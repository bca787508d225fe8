namespace Perturbed.Experiments

open Perturbed.Functional

/// Training of the tile encoder from paths.
[<RequireQualifiedAccess>]
module WarcraftTraining =

    /// <summary>The loss as the library sees it.</summary>
    /// <remarks>
    /// Noise is added. Noise that multiplies would keep costs positive, but then the loss is positively homogeneous in
    /// θ: its least value, 0, is at costs of 0, where a network whose scale is free ends.
    /// </remarks>
    /// <param name="settings">ε, M, and what negative costs do.</param>
    /// <param name="threads">Threads of the operator.</param>
    /// <param name="loss">Which one.</param>
    /// <returns>A loss of batches of θ and paths.</returns>
    let loss (settings: WarcraftSettings) (threads: int) (loss: PathLoss) : Loss =
        let oracle = TerrainGenerator.oracle settings.NegativeCosts

        match loss with
        | PathLoss.FenchelYoung ->
            perturb oracle Noise.gaussian settings.Epsilon settings.Samples
            |> Smoothed.withThreads threads
            |> Loss.fenchelYoung
        | PathLoss.BlackBox lambda -> HammingLoss.interpolated lambda oracle
        | PathLoss.Squared ->
            Loss.create (fun batch ->
                Loss.squared.Evaluate
                    { batch with
                        Targets = batch.Targets |> Array2D.map (fun y -> y - 1.0)
                    })

    /// <summary>The model that a loss trains: for losses of paths, which leave the scale of the costs open, with a
    /// fixed mean cost in each map.</summary>
    /// <param name="settings">The widths, and the mean costs.</param>
    /// <param name="threads">Threads of the network.</param>
    /// <param name="loss">The loss.</param>
    /// <param name="set">The maps.</param>
    /// <returns>A model of the set with the parameters of the tile encoder.</returns>
    let model (settings: WarcraftSettings) (threads: int) (loss: PathLoss) (set: MapSet) : Model =
        let encoder = TileEncoder.model threads settings.Hidden set

        let withMean (mean: float) =
            encoder |> Model.compose MapSet.Cells (MeanCost.fix mean)

        match loss with
        | PathLoss.FenchelYoung -> withMean settings.MeanCost
        | PathLoss.BlackBox _ -> withMean 1.0
        | PathLoss.Squared -> encoder

    /// <summary>The training as the library sees it.</summary>
    /// <param name="settings">The settings.</param>
    /// <returns>A configuration of Adam whose rate falls to a tenth at every drop.</returns>
    let config (settings: WarcraftSettings) : TrainingConfig =
        let schedule (time: float) =
            let passed =
                settings.Drops
                |> List.filter (fun drop -> time >= drop * float settings.Epochs)
                |> List.length

            settings.LearningRate * System.Math.Pow(0.1, float passed)

        Training.config settings.Epochs settings.BatchSize Optimizer.adam schedule settings.Key

    // What the pictures show of the first maps: recovered costs and the path they lead to.
    let private shown = 3

    let private scores (score: PathScore) : (string * Json) list =
        [
            "optimal", Json.Number score.Optimal
            "costRatio", Json.Number score.CostRatio
            "exact", Json.Number score.Exact
        ]

    /// <summary>Trains by one loss and scores after each epoch.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="pathLoss">The loss.</param>
    /// <param name="maps">Training and test maps.</param>
    /// <param name="context">What the piece was given.</param>
    /// <returns>Scores of the last parameters, recovered costs and paths of the first test maps, and the
    /// epochs.</returns>
    let run
        (settings: WarcraftSettings)
        (pathLoss: PathLoss)
        (maps: Lazy<MapSet * MapSet>)
        (context: PieceContext)
        : PieceResult =
        context.Report 0.0 "maps"
        let train, test = maps.Force()
        context.Cancellation.ThrowIfCancellationRequested()
        let trainModel = model settings context.Threads pathLoss train
        let testModel = model settings context.Threads pathLoss test

        let predict (parameters: float[]) =
            let theta = TileEncoder.predict testModel parameters test
            let paths = PathMetrics.paths theta
            theta, paths, PathMetrics.score test paths

        let measure (report: EpochReport) =
            let _, _, score = predict report.Parameters
            scores score

        let trained =
            ResumableTraining.run
                context
                (config settings)
                trainModel
                (loss settings context.Threads pathLoss)
                (TileEncoder.examples train)
                measure

        let theta, paths, score = predict trained.Parameters

        let examples =
            Array.init (min shown test.Count) (fun map ->
                Json.Object
                    [ "costs", Json.numbers (Array.map (~-) theta[map, *]); "path", Json.numbers paths[map, *] ])

        {
            Metrics = Json.Object(scores score @ [ "examples", Json.Array examples ])
            Epochs = trained.Epochs
            EpochSeconds = trained.EpochSeconds
        }

    /// <summary>What the maps are: the scores of colours alone, and the first test maps for the pictures.</summary>
    /// <param name="maps">Training and test maps.</param>
    /// <param name="context">What the piece was given.</param>
    /// <returns>The scores of both colour tables, and pixels, costs and paths of the first test maps.</returns>
    let describe (maps: Lazy<MapSet * MapSet>) (context: PieceContext) : PieceResult =
        context.Report 0.0 "maps"
        let train, test = maps.Force()

        let table (colour: TileColour) =
            ColourTable.theta colour train test
            |> PathMetrics.paths
            |> PathMetrics.score test
            |> fun score -> Json.Object(scores score)

        let example (map: int) =
            Json.Object
                [
                    "pixels",
                    Json.Text(System.Convert.ToBase64String(test.Pixels, map * MapSet.MapBytes, MapSet.MapBytes))
                    "costs", Json.numbers test.Costs[map, *]
                    "path", Json.numbers test.Paths[map, *]
                ]

        PieceResult.ofMetrics
            [
                "meanColour", table TileColour.Mean
                "onePixel", table TileColour.CentrePixel
                "examples", Json.Array(Array.init (min shown test.Count) example)
            ]
