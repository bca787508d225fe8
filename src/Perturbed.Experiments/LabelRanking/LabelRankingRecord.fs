namespace Perturbed.Experiments

open Perturbed.Functional

/// What a record of the label-ranking experiment says of all its pieces.
[<RequireQualifiedAccess>]
module LabelRankingRecord =

    let private paper (data: string option) : Json =
        match data |> Option.bind LabelRankingSources.paperTables with
        | None -> Json.Array []
        | Some file ->
            [
                for name, loss in LabelRankingTables.losses do
                    if loss <> RankingLoss.ExactFenchelYoung then
                        for cell in PaperTables.load loss file do
                            Json.Object
                                [
                                    "table", Json.Integer(int64 cell.Table)
                                    "set", Json.Text cell.Set
                                    "loss", Json.Text name
                                    "mean", Json.Number cell.Mean
                                    "standardDeviation", Json.Number cell.StandardDeviation
                                ]
            ]
            |> fun cells -> Json.Array cells

    /// <summary>What decides the numbers, the sets with their digests, and the paper's numbers, so that a report needs
    /// the record alone.</summary>
    /// <param name="request">What the user asked for.</param>
    /// <param name="sets">The sets.</param>
    /// <returns>An object.</returns>
    /// <exception cref="T:Perturbed.Experiments.InputException">The file of the paper's numbers cannot be read:
    /// path:line.</exception>
    let settings (request: ExperimentRequest) (sets: LabelRankingSet[]) : Json =
        let common =
            LabelRankingTables.settings request.IsQuick request.Key RankingLoss.FenchelYoung [||]

        Json.Object
            [
                "noise", Json.Text common.NoiseText
                "samples", Json.Integer(int64 common.Samples)
                "optimizer", Json.Text(fst common.Optimizer)
                "schedule", Json.Text "cosine"
                "epochs", Json.Integer(int64 common.Epochs)
                "maxSteps", Json.Integer(int64 common.MaxSteps)
                "batch", Json.Integer(int64 common.BatchSize)
                "folds", Json.Integer(int64 common.Folds)
                "innerFolds", Json.Integer(int64 common.InnerFolds)
                "epsilon", Json.Number LabelRankingTables.epsilon
                "lambda", Json.Number LabelRankingTables.lambda
                "grid", Json.numbers LabelRankingTables.grid
                "sets",
                sets
                |> Seq.map (fun set ->
                    Json.Object
                        [
                            "name", Json.Text set.Name
                            "rows", Json.Integer(int64 (Examples.count set.Examples))
                            "features", Json.Integer(int64 (Array2D.length2 set.Examples.Inputs))
                            "labels", Json.Integer(int64 (Array2D.length2 set.Examples.Targets))
                            "sha256", Json.Text set.Digest
                        ])
                |> Seq.toArray
                |> fun rows -> Json.Array rows
                "paper", paper request.Data
            ]
