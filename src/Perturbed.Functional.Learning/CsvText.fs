namespace Perturbed.Functional

open System
open System.Globalization
open System.IO

/// Lines and fields of CSV files, and what is wrong with them as source:line, what was found and what was expected.
module internal CsvText =

    /// Refuses a line.
    let fail (source: string) (line: int) (what: string) : 'a =
        raise (InvalidDataException $"{source}:{line}: {what}")

    /// A character as it can be shown: by its code where it is a control character or has no glyph.
    let shown (c: char) : string =
        if Char.IsLetterOrDigit c || Char.IsPunctuation c || Char.IsSymbol c then
            $"'{c}'"
        else
            $"U+{int c:X4}"

    /// Refuses control characters, and the character that stands for bytes that are not UTF-8.
    let private requireText (source: string) (line: int) (text: string) : unit =
        for i in 0 .. text.Length - 1 do
            let c = text[i]

            if Char.IsControl c && c <> '\t' then
                fail source line $"character {i} is the control character {shown c}; text was expected."

            if c = '\uFFFD' then
                fail source line $"character {i} is no valid UTF-8; text in UTF-8 was expected."

    /// The fields of a line; a field may stand in double quotes, inside which commas count as text and "" is a quote.
    let fields (source: string) (line: int) (text: string) : string[] =
        if not (text.Contains '"') then
            text.Split(',', StringSplitOptions.TrimEntries)
        else
            let found, field = ResizeArray<string>(), Text.StringBuilder()
            let mutable inside, isQuoted, i = false, false, 0

            let misplaced () =
                fail
                    source
                    line
                    $"character {i} is beside a field in quotes; quotes around the whole field, and \"\" for a quote in it, were expected."

            while i < text.Length do
                match text[i] with
                | '"' when inside && i + 1 < text.Length && text[i + 1] = '"' ->
                    field.Append '"' |> ignore
                    i <- i + 1
                | '"' when inside -> inside <- false
                | '"' when isQuoted || not (String.IsNullOrWhiteSpace(field.ToString())) -> misplaced ()
                | '"' ->
                    field.Clear() |> ignore
                    inside <- true
                    isQuoted <- true
                | ',' when not inside ->
                    found.Add(field.ToString().Trim())
                    field.Clear() |> ignore
                    isQuoted <- false
                | c when isQuoted && not inside && not (Char.IsWhiteSpace c) -> misplaced ()
                | c -> field.Append c |> ignore

                i <- i + 1

            if inside then
                fail source line "a quote is opened and not closed; a field in quotes ends on its own line."

            found.Add(field.ToString().Trim())
            found.ToArray()

    /// A finite number of a column.
    let number (source: string) (line: int) (column: string) (text: string) : float =
        match Double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture) with
        | true, value when Double.IsFinite value -> value
        | true, _ -> fail source line $"column '{column}' is '{text}'; a finite number was expected."
        | false, _ -> fail source line $"column '{column}' is '{text}'; a number such as -1.25 was expected."

    /// The lines that are not blank with their numbers from 1, one at a time.
    let numbered (source: string) (reader: TextReader) : seq<struct (int * string)> =
        1
        |> Seq.unfold (fun line ->
            match reader.ReadLine() with
            | null -> None
            | text -> Some(struct (line, (if line = 1 then text.TrimStart '\uFEFF' else text)), line + 1))
        |> Seq.filter (fun struct (line, text) ->
            requireText source line text
            not (String.IsNullOrWhiteSpace text))
