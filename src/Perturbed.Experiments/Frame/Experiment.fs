namespace Perturbed.Experiments

open System.IO

/// What an experiment is asked for.
type ExperimentRequest =
    {
        /// The minute-scale version.
        IsQuick: bool
        /// The key of everything random.
        Key: uint64
        /// Where the data are, if the user says so.
        Data: string option
    }

/// A part of a report: shown in the terminal, and written into docs/results.md.
[<RequireQualifiedAccess>]
type ReportPart =
    /// A paragraph, in Markdown.
    | Paragraph of text: string
    /// A table: its title, its headings, its rows.
    | Table of title: string * columns: string list * rows: string list list
    /// A picture: the name of its file without a directory, what it shows, and its SVG.
    | Picture of fileName: string * caption: string * svg: string

/// An experiment: how its work is cut into pieces, and what is reported of the record.
type Experiment =
    {
        /// The word that calls it.
        Name: string
        /// Its title in docs/results.md.
        Title: string
        /// What it does, in one line.
        Summary: string
        /// What its help says after the options.
        Notes: string
        /// Options beside those of all experiments, as they were given: the record says them with the command.
        Options: string list
        /// Decides settings and pieces; it may read the data, and leaves all other work to the pieces.
        Plan: ExperimentRequest -> Plan
        /// Tables, pictures and prose from a record, complete or not, and from nothing else.
        Report: RunRecord -> ReportPart list
    }

/// Report parts: to the terminal and to files.
[<RequireQualifiedAccess>]
module Report =

    /// <summary>Shows tables and texts in the terminal; of a picture it says where it lies.</summary>
    /// <param name="directory">Where the pictures are.</param>
    /// <param name="parts">The report.</param>
    let show (directory: string) (parts: ReportPart list) : unit =
        parts
        |> List.map (fun part ->
            match part with
            | ReportPart.Paragraph text -> Terminal.line (text + "\n")
            | ReportPart.Table(title, columns, rows) -> Terminal.table title columns rows
            | ReportPart.Picture(fileName, caption, _) ->
                Terminal.line $"{Path.Combine(directory, fileName)}: {caption}")
        |> Terminal.show

    /// <summary>Writes the pictures.</summary>
    /// <param name="directory">Where to; it is there.</param>
    /// <param name="parts">The report.</param>
    /// <exception cref="T:Perturbed.Experiments.ResultsException">One cannot be written.</exception>
    let writePictures (directory: string) (parts: ReportPart list) : unit =
        for part in parts do
            match part with
            | ReportPart.Picture(fileName, _, svg) -> AtomicFile.writeText (Path.Combine(directory, fileName)) svg
            | ReportPart.Paragraph _
            | ReportPart.Table _ -> ()
