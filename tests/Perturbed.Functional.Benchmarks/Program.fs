module Perturbed.Functional.Benchmarks.Program

open System.Globalization
open System.Reflection
open BenchmarkDotNet.Running

// dotnet run -c Release --project tests/Perturbed.Functional.Benchmarks -- --filter '*' --job short
// dotnet run -c Release --project tests/Perturbed.Functional.Benchmarks -- operators
// dotnet run -c Release --project tests/Perturbed.Functional.Benchmarks -- limits
// dotnet run -c Release --project tests/Perturbed.Functional.Benchmarks -- growth
// dotnet run -c Release --project tests/Perturbed.Functional.Benchmarks -- solves [PART OF A NAME ...]
// dotnet run -c Release --project tests/Perturbed.Functional.Benchmarks -- warm
// dotnet run -c Release --project tests/Perturbed.Functional.Benchmarks -- estimators [--quick]
// scripts/compare-pytorch.sh, compare-scipy.sh and compare-blas.sh run the others.
[<EntryPoint>]
let main arguments =
    CultureInfo.CurrentCulture <- CultureInfo.InvariantCulture

    match List.ofArray arguments with
    | [ "operators" ] ->
        Operators.table 0.3
        Operators.threads 1.0
    | [ "limits" ] -> Limits.table 0.3
    | [ "growth" ] -> Growth.table 0.2
    | "solves" :: names -> Solves.table names 0.3
    | [ "warm" ] -> WarmStarts.table 0.6
    | [ "scipy"; seconds; folder ] -> Solves.scipy (float seconds) folder
    | [ "estimators" ] -> Estimators.run false "docs/estimators.md"
    | [ "estimators"; "--quick" ] -> Estimators.run true ""
    | [ "blas"; seconds; folder ] -> Products.compare (float seconds) folder
    | "compare" :: seconds :: names -> Compare.run names (float seconds)
    | [ "compare" ] -> Compare.run [] 1.0
    | _ ->
        BenchmarkSwitcher.FromAssembly(Assembly.GetExecutingAssembly()).Run arguments
        |> ignore

    0
