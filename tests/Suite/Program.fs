/// The program that runs a suite, with one seed for all its properties.
module Perturbed.Suite.Program

open System
open System.Reflection
open Expecto
open Expecto.Impl

let private arguments: string[] = Environment.GetCommandLineArgs() |> Array.skip 1

/// What `--seed` says, or a number drawn for this run.
let seed: uint64 =
    match Array.tryFindIndex ((=) "--seed") arguments with
    | None -> uint64 (Random.Shared.NextInt64())
    | Some at ->
        match arguments |> Array.tryItem (at + 1) |> Option.map UInt64.TryParse with
        | Some(true, value) -> value
        | _ ->
            eprintfn "--seed takes a whole number, at least 0."
            exit 2

// The suite without the arguments that only this program knows.
let private own: string[] =
    match Array.tryFindIndex ((=) "--seed") arguments with
    | None -> arguments
    | Some at -> arguments |> Array.removeManyAt at 2

let private quoted (text: string) : string = "'" + text.Replace("'", @"'\''") + "'"

let private summary (config: ExpectoConfig) (run: TestRunSummary) : Async<unit> =
    async {
        do! TestPrinters.defaultPrinter.summary config run
        let name (test: FlatTest) = config.joinWith.format test.name
        let project = (nonNull (Assembly.GetEntryAssembly())).GetName().Name

        if run.results.IsEmpty then
            eprintfn "No test has such a name."
            exit 1

        for test, result in run.ignored do
            printfn $"Skipped {name test}: {result.result}"

        for test, _ in run.failed @ run.errored do
            printfn
                $"To repeat: dotnet run -c Release --project tests/{project} -- --seed {seed} --run {quoted (name test)}"

        printfn
            $"Failed: {run.failed.Length + run.errored.Length}, Passed: {run.passed.Length}, Skipped: {run.ignored.Length}"
    }

/// Runs every list of tests of the program.
let run (options: CLIArguments list) : int =
    let printer =
        { TestPrinters.defaultPrinter with
            summary = summary
        }

    runTestsInAssemblyWithCLIArgs (CLIArguments.Printer printer :: CLIArguments.No_Spinner :: options) own
