/// The folders of the kernels use each other in the order that docs/projects.md lists, and in no other.
module Perturbed.Kernels.Tests.LayoutTests

open System.IO
open System.Text.RegularExpressions
open Expecto
open Xunit

let private root = Path.Combine(__SOURCE_DIRECTORY__, "..", "..")

let private kernels = Path.Combine(root, "src", "Perturbed.Kernels")

/// The level of each folder: that of its entry in the list of the section on the kernels.
let private levels: Map<string, int> =
    let text = File.ReadAllText(Path.Combine(root, "docs", "projects.md"))
    let section = text.Substring(text.IndexOf "## src/Perturbed.Kernels")
    let section = section.Substring(0, section.IndexOf("\n## ", 1))

    Regex.Split(section, @"\n- ")
    |> Array.skip 1
    |> Array.mapi (fun level entry ->
        let names = entry.Substring(0, entry.IndexOf " — ")
        [ for name in Regex.Matches(names, @"\*\*([\w/]+)\*\*") -> name.Groups[1].Value, level ])
    |> Seq.concat
    |> Map.ofSeq

type private Source =
    {
        File: string
        Folder: string
        Code: string
    }

/// Without comments and without the texts of messages.
let private code (path: string) : string =
    let withoutComments = Regex.Replace(File.ReadAllText path, @"//[^\n]*", "")
    Regex.Replace(withoutComments, "\"(\\\\.|[^\"\\\\\\n])*\"", "\"\"")

let private sources: Source list =
    [
        for path in Directory.GetFiles(kernels, "*.cs", SearchOption.AllDirectories) do
            let parts = Path.GetRelativePath(kernels, path).Split(Path.DirectorySeparatorChar)

            if parts[0] <> "obj" && parts[0] <> "bin" then
                {
                    File = Path.GetRelativePath(kernels, path)
                    Folder =
                        if parts[0] = "Solvers" then
                            String.concat "/" parts[.. min 1 (parts.Length - 2)]
                        else
                            parts[0]
                    Code = code path
                }
    ]

/// The folders that declare a type of a name outside of all others.
let private declared: Map<string, Set<string>> =
    let declaration =
        Regex(
            @"^(?:[a-z]+ )*(?:class|struct|interface|enum|record) (?:struct )?([A-Z]\w*)|^(?:[a-z]+ )*delegate \S+ ([A-Z]\w*)",
            RegexOptions.Multiline
        )

    [
        for source in sources do
            for found in declaration.Matches source.Code -> found.Groups[1].Value + found.Groups[2].Value, source.Folder
    ]
    |> List.groupBy fst
    |> List.map (fun (name, folders) -> name, folders |> List.map snd |> Set.ofList)
    |> Map.ofList

[<Tests>]
let tests =
    testList "Layout" [
        testCase
            "Every folder of the kernels is in the list of docs/projects.md, and every entry of the list is a folder"
            (fun () ->
                let folders = sources |> List.map _.Folder |> Set.ofList
                Assert.Equal<Set<string>>(levels |> Map.keys |> Set.ofSeq, folders)
                Assert.True(declared.Count > 150))

        testCase "A folder of the kernels uses only folders above it in the list of docs/projects.md" (fun () ->
            let upwards =
                [
                    for source in sources do
                        // Not behind a dot, where a name is that of a member.
                        let names =
                            Regex.Matches(source.Code, @"(?<![.\w])[A-Z]\w*")
                            |> Seq.map _.Value
                            |> Set.ofSeq

                        for name in names do
                            for folder in declared |> Map.tryFind name |> Option.defaultValue Set.empty do
                                if folder <> source.Folder && levels[folder] >= levels[source.Folder] then
                                    $"{source.File} uses {name} of {folder}"
                ]

            Assert.True(upwards.IsEmpty, String.concat "\n" upwards))
    ]
