namespace Perturbed.Experiments

/// The experiment `artificial-ranking`: Figures 4, 7 and 8 of the paper.
[<RequireQualifiedAccess>]
module ArtificialRankingExperiment =

    let private notes: string =
        """PIECES: sigma S/LOSS/run N; so --only "sigma 1/" is one value of σ and --only /squared/ one loss."""

    /// The experiment.
    let experiment: Experiment =
        {
            Name = "artificial-ranking"
            Title = "Artificial rankings: Figures 4, 7 and 8"
            Summary = "four losses on rankings of 100 labels under growing noise, as in the paper's Figures 4, 7 and 8."
            Notes = notes
            Options = []
            Plan = ArtificialRankingPlan.create
            Report = ArtificialRankingReport.create
        }
