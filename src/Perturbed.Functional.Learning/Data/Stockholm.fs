namespace Perturbed.Functional

open System
open System.IO
open System.Text

/// <summary>Multiple alignments in Stockholm format 1.0, that of Pfam and HMMER.</summary>
[<RequireQualifiedAccess; CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module Stockholm =

    /// <summary>Reads all alignments of a text.</summary>
    /// <param name="source">Name of the text in error messages, such as a path.</param>
    /// <param name="reader">The text; not closed.</param>
    /// <returns>At least one alignment; rows that stand in several blocks are joined. Lines that begin with # and are
    /// no annotation are comments, and are left out.</returns>
    /// <exception cref="T:System.IO.InvalidDataException">Something is wrong: the message is source:line, what was
    /// found and what was expected.</exception>
    let read (source: string) (reader: TextReader) : StockholmAlignment[] =
        Check.notNull (nameof source) source
        Check.notNull (nameof reader) reader
        let found = ResizeArray<StockholmAlignment>()
        let mutable current: StockholmText.Open voption = ValueNone
        let mutable last = 0

        for struct (line, text) in CsvText.numbered source reader do
            last <- line

            match current with
            | ValueNone ->
                if text.TrimEnd() <> StockholmText.heading then
                    CsvText.fail source line $"'{text.TrimEnd()}' was found; '{StockholmText.heading}' was expected."

                current <- ValueSome(StockholmText.Open(source, line))
            | ValueSome alignment ->
                if text.TrimEnd() = "//" then
                    found.Add(alignment.Close line)
                    current <- ValueNone
                elif text.StartsWith("#=", StringComparison.Ordinal) then
                    let subject, feature, content = StockholmText.annotation source line text
                    alignment.Mark(line, subject, feature, content)
                elif not (text.StartsWith '#') then
                    let parts =
                        StockholmText.words source line 2 "a name and a row, or // at the end," text

                    alignment.Add(line, parts[0], parts[1])

        match current with
        | ValueSome _ -> CsvText.fail source last "the text ends inside an alignment; // was expected after it."
        | ValueNone when found.Count = 0 ->
            CsvText.fail source 1 $"the text is empty; '{StockholmText.heading}' was expected."
        | ValueNone -> found.ToArray()

    /// <summary>Reads all alignments of a file; as <c>read</c>.</summary>
    /// <param name="path">The file, in UTF-8.</param>
    /// <returns>At least one alignment.</returns>
    /// <exception cref="T:System.IO.IOException">The file is not there or cannot be read.</exception>
    /// <exception cref="T:System.IO.InvalidDataException">Something is wrong in it: path:line, what was found and what
    /// was expected.</exception>
    let load (path: string) : StockholmAlignment[] =
        Check.notNull (nameof path) path
        use reader = new StreamReader(path)
        read path reader

    let private writeOne (writer: TextWriter) (alignment: StockholmAlignment) : unit =
        writer.Write(StockholmText.heading + "\n")

        let label (annotation: StockholmAnnotation) =
            match annotation.Subject with
            | StockholmSubject.Alignment -> $"#=GF {annotation.Feature}"
            | StockholmSubject.Sequence name -> $"#=GS {name} {annotation.Feature}"
            | StockholmSubject.Columns -> $"#=GC {annotation.Feature}"
            | StockholmSubject.Residues name -> $"#=GR {name} {annotation.Feature}"

        let labelled, plain =
            alignment.Annotations
            |> Array.partition (fun a -> StockholmText.isPerColumn a.Subject)

        for annotation in plain do
            writer.Write($"{label annotation} {annotation.Text}".TrimEnd() + "\n")

        let width =
            Seq.append (alignment.Sequences |> Seq.map _.Name.Length) (labelled |> Seq.map (label >> _.Length))
            |> Seq.fold max 0

        let line (name: string) (text: string) =
            writer.Write(name.PadRight width + " " + text + "\n")

        for sequence in alignment.Sequences do
            line sequence.Name sequence.Row

            for annotation in labelled do
                if annotation.Subject = StockholmSubject.Residues sequence.Name then
                    line (label annotation) annotation.Text

        for annotation in labelled do
            if annotation.Subject = StockholmSubject.Columns then
                line (label annotation) annotation.Text

        writer.Write "//\n"

    /// <summary>Writes alignments as text, each in one block, so that <c>read</c> gives them back.</summary>
    /// <param name="alignments">The alignments: at least one sequence, rows of one length, names without
    /// blanks.</param>
    /// <param name="writer">Where to; not closed.</param>
    /// <exception cref="T:System.ArgumentException">What was written could not be read again: the message says
    /// why.</exception>
    let write (alignments: StockholmAlignment[]) (writer: TextWriter) : unit =
        Check.notNull (nameof alignments) alignments
        Check.notNull (nameof writer) writer

        let text =
            use text = new StringWriter()

            for alignment in alignments do
                writeOne text alignment

            text.ToString()

        // What would be read as something else is refused here, where the numbers still are.
        if alignments.Length > 0 then
            try
                use reader = new StringReader(text)
                read "alignments" reader |> ignore
            with :? InvalidDataException as error ->
                invalidArg (nameof alignments) error.Message

        writer.Write text

    /// <summary>Writes alignments to a file, which is replaced as a whole; as <c>write</c>.</summary>
    /// <param name="path">The file.</param>
    /// <param name="alignments">The alignments.</param>
    /// <exception cref="T:System.ArgumentException">As for <c>write</c>.</exception>
    /// <exception cref="T:System.IO.IOException">It cannot be written; what was there before is untouched.</exception>
    let save (path: string) (alignments: StockholmAlignment[]) : unit =
        Check.notNull (nameof path) path

        let text =
            use text = new StringWriter()
            write alignments text
            text.ToString()

        FileReplacement.write [ path, (fun stream -> stream.Write(ReadOnlySpan(Encoding.UTF8.GetBytes text))) ]

    /// <summary>A row without its gaps.</summary>
    /// <param name="row">A character a column.</param>
    /// <returns>The letters, in upper case.</returns>
    let letters (row: string) : string =
        Check.notNull (nameof row) row
        (String.filter (StockholmText.isGap >> not) row).ToUpperInvariant()
