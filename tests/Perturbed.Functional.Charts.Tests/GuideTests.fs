/// The blocks of docs/charts.md and docs/index.md compile, run, and save the pictures that the pages show.
module Perturbed.Functional.Charts.Tests.GuideTests

open System
open System.Diagnostics
open System.IO
open System.Text.RegularExpressions
open Perturbed.Functional.Charts
open Expecto
open Xunit

let rec private rootAbove (directory: string) : string =
    if File.Exists(Path.Combine(directory, "Perturbed.Functional.sln")) then
        directory
    else
        rootAbove (string (Path.GetDirectoryName directory))

let private docs = Path.Combine(rootAbove AppContext.BaseDirectory, "docs")

let private page: string =
    [ "charts.md"; "index.md" ]
    |> List.map (fun name -> File.ReadAllText(Path.Combine(docs, name)))
    |> String.concat "\n"

// What scripts/check-docs.sh makes of a page, with the assemblies of this test; the pages are one script here.
let private script: string =
    let assemblies = Path.GetDirectoryName typeof<Chart>.Assembly.Location

    [
        $"#I @\"{assemblies}\""
        for name in
            [
                "System.Numerics.Tensors"
                "MathNet.Numerics"
                "Perturbed.Kernels"
                "Perturbed.Functional"
                "Perturbed.Functional.Learning"
                "Perturbed.Functional.Charts"
            ] do
            $"#r \"{name}.dll\""
        "open Perturbed.Functional"
        "let theta = [| 2.0; -1.0; 0.3; 4.1; 0.9 |]"
        for number, block in
            Regex.Matches(page, "```fsharp\n(.*?)```", RegexOptions.Singleline)
            |> Seq.indexed do
            "[<AutoOpen>]"
            $"module Block{number} ="
            yield! block.Groups[1].Value.Split '\n' |> Array.map (fun line -> "    " + line)
    ]
    |> String.concat "\n"

let private run (folder: string) : unit =
    File.WriteAllText(Path.Combine(folder, "page.fsx"), script)

    let start =
        ProcessStartInfo("dotnet", [ "fsi"; "--nologo"; "page.fsx" ], WorkingDirectory = folder)

    start.RedirectStandardError <- true
    use fsi = Process.Start start |> Option.ofObj |> Option.get
    let error = fsi.StandardError.ReadToEnd()
    fsi.WaitForExit()
    Assert.True((fsi.ExitCode = 0), error)

[<Tests>]
let tests =
    testList "Charts.Guide" [
        testCase "The pages' blocks run and save the pictures that they show, with the same bytes" (fun () ->
            let folder = Directory.CreateTempSubdirectory()

            try
                run folder.FullName
                let committed = Path.Combine(docs, "charts")

                let made = [ for file in folder.EnumerateFiles "*.svg" -> file.Name ] |> List.sort

                if Environment.GetEnvironmentVariable "UPDATE_PICTURES" = "1" then
                    for name in made do
                        File.Copy(Path.Combine(folder.FullName, name), Path.Combine(committed, name), true)

                let shown =
                    [ for found in Regex.Matches(page, @"\]\(charts/([\w-]+\.svg)\)") -> found.Groups[1].Value ]
                    |> List.sort

                Assert.Equal<string list>(shown, made)

                Assert.Equal<string list>(
                    made,
                    [ for file in Directory.EnumerateFiles(committed, "*.svg") -> string (Path.GetFileName file) ]
                    |> List.sort
                )

                let different =
                    made
                    |> List.filter (fun name ->
                        File.ReadAllText(Path.Combine(folder.FullName, name))
                        <> File.ReadAllText(Path.Combine(committed, name)))

                Assert.Empty different
            finally
                folder.Delete true)
    ]
