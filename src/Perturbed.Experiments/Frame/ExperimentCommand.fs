namespace Perturbed.Experiments

open System
open System.IO
open System.Threading
open Argu

/// The command of an experiment: plans, says the cost, runs or goes on, reports.
[<RequireQualifiedAccess>]
module ExperimentCommand =

    let private request (results: ParseResults<ExperimentArguments>) : ExperimentRequest =
        {
            IsQuick = results |> Options.contains ExperimentArguments.Quick
            Key =
                defaultArg (results |> Options.tryFind ExperimentArguments.Key) "0"
                |> NumberSyntax.key "--key"
            Data = results |> Options.tryFind ExperimentArguments.Data
        }

    let private output
        (experiment: Experiment)
        (request: ExperimentRequest)
        (results: ParseResults<ExperimentArguments>)
        : string =
        results
        |> Options.tryFind ExperimentArguments.Output
        |> Option.defaultWith (fun () ->
            Path.Combine("results", experiment.Name + (if request.IsQuick then "-quick" else "")))

    let private chosen (results: ParseResults<ExperimentArguments>) (plan: Plan) : int[] =
        match results |> Options.find ExperimentArguments.Only with
        | [] -> Array.init plan.Pieces.Length id
        | texts ->
            for text in texts do
                if not (plan.Pieces |> Array.exists _.Name.Contains(text, StringComparison.Ordinal)) then
                    Input.fail
                        $"--only is '{text}'; no piece has it in its name. The names go from '{plan.Pieces[0].Name}' \
                          to '{(Array.last plan.Pieces).Name}'."

            plan.Pieces
            |> Array.indexed
            |> Array.filter (fun (_, piece) ->
                texts
                |> List.exists (fun text -> piece.Name.Contains(text, StringComparison.Ordinal)))
            |> Array.map fst

    let private start (threads: int) (experiment: Experiment) (results: ParseResults<ExperimentArguments>) : RunStart =
        let options =
            [
                if results |> Options.contains ExperimentArguments.Quick then
                    "--quick"
                match results |> Options.tryFind ExperimentArguments.Key with
                | Some key -> $"--key {key}"
                | None -> ()
                match results |> Options.tryFind ExperimentArguments.Threads with
                | Some threads -> $"--threads {threads}"
                | None -> ()
                match results |> Options.tryFind ExperimentArguments.Data with
                | Some data when not (Path.IsPathRooted data) -> $"--data {data}"
                | Some _ -> "--data DIRECTORY"
                | None -> ()
                yield! experiment.Options
            ]

        {
            Time = Provenance.now ()
            Commit = Provenance.commit ()
            Machine = Provenance.machine ()
            Threads = threads
            Command = String.Join(' ', Command.invocation :: experiment.Name :: options)
            Seconds = 0.0
        }

    let private announce
        (experiment: Experiment)
        (threads: int)
        (plan: Plan)
        (waiting: Piece[])
        (cancellation: CancellationToken)
        : unit =
        let seconds =
            Terminal.withSpinner "timing a small part" (fun () -> plan.Estimate cancellation waiting)

        cancellation.ThrowIfCancellationRequested()
        let before = plan.Pieces.Length - waiting.Length

        let kept =
            if before > 0 then
                $" ({before} others are done or not asked for)"
            else
                ""

        let side = max 1 (min threads waiting.Length)

        Terminal.note
            $"{experiment.Name}: {waiting.Length} pieces{kept}, about {Duration.text (seconds / float side)} on \
              {threads} threads by the timing of small ones."

    let private report (experiment: Experiment) (directory: string) (record: RunRecord) : unit =
        let parts = experiment.Report record
        Report.writePictures directory parts
        Report.show directory parts

    let private run
        (experiment: Experiment)
        (cancellation: CancellationToken)
        (results: ParseResults<ExperimentArguments>)
        : int =
        let request = request results

        let threads =
            defaultArg (results |> Options.tryFind ExperimentArguments.Threads) (string Environment.ProcessorCount)
            |> NumberSyntax.count 1 "--threads"

        let settings =
            {
                Threads = threads
                CheckpointSeconds =
                    defaultArg (results |> Options.tryFind ExperimentArguments.Checkpoint_Seconds) "10"
                    |> NumberSyntax.notNegative "--checkpoint-seconds"
            }

        let plan = experiment.Plan request
        let chosen = chosen results plan
        let path = output experiment request results

        let fresh: RunRecord =
            {
                Experiment = experiment.Name
                IsQuick = request.IsQuick
                Key = request.Key
                Settings = plan.Settings
                PieceCount = plan.Pieces.Length
                Starts = [||]
                Pieces = [||]
            }

        if results |> Options.contains ExperimentArguments.Estimate then
            announce experiment threads plan (chosen |> Array.map (fun i -> plan.Pieces[i])) cancellation
            ExitCode.success
        else
            use directory = ResultsDirectory.openAt path

            if results |> Options.contains ExperimentArguments.Restart then
                ResultsDirectory.clear directory

            let before =
                if File.Exists directory.Record then
                    let before = Record.load directory.Record
                    SameRun.check directory.Record before fresh
                    SameRun.checkPieces directory.Record plan before
                    before
                else
                    fresh

            let finished = before.Pieces |> Array.map _.Index |> Set.ofArray

            // A program that was killed between writing the record and deleting a checkpoint left that behind.
            for index in finished do
                ResultsDirectory.dropCheckpoint index directory

            let waiting = chosen |> Array.filter (finished.Contains >> not)

            let record =
                if waiting.Length = 0 then
                    Terminal.note
                        $"{experiment.Name}: all is done already; the report is made again from {directory.Record}."

                    before
                else
                    announce experiment threads plan (waiting |> Array.map (fun i -> plan.Pieces[i])) cancellation

                    let record =
                        { before with
                            Starts = Array.append before.Starts [| start threads experiment results |]
                        }

                    Runner.run settings directory record plan chosen cancellation

            if record.Pieces.Length > 0 then
                report experiment path record

            let isInterrupted =
                cancellation.IsCancellationRequested && record.Pieces.Length < record.PieceCount

            if record.Pieces.Length < record.PieceCount then
                Terminal.note
                    $"{experiment.Name}: {record.Pieces.Length} of {record.PieceCount} pieces are done and kept in \
                      {directory.Record}; the same command goes on from there."

            if isInterrupted then
                ExitCode.interrupted
            else
                ExitCode.success

    let private notes (experiment: Experiment) : string =
        $"""{experiment.Notes.TrimEnd()}

OUTPUT: {Record.fileName} has a line for the run (settings, key, commit, machine) and one for each piece that is done
    (its metrics, and its epochs where it has some); the pictures are next to it. Ctrl-C ends the run with exit code
    130: what is done is kept, the same command goes on from there, and the end has the same bits as a run that was
    never interrupted.

EXAMPLES:

    {Command.invocation} {experiment.Name} --quick
    {Command.invocation} {experiment.Name} --estimate
    {Command.invocation} {experiment.Name}"""

    /// <summary>The command of an experiment.</summary>
    /// <param name="experiment">The experiment.</param>
    /// <returns>A command with the options of all experiments.</returns>
    let create (experiment: Experiment) : Command =
        Command.create experiment.Name experiment.Summary (notes experiment) (run experiment)
