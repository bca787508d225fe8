namespace Perturbed.Experiments

open System
open System.IO
open Argu

/// The file that `eval --report` writes.
[<RequireQualifiedAccess>]
module EvalReportFile =

    // How many solutions a report shows at least.
    let private solutions = 16

    // The arguments as a shell reads them.
    let private commandLine (results: ParseResults<EvalArguments>) : string =
        let isPlain (c: char) =
            Char.IsAsciiLetterOrDigit c || "-_=,.:/+".Contains c

        let quoted (word: string) =
            if word <> "" && Seq.forall isPlain word then
                word
            else
                "'" + word.Replace("'", "'\\''") + "'"

        results.Parser.PrintCommandLineArguments(results.GetAllResults())
        |> Seq.map quoted
        |> Seq.append [ Command.invocation; "eval" ]
        |> String.concat " "

    /// <summary>Where the report goes.</summary>
    /// <param name="results">The parsed options.</param>
    /// <returns>The file, if a report is asked for.</returns>
    /// <exception cref="T:Perturbed.Experiments.InputException">Its name does not end with .html, or
    /// its folder does not exist: told before the work, which may take long.</exception>
    let path (results: ParseResults<EvalArguments>) : string option =
        results
        |> Options.tryFind EvalArguments.Report
        |> Option.map (fun path ->
            let folder = Path.GetDirectoryName(Path.GetFullPath path)

            if not (path.EndsWith(".html", StringComparison.OrdinalIgnoreCase)) then
                Input.fail $"--report is '{path}'; a name that ends with .html was expected."
            elif not (Directory.Exists folder) then
                Input.fail $"--report is '{path}'; its folder does not exist."
            elif Directory.Exists path then
                Input.fail $"--report is '{path}', a folder; the name of a file was expected."
            else
                path)

    /// <summary>Evaluates, and writes the report.</summary>
    /// <param name="path">Its file.</param>
    /// <param name="results">The parsed options, for the command that repeats it.</param>
    /// <param name="evaluate">The work.</param>
    /// <param name="request">What was asked.</param>
    /// <returns>What was asked for, without the solutions that the report alone shows.</returns>
    /// <exception cref="T:Perturbed.Experiments.ResultsException">The file cannot be written.</exception>
    let evaluate
        (path: string)
        (results: ParseResults<EvalArguments>)
        (evaluate: EvalRequest -> Evaluation[])
        (request: EvalRequest)
        : Evaluation[] =
        let asked = request.Distribution

        let evaluations =
            evaluate
                { request with
                    Distribution = Some(max solutions (Option.defaultValue 0 asked))
                }

        AtomicFile.writeText path (EvalReport.create (commandLine results) request evaluations)
        Terminal.note $"{Command.program}: the report is in {path}"

        let cut (evaluation: Evaluation) =
            { evaluation with
                Distribution = Option.map2 Array.truncate asked evaluation.Distribution
            }

        evaluations |> Array.map cut
