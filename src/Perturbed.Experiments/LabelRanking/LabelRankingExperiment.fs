namespace Perturbed.Experiments

/// The experiment `label-ranking`: Tables 1 and 2 of the paper.
[<RequireQualifiedAccess>]
module LabelRankingExperiment =

    let private notes: string =
        """DATA: a directory with the label-ranking sets as CSV files; the paper's numbers are read from paper-tables.csv in it or above
    it, where that file is. Without --data sets of the sizes of the public ones are generated, under names that begin with generated-.

PIECES: table T/SET/LOSS/fold N, T of 1 and 2, N from 0 to 9; so --only "table 1/" is Table 1 and --only /iris/ one set."""

    /// The experiment.
    let experiment: Experiment =
        {
            Name = "label-ranking"
            Title = "Label ranking: Tables 1 and 2"
            Summary = "four losses and the exact one on 21 label-ranking sets, beside the paper's Tables 1 and 2."
            Notes = notes
            Options = []
            Plan = LabelRankingPlan.create
            Report = LabelRankingReport.create
        }
