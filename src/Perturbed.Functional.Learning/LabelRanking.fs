namespace Perturbed.Functional

open System
open System.Collections.Generic
open System.Globalization
open System.IO
open System.Runtime.InteropServices
open Perturbed.Kernels

/// A label-ranking data set: features, and for each row an order of the same labels.
type LabelRankingData =
    {
        /// Names of the feature columns.
        FeatureNames: string[]
        /// Names of the labels in ordinal order: column l of the targets is label l.
        Labels: string[]
        /// Features [rows × p]; targets [rows × d], where the best label has d and the worst 1, so that a row is
        /// argmax ⟨y, θ⟩ over the permutations y of (1..d) for θ in the order of the ranking.
        Examples: Examples
    }

/// Label-ranking data: files with a column `ranking` such as `a>c>b` (best first), and the paper's artificial sets.
[<RequireQualifiedAccess>]
module LabelRanking =

    /// Refuses equal names of columns.
    let private requireNames (source: string) (line: int) (names: string[]) : unit =
        let first = Dictionary<string, int>(StringComparer.Ordinal)

        names
        |> Array.iteri (fun column name ->
            if name = "" then
                CsvText.fail source line $"column {column} has no name; a name was expected for each column."

            if not (first.TryAdd(name, column)) then
                CsvText.fail
                    source
                    line
                    $"columns {first[name]} and {column} are both named '{name}'; each name was expected once.")

    let private header (source: string) (line: int) (names: string[]) : int =
        match names |> Array.indexed |> Array.filter (fun (_, name) -> name = "ranking") with
        | [| column, _ |] when names.Length > 1 ->
            requireNames source line names
            column
        | [| _ |] ->
            CsvText.fail
                source
                line
                "the header has the column 'ranking' alone; at least one feature column was expected."
        | [||] ->
            let start = String.Join(",", names)
            let start = if start.Length > 60 then start[..59] + "…" else start

            CsvText.fail
                source
                line
                $"the line is '{start}'; a header was expected here, with names of features and one column \
                  'ranking' (labels from best to worst, as in b>a>c)."
        | several -> CsvText.fail source line $"the header has {several.Length} columns 'ranking'; one was expected."

    // '>' alone separates labels, so every other sign that files use for that, or for ties, is refused.
    let private isOfLabel (c: char) : bool =
        Char.IsLetterOrDigit c
        || Char.IsSurrogate c
        || Globalization.CharUnicodeInfo.GetUnicodeCategory c = UnicodeCategory.NonSpacingMark
        || Globalization.CharUnicodeInfo.GetUnicodeCategory c = UnicodeCategory.SpacingCombiningMark
        || c = '_'
        || c = '-'
        || c = '.'
        || c = '\''
        || c = ' '

    let private requireLabel (source: string) (line: int) (ranking: string) (label: string) : unit =
        match label |> Seq.tryFind (isOfLabel >> not) with
        | None -> ()
        | Some('=' | '~' as sign) ->
            CsvText.fail
                source
                line
                $"the ranking is '{ranking}'; '{sign}' would tie labels, and an order without ties was expected."
        | Some c ->
            CsvText.fail
                source
                line
                ($"label '{label}' has the character {CsvText.shown c}; letters, digits, blanks and _ - . ' were expected, "
                 + "and > between labels.")

    let private splitRanking (source: string) (line: int) (text: string) : string[] =
        let ranking = text.Split('>', StringSplitOptions.TrimEntries)
        ranking |> Array.iter (requireLabel source line text)

        if ranking.Length < 2 || Array.contains "" ranking then
            CsvText.fail
                source
                line
                $"the ranking is '{text}'; at least two labels were expected, as in a>c>b (best first)."

        let seen = HashSet<string>(StringComparer.Ordinal)

        for label in ranking do
            if not (seen.Add label) then
                CsvText.fail source line $"label '{label}' occurs twice in the ranking; each label was expected once."

        ranking

    /// The labels, in ordinal order, that most rows rank; of two sets as frequent the larger one, then the earlier.
    let private commonLabels (rows: ResizeArray<struct (int * string[])>) : string[] * int =
        rows
        |> Seq.map (fun struct (_, ranking) -> ranking |> Array.sortWith (fun a b -> String.CompareOrdinal(a, b)))
        |> Seq.countBy (fun labels -> struct (labels.Length, String.Join('>', labels)))
        |> Seq.maxBy (fun (struct (length, _), count) -> count, length)
        |> fun (struct (_, labels), count) -> labels.Split '>', count

    /// The targets: the label at position q (from 0) of d has rank d − q.
    let private ranksOf (source: string) (rows: ResizeArray<struct (int * string[])>) : string[] * float[,] =
        let labels, count = commonLabels rows
        let d = labels.Length
        let index = Dictionary<string, int>(StringComparer.Ordinal)
        labels |> Array.iteri (fun l label -> index.Add(label, l))
        let targets = Array2D.zeroCreate<float> rows.Count d

        let others () =
            let known = String.Join(", ", labels)
            $"{count} of the {rows.Count} rows rank {known}, and every row must rank the same."

        rows
        |> Seq.iteri (fun row struct (line, ranking) ->
            ranking
            |> Array.iteri (fun position label ->
                match index.TryGetValue label with
                | true, l -> targets[row, l] <- float (d - position)
                | false, _ -> CsvText.fail source line $"the ranking has the label '{label}'; {others ()}")

            match labels |> Array.tryFindIndex (fun label -> targets[row, index[label]] = 0.0) with
            | Some l -> CsvText.fail source line $"the ranking lacks the label '{labels[l]}'; {others ()}"
            | None -> ())

        labels, targets

    let private toMatrix (columns: int) (entries: ResizeArray<float>) : float[,] =
        let matrix = Array2D.zeroCreate<float> (entries.Count / columns) columns
        CollectionsMarshal.AsSpan(entries).CopyTo(Dense.AsSpan matrix)
        matrix

    /// <summary>Reads a data set from text: a header with one column `ranking`, then a row of numbers and a ranking
    /// `a>c>b`, best first.</summary>
    /// <remarks>
    /// Read line by line. Numbers are read in the invariant culture; either line ending, blanks around fields, empty
    /// lines and fields in double quotes are fine. Labels are letters, digits, blanks and _ - . ' between signs &gt;;
    /// every row ranks the same ones, without ties, and they are kept in ordinal order. Names of columns differ.
    /// Control characters are refused.
    /// </remarks>
    /// <param name="source">Name of the text in error messages, such as its path.</param>
    /// <param name="reader">The text; not closed.</param>
    /// <returns>The data set.</returns>
    /// <exception cref="T:System.IO.InvalidDataException">Something is wrong: the message is source:line, what was
    /// found and what was expected.</exception>
    let read (source: string) (reader: TextReader) : LabelRankingData =
        Check.notNull (nameof reader) reader
        let features = ResizeArray<float>()
        let rankings = ResizeArray<struct (int * string[])>()
        let mutable names: string[] = [||]
        let mutable rankingColumn, last = -1, 1

        for struct (line, text) in CsvText.numbered source reader do
            last <- line
            let row = CsvText.fields source line text

            if rankingColumn < 0 then
                rankingColumn <- header source line row
                names <- row
            else
                if row.Length <> names.Length then
                    CsvText.fail source line $"the row has {row.Length} fields; the header has {names.Length}."

                for c in 0 .. row.Length - 1 do
                    if c <> rankingColumn then
                        features.Add(CsvText.number source line names[c] row[c])

                rankings.Add(struct (line, splitRanking source line row[rankingColumn]))

        if rankingColumn < 0 then
            CsvText.fail
                source
                1
                "the file is empty; a header with names of features and one column 'ranking' was expected."

        if rankings.Count = 0 then
            CsvText.fail source last "the file ends after its header; at least one row was expected."

        let labels, targets = ranksOf source rankings

        {
            FeatureNames = names |> Array.removeAt rankingColumn
            Labels = labels
            Examples = Examples.create (toMatrix (names.Length - 1) features) targets
        }

    /// <summary>Reads a data set from a CSV file in UTF-8, with or without a byte-order mark; as
    /// <c>read</c>.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The data set.</returns>
    /// <exception cref="T:System.IO.IOException">The file is not there or cannot be read.</exception>
    /// <exception cref="T:System.IO.InvalidDataException">Something is wrong in it: the message is path:line, what was
    /// found and what was expected.</exception>
    let load (path: string) : LabelRankingData =
        use reader = new StreamReader(path)
        read path reader
