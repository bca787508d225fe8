namespace Perturbed.Experiments

open Perturbed.Functional

/// One of the paper's two tables: which candidates each fold chooses from.
type LabelRankingTable =
    {
        /// 1 or 2.
        Number: int
        /// Learning rate and ε of the losses that have an ε; learning rate and λ of the black-box loss.
        Candidates: RankingLoss -> RankingCandidate[]
    }

/// The tables and losses of the label-ranking experiment, and the settings they share.
[<RequireQualifiedAccess>]
module LabelRankingTables =

    /// The paper's losses in its order, then the one it does not have, by their names in the record.
    let losses: (string * RankingLoss) list =
        [
            "fenchel-young", RankingLoss.FenchelYoung
            "perturbed-squared", RankingLoss.SmoothedSquared
            "squared", RankingLoss.Squared
            "black-box", RankingLoss.BlackBox
            "fenchel-young-exact", RankingLoss.ExactFenchelYoung
        ]

    /// ε of Table 1.
    let epsilon = 1.0

    /// λ of Table 1: that of ε, as neither is chosen by looking at scores.
    let lambda = epsilon

    /// The grid of learning rates, and in Table 2 of ε and λ.
    let grid = [| 1e-3; 1e-2; 1e-1 |]

    /// The tables. The squared loss has no ε: its column of Table 2 is that of Table 1 and not computed again.
    let tables: LabelRankingTable list =
        [
            {
                Number = 1
                Candidates =
                    fun loss ->
                        match loss with
                        | RankingLoss.BlackBox -> RankingCandidate.grid grid [| lambda |]
                        | _ -> RankingCandidate.grid grid [| epsilon |]
            }
            {
                Number = 2
                Candidates =
                    fun loss ->
                        match loss with
                        | RankingLoss.Squared -> [||]
                        | _ -> RankingCandidate.grid grid grid
            }
        ]

    /// <summary>The settings of one loss under some candidates.</summary>
    /// <param name="isQuick">The minute-scale version: fewer steps and folds.</param>
    /// <param name="key">The key.</param>
    /// <param name="loss">The loss.</param>
    /// <param name="candidates">What each fold chooses from.</param>
    /// <returns>Settings for <c>RankingTraining.fold</c>.</returns>
    let settings (isQuick: bool) (key: uint64) (loss: RankingLoss) (candidates: RankingCandidate[]) : RankingSettings =
        {
            Loss = loss
            NoiseText = "gaussian"
            Noise = Noise.gaussian
            Candidates = candidates
            Samples = 10
            Optimizer = "adam", Optimizer.adam
            Schedule = RankingSchedule.Cosine
            Epochs = (if isQuick then 20 else 100)
            MaxSteps = (if isQuick then 200 else 2000)
            BatchSize = 32
            Folds = 10
            InnerFolds = (if isQuick then 2 else 5)
            Key = key
            Threads = 1
        }
