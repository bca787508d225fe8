namespace Perturbed.Experiments

open Perturbed.Functional.Charts

/// Tables and charts of the clustering experiment.
[<RequireQualifiedAccess>]
module ClusteringReport =

    // The mean and its standard error over the keys.
    let private summary (values: float[]) : struct (float * float) =
        let mean = Array.average values

        let deviation =
            if values.Length < 2 then
                nan
            else
                let squares = values |> Array.sumBy (fun v -> (v - mean) ** 2.0)
                sqrt (squares / float (values.Length - 1) / float values.Length)

        struct (mean, deviation)

    let private cell (values: float[]) : string =
        let struct (mean, error) = summary values
        let percent (share: float) = Summary.decimals 1 (100.0 * share)

        if System.Double.IsNaN error then
            $"{percent mean}%%"
        else
            $"{percent mean} ± {percent error}%%"

    let private methodsOf (pieces: PieceRecord[]) (size: string) : string[] =
        match pieces[0].Metrics |> Json.get "sizes" |> Json.get size with
        | Json.Object members -> members |> Seq.map fst |> Seq.toArray
        | _ -> [||]

    let private values (pieces: PieceRecord[]) (size: string) (name: string) (score: string) : float[] =
        pieces
        |> Array.map (fun piece ->
            piece.Metrics
            |> Json.get "sizes"
            |> Json.get size
            |> Json.get name
            |> Json.number score)

    let private sizesOf (record: RunRecord) : string list =
        [
            string (int (Json.number "points" record.Settings))
            for size in Json.items "sizes" record.Settings do
                string (int (Json.toNumber size))
        ]

    let private tasksOf (record: RunRecord) : (string * PieceRecord[]) list =
        record.Pieces
        |> Array.sortBy _.Index
        |> Array.groupBy (fun piece -> piece.Name.Split('/')[0])
        |> Array.toList

    let private table (sizes: string list) (name: string, pieces: PieceRecord[]) : ReportPart =
        let rows =
            [
                for cluster in methodsOf pieces sizes.Head do
                    [
                        cluster
                        for size in sizes do
                            if Array.contains cluster (methodsOf pieces size) then
                                cell (values pieces size cluster "unmatched")
                            else
                                ""
                        cell (values pieces sizes.Head cluster "wrongPairs")
                    ]
            ]

        let columns =
            [
                "clusters of"
                for size in sizes do
                    $"error, {size} points"
                $"wrong pairs, {sizes.Head} points"
            ]

        ReportPart.Table($"Clustering, {name}; {pieces.Length} keys", columns, rows)

    let private methodBars (sizes: string list) (tasks: (string * PieceRecord[]) list) : ReportPart =
        let names = methodsOf (snd tasks.Head) sizes.Head

        let series =
            [
                for name in names do
                    let cells =
                        [|
                            for _, pieces in tasks do
                                if Array.contains name (methodsOf pieces sizes.Head) then
                                    summary (values pieces sizes.Head name "unmatched")
                                else
                                    struct (nan, nan)
                        |]

                    {
                        Name = name
                        Values = cells |> Array.map (fun struct (mean, _) -> mean)
                        Deviations = cells |> Array.map (fun struct (_, error) -> error)
                    }
            ]

        let title = $"Cluster error on test batches of {sizes.Head} images"

        let svg =
            BarChart.svg
                {
                    Title = title
                    Groups = tasks |> List.map fst
                    Y = Axis.linear "share of images outside of their class's cluster"
                    Series = series
                }

        ReportPart.Picture("clustering-error.svg", $"{title}; bars are one standard error over the keys", svg)

    let private epochs (tasks: (string * PieceRecord[]) list) : ReportPart =
        let curves =
            [
                for name, pieces in tasks do
                    Array.init pieces[0].Epochs.Length (fun epoch ->
                        let struct (mean, error) =
                            pieces
                            |> Array.map (fun p -> Json.number "validation" p.Epochs[epoch])
                            |> summary

                        float (epoch + 1), mean, error)
                    |> Curve.withErrorBars name
            ]

        let title = "Cluster error on validation images of known classes"

        let svg =
            LineChart.svg
                {
                    Title = title
                    X = Axis.linear "epoch"
                    Y = Axis.linear "share outside of the class's cluster"
                    Curves = curves
                }

        ReportPart.Picture("clustering-epochs.svg", $"{title}, forest of the encoder, by epochs", svg)

    /// <summary>The report of a record, complete or not.</summary>
    /// <param name="choices">A paragraph on the settings.</param>
    /// <param name="record">The record.</param>
    /// <returns>A table a task and two charts.</returns>
    let create (choices: ReportPart list) (record: RunRecord) : ReportPart list =
        [
            yield! choices

            match tasksOf record with
            | [] -> ()
            | tasks ->
                let sizes = sizesOf record

                for task in tasks do
                    table sizes task

                methodBars sizes tasks
                epochs tasks
        ]
