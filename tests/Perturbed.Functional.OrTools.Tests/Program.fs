module Perturbed.Functional.OrTools.Tests.Program

[<EntryPoint>]
let main arguments =
    if arguments = [| "bench" |] then
        Benchmark.run ()
    else
        Perturbed.Suite.Program.run []
