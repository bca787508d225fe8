namespace Perturbed.Experiments

open System.Globalization
open Perturbed.Functional.Charts

/// Tables and pictures of learning preferences.
[<RequireQualifiedAccess>]
module PreferencesReport =

    let private decimals (digits: int) (value: float) : string =
        value.ToString($"F{digits}", CultureInfo.InvariantCulture)

    let private numbers (name: string) (json: Json) : float[] =
        Json.items name json |> Array.map Json.toNumber

    let private casesOf (record: RunRecord) : (string * float[] * string[]) list =
        [
            for case in Json.items "cases" record.Settings do
                let features =
                    Json.items "features" case
                    |> Array.map (fun item ->
                        match item with
                        | Json.Text text -> text
                        | _ -> "")

                Json.string "name" case, numbers "truth" case, features
        ]

    let private sizes (record: RunRecord) : float[] = numbers "sizes" record.Settings

    // The pieces of a case, n and method: one a key.
    let private cell (record: RunRecord) (case: string) (n: float) (method: string) : PieceRecord[] =
        record
        |> Record.piecesOf $"{case}/n {n}/"
        |> Array.filter (fun piece -> Json.string "method" piece.Settings = method)

    let private methods (record: RunRecord) (case: string) : string list =
        record
        |> Record.piecesOf $"{case}/"
        |> Seq.map (fun piece -> Json.string "method" piece.Settings)
        |> Seq.distinct
        |> Seq.toList

    let private length (v: float[]) : float = sqrt (Array.sumBy (fun x -> x * x) v)

    let private distance (a: float[]) (b: float[]) : float = length (Array.map2 (-) a b)

    // √ of the mean of squares over keys, and its standard error by the delta method.
    let private rootMeanSquare (errors: float[]) : float * float =
        let squares = errors |> Array.map (fun e -> e * e)
        let mean = Array.average squares
        let n = float squares.Length

        if squares.Length < 2 || mean = 0.0 then
            sqrt mean, nan
        else
            let variance = (squares |> Array.sumBy (fun s -> (s - mean) ** 2.0)) / (n - 1.0)
            sqrt mean, sqrt (variance / n) / (2.0 * sqrt mean)

    let private errors (truth: float[]) (pieces: PieceRecord[]) : float * float =
        pieces
        |> Array.map (fun piece -> distance truth (numbers "weights" piece.Metrics))
        |> rootMeanSquare

    // Between the weights scaled to length 1: decisions alone do not tell the scale where the noise's is not known.
    let private directions (truth: float[]) (pieces: PieceRecord[]) : float * float =
        let unit (v: float[]) = v |> Array.map (fun x -> x / length v)

        pieces
        |> Array.map (fun piece -> distance (unit truth) (unit (numbers "weights" piece.Metrics)))
        |> rootMeanSquare

    let private plusMinus (value: float, error: float) : string =
        if System.Double.IsNaN error then
            decimals 3 value
        else
            $"{decimals 3 value} ± {decimals 3 error}"

    // The share of 95 % intervals that hold the truth, of how many.
    let private coverage (truth: float[]) (pieces: PieceRecord[]) : string =
        let hits =
            [|
                for piece in pieces do
                    let weights = numbers "weights" piece.Metrics
                    let errors = numbers "standardErrors" piece.Metrics

                    for i in 0 .. errors.Length - 1 do
                        if abs (weights[i] - truth[i]) <= 1.959964 * errors[i] then
                            1.0
                        else
                            0.0
            |]

        if hits.Length = 0 then
            "-"
        else
            $"{decimals 0 (Array.sum hits)} of {hits.Length}"

    let private table (record: RunRecord) (case: string, truth: float[], _: string[]) : ReportPart =
        let rows =
            [
                for n in sizes record do
                    for method in methods record case do
                        match cell record case n method with
                        | [||] -> ()
                        | pieces ->
                            let agreements = pieces |> Array.map (fun p -> Json.number "agreement" p.Metrics)

                            [
                                decimals 0 n
                                method
                                (if method = "true weights" then
                                     "-"
                                 else
                                     plusMinus (errors truth pieces))
                                (if method = "true weights" then
                                     "-"
                                 else
                                     plusMinus (directions truth pieces))
                                coverage truth pieces
                                decimals 3 (Array.average agreements)
                            ]
            ]

        ReportPart.Table(
            $"{case}: error of the weights (root mean square over keys ± its standard error), of their direction, \
              95%% intervals that hold the truth, and agreement with decisions of others",
            [ "decisions"; "method"; "error"; "of the direction"; "intervals that hold"; "agreement" ],
            rows
        )

    let private errorChart (record: RunRecord) (case: string, truth: float[], _: string[]) : ReportPart =
        let title = $"Error of the weights by the number of decisions, {case}"

        let chart: LineChart =
            {
                Title = title
                X = Axis.logarithmic "decisions"
                Y = Axis.logarithmic "root mean square error"
                Curves =
                    [
                        for method in methods record case |> List.filter ((<>) "true weights") do
                            [|
                                for n in sizes record do
                                    match cell record case n method with
                                    | [||] -> ()
                                    | pieces ->
                                        let value, error = errors truth pieces
                                        n, value, (if System.Double.IsNaN error then 0.0 else error)
                            |]
                            |> Curve.withErrorBars method
                    ]
            }

        let name = case.Replace(" ", "-")

        ReportPart.Picture(
            $"learning-preferences-{name}.svg",
            $"{title}; bars are one standard error over keys",
            LineChart.svg chart
        )

    let private weightChart (record: RunRecord) : ReportPart list =
        let title =
            "Weights from the middle number of decisions, first key, with 95% intervals"

        let curves =
            [
                for case, truth, _ in casesOf record do
                    let all = sizes record

                    match cell record case all[all.Length / 2] "Fenchel-Young" with
                    | [||] -> ()
                    | pieces ->
                        let weights = numbers "weights" pieces[0].Metrics
                        let errors = numbers "standardErrors" pieces[0].Metrics

                        Array.init truth.Length (fun i -> truth[i], weights[i], 1.959964 * errors[i])
                        |> Array.sortBy (fun (x, _, _) -> x)
                        |> Curve.withErrorBars case
            ]

        if curves.IsEmpty then
            []
        else
            let chart: LineChart =
                {
                    Title = title
                    X = Axis.linear "weight that decided"
                    Y = Axis.linear "weight learned"
                    Curves =
                        curves
                        @ [
                            { Curve.through "equal" [| -2.0, -2.0; 1.0, 1.0 |] with
                                IsDashed = true
                            }
                        ]
                }

            [ ReportPart.Picture("learning-preferences-weights.svg", title, LineChart.svg chart) ]

    let private settings (record: RunRecord) : ReportPart =
        let number name =
            decimals 0 (Json.number name record.Settings)

        let weights =
            casesOf record
            |> List.map (fun (case, truth, _) ->
                let numbers =
                    truth
                    |> Seq.map (fun w -> w.ToString CultureInfo.InvariantCulture)
                    |> String.concat ", "

                $"{case}: {numbers}")
            |> String.concat "; "

        let batchSize = number "batchSize"
        let epochs = number "epochs"
        let errorSamples = number "errorSamples"
        let keys = number "keys"
        let samples = number "samples"
        let testRows = number "testRows"

        let sentences =
            [
                $"Known weights decide by features and noise of scale 1, Gumbel noise for items and Gaussian noise \
                  for drivers. The weights are {weights}."
                $"All methods learn one weight a feature by {epochs} epochs of Adam, batches of {batchSize}, from \
                  a rate of 0.1 to 0; the Fenchel-Young loss has the noise that decided, M = {samples}."
                $"Standard errors are those of the loss's minimiser, from M = {errorSamples} samples. {keys} keys; \
                  agreement is with {testRows} other decisions: the share of items or drivers that are the same, \
                  of rankings Spearman's correlation. No setting was chosen by these results."
            ]

        ReportPart.Paragraph(String.concat " " sentences)

    /// <summary>The report of a record, complete or not.</summary>
    /// <param name="record">The record.</param>
    /// <returns>The settings, the recovered weights, and a table and a chart for each case.</returns>
    let create (record: RunRecord) : ReportPart list =
        [
            settings record
            yield! weightChart record

            for case in casesOf record do
                table record case
                errorChart record case
        ]
