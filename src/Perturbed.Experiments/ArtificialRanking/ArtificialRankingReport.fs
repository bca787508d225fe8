namespace Perturbed.Experiments

open Perturbed.Functional.Charts

/// The report of the artificial-ranking experiment.
[<RequireQualifiedAccess>]
module ArtificialRankingReport =

    let private losses = ArtificialRankingSettings.losses |> List.map fst

    let private metrics =
        [
            "perfect", "share of test instances with all labels at their places"
            "partial", "share of labels at their places"
        ]

    let private sigmas (record: RunRecord) : float[] =
        Json.items "sigmas" record.Settings |> Array.map Json.toNumber

    let private runsOf (record: RunRecord) (sigma: float) (loss: string) : PieceRecord[] =
        record
        |> Record.piecesOf $"sigma {ArtificialRankingPlan.sigmaText sigma}/{loss}/"

    let private summary (record: RunRecord) (metric: string) (sigma: float) (loss: string) : Summary =
        runsOf record sigma loss
        |> Array.map (fun piece -> Json.number metric piece.Metrics)
        |> Summary.ofValues

    let private againstSigma (record: RunRecord) (metric: string, meaning: string) : ReportPart =
        let curve (loss: string) =
            sigmas record
            |> Array.map (fun sigma -> sigma, summary record metric sigma loss)
            |> Array.map (fun (sigma, s) -> sigma, s.Mean, s.StandardDeviation)
            |> Curve.withDeviation loss

        ReportPart.Picture(
            $"artificial-ranking-{metric}-sigma.svg",
            $"Artificial rankings: {meaning}, against σ; bands are one standard deviation over runs.",
            LineChart.svg
                {
                    Title = $"Artificial rankings: {metric} ranks against noise"
                    X = Axis.logarithmic "σ, deviation of the noise on the training scores"
                    Y = Axis.linear meaning |> Axis.between 0.0 1.0
                    Curves = losses |> List.map curve
                }
        )

    // Epochs that were measured, with the metric of each run.
    let private epochsOf (metric: string) (piece: PieceRecord) : (float * float)[] =
        piece.Epochs
        |> Array.choose (fun epoch ->
            Json.tryMember metric epoch
            |> Option.map (fun value -> Json.number "epoch" epoch + 1.0, Json.toNumber value))

    let private againstEpochs (record: RunRecord) (sigma: float) (metric: string, meaning: string) : ReportPart =
        let curve (loss: string) =
            runsOf record sigma loss
            |> Array.collect (epochsOf metric)
            |> Array.groupBy fst
            |> Array.map (fun (epoch, values) ->
                let s = values |> Array.map snd |> Summary.ofValues
                epoch, s.Mean, s.StandardDeviation)
            |> Curve.withDeviation loss

        let text = ArtificialRankingPlan.sigmaText sigma

        ReportPart.Picture(
            $"artificial-ranking-{metric}-epochs-sigma-{text}.svg",
            $"Artificial rankings: {meaning}, against epochs at σ = {text}.",
            LineChart.svg
                {
                    Title = $"Artificial rankings: {metric} ranks by epoch, σ = {text}"
                    X = Axis.logarithmic "epochs"
                    Y = Axis.linear meaning |> Axis.between 0.0 1.0
                    Curves = losses |> List.map curve
                }
        )

    let private table (record: RunRecord) (metric: string, meaning: string) : ReportPart =
        ReportPart.Table(
            $"Artificial rankings: {meaning}, mean ± standard deviation over runs",
            "σ" :: losses,
            [
                for sigma in sigmas record ->
                    ArtificialRankingPlan.sigmaText sigma
                    :: (losses
                        |> List.map (fun loss -> Summary.text 3 (summary record metric sigma loss)))
            ]
        )

    let private choices (record: RunRecord) : string =
        let number (name: string) =
            Terminal.number (Json.number name record.Settings)

        let rates =
            match Json.get "learningRates" record.Settings with
            | Json.Object members -> [ for loss, rate in members -> $"{Terminal.number (Json.toNumber rate)} ({loss})" ]
            | _ -> []

        $"""Each run has {number "trainRows"} training and {number "testRows"} test instances of """
        + $"""{number "labels"} labels in dimension {number "features"}: """
        + "X_i standard normal, w₀ uniform in {−1, 1}, training targets the ranks of X_i w₀ + σZ. The model is θ_i = \
            X_i w and starts at zero; "
        + $"""{number "runs"} runs share nothing, and within a run all losses and all σ see the same X and w₀. """
        + "What the paper leaves open: Adam with batches of "
        + $"""{number "batch"} and a learning rate that falls to 0 along a cosine over {number "epochs"} epochs """
        + $"""from {String.concat ", " rates}; Gaussian noise, """
        + $"""ε = {number "epsilon"}, M = {number "samples"} drawn anew at each step; λ = {number "lambda"} for """
        + $"""black-box; targets are the ranks 1 to {number "labels"}, """
        + "unscaled, and centred for the squared loss, because the model has no offset. Rates and λ are those of \
            artificial-ranking-choice. "
        + "Predictions on test instances are held against the order of X_i w₀ before noise (with noise on the test \
            targets no model could rank "
        + $"""{number "labels"} labels perfectly; the record has both)."""

    /// <summary>Curves against σ and against epochs, and their tables.</summary>
    /// <param name="record">The record, complete or not.</param>
    /// <returns>The report.</returns>
    let create (record: RunRecord) : ReportPart list =
        let shown =
            sigmas record
            |> Array.filter (fun sigma -> List.exists (fun s -> abs (log (sigma / s)) < 1e-6) [ 0.01; 1.0; 100.0 ])

        [
            ReportPart.Paragraph(choices record)

            for metric in metrics do
                table record metric
                againstSigma record metric

                for sigma in shown do
                    againstEpochs record sigma metric
        ]
