module Perturbed.Functional.Tests.Program

[<EntryPoint>]
let main _ = Perturbed.Suite.Program.run []
