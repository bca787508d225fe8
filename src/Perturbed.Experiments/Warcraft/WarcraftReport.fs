namespace Perturbed.Experiments

open System
open System.Globalization
open Perturbed.Functional.Charts

/// Tables and pictures of the shortest-path experiment, Figures 5 and 6.
[<RequireQualifiedAccess>]
module WarcraftReport =

    /// The piece that describes the maps.
    [<Literal>]
    let mapsPiece = "maps"

    let private percent (share: float) : string =
        (100.0 * share).ToString("F1", CultureInfo.InvariantCulture) + "%"

    let private ratio (value: float) : string =
        value.ToString("F4", CultureInfo.InvariantCulture)

    let private find (name: string) (record: RunRecord) : PieceRecord option =
        record.Pieces |> Array.tryFind (fun piece -> piece.Name = name)

    let private row (name: string) (scores: Json) (time: string) : string list =
        [
            name
            percent (Json.number "optimal" scores)
            ratio (Json.number "costRatio" scores)
            percent (Json.number "exact" scores)
            time
        ]

    let private table (record: RunRecord) : ReportPart list =
        let trained =
            [
                for piece in record.Pieces do
                    if piece.Name <> mapsPiece then
                        row piece.Name piece.Metrics (Duration.text (Array.sum piece.EpochSeconds))
            ]

        let colours =
            [
                match find mapsPiece record with
                | Some maps ->
                    row "table of mean colours (told the costs)" (Json.get "meanColour" maps.Metrics) "-"
                    row "table of one pixel's colours (told the costs)" (Json.get "onePixel" maps.Metrics) "-"
                | None -> ()
            ]

        [
            ReportPart.Table(
                "Shortest paths on held-out maps",
                [ "learned by"; "optimal paths"; "cost / optimum"; "exact paths"; "training" ],
                trained @ colours
            )
        ]

    /// What is in the record of each method and of all of them.
    let private settings (record: RunRecord) : string =
        let number (name: string) =
            Terminal.number (Json.number name record.Settings)

        let ofMethod (piece: PieceRecord) =
            let lambda =
                Json.tryMember "lambda" piece.Settings
                |> Option.map (fun value -> $", λ = {Terminal.number (Json.toNumber value)}")
                |> Option.defaultValue ""

            Json.tryMember "learningRate" piece.Settings
            |> Option.map (fun rate -> $"{piece.Name} {Terminal.number (Json.toNumber rate)}{lambda}")

        let rates = record.Pieces |> Array.choose ofMethod |> String.concat "; "

        $"""{number "trainMaps"} training and {number "testMaps"} test maps """
        + $"""({Json.string "maps" record.Settings}); a perceptron on each tile with hidden layers """
        + $"""{Json.text (Json.get "hidden" record.Settings)}; {number "epochs"} epochs of Adam in batches of """
        + $"""{number "batchSize"}, the rate falling to a tenth after each of the parts """
        + $"""{Json.text (Json.get "drops" record.Settings)} of the epochs; ε = {number "epsilon"}, M = """
        + $"""{number "samples"}, costs of mean {number "meanCost"} in each map under the Fenchel-Young loss """
        + $"""and of mean 1 under the black-box gradient. Learning rates: {rates}. """

    /// How the open settings were chosen.
    let choices (record: RunRecord) : string =
        settings record
        + "Learning rates, λ and the mean cost were taken by warcraft-choice on maps of their own. The network's \
            head and the maps' generator were settled before, on maps of other keys."

    let private curves (file: string) (title: string) (axis: Axis) (metric: Json -> float) (record: RunRecord) =
        let curve (piece: PieceRecord) =
            piece.Epochs
            |> Array.map (fun epoch -> 1.0 + Json.number "epoch" epoch, metric epoch)
            |> Curve.through piece.Name

        let drawn =
            record.Pieces
            |> Array.filter (fun piece -> piece.Epochs.Length > 0)
            |> Array.map curve
            |> Array.toList

        if drawn.IsEmpty then
            []
        else
            let svg =
                LineChart.svg
                    {
                        Title = title
                        X = Axis.linear "epoch"
                        Y = axis
                        Curves = drawn
                    }

            [ ReportPart.Picture(file, title, svg) ]

    let private numbers (name: string) (json: Json) : float[] =
        Json.items name json |> Array.map Json.toNumber

    let private grid (values: float[]) : float[,] =
        Array2D.init MapSet.Tiles MapSet.Tiles (fun r c -> values[r * MapSet.Tiles + c])

    let private cells = MapSet.Tiles, MapSet.Tiles

    // One row of pictures a map: the picture, the true costs, and the recovered ones of every method, each with its
    // path.
    let private maps (record: RunRecord) : ReportPart list =
        match find mapsPiece record with
        | None -> []
        | Some described ->
            let methods =
                record.Pieces
                |> Array.filter (fun piece -> piece.Epochs.Length > 0)
                |> Array.toList

            let path (name: string) (json: Json) : MapPath =
                {
                    Name = name
                    Cells = PathCells.ofIndicator (numbers "path" json)
                }

            Json.items "examples" described.Metrics
            |> Array.mapi (fun map truth ->
                let shortest = path "shortest path" truth

                let trueCosts = numbers "costs" truth

                // Losses of paths leave the scale of costs open: every map of costs has the mean of the true ones.
                let comparable (costs: float[]) =
                    let mean = Array.average costs

                    if mean > 0.0 then
                        costs |> Array.map (fun cost -> cost * Array.average trueCosts / mean)
                    else
                        costs

                let recovered =
                    [
                        for piece in methods do
                            let example = (Json.items "examples" piece.Metrics)[map]

                            {
                                Title = $"costs by {piece.Name}"
                                Cells = cells
                                Ground = MapGround.Values("cost", grid (comparable (numbers "costs" example)))
                                Paths = [ shortest; path "predicted path" example ]
                            }
                    ]

                let pixels = Convert.FromBase64String(Json.string "pixels" truth)

                let panels =
                    [
                        {
                            Title = "map"
                            Cells = cells
                            Ground = MapGround.Pixels(MapSet.Side, MapSet.Side, pixels)
                            Paths = []
                        }
                        {
                            Title = "true costs"
                            Cells = cells
                            Ground = MapGround.Values("cost", grid trueCosts)
                            Paths = [ shortest ]
                        }
                    ]
                    @ recovered

                let title =
                    $"Test map {map}: true and recovered costs (scaled to one mean), shortest and predicted paths"

                ReportPart.Picture($"warcraft-map-{map}.svg", title, MapChart.svg title panels))
            |> Array.toList

    /// <summary>The report of a record, complete or not.</summary>
    /// <param name="choices">The settings, and how they were chosen.</param>
    /// <param name="record">The record.</param>
    /// <returns>What was chosen how, a table, two charts against epochs and pictures of maps.</returns>
    let create (choices: string) (record: RunRecord) : ReportPart list =
        let optimal = Axis.linear "share of optimal paths" |> Axis.between 0.0 1.0

        [ ReportPart.Paragraph choices ]
        @ table record
        @ curves "warcraft-optimal.svg" "Optimal paths on held-out maps" optimal (Json.number "optimal") record
        // What is above the optimum: of ratios near 1 no axis shows the differences.
        @ curves
            "warcraft-cost-ratio.svg"
            "Cost of predicted paths above the optimum, held-out maps"
            (Axis.logarithmic "cost / optimum − 1")
            (fun epoch -> Json.number "costRatio" epoch - 1.0)
            record
        @ maps record
