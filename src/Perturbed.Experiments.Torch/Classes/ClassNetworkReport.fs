namespace Perturbed.Experiments.Torch

open Perturbed.Experiments

/// Tables and charts of the classification experiment with a network, Figure 2.
[<RequireQualifiedAccess>]
module ClassNetworkReport =

    // The settings of the run, and what of them was chosen by looking at results.
    let private settings (record: RunRecord) : string =
        let set = Json.get "CIFAR-10" record.Settings
        let number (name: string) = Json.number name set

        $"""{number "train"} training and {number "test"} test images of CIFAR-10; """
        + $"""{Json.string "network" record.Settings}, all losses from the same weights in the same order; """
        + $"""{number "epochs"} epochs of Adam at a rate of {number "learningRate"}, batches of """
        + $"""{number "batchSize"}; libtorch {Json.string "libtorch" record.Settings} on """
        + $"""{Json.string "device" record.Settings}. """
        + "The noise is gaussian, drawn anew at each step. No setting was chosen by results of this table: the rate \
            is Adam's customary one. "
        + "The network overfits its few training images, so late epochs of all losses differ by \
            the chance of overfitting and of 2,000 test images."

    /// <summary>The report of a record, complete or not.</summary>
    /// <param name="record">The record.</param>
    /// <returns>The settings, a table and two charts.</returns>
    let create (record: RunRecord) : ReportPart list =
        PerturbedMaxReport.create [ ReportPart.Paragraph(settings record) ] record
        |> List.map (fun part ->
            match part with
            | ReportPart.Picture(file, caption, svg) ->
                ReportPart.Picture(file.Replace("perturbed-max", "class-network"), caption, svg)
            | other -> other)
