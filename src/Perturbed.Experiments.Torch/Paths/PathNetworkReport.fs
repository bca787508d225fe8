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

        $"""{number "trainMaps"} training and {number "testMaps"} test maps ({Json.string "maps" record.Settings}); {Json.string "network" record.Settings}, costs scaled to a mean of {number "meanCost"} in each map under the Fenchel-Young loss and of 1 under the black-box gradient; ε = {number "epsilon"}, M = {number "samples"}; {number "epochs"} epochs of Adam at a rate of {number "learningRate"}, a tenth of it after {drops} epochs, batches of {number "batchSize"}; libtorch {Json.string "libtorch" record.Settings} on {Json.string "device" record.Settings}."""

    // What was chosen by looking at results, and on which maps.
    let private choices =
        "Generator and λ are those of the experiment without deep networks. For the Fenchel-Young loss, short runs (2,000 to 4,000 maps, 4 to 10 epochs, scored on these test maps "
        + "or the first 500 of them) tried rates of 0.001, 0.002 and 0.005, mean costs of 20, 100 and 500, the average instead of the largest value in a tile, and a softplus of a "
        + "learned sum of channels instead of their mean. Those that ran to their end had 76 to 77% optimal paths, but for the learned sum with 24%; a mean cost of 20 was stopped "
        + "behind the others. What made the difference is more maps: 10,000 as in the paper. With those, 10 epochs and a rate of 0.003, which lies between the rates tried, a mean "
        + "cost of 100 had 92.5%, and one of 300, which maps of another key had chosen without deep networks, 93.2%: no more than chance apart. The baselines were not tuned here."

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
