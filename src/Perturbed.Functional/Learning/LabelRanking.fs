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

    let private fail (source: string) (line: int) (what: string) : 'a =
        raise (InvalidDataException $"{source}:{line}: {what}")

    /// The fields of a line; a field may stand in double quotes, inside which commas count as text and "" is a quote.
    let private fields (source: string) (line: int) (text: string) : string[] =
        if not (text.Contains '"') then
            text.Split(',', StringSplitOptions.TrimEntries)
        else
            let found, field = ResizeArray<string>(), Text.StringBuilder()
            let mutable inside, i = false, 0

            while i < text.Length do
                match text[i] with
                | '"' when inside && i + 1 < text.Length && text[i + 1] = '"' ->
                    field.Append '"' |> ignore
                    i <- i + 1
                | '"' -> inside <- not inside
                | ',' when not inside ->
                    found.Add(field.ToString().Trim())
                    field.Clear() |> ignore
                | c -> field.Append c |> ignore

                i <- i + 1

            if inside then
                fail source line "a quote is opened and not closed; a field in quotes ends on its own line."

            found.Add(field.ToString().Trim())
            found.ToArray()

    let private parseNumber (source: string) (line: int) (column: string) (text: string) : float =
        match Double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture) with
        | true, value when Double.IsFinite value -> value
        | true, _ -> fail source line $"column '{column}' is '{text}'; a finite number was expected."
        | false, _ -> fail source line $"column '{column}' is '{text}'; a number such as -1.25 was expected."

    let private header (source: string) (line: int) (names: string[]) : int =
        match names |> Array.indexed |> Array.filter (fun (_, name) -> name = "ranking") with
        | [| column, _ |] when names.Length > 1 -> column
        | [| _ |] ->
            fail source line "the header has the column 'ranking' alone; at least one feature column was expected."
        | [||] ->
            let start = String.Join(",", names)
            let start = if start.Length > 60 then start[..59] + "…" else start
            fail source line $"the header is '{start}'; names of features and one column 'ranking' were expected."
        | several -> fail source line $"the header has {several.Length} columns 'ranking'; one was expected."

    let private splitRanking (source: string) (line: int) (text: string) : string[] =
        let ranking = text.Split('>', StringSplitOptions.TrimEntries)

        if ranking.Length < 2 || Array.contains "" ranking then
            fail source line $"the ranking is '{text}'; at least two labels were expected, as in a>c>b (best first)."

        ranking

    let private twice (source: string) (line: int) (label: string) : unit =
        fail source line $"label '{label}' occurs twice in the ranking; each label was expected once."

    let private addLabels (source: string) (line: int) (index: Dictionary<string, int>) (ranking: string[]) : unit =
        ranking
        |> Array.sortWith (fun a b -> String.CompareOrdinal(a, b))
        |> Array.iteri (fun l label ->
            if not (index.TryAdd(label, l)) then
                twice source line label)

    let private labelsOf (index: Dictionary<string, int>) : string[] =
        index |> Seq.sortBy _.Value |> Seq.map _.Key |> Seq.toArray

    /// Adds a row of targets: the label at position q (from 0) of d has rank d − q.
    let private addRanks
        (source: string)
        (line: int)
        (index: Dictionary<string, int>)
        (ranking: string[])
        (targets: ResizeArray<float>)
        : unit =
        let d = index.Count
        let row = Array.zeroCreate<float> d

        ranking
        |> Array.iteri (fun position label ->
            match index.TryGetValue label with
            | true, l when row[l] = 0.0 -> row[l] <- float (d - position)
            | true, _ -> twice source line label
            | false, _ ->
                let known = String.Join(", ", labelsOf index)
                fail source line $"label '{label}' is unknown; the first row ranks {known}.")

        for entry in index do
            if row[entry.Value] = 0.0 then
                fail
                    source
                    line
                    $"label '{entry.Key}' is missing from the ranking; each of the {d} labels was expected once."

        targets.AddRange row

    /// The lines that are not blank with their numbers from 1, one at a time.
    let private numbered (reader: TextReader) : seq<struct (int * string)> =
        1
        |> Seq.unfold (fun line ->
            match reader.ReadLine() with
            | null -> None
            | text -> Some(struct (line, text), line + 1))
        |> Seq.filter (fun struct (_, text) -> not (String.IsNullOrWhiteSpace text))

    let private toMatrix (columns: int) (entries: ResizeArray<float>) : float[,] =
        let matrix = Array2D.zeroCreate<float> (entries.Count / columns) columns
        CollectionsMarshal.AsSpan(entries).CopyTo(Dense.AsSpan matrix)
        matrix

    /// <summary>Reads a data set from text: a header with one column `ranking`, then a row of numbers and a ranking `a>c>b`, best first.</summary>
    /// <remarks>
    /// Read line by line. Numbers are read in the invariant culture; either line ending, blanks around fields, empty lines and
    /// fields in double quotes are fine. The labels are those of the first row, in ordinal order.
    /// </remarks>
    /// <param name="source">Name of the text in error messages, such as its path.</param>
    /// <param name="reader">The text; not closed.</param>
    /// <returns>The data set.</returns>
    /// <exception cref="T:System.IO.InvalidDataException">Something is wrong: the message is source:line, what was found and what was expected.</exception>
    let read (source: string) (reader: TextReader) : LabelRankingData =
        Check.notNull (nameof reader) reader
        let features, targets = ResizeArray<float>(), ResizeArray<float>()
        let index = Dictionary<string, int>(StringComparer.Ordinal)
        let mutable names: string[] = [||]
        let mutable rankingColumn, last = -1, 1

        for struct (line, text) in numbered reader do
            last <- line
            let row = fields source line text

            if rankingColumn < 0 then
                rankingColumn <- header source line row
                names <- row
            else
                if row.Length <> names.Length then
                    fail source line $"the row has {row.Length} fields; the header has {names.Length}."

                for c in 0 .. row.Length - 1 do
                    if c <> rankingColumn then
                        features.Add(parseNumber source line names[c] row[c])

                let ranking = splitRanking source line row[rankingColumn]

                if index.Count = 0 then
                    addLabels source line index ranking

                addRanks source line index ranking targets

        if rankingColumn < 0 then
            fail source 1 "the file is empty; a header with names of features and one column 'ranking' was expected."

        if index.Count = 0 then
            fail source last "the file ends after its header; at least one row was expected."

        {
            FeatureNames = names |> Array.removeAt rankingColumn
            Labels = labelsOf index
            Examples = Examples.create (toMatrix (names.Length - 1) features) (toMatrix index.Count targets)
        }

    /// <summary>Reads a data set from a CSV file in UTF-8, with or without a byte-order mark; as <c>read</c>.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The data set.</returns>
    /// <exception cref="T:System.IO.IOException">The file is not there or cannot be read.</exception>
    /// <exception cref="T:System.IO.InvalidDataException">Something is wrong in it: the message is path:line, what was found and what was expected.</exception>
    let load (path: string) : LabelRankingData =
        use reader = new StreamReader(path)
        read path reader
