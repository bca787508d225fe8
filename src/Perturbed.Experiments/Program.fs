module Perturbed.Experiments.Program

[<EntryPoint>]
let main (arguments: string[]) : int =
    Command.main [ RankingCommand.command; EvalCommand.command ] arguments
