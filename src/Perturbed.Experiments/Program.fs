module Perturbed.Experiments.Program

[<EntryPoint>]
let main (arguments: string[]) : int =
    Command.main [ EvalCommand.command ] arguments
