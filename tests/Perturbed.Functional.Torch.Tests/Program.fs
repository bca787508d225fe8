module Perturbed.Functional.Torch.Tests.Program

open Expecto

// Counts of tensors and of bytes are those of the process: nothing may run beside them.
[<EntryPoint>]
let main _ =
    Perturbed.Suite.Program.run [ CLIArguments.Sequenced ]
