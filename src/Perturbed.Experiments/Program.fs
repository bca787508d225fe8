module Perturbed.Experiments.Program

/// The experiments of the paper.
let experiments: Experiment list =
    [
        LabelRankingExperiment.experiment
        ArtificialRankingExperiment.experiment
        EstimationExperiment.experiment
    ]

[<EntryPoint>]
let main (arguments: string[]) : int =
    let commands =
        [ RankingCommand.command; EvalCommand.command ]
        @ (experiments |> List.map ExperimentCommand.create)
        @ [ ResultsCommand.create experiments ]

    Command.main commands arguments
