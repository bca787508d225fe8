namespace Perturbed.Experiments.Torch

open Perturbed.Experiments

/// Tables and pictures of the shortest-path experiment with a network, Figures 5 and 6.
[<RequireQualifiedAccess>]
module PathNetworkReport =

    let private settings (record: RunRecord) : string =
        let number (name: string) = Json.number name record.Settings

        let drops =
            Json.items "drops" record.Settings
            |> Array.map (fun drop -> string (Json.toNumber drop))
            |> String.concat " and "

        $"""{number "trainMaps"} training and {number "testMaps"} test maps """
        + $"""({Json.string "maps" record.Settings}); {Json.string "network" record.Settings}, costs scaled to """
        + $"""a mean of {number "meanCost"} in each map under the Fenchel-Young loss and of 1 under the """
        + $"""black-box gradient; ε = {number "epsilon"}, M = {number "samples"}; {number "epochs"} epochs of """
        + $"""Adam at a rate of {number "learningRate"}, a tenth of it after {drops} epochs, batches of """
        + $"""{number "batchSize"}; libtorch {Json.string "libtorch" record.Settings} on """
        + $"""{Json.string "device" record.Settings}."""

    // How the open settings were chosen.
    let private choices =
        "The generator, λ and the mean cost are those of the experiment without deep networks (warcraft-choice); the \
          rate is that of the command. The baselines were not tuned here."

    /// <summary>The report of a record, complete or not.</summary>
    /// <param name="record">The record.</param>
    /// <returns>The settings, what was chosen how, a table, two charts against epochs and pictures of maps.</returns>
    let create (record: RunRecord) : ReportPart list =
        ReportPart.Paragraph(settings record)
        :: (WarcraftReport.create choices record
            |> List.map (fun part ->
                match part with
                | ReportPart.Picture(file, caption, svg) ->
                    ReportPart.Picture(file.Replace("warcraft", "warcraft-network"), caption, svg)
                | other -> other))
