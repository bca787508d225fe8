/// docs/architecture.md held to the project files and the sources.
module Perturbed.Functional.Tests.ArchitectureTests

open System
open System.IO
open System.Text.RegularExpressions
open Expecto
open Xunit

let rec private rootAbove (directory: string) : string =
    if File.Exists(Path.Combine(directory, "Perturbed.Functional.sln")) then
        directory
    else
        rootAbove (string (Path.GetDirectoryName directory))

let private root = rootAbove AppContext.BaseDirectory

let private page =
    lazy (File.ReadAllText(Path.Combine(root, "docs", "architecture.md")))

let private captures (pattern: string) (text: string) : (string * string) list =
    [
        for found in Regex.Matches(text, pattern, RegexOptions.Multiline) ->
            found.Groups[1].Value, found.Groups[2].Value
    ]

// The arrows of the page's diagram, from project to project.
let private drawn: Lazy<Set<string * string>> =
    lazy
        (let names = captures @"\b(\w+)\[([\w.]+)\]" page.Value |> Map.ofList

         captures @"^\s+(\w+)(?:\[[\w.]+\])? --> (\w+)" page.Value
         |> List.map (fun (from, target) -> names[from], names[target])
         |> Set.ofList)

let private projects: string list =
    [
        for file in Directory.EnumerateFiles(Path.Combine(root, "src"), "*.*proj", SearchOption.AllDirectories) do
            file
    ]

// The table of the core's folders: which folders each may use.
let private allowed: Lazy<Map<string, Set<string>>> =
    lazy
        (captures @"^\| (\w+) \|[^|]*\|([^|]*)\|$" page.Value
         |> List.filter (fun (folder, _) -> folder <> "folder")
         |> List.map (fun (folder, used) ->
             folder, set (used.Split(',', StringSplitOptions.RemoveEmptyEntries ||| StringSplitOptions.TrimEntries)))
         |> Map.ofList)

let private core = Path.Combine(root, "src", "Perturbed.Functional")

// The core's files in compile order, each with its folder and its code without comments and texts.
let private files: Lazy<(string * string * string)[]> =
    lazy
        (captures
            @"Compile Include=""([^""]+)""()"
            (File.ReadAllText(Path.Combine(core, "Perturbed.Functional.fsproj")))
         |> List.map (fun (file, _) ->
             let folder =
                 match file.IndexOf '/' with
                 | -1 -> "root"
                 | slash -> file.Substring(0, slash)

             let code = File.ReadAllText(Path.Combine(core, file))
             let code = Regex.Replace(code, "//[^\n]*", "")
             file, folder, Regex.Replace(code, "\"(?:[^\"\\\\]|\\\\.)*\"", "\"\""))
         |> Array.ofList)

// Names that files declare at the left margin, with the file; a name may be declared twice, as a type and its module.
let private declared: Lazy<Map<string, string list>> =
    lazy
        ([
            for file, _, code in files.Value do
                for _, name in
                    captures @"^(type|module|and)(?:\s+\[<[^>]*>\])?(?:\s+internal|\s+private)?\s+([A-Z]\w*)" code do
                    name, file
         ]
         |> List.distinct
         |> List.groupBy fst
         |> List.map (fun (name, files) -> name, List.map snd files)
         |> Map.ofList)

[<Tests>]
let tests =
    testList "Architecture" [
        testCase "Projects refer to each other as the diagram of the page says" (fun () ->
            let actual =
                set [
                    for file in projects do
                        for reference, _ in captures @"ProjectReference Include=""([^""]+)""()" (File.ReadAllText file) do
                            Path.GetFileNameWithoutExtension file, Path.GetFileNameWithoutExtension reference
                ]

            Assert.Equal<Set<string * string>>(drawn.Value, actual))

        testCase "Folders of the core use each other as the table of the page says" (fun () ->
            let folderOf =
                files.Value |> Array.map (fun (file, folder, _) -> file, folder) |> Map.ofArray

            let order = files.Value |> Array.mapi (fun i (file, _, _) -> file, i) |> Map.ofArray

            let forbidden =
                [
                    for file, folder, code in files.Value do
                        for name, _ in captures @"\b([A-Z]\w*)()" code |> List.distinct do
                            for source in declared.Value |> Map.tryFind name |> Option.defaultValue [] do
                                // The compiler refuses what stands further down, so such a name is another one.
                                let used = folderOf[source]

                                if
                                    order[source] < order[file]
                                    && used <> folder
                                    && folder <> "root"
                                    && not (allowed.Value[folder].Contains used)
                                then
                                    $"{file} uses {name} of {source}"
                ]

            Assert.True(declared.Value.Count > 100, "The declarations of the core were not found.")
            Assert.True(forbidden.IsEmpty, String.Join("\n", forbidden)))

        testCase "The table of the page names the folders that there are" (fun () ->
            let actual = files.Value |> Array.map (fun (_, folder, _) -> folder) |> Set.ofArray

            Assert.Equal<Set<string>>(allowed.Value |> Map.keys |> Set.ofSeq, actual))
    ]
