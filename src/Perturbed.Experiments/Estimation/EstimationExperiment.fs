namespace Perturbed.Experiments

/// The experiment `estimation`: Proposition 4.1 of the paper.
[<RequireQualifiedAccess>]
module EstimationExperiment =

    let private notes: string =
        """PIECES: MODEL/n N/block B of 50 repetitions; so --only "n 100/" is one n and --only ranking one model."""

    /// The experiment.
    let experiment: Experiment =
        {
            Name = "estimation"
            Title = "Estimation of θ from solutions: Proposition 4.1"
            Summary = "θ from solutions alone: error against n, and the coverage of its confidence intervals."
            Notes = notes
            Options = []
            Plan = EstimationPlan.create
            Report = EstimationReport.create
        }
