/// What was released stays, or the changelog says what became of it. A release is a file of the public surface of all
/// packages, named for its version.
module Perturbed.Functional.Tests.Releases

open System
open System.Text.RegularExpressions

/// What a version promises its users: members, each with its type, such as "Oracle: argmax(Int32 dimension): Oracle".
type Surface = string list

/// The lines of a surface file, members with their types before them.
let surface (lines: string seq) : Surface =
    let folder (owner: string, members: string list) (line: string) =
        if line.StartsWith "  " then
            owner, $"{owner}: {line.Trim()}" :: members
        else
            line, line :: members

    lines |> Seq.fold folder ("", []) |> snd |> List.rev

// The word that a changelog uses for a member: its name, or that of its type for a constructor or the type itself.
let private word (entry: string) : string =
    let ofType (name: string) =
        name.Split('<')[0] |> fun whole -> whole.Split('.') |> Array.last

    match entry.Split(": ", 2) with
    | [| owner; text |] ->
        let name = Regex.Match(text, @"^\w+").Value
        if name = "new" then ofType owner else name
    | _ -> ofType entry

// The changelog's lines under each of its headings.
let private sections (changelog: string seq) : (string * string) list =
    let folder sections (line: string) =
        match sections with
        | _ when line.StartsWith "## " -> (line.Substring(3).Trim(), "") :: sections
        | (heading, text) :: earlier -> (heading, text + "\n" + line) :: earlier
        | [] -> []

    changelog |> Seq.fold folder [] |> List.rev

let private isBreakAllowed (last: Version) (next: Version) : bool =
    next.Major > last.Major
    || last.Major = 0 && next.Major = 0 && next.Minor > last.Minor

/// What is wrong with a version beside the releases before it; nothing, if it is all right.
let faults (version: Version) (changelog: string seq) (releases: Map<Version, Surface>) (current: Surface) =
    let sections = sections changelog
    let isUnreleased = sections |> List.exists (fst >> (=) "Unreleased")

    let versions =
        sections
        |> List.filter (fst >> (<>) "Unreleased")
        |> List.map (fun (heading, _) -> Version.Parse(heading.Split(' ')[0]))

    let files = releases |> Map.keys |> Seq.rev |> List.ofSeq

    [
        if versions <> files then
            $"CHANGELOG.md has the versions %A{versions |> List.map string}, and there are surfaces of %A{files |> List.map string}."

        match List.tryHead files with
        | None ->
            if not isUnreleased then
                "CHANGELOG.md has no section 'Unreleased', and nothing is released."
        | Some last when version < last -> $"The version is {version}, and {last} is released."
        | Some last when version = last ->
            if releases[last] <> current then
                $"The surface is not that of {last}, which is released: a change needs another version in Directory.Build.props."
        | Some last ->
            let gone = releases[last] |> List.except current

            if not isUnreleased then
                $"CHANGELOG.md has no section 'Unreleased' for {version}."

            if not gone.IsEmpty && not (isBreakAllowed last version) then
                $"{version} takes away what {last} has, for which its number is too small: {gone.Head}"

            let said =
                sections
                |> List.tryPick (fun (h, text) -> if h = "Unreleased" then Some text else None)

            for entry in gone do
                let owner = entry.Split(": ", 2)[0]
                // A type that is gone is named once, not with all its members.
                if entry = owner || List.contains owner current then
                    if not (Regex.IsMatch(defaultArg said "", $@"\b{Regex.Escape(word entry)}\b")) then
                        $"'{entry}' of {last} is gone, and the section 'Unreleased' of CHANGELOG.md does not name '{word entry}'."
    ]
