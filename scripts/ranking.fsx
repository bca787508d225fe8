// Trains an affine model through a perturbed ranking on a label-ranking CSV (or on a generated set), 10-fold
// cross-validated.
//     dotnet build -c Release && dotnet fsi scripts/ranking.fsx [file.csv]
#load "references.fsx"

open Perturbed.Functional

let data =
    match fsi.CommandLineArgs |> Array.tryItem 1 with
    | Some file -> LabelRanking.load file
    | None ->
        ArtificialRanking.generate
            {
                Rows = 300
                Features = 8
                Labels = 5
                Noise = 0.5
            }
            (Key.create 1UL)

let examples = data.Examples
let p, d = Array2D.length2 examples.Inputs, Array2D.length2 examples.Targets
let loss = perturb (Oracle.ranking d) Noise.gaussian 1.0 10 |> Loss.fenchelYoung

let fold (fold: Fold) =
    let train, test =
        Standardisation.pair (Examples.take fold.Train examples) (Examples.take fold.Test examples)

    let config = Training.config 60 32 Optimizer.adam (Schedule.constant 0.01) fold.Key

    let trained = Training.run config (Model.affine p d) loss train
    let predicted = Model.affine p d |> Model.predict trained.Parameters test.Inputs
    Metrics.mean Metrics.spearman test.Targets predicted

let result =
    CrossValidation.run (CrossValidation.config 10 (Key.create 3UL)) (Examples.count examples) fold

printfn "%d rows, %d features, %d labels" (Examples.count examples) p d

printfn
    "Spearman correlation %.3f ± %.3f (mean and standard deviation over %d folds)"
    result.Mean
    result.StandardDeviation
    result.Scores.Length
