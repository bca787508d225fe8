namespace Perturbed.Experiments

open Argu

/// The options of `ranking`.
type RankingArguments =
    | [<MainCommand>] Data of FILES: string list
    | [<Unique; EqualsAssignmentOrSpaced>] Loss of WORD: string
    | [<Unique; EqualsAssignmentOrSpaced>] Noise of SPEC: string
    | [<Unique; EqualsAssignmentOrSpaced>] Epsilon of NUMBERS: string
    | [<Unique; EqualsAssignmentOrSpaced>] Samples of M: string
    | [<Unique; EqualsAssignmentOrSpaced>] Optimizer of WORD: string
    | [<Unique; EqualsAssignmentOrSpaced>] Learning_Rate of NUMBERS: string
    | [<Unique; EqualsAssignmentOrSpaced>] Schedule of WORD: string
    | [<Unique; EqualsAssignmentOrSpaced>] Epochs of N: string
    | [<Unique; EqualsAssignmentOrSpaced>] Max_Steps of N: string
    | [<Unique; EqualsAssignmentOrSpaced>] Batch of N: string
    | [<Unique; EqualsAssignmentOrSpaced>] Folds of N: string
    | [<Unique; EqualsAssignmentOrSpaced>] Inner_Folds of N: string
    | [<Unique; EqualsAssignmentOrSpaced>] Key of NUMBER: string
    | [<Unique; EqualsAssignmentOrSpaced>] Threads of N: string
    | [<Unique; EqualsAssignmentOrSpaced>] Compare of FILE: string
    | [<Unique; EqualsAssignmentOrSpaced>] Rows of N: string
    | [<Unique; EqualsAssignmentOrSpaced>] Features of N: string
    | [<Unique; EqualsAssignmentOrSpaced>] Labels of N: string
    | [<Unique; EqualsAssignmentOrSpaced>] Sigma of NUMBER: string
    | [<Unique>] Json

    interface IArgParserTemplate with
        member this.Usage: string =
            match this with
            | Data _ -> "label-ranking CSV files, or directories of them; none: a generated set."
            | Loss _ ->
                "fenchel-young; smoothed-squared: squared after the perturbed ranking; squared: on theta; black-box: \
                  squared after the unperturbed ranking, by an interpolated gradient whose lambda is --epsilon; \
                  fenchel-young-exact: without samples. Default fenchel-young."
            | Noise _ -> "the law of the perturbation, as for eval. Default gaussian."
            | Epsilon _ -> $"the noise scale; several, as 0.1,1,10, are chosen from. Default {RankingDefaults.epsilon}."
            | Samples _ -> $"the number of samples a row and step. Default {RankingDefaults.samples}."
            | Optimizer _ -> "adam, sgd, or momentum (0.9). Default adam."
            | Learning_Rate _ -> $"the learning rate; several are chosen from. Default {RankingDefaults.learningRate}."
            | Schedule _ -> "cosine: the rate falls to 0 along a cosine; constant. Default cosine."
            | Epochs _ -> $"passes over the data. Default {RankingDefaults.epochs}."
            | Max_Steps _ ->
                $"the most steps: large sets get fewer epochs, but at least one. Default {RankingDefaults.maxSteps}."
            | Batch _ -> $"rows of a step. Default {RankingDefaults.batch}."
            | Folds _ -> "folds of the cross-validation. Default 10."
            | Inner_Folds _ ->
                "folds of the cross-validation inside each training part that chooses among several rates and scales. Default 5."
            | Key _ -> "the key of everything random: the same key gives the same bits. Default 0."
            | Threads _ -> "folds that run side by side; it never changes a bit. Default: all processors."
            | Compare _ -> "a CSV with the paper's Tables 1 and 2, whose numbers stand beside the measured ones."
            | Rows _ -> $"rows of the generated set. Default {RankingDefaults.rows}."
            | Features _ -> $"features of the generated set. Default {RankingDefaults.features}."
            | Labels _ -> $"labels of the generated set. Default {RankingDefaults.labels}."
            | Sigma _ -> $"noise on the scores of the generated set. Default {RankingDefaults.sigma}."
            | Json -> "prints one JSON object instead of a table."
