namespace Perturbed.Experiments

open System
open Perturbed.Functional.Charts

/// The report of the label-ranking experiment.
[<RequireQualifiedAccess>]
module LabelRankingReport =

    /// A cell of the paper's tables, by table, set and loss.
    type private Paper = Map<int * string * string, Summary>

    let private paperOf (record: RunRecord) : Paper =
        Json.items "paper" record.Settings
        |> Seq.map (fun cell ->
            (int (Json.number "table" cell), Json.string "set" cell, Json.string "loss" cell),
            {
                Mean = Json.number "mean" cell
                StandardDeviation = Json.number "standardDeviation" cell
            })
        |> Map.ofSeq

    let private sets (record: RunRecord) : string list =
        Json.items "sets" record.Settings |> Seq.map (Json.string "name") |> Seq.toList

    let private isGenerated (record: RunRecord) : bool =
        sets record
        |> List.exists _.StartsWith(LabelRankingSources.generatedPrefix, StringComparison.Ordinal)

    let private losses = LabelRankingTables.losses |> List.map fst

    // The squared loss has no ε: its cells of Table 2 are those of Table 1.
    let private measured (record: RunRecord) (table: int) (set: string) (loss: string) : Summary =
        let table = if loss = "squared" then 1 else table

        record
        |> Record.piecesOf (LabelRankingPlan.cell table set loss)
        |> Array.map (fun piece -> Json.number "spearman" piece.Metrics)
        |> Summary.ofValues

    let private isDone (record: RunRecord) (table: int) (set: string) (loss: string) : bool =
        let table = if loss = "squared" then 1 else table
        let folds = int (Json.number "folds" record.Settings)
        (record |> Record.piecesOf (LabelRankingPlan.cell table set loss)).Length = folds

    let private cells (record: RunRecord) (paper: Paper) (table: int) : ReportPart =
        let columns =
            losses
            |> List.collect (fun loss ->
                if paper.Keys |> Seq.exists (fun (t, _, l) -> t = table && l = loss) then
                    [ loss; "paper" ]
                else
                    [ loss ])

        let row (set: string) =
            set
            :: (losses
                |> List.collect (fun loss ->
                    [
                        Summary.text 3 (measured record table set loss)

                        if paper.Keys |> Seq.exists (fun (t, _, l) -> t = table && l = loss) then
                            match paper.TryFind(table, set, loss) with
                            | Some cell -> Summary.text 2 cell
                            | None -> "-"
                    ]))

        ReportPart.Table(
            $"Table {table}: Spearman's correlation, mean ± standard deviation over the test parts of the folds; - \
              where no fold is done, or the paper has no number",
            "data set" :: columns,
            sets record |> List.map row
        )

    // The paper's numbers have two decimals; so do ours when they are held against them, or 0.9996 would be worse than
    // 1.00 ± 0.00.
    let private reaches (ours: Summary) (theirs: Summary) : bool =
        Math.Round(ours.Mean, 2) >= theirs.Mean - theirs.StandardDeviation - 1e-9

    let private isSimilarOrBetter (ours: float) (baseline: float) : bool = ours >= baseline - 0.05 * abs baseline

    let private share (count: int) (all: int) : string =
        if all = 0 then
            "-"
        else
            $"{count} of {all} ({Math.Round(100.0 * float count / float all)}%%)"

    let private goal (record: RunRecord) (paper: Paper) (table: int) (loss: string) : string =
        let compared =
            sets record
            |> List.choose (fun set ->
                match paper.TryFind(table, set, "fenchel-young") with
                | Some theirs when isDone record table set loss ->
                    Some(set, reaches (measured record table set loss) theirs)
                | _ -> None)

        let missed = compared |> List.filter (snd >> not) |> List.map fst
        let reached = compared.Length - missed.Length
        let list = String.Join(", ", missed)
        let names = if missed.IsEmpty then "" else $", not on {list}"
        share reached compared.Length + names

    let private claims (record: RunRecord) (paper: Paper) (table: int) : ReportPart =
        let complete (loss: string) =
            sets record
            |> List.filter (fun set -> isDone record table set "fenchel-young" && isDone record table set loss)

        let ours (loss: string) =
            let compared = complete loss
            let mean set loss = (measured record table set loss).Mean

            share
                (compared
                 |> List.filter (fun set -> isSimilarOrBetter (mean set "fenchel-young") (mean set loss))
                 |> List.length)
                compared.Length

        let theirs (loss: string) =
            let compared =
                sets record
                |> List.choose (fun set ->
                    match paper.TryFind(table, set, "fenchel-young"), paper.TryFind(table, set, loss) with
                    | Some a, Some b -> Some(isSimilarOrBetter a.Mean b.Mean)
                    | _ -> None)

            share (compared |> List.filter id |> List.length) compared.Length

        ReportPart.Table(
            $"Table {table}: sets on which the Fenchel-Young loss is better than a baseline, or within 5%% of it; - \
              where there is nothing to compare",
            [ "baseline"; "measured"; "from the paper's numbers" ],
            [ "squared"; "black-box"; "perturbed-squared" ]
            |> List.map (fun loss -> [ loss; ours loss; theirs loss ])
        )

    let private chosen (record: RunRecord) (table: int) : ReportPart =
        let count (loss: string) (rate: float) =
            record.Pieces
            |> Array.filter (fun piece ->
                Json.number "table" piece.Settings = float table
                && Json.string "loss" piece.Settings = loss
                && Json.number "learningRate" piece.Metrics = rate)
            |> Array.groupBy (fun piece -> Json.number "scale" piece.Metrics)
            |> Array.sortBy fst
            |> Array.map (fun (scale, pieces) -> $"{Terminal.number scale}: {pieces.Length}")
            |> String.concat ", "

        let grid = LabelRankingTables.grid |> Array.toList

        ReportPart.Table(
            $"Table {table}: folds that chose a learning rate, by ε (by λ for black-box)",
            "loss" :: (grid |> List.map (fun rate -> $"rate {Terminal.number rate}")),
            losses
            |> List.filter (fun loss -> table = 1 || loss <> "squared")
            |> List.map (fun loss -> loss :: (grid |> List.map (count loss)))
        )

    let private picture (record: RunRecord) (table: int) : ReportPart =
        let sets = sets record

        let series (loss: string) : BarSeries =
            let summaries = sets |> List.map (fun set -> measured record table set loss)

            {
                Name = loss
                Values = summaries |> Seq.map _.Mean |> Seq.toArray
                Deviations = summaries |> Seq.map _.StandardDeviation |> Seq.toArray
            }

        ReportPart.Picture(
            $"label-ranking-table-{table}.svg",
            $"Table {table} as bars; whiskers are one standard deviation over the folds.",
            BarChart.svg
                {
                    Title = $"Label ranking, Table {table}"
                    Groups = sets
                    Y = Axis.linear "Spearman's correlation on test rows"
                    Series = losses |> List.map series
                }
        )

    let private choices (record: RunRecord) : string =
        let number name =
            Terminal.number (Json.number name record.Settings)

        let grid =
            Json.items "grid" record.Settings
            |> Seq.map (Json.toNumber >> Terminal.number)
            |> String.concat ", "

        "What the paper leaves open was chosen as follows. The model is affine, θ = W x + b, and starts at "
        + "zero. Features are standardised by the mean and deviation of the training part of each fold, "
        + "outer or inner. Targets are the ranks 1 (worst) to d (best), unscaled, for all losses. The "
        + $"""optimizer is Adam with batches of {number "batch"}; its learning rate falls to 0 along a cosine. """
        + $"""A fit has {number "epochs"} epochs but at most {number "maxSteps"} steps, and at least one epoch. """
        + $"""The noise is {Json.string "noise" record.Settings}, M = {number "samples"} samples a row, drawn """
        + $"""anew at each step. Each of {number "folds"} folds chooses among its candidates by the mean """
        + $"""Spearman correlation of a {number "innerFolds"}-fold cross-validation inside its training part, """
        + "trains once more on all of that part, and is scored on its test part by Spearman's correlation of "
        + $"""θ with the target, averaged over rows. Candidates of Table 1 are learning rates {grid} with ε = """
        + $"""{number "epsilon"} (λ = {number "lambda"} for black-box); of Table 2 those learning rates with ε """
        + "(λ for black-box) from the same grid. The squared loss has no ε: its column is the same in both. "
        + "The column fenchel-young-exact, which the paper does not have, takes the expectation of the "
        + "ranking in closed form, without samples."

    /// <summary>Tables beside the paper's, counts, and pictures.</summary>
    /// <param name="record">The record, complete or not.</param>
    /// <returns>The report.</returns>
    let create (record: RunRecord) : ReportPart list =
        let paper = paperOf record

        let tables =
            [ 1; 2 ]
            |> List.filter (fun table ->
                record.Pieces
                |> Array.exists (fun piece -> Json.number "table" piece.Settings = float table))

        [
            ReportPart.Paragraph(choices record)

            if isGenerated record then
                ReportPart.Paragraph
                    "The sets are generated, with the sizes of the public ones of these names: normal features, \
                      linear scores with noise, their order. Their numbers are not those of the public sets."

            for table in tables do
                cells record paper table
                claims record paper table

                if not paper.IsEmpty then
                    let sampled = goal record paper table "fenchel-young"
                    let exact = goal record paper table "fenchel-young-exact"

                    ReportPart.Paragraph
                        $"Table {table}: within one of the paper's standard deviations of its Fenchel-Young column, \
                          or better, with our mean rounded to the paper's two decimals: Fenchel-Young on {sampled}; \
                          exact Fenchel-Young on {exact}."

                chosen record table
                picture record table
        ]
