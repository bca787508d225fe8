module Perturbed.Functional.Benchmarks.Program

open System.Reflection
open BenchmarkDotNet.Running

// dotnet run -c Release --project tests/Perturbed.Functional.Benchmarks -- --filter '*' --job short
[<EntryPoint>]
let main arguments =
    BenchmarkSwitcher.FromAssembly(Assembly.GetExecutingAssembly()).Run arguments
    |> ignore

    0
