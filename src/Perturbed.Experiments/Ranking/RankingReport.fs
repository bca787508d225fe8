namespace Perturbed.Experiments

open Perturbed.Functional
open Spectre.Console.Rendering

/// What `ranking` prints.
[<RequireQualifiedAccess>]
module RankingReport =

    /// The words of the losses.
    let losses: (string * RankingLoss) list =
        [
            "fenchel-young", RankingLoss.FenchelYoung
            "smoothed-squared", RankingLoss.SmoothedSquared
            "squared", RankingLoss.Squared
            "black-box", RankingLoss.BlackBox
            "fenchel-young-exact", RankingLoss.ExactFenchelYoung
        ]

    /// The words of the schedules.
    let schedules: (string * RankingSchedule) list =
        [ "cosine", RankingSchedule.Cosine; "constant", RankingSchedule.Constant ]

    let private paper (cells: PaperCell[]) (set: string) (table: int) : string =
        match PaperTables.ofSet set cells |> Array.tryFind (fun cell -> cell.Table = table) with
        | Some cell -> $"{Summary.decimals 2 cell.Mean} ± {Summary.decimals 2 cell.StandardDeviation}"
        | None -> "-"

    /// <summary>One line with everything that decides the numbers.</summary>
    /// <param name="settings">The settings.</param>
    /// <returns>A text.</returns>
    let describe (settings: RankingSettings) : string =
        let values (numbers: float[]) =
            numbers |> Array.map Terminal.number |> String.concat "|"

        let scales = values (RankingCandidate.scales settings.Candidates)
        let rates = values (RankingCandidate.rates settings.Candidates)

        let operator =
            match settings.Loss with
            | RankingLoss.Squared -> ""
            | RankingLoss.BlackBox -> $", λ = {scales}"
            | RankingLoss.ExactFenchelYoung -> $", noise {settings.NoiseText}, ε = {scales}, exact"
            | RankingLoss.FenchelYoung
            | RankingLoss.SmoothedSquared -> $", noise {settings.NoiseText}, ε = {scales}, M = {settings.Samples}"

        let schedule = EvalChoices.nameOf schedules settings.Schedule

        $"{EvalChoices.nameOf losses settings.Loss} loss{operator}; {fst settings.Optimizer}, learning rate {rates} \
          ({schedule}), batches of {settings.BatchSize}, {settings.Epochs} epochs but at most {settings.MaxSteps} \
          steps; {settings.Folds} folds, key {settings.Key}"

    /// <summary>The table of correlations, one data set a line.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="compared">The paper's cells, or none.</param>
    /// <param name="results">The data sets.</param>
    /// <returns>What to show.</returns>
    let tables (settings: RankingSettings) (compared: PaperCell[]) (results: SetResult[]) : IRenderable list =
        let paperTables =
            compared |> Array.map _.Table |> Array.distinct |> Array.sort |> Array.toList

        let columns =
            [ "data set"; "rows"; "features"; "labels"; "folds"; "Spearman"; "Kendall"; "exact" ]
            @ (paperTables |> List.map (fun table -> $"paper, Table {table}"))

        let row (result: SetResult) =
            let summary score = Summary.ofFolds score result.Folds

            [
                result.Name
                string result.Rows
                string result.Features
                string result.Labels
                string result.Folds.Length
                Summary.text 3 (summary _.Spearman)
                Summary.text 3 (summary _.Kendall)
                Summary.text 3 (summary _.ExactMatch)
            ]
            @ (paperTables |> List.map (paper compared result.Name))

        [ Terminal.line (describe settings); Terminal.table "" columns (results |> Seq.map row) ]

    let private summary (score: FoldResult -> float) (folds: FoldResult[]) : Json =
        let found = Summary.ofFolds score folds
        Json.Object [ "mean", Json.Number found.Mean; "standardDeviation", Json.Number found.StandardDeviation ]

    /// <summary>The scores of a fold and what it was trained with, for any record of it.</summary>
    /// <param name="scale">What the record calls ε or λ.</param>
    /// <param name="result">The fold.</param>
    /// <returns>Fields of an object.</returns>
    let scores (scale: string) (result: FoldResult) : (string * Json) list =
        [
            "spearman", Json.Number result.Spearman
            "kendall", Json.Number result.Kendall
            "exactMatch", Json.Number result.ExactMatch
            "learningRate", Json.Number result.Candidate.LearningRate
            scale, Json.Number result.Candidate.Epsilon
        ]

    let private fold (result: FoldResult) : Json =
        Json.Object(("fold", Json.Integer(int64 result.Fold)) :: scores "epsilon" result)

    let private set (compared: PaperCell[]) (result: SetResult) : Json =
        Json.Object
            [
                "name", Json.Text result.Name
                "rows", Json.Integer(int64 result.Rows)
                "features", Json.Integer(int64 result.Features)
                "labels", Json.Integer(int64 result.Labels)
                "spearman", summary _.Spearman result.Folds
                "kendall", summary _.Kendall result.Folds
                "exactMatch", summary _.ExactMatch result.Folds
                "folds", result.Folds |> Seq.map fold |> Json.Array

                if compared.Length > 0 then
                    "paper",
                    PaperTables.ofSet result.Name compared
                    |> Seq.map (fun cell ->
                        Json.Object
                            [
                                "table", Json.Integer(int64 cell.Table)
                                "mean", Json.Number cell.Mean
                                "standardDeviation", Json.Number cell.StandardDeviation
                            ])
                    |> Json.Array
            ]

    /// <summary>One object with the settings and an array <c>sets</c>. It holds no time: the same settings and data
    /// give the same text.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="compared">The paper's cells, or none.</param>
    /// <param name="isComplete">Whether every fold of every set was done.</param>
    /// <param name="results">The data sets.</param>
    /// <returns>The object.</returns>
    let json (settings: RankingSettings) (compared: PaperCell[]) (isComplete: bool) (results: SetResult[]) : Json =
        Json.Object
            [
                "loss", Json.Text(EvalChoices.nameOf losses settings.Loss)
                "noise", Json.Text settings.NoiseText
                "epsilon", Json.numbers (RankingCandidate.scales settings.Candidates)
                "samples", Json.Integer(int64 settings.Samples)
                "optimizer", Json.Text(fst settings.Optimizer)
                "learningRate", Json.numbers (RankingCandidate.rates settings.Candidates)
                "schedule", Json.Text(EvalChoices.nameOf schedules settings.Schedule)
                "batch", Json.Integer(int64 settings.BatchSize)
                "epochs", Json.Integer(int64 settings.Epochs)
                "maxSteps", Json.Integer(int64 settings.MaxSteps)
                "folds", Json.Integer(int64 settings.Folds)
                "innerFolds", Json.Integer(int64 settings.InnerFolds)
                "key", Json.Bits settings.Key
                "isComplete", Json.Bool isComplete
                "sets", results |> Seq.map (set compared) |> Json.Array
            ]
