module Perturbed.Experiments.Tests.Program

[<EntryPoint>]
let main _ = Perturbed.Suite.Program.run []
