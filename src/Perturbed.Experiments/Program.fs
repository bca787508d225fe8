module Perturbed.Experiments.Program

/// The experiments of the paper, and applications of the method.
let experiments: Experiment list =
    [
        PerturbedMaxChoice.experiment
        PerturbedMaxExperiment.experiment
        LabelRankingExperiment.experiment
        ArtificialRankingChoice.experiment
        ArtificialRankingExperiment.experiment
        WarcraftChoice.experiment
        WarcraftExperiment.experiment
        EstimationExperiment.experiment
        AlignExperiment.experiment
        PreferencesExperiment.experiment
        ClusteringChoice.experiment
        ClusteringExperiment.experiment
    ]

[<EntryPoint>]
let main (arguments: string[]) : int =
    let commands =
        [ RankingCommand.command; EvalCommand.command ]
        @ (experiments |> List.map ExperimentCommand.create)
        @ [ MapsCommand.command; ResultsCommand.create experiments ]

    Command.main commands arguments
