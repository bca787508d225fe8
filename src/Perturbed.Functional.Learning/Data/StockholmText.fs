namespace Perturbed.Functional

open System
open System.Collections.Generic
open System.Text

/// Lines of Stockholm files, and the alignment that they make.
module internal StockholmText =

    let heading = "# STOCKHOLM 1.0"

    let isGap (c: char) : bool =
        c = '.' || c = '-' || c = '_' || c = '~'

    let isPerColumn (subject: StockholmSubject) : bool =
        match subject with
        | StockholmSubject.Columns
        | StockholmSubject.Residues _ -> true
        | StockholmSubject.Alignment
        | StockholmSubject.Sequence _ -> false

    // The first words of a line, and what is left of it.
    let words (source: string) (line: int) (count: int) (expected: string) (text: string) : string[] =
        let parts =
            text.Split([| ' '; '\t' |], count, StringSplitOptions.RemoveEmptyEntries ||| StringSplitOptions.TrimEntries)

        if parts.Length < count then
            CsvText.fail source line $"'{text.Trim()}' was found; {expected} was expected."

        parts

    // A line that begins with #=: what it is about, its feature, its text. A GF or GS line may have no text.
    let annotation (source: string) (line: int) (text: string) : StockholmSubject * string * string =
        let words count expected = words source line count expected text

        let feature, name =
            "#=GF or #=GC, feature and text", "#=GS or #=GR, sequence, feature and text"

        match text.Substring(0, min 4 text.Length) with
        | "#=GF" ->
            let parts = words 2 feature
            let rest = parts[1].Split([| ' '; '\t' |], 2)
            StockholmSubject.Alignment, rest[0], (if rest.Length > 1 then rest[1].Trim() else "")
        | "#=GC" ->
            let parts = words 3 feature
            StockholmSubject.Columns, parts[1], parts[2]
        | "#=GS" ->
            let parts = words 3 name
            let rest = parts[2].Split([| ' '; '\t' |], 2)
            StockholmSubject.Sequence parts[1], rest[0], (if rest.Length > 1 then rest[1].Trim() else "")
        | "#=GR" ->
            let parts = words 4 name
            StockholmSubject.Residues parts[1], parts[2], parts[3]
        | other -> CsvText.fail source line $"'{other}' was found; #=GF, #=GC, #=GS or #=GR was expected."

    /// What was read of the alignment that is open: rows grow block by block.
    type Open(source: string, firstLine: int) =
        let rows = Dictionary<string, StringBuilder>()
        let names = ResizeArray<string>()
        let marks = ResizeArray<struct (StockholmSubject * string * StringBuilder * int)>()
        // The line of each row's last block.
        let lines = Dictionary<string, int>()

        member _.Add(line: int, name: string, row: string) : unit =
            row
            |> Seq.iteri (fun i c ->
                if not (Char.IsAsciiLetter c || isGap c || c = '*') then
                    CsvText.fail
                        source
                        line
                        $"character {i} of the row of {name} is {CsvText.shown c}; a letter or one of . - _ ~ * was expected.")

            if not (rows.ContainsKey name) then
                rows[name] <- StringBuilder()
                names.Add name

            rows[name].Append row |> ignore
            lines[name] <- line

        member _.Mark(line: int, subject: StockholmSubject, feature: string, text: string) : unit =
            let before =
                if isPerColumn subject then
                    marks |> Seq.tryFind (fun struct (s, f, _, _) -> s = subject && f = feature)
                else
                    None

            match before with
            | Some(struct (_, _, builder, _)) -> builder.Append text |> ignore
            | None -> marks.Add(struct (subject, feature, StringBuilder text, line))

        member _.Close(line: int) : StockholmAlignment =
            if names.Count = 0 then
                CsvText.fail
                    source
                    line
                    $"the alignment from line {firstLine} has no sequence; at least one was expected."

            let columns = rows[names[0]].Length

            for name in names do
                if rows[name].Length <> columns then
                    CsvText.fail
                        source
                        lines[name]
                        $"the row of {name} has {rows[name].Length} columns; that of {names[0]} has {columns}."

            for struct (subject, feature, text, at) in marks do
                match subject with
                | StockholmSubject.Sequence name
                | StockholmSubject.Residues name when not (rows.ContainsKey name) ->
                    CsvText.fail source at $"{feature} is about the sequence {name}, which the alignment does not have."
                | _ -> ()

                if isPerColumn subject && text.Length <> columns then
                    CsvText.fail source at $"{feature} has {text.Length} columns; the rows have {columns}."

            {
                Sequences =
                    [|
                        for name in names ->
                            {
                                Name = name
                                Row = rows[name].ToString()
                            }
                    |]
                Annotations =
                    [|
                        for struct (subject, feature, text, _) in marks ->
                            {
                                Subject = subject
                                Feature = feature
                                Text = text.ToString()
                            }
                    |]
            }
