module Perturbed.Functional.Cluster.Tests.Program

open Perturbed.Functional.Cluster.Tests

[<EntryPoint>]
let main arguments =
    match List.ofArray arguments with
    | "silo" :: rest -> Processes.serve (Array.ofList rest)
    | [ "long" ] -> Long.run ()
    | [ "measure" ] -> Measurements.run ()
    | _ -> Perturbed.Suite.Program.run []
