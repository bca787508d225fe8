namespace Perturbed.Experiments

open System
open System.IO
open Perturbed.Functional

/// A row of numbers, and where it was written.
type NumberRow =
    {
        /// The file's name and line, as name:line, or its row where it has no lines, or the option.
        Place: string
        /// The numbers, at least one.
        Numbers: float[]
    }

/// Files of numbers. Texts: one row a line, commas or blanks between; blank lines and lines that start with # do not
/// count. .npy files: the rows of a matrix, or one row of one axis.
[<RequireQualifiedAccess>]
module NumberRows =

    /// <summary>Reads rows from text.</summary>
    /// <param name="source">Name of the text in messages.</param>
    /// <param name="reader">The text; not closed.</param>
    /// <returns>At least one row.</returns>
    /// <exception cref="T:Perturbed.Experiments.InputException">An entry is not a finite number (source:line), or
    /// there is no row.</exception>
    let read (source: string) (reader: TextReader) : NumberRow[] =
        let rows = ResizeArray<NumberRow>()
        let mutable line = 0
        let mutable text = reader.ReadLine()

        while not (isNull text) do
            line <- line + 1
            let content = string text

            if not (String.IsNullOrWhiteSpace content || content.TrimStart().StartsWith '#') then
                match NumberSyntax.tryRow content with
                | Ok numbers ->
                    rows.Add
                        {
                            Place = $"{source}:{line}"
                            Numbers = numbers
                        }
                | Error message -> Input.failAt source line message

            text <- reader.ReadLine()

        if rows.Count = 0 then
            Input.failAt source (max line 1) "the file has no row of numbers; at least one was expected."

        rows.ToArray()

    let private ofNpy (source: string) (stream: Stream) : NumberRow[] =
        let array = Npy.read NonFinite.Reject source stream
        let numbers = Npy.toFloats array

        let rows, columns =
            match array.Shape with
            | [| columns |] -> 1, columns
            | [| rows; columns |] -> rows, columns
            | shape -> Input.fail $"{source}: the array has {shape.Length} axes; one, or two for rows, were expected."

        if rows = 0 || columns = 0 then
            Input.fail $"{source}: the array is {rows} × {columns}; at least one row of numbers was expected."

        numbers
        |> Array.chunkBySize columns
        |> Array.mapi (fun row numbers ->
            {
                Place = $"{source}: row {row}"
                Numbers = numbers
            })

    /// <summary>Reads rows from a file, or from standard input where the path is <c>-</c>.</summary>
    /// <param name="path">The file, or <c>-</c>.</param>
    /// <returns>At least one row.</returns>
    /// <exception cref="T:Perturbed.Experiments.InputException">As for <c>read</c>; no such file; an .npy file of no
    /// or more than two axes.</exception>
    /// <exception cref="T:System.IO.InvalidDataException">An .npy file that is wrong: path, offset, what was found and
    /// what was expected.</exception>
    /// <exception cref="T:System.IO.IOException">The file cannot be read.</exception>
    let load (path: string) : NumberRow[] =
        let source, opened =
            if path = "-" then
                "standard input", Console.OpenStandardInput()
            else
                path, InputFile.openRead path

        use stream = InputFile.seekable opened

        if InputFile.isNpy stream then
            ofNpy source stream
        else
            use reader = new StreamReader(stream)
            read source reader

    /// <summary>Reads a matrix from a file: rows of one length.</summary>
    /// <param name="path">The file, or <c>-</c>.</param>
    /// <returns>[rows × columns].</returns>
    /// <exception cref="T:Perturbed.Experiments.InputException">As for <c>load</c>, or rows of different lengths
    /// (source:line).</exception>
    let loadMatrix (path: string) : float[,] =
        let rows = load path
        let columns = rows[0].Numbers.Length

        for row in rows do
            if row.Numbers.Length <> columns then
                Input.fail
                    $"{row.Place}: the row has {row.Numbers.Length} numbers; the first row has {columns}, and all must have as many."

        Array2D.init rows.Length columns (fun r c -> rows[r].Numbers[c])
