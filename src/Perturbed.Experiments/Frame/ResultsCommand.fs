namespace Perturbed.Experiments

open System
open System.IO
open System.Threading
open Argu

/// The options of `results`.
type ResultsArguments =
    | [<Unique; EqualsAssignmentOrSpaced>] Records of DIR: string
    | [<Unique; EqualsAssignmentOrSpaced>] Docs of DIR: string
    | [<Unique>] Quick

    interface IArgParserTemplate with
        member this.Usage: string =
            match this with
            | Records _ -> "the directory that holds the runs' directories. Default results."
            | Docs _ -> "where results.md and its folder of pictures are. Default docs."
            | Quick -> "takes the records of --quick runs instead of the full ones."

/// The command `results`: makes docs/results.md from the records.
[<RequireQualifiedAccess>]
module ResultsCommand =

    let private run
        (experiments: Experiment list)
        (_: CancellationToken)
        (results: ParseResults<ResultsArguments>)
        : int =
        let directory =
            defaultArg (results |> Options.tryFind ResultsArguments.Records) "results"

        let docs = defaultArg (results |> Options.tryFind ResultsArguments.Docs) "docs"
        let isQuick = results |> Options.contains ResultsArguments.Quick

        let given = results |> Options.tryFind ResultsArguments.Records |> Option.toList

        for path in given @ [ docs ] do
            if not (Directory.Exists path) then
                Input.fail $"{path}: there is no such directory."

        let usable =
            List.filter (fun (_, record: RunRecord) -> record.IsQuick = isQuick && record.Pieces.Length > 0)

        let ran = ResultsDocument.records directory |> usable

        let kept =
            ResultsDocument.keptRecords docs
            |> usable
            |> List.filter (fun (_, record) ->
                ran |> List.forall (fun (_, other) -> other.Experiment <> record.Experiment))

        let found = ran @ kept

        for path, record in found do
            if
                not (
                    experiments
                    |> List.exists (fun experiment -> experiment.Name = record.Experiment)
                )
            then
                Terminal.note $"{path}: '{record.Experiment}' is no experiment of this program; its record is left out."

        let pictures = Path.Combine(docs, "results")
        Directory.CreateDirectory pictures |> ignore
        Directory.CreateDirectory(ResultsDocument.recordsFolder docs) |> ignore

        let made =
            [
                for experiment in experiments do
                    match found |> List.filter (fun (_, record) -> record.Experiment = experiment.Name) with
                    | [] -> ()
                    | [ path, record ] ->
                        let parts = experiment.Report record
                        Report.writePictures pictures parts

                        AtomicFile.writeBytes
                            (Path.Combine(ResultsDocument.recordsFolder docs, experiment.Name + Record.compressedEnding))
                            (Record.compressed record)

                        Terminal.writeLine $"{experiment.Name}: from {path}"
                        experiment.Name, ResultsDocument.section "results" experiment record parts
                    | several ->
                        let paths = String.Join(", ", several |> List.map fst)

                        Input.fail
                            $"{experiment.Name} has several records, {paths}; one was expected. Move the others away."
            ]

        let document = Path.Combine(docs, "results.md")

        let before =
            if File.Exists document then
                ResultsDocument.sections document (File.ReadAllText document)
            else
                []

        AtomicFile.writeText document (ResultsDocument.assemble before made)
        Terminal.writeLine $"{document}: {made.Length} sections made, {before.Length} were there."
        ExitCode.success

    /// <summary>The command.</summary>
    /// <param name="experiments">The experiments of the program.</param>
    /// <returns>A command.</returns>
    let create (experiments: Experiment list) : Command =
        Command.create
            "results"
            "makes docs/results.md and its pictures from the records of the experiments."
            $"""Records of runs are kept, compressed, in the folder results/records of the document; a record that is
    there already is replaced by that of a new run. Sections of experiments without any record stay, and say so.

EXAMPLES:

    {Command.invocation} results"""
            (run experiments)
