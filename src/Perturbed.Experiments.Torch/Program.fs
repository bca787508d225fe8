module Perturbed.Experiments.Torch.Program

open Perturbed.Experiments

[<EntryPoint>]
let main (arguments: string[]) : int =
    try
        let options, rest = TorchOptions.take arguments

        let experiments =
            [
                ClassNetworkExperiment.create options
                PathNetworkExperiment.create options
                ClassNetworkChoice.create options
                PathNetworkChoice.create options
            ]

        let commands =
            (experiments |> List.map ExperimentCommand.create)
            @ [ OperatorShare.command options; CompareTorch.command options; ResultsCommand.create experiments ]

        Command.main commands rest
    with :? InputException as error ->
        Terminal.note $"{Command.program}: {error.Message}"
        ExitCode.ofException error
