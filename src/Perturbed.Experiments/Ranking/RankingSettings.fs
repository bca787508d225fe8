namespace Perturbed.Experiments

open Perturbed.Functional

/// The losses a ranking model is trained with.
[<RequireQualifiedAccess>]
type RankingLoss =
    /// The Fenchel-Young loss of the perturbed ranking.
    | FenchelYoung
    /// ½ ‖y − y*_ε(θ)‖².
    | SmoothedSquared
    /// ½ ‖y − θ‖², without a ranking in it.
    | Squared
    /// ½ ‖y − y*(θ)‖² with the interpolated gradient of the unperturbed ranking.
    | BlackBox
    /// The Fenchel-Young loss of the perturbed ranking whose expectations are exact.
    | ExactFenchelYoung

/// How the learning rate moves over the epochs.
[<RequireQualifiedAccess>]
type RankingSchedule =
    /// Down to 0 along a cosine.
    | Cosine
    /// Not at all.
    | Constant

/// What one fold is trained with: candidates of the inner cross-validation, where there are several.
type RankingCandidate =
    {
        /// The learning rate before the schedule.
        LearningRate: float
        /// ε; of the black-box loss, which has none, λ.
        Epsilon: float
    }

/// Grids of candidates.
[<RequireQualifiedAccess>]
module RankingCandidate =

    /// <summary>Every learning rate with every scale.</summary>
    /// <param name="rates">The learning rates.</param>
    /// <param name="scales">Values of ε, or of λ.</param>
    /// <returns>All pairs, by rate first.</returns>
    let grid (rates: float[]) (scales: float[]) : RankingCandidate[] =
        Array.allPairs rates scales
        |> Array.map (fun (rate, scale) -> { LearningRate = rate; Epsilon = scale })

    /// <summary>The learning rates of a grid, each once.</summary>
    /// <param name="candidates">The grid.</param>
    /// <returns>The rates in their order.</returns>
    let rates (candidates: RankingCandidate[]) : float[] =
        candidates |> Array.map _.LearningRate |> Array.distinct

    /// <summary>The scales of a grid, each once.</summary>
    /// <param name="candidates">The grid.</param>
    /// <returns>Values of ε, or of λ, in their order.</returns>
    let scales (candidates: RankingCandidate[]) : float[] =
        candidates |> Array.map _.Epsilon |> Array.distinct

/// How `ranking` trains and scores.
type RankingSettings =
    {
        /// The loss.
        Loss: RankingLoss
        /// The noise as written.
        NoiseText: string
        /// The noise.
        Noise: INoise
        /// Learning rates and scales; of several, each fold picks one by cross-validation inside its training part.
        Candidates: RankingCandidate[]
        /// M.
        Samples: int
        /// The optimizer.
        Optimizer: string * Optimizer
        /// The schedule.
        Schedule: RankingSchedule
        /// Passes over the data, at most.
        Epochs: int
        /// Steps, at most: no epoch starts that would pass it, but for the first.
        MaxSteps: int
        /// Rows of a step.
        BatchSize: int
        /// Folds.
        Folds: int
        /// Folds of the inner cross-validation.
        InnerFolds: int
        /// The key of everything random.
        Key: uint64
        /// Folds that run at the same time.
        Threads: int
    }

/// A data set with the name it goes by.
type NamedSet =
    {
        /// The file's name without its extension, or `generated`.
        Name: string
        /// The data.
        Data: LabelRankingData
    }

/// How well one fold did on its test rows.
type FoldResult =
    {
        /// Number of the fold, from 0.
        Fold: int
        /// Mean Spearman correlation.
        Spearman: float
        /// Mean Kendall correlation.
        Kendall: float
        /// Share of rows with every label at its place.
        ExactMatch: float
        /// What it was trained with.
        Candidate: RankingCandidate
        /// The mean training loss of each epoch of the model that was scored.
        Losses: float[]
    }

/// How well a data set did.
type SetResult =
    {
        /// The set's name.
        Name: string
        /// Rows.
        Rows: int
        /// Features.
        Features: int
        /// Labels.
        Labels: int
        /// The folds that were done, by number.
        Folds: FoldResult[]
    }
