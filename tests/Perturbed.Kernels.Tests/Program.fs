module Perturbed.Kernels.Tests.Program

[<EntryPoint>]
let main _ = Perturbed.Suite.Program.run []
