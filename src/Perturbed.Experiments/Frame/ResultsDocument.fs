namespace Perturbed.Experiments

open System
open System.IO

/// docs/results.md: a section for each experiment, made of its record, between two marks.
[<RequireQualifiedAccess>]
module ResultsDocument =

    let private opening (name: string) : string = $"<!-- experiment {name}: begin -->"
    let private closing (name: string) : string = $"<!-- experiment {name}: end -->"

    // Prose in lines of at most 119 characters.
    let private wrapped (text: string) : string =
        let add (lines: string, length: int) (word: string) =
            if lines = "" then
                word, word.Length
            elif length + word.Length > 118 then
                $"{lines}\n{word}", word.Length
            else
                $"{lines} {word}", length + 1 + word.Length

        text.Split ' ' |> Array.fold add ("", 0) |> fst

    let private escape (cell: string) : string = cell.Replace("|", "\\|")

    let private row (cells: string list) : string =
        "| " + String.Join(" | ", cells |> List.map escape) + " |"

    let private table (title: string) (columns: string list) (rows: string list list) : string list =
        [
            wrapped $"**{title}**"
            ""
            row columns
            "|"
            + String.Join("|", columns |> List.mapi (fun i _ -> if i = 0 then "---" else "---:"))
            + "|"
            yield! rows |> List.map row
            ""
        ]

    let private part (pictures: string) (part: ReportPart) : string list =
        match part with
        | ReportPart.Paragraph text -> [ wrapped text; "" ]
        | ReportPart.Table(title, columns, rows) -> table title columns rows
        | ReportPart.Picture(fileName, caption, _) ->
            [ $"![{caption}]({pictures}/{fileName})"; ""; wrapped $"*{caption}*"; "" ]

    let private origin (record: RunRecord) : string list =
        let first = record.Starts |> Array.tryHead

        let command = first |> Option.map _.Command |> Option.defaultValue ""

        let state =
            if record.Pieces.Length = record.PieceCount then
                $"all {record.PieceCount} pieces"
            else
                $"**incomplete**: {record.Pieces.Length} of {record.PieceCount} pieces"

        let starts =
            record.Starts
            |> Seq.map (fun start ->
                [
                    start.Time
                    start.Commit |> Option.defaultValue "-"
                    start.Machine
                    string start.Threads
                    Duration.text start.Seconds
                ])
            |> Seq.toList

        let total = record.Starts |> Array.sumBy _.Seconds

        [
            "    " + command
            ""
            $"Key {record.Key}; {state}; {Duration.text total} in all."
            ""
            row [ "started"; "commit"; "machine"; "threads"; "time" ]
            "|---|---|---|---:|---:|"
            yield! starts |> List.map row
            ""
        ]

    /// <summary>The section of an experiment.</summary>
    /// <param name="pictures">The folder of the pictures, as the document refers to it.</param>
    /// <param name="experiment">The experiment.</param>
    /// <param name="record">Its record.</param>
    /// <param name="parts">Its report.</param>
    /// <returns>Markdown with its marks.</returns>
    let section (pictures: string) (experiment: Experiment) (record: RunRecord) (parts: ReportPart list) : string =
        let title =
            if record.IsQuick then
                $"{experiment.Title} (minute-scale version)"
            else
                experiment.Title

        String.Join(
            '\n',
            [
                opening experiment.Name
                $"## {title}"
                ""
                yield! origin record
                yield! parts |> List.collect (part pictures)
                closing experiment.Name
            ]
        )

    /// <summary>The sections of a document.</summary>
    /// <param name="source">The document's name, for messages.</param>
    /// <param name="text">The document.</param>
    /// <returns>Names and texts, marks included, in their order.</returns>
    /// <exception cref="T:Perturbed.Experiments.InputException">A section is opened and not closed.</exception>
    let sections (source: string) (text: string) : (string * string) list =
        let rec from (at: int) found =
            match text.IndexOf("<!-- experiment ", at, StringComparison.Ordinal) with
            | -1 -> List.rev found
            | start ->
                let nameStart = start + "<!-- experiment ".Length

                match text.IndexOf(": begin -->", nameStart, StringComparison.Ordinal) with
                | -1 -> List.rev found
                | nameEnd ->
                    let name = text[nameStart .. nameEnd - 1]
                    let mark = closing name

                    match text.IndexOf(mark, nameEnd, StringComparison.Ordinal) with
                    | -1 ->
                        Input.fail $"{source}: the section '{name}' is opened and not closed; '{mark}' was expected."
                    | finish ->
                        let next = finish + mark.Length
                        from next ((name, text[start .. next - 1]) :: found)

        from 0 []

    /// The experiments of all programs in the order of the document: each program makes its own sections, and none may
    /// move those of the others.
    let order: string list =
        [
            "perturbed-max-choice"
            "perturbed-max"
            "class-network"
            "label-ranking"
            "artificial-ranking-choice"
            "artificial-ranking"
            "warcraft-choice"
            "warcraft"
            "warcraft-network"
            "estimation"
            "learning-to-align"
            "learning-preferences"
            "clustering-choice"
            "clustering"
        ]

    let private preface: string =
        """---
title: Results
category: Theory and results
categoryindex: 3
index: 2
---
# Results

What the experiments give, beside the paper's numbers. Each section is made from the record of a run and from nothing
else; the records are in `results/records`, compressed. Run an experiment, then

    perturbed results

takes the records of the runs in `results/`, keeps them in `docs/results/records`, and makes the sections of all records
there (in a clone without the tool, `dotnet run -c Release --project src/Perturbed.Experiments --` stands for
`perturbed`; for experiments with deep networks, `src/Perturbed.Experiments.Torch`). Settings that the paper leaves
open are taken on validation data by experiments of their own, whose names end with `-choice`; then the reported run is
made, with a key that none of the choices used. Bits depend on settings and key alone, with deep networks also on
libtorch's version, the processor and the number of its threads; times depend on the machine and on what else it
does."""

    /// The folder of the records that the sections are made from, beside the document's pictures.
    let recordsFolder (docs: string) : string =
        Path.Combine(docs, "results", "records")

    // The text of a section that cannot be made again.
    let private withoutRecord =
        "*The record of this run is not kept: this section cannot be made again from a file.*"

    let private marked (name: string, text: string) : string * string =
        if text.Contains(withoutRecord, StringComparison.Ordinal) then
            name, text
        else
            let first = text.IndexOf('\n', text.IndexOf("\n## ", StringComparison.Ordinal) + 1)
            name, text.Insert(first, "\n\n" + withoutRecord)

    /// <summary>A document with some sections replaced or added; the others stay.</summary>
    /// <param name="before">The sections there were.</param>
    /// <param name="made">The sections made now.</param>
    /// <returns>Markdown.</returns>
    let assemble (before: (string * string) list) (made: (string * string) list) : string =
        let kept =
            before
            |> List.filter (fun (name, _) -> not (made |> List.exists (fun (n, _) -> n = name)))

        let place (name: string, _) =
            order |> List.tryFindIndex ((=) name) |> Option.defaultValue Int32.MaxValue

        let all = made @ List.map marked kept |> List.sortBy place
        String.Join("\n\n", preface :: (all |> List.map snd)) + "\n"

    /// <summary>The records of the runs under a directory, each with its path.</summary>
    /// <param name="directory">Where the runs put their results; it may be absent.</param>
    /// <returns>Records by path.</returns>
    /// <exception cref="T:Perturbed.Experiments.ResultsException">One cannot be read.</exception>
    let records (directory: string) : (string * RunRecord) list =
        if Directory.Exists directory then
            Directory.GetDirectories directory
            |> Array.map (fun run -> Path.Combine(run, Record.fileName))
            |> Array.filter File.Exists
            |> Array.sortWith (fun a b -> String.CompareOrdinal(a, b))
            |> Array.map (fun path -> path, Record.load path)
            |> Array.toList
        else
            []

    /// <summary>The records that are kept with a document, each with its path.</summary>
    /// <param name="docs">Where results.md is.</param>
    /// <returns>Records by path.</returns>
    /// <exception cref="T:Perturbed.Experiments.ResultsException">One cannot be read.</exception>
    let keptRecords (docs: string) : (string * RunRecord) list =
        let folder = recordsFolder docs

        if Directory.Exists folder then
            Directory.GetFiles(folder, "*" + Record.compressedEnding)
            |> Array.sortWith (fun a b -> String.CompareOrdinal(a, b))
            |> Array.map (fun path -> path, Record.load path)
            |> Array.toList
        else
            []
