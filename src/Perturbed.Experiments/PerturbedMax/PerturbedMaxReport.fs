namespace Perturbed.Experiments

open System.Globalization
open Perturbed.Functional.Charts

/// Tables and charts of the classification experiment, Figure 2.
[<RequireQualifiedAccess>]
module PerturbedMaxReport =

    let private percent (share: float) : string =
        (100.0 * share).ToString("F1", CultureInfo.InvariantCulture) + "%"

    let private isCrossEntropy (piece: PieceRecord) : bool =
        Json.string "loss" piece.Settings = "crossEntropy"

    // ε and test accuracy of the pieces of one M, by ascending ε.
    let private sweep (samples: int) (pieces: PieceRecord[]) : (float * PieceRecord)[] =
        pieces
        |> Array.filter (fun piece ->
            not (isCrossEntropy piece)
            && int (Json.number "samples" piece.Settings) = samples)
        |> Array.map (fun piece -> Json.number "epsilon" piece.Settings, piece)
        |> Array.sortBy fst

    let private accuracy (piece: PieceRecord) : float = Json.number "accuracy" piece.Metrics

    let private samplesOf (pieces: PieceRecord[]) : int list =
        pieces
        |> Array.filter (isCrossEntropy >> not)
        |> Array.map (fun piece -> int (Json.number "samples" piece.Settings))
        |> Array.distinct
        |> Array.sort
        |> Array.toList

    let private table (set: string) (pieces: PieceRecord[]) : ReportPart =
        let cells (piece: PieceRecord) =
            [ percent (accuracy piece); percent (Json.number "trainAccuracy" piece.Metrics) ]

        let rows =
            [
                for piece in pieces do
                    if isCrossEntropy piece then
                        "cross-entropy" :: "-" :: "-" :: cells piece
                for samples in samplesOf pieces do
                    for epsilon, piece in sweep samples pieces do
                        "Fenchel-Young" :: string samples :: string epsilon :: cells piece
            ]

        ReportPart.Table($"Classification, {set}", [ "loss"; "M"; "ε"; "test accuracy"; "training accuracy" ], rows)

    let private axis = Axis.linear "test accuracy"

    // Of a share of so many test examples: one standard error of a binomial law.
    let private errorOf (test: float) (share: float) : float = sqrt (share * (1.0 - share) / test)

    let private againstEpsilon (file: string) (set: string) (test: float) (pieces: PieceRecord[]) : ReportPart =
        let ends =
            pieces
            |> Array.filter (isCrossEntropy >> not)
            |> Array.map (fun piece -> Json.number "epsilon" piece.Settings)

        let curves =
            [
                for samples in samplesOf pieces do
                    sweep samples pieces
                    |> Array.map (fun (epsilon, piece) -> epsilon, accuracy piece, errorOf test (accuracy piece))
                    |> Curve.withErrorBars $"Fenchel-Young, M = {samples}"
                if ends.Length > 0 then
                    for piece in pieces do
                        if isCrossEntropy piece then
                            { Curve.through
                                  "cross-entropy"
                                  [| Array.min ends, accuracy piece; Array.max ends, accuracy piece |] with
                                IsDashed = true
                            }
            ]

        let title =
            $"Test accuracy against the noise scale, {set}; bars are one standard error of {test} test examples"

        let svg =
            LineChart.svg
                {
                    Title = $"Test accuracy against the noise scale, {set}"
                    X = Axis.logarithmic "ε"
                    Y = axis
                    Curves = curves
                }

        ReportPart.Picture($"{file}-epsilon.svg", title, svg)

    let private againstEpochs (file: string) (set: string) (pieces: PieceRecord[]) : ReportPart =
        let curves =
            [
                for piece in pieces do
                    if isCrossEntropy piece || Json.number "epsilon" piece.Settings = 1.0 then
                        let name =
                            if isCrossEntropy piece then
                                "cross-entropy"
                            else
                                $"""Fenchel-Young, M = {Json.number "samples" piece.Settings}"""

                        piece.Epochs
                        |> Array.map (fun epoch -> 1.0 + Json.number "epoch" epoch, Json.number "accuracy" epoch)
                        |> Curve.through name
            ]

        let title = $"Test accuracy by epochs, ε = 1, {set}"

        let svg =
            LineChart.svg
                {
                    Title = title
                    X = Axis.linear "epoch"
                    Y = axis
                    Curves = curves
                }

        ReportPart.Picture($"{file}-epochs.svg", title, svg)

    let private setsOf (record: RunRecord) : string list =
        [ "CIFAR-10"; "generated" ]
        |> List.filter (fun set -> (Record.piecesOf $"{set}/" record).Length > 0)

    /// <summary>What the paper leaves open, as the settings of a run of multilayer perceptrons have it.</summary>
    /// <param name="record">The record.</param>
    /// <returns>A paragraph; nothing of a record without results.</returns>
    let choices (record: RunRecord) : ReportPart list =
        let number (settings: Json) (name: string) =
            (Json.number name settings).ToString CultureInfo.InvariantCulture

        let one (set: string) =
            let settings = Json.get set record.Settings
            let number = number settings
            let widths = Json.text (Json.get "hidden" settings)

            $"""{set}: {number "train"} training and {number "test"} test examples, hidden layers {widths}, """
            + $"""{number "epochs"} epochs, rate {number "learningRate"}, batches of {number "batchSize"}"""

        let paragraph (sets: string list) =
            let all = sets |> List.map one |> String.concat "; "

            $"A multilayer perceptron with rectifiers, inputs standardised by the training set, Adam with a constant \
              rate, no augmentation and no penalty on weights. {all}. "
            + "All losses start from the same weights and see the same order of examples; the noise is Gaussian and \
                drawn anew at each step. "
            + "One rate serves all losses and every ε: that under which cross-entropy did best in \
                perturbed-max-choice. The convolutional network of the paper is the experiment class-network."

        match setsOf record with
        | [] -> []
        | sets -> [ ReportPart.Paragraph(paragraph sets) ]

    /// <summary>The report of a record, complete or not.</summary>
    /// <param name="choices">What the paper leaves open.</param>
    /// <param name="record">The record.</param>
    /// <returns>The choices, and for each set a table and two charts.</returns>
    let create (choices: ReportPart list) (record: RunRecord) : ReportPart list =
        [
            yield! choices

            for set in setsOf record do
                let pieces = Record.piecesOf $"{set}/" record
                let file = "perturbed-max-" + set.ToLowerInvariant().Replace("-", "")
                table set pieces
                // Settings of several sets are under their names.
                let settings =
                    Json.tryMember set record.Settings |> Option.defaultValue record.Settings

                let test = Json.number "test" settings
                againstEpsilon file set test pieces
                againstEpochs file set pieces
        ]
