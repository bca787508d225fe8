module Perturbed.Functional.DiffSharp.Tests.Program

open Expecto

// The default type of tensors and the level of nesting are those of the process.
[<EntryPoint>]
let main _ =
    DiffSharp.dsharp.config (dtype = DiffSharp.Dtype.Float64)
    Perturbed.Suite.Program.run [ CLIArguments.Sequenced ]
