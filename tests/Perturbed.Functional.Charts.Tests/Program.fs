module Perturbed.Functional.Charts.Tests.Program

[<EntryPoint>]
let main _ = Perturbed.Suite.Program.run []
