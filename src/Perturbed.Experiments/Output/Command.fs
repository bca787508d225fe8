namespace Perturbed.Experiments

open System
open System.Threading
open Argu

/// A command of the program.
type Command =
    {
        /// The word that calls it.
        Name: string
        /// What it does, in one line.
        Summary: string
        /// From the token that Ctrl-C cancels and the arguments after the name to the exit code.
        Run: CancellationToken -> string[] -> int
    }

/// Commands: their construction from Argu's parsers, help, and dispatch.
[<RequireQualifiedAccess>]
module Command =

    /// The name of the program in help and messages.
    [<Literal>]
    let program = "perturbed"

    /// What a user types before the name of a command. The experiments with deep networks are no installed tool.
    let invocation: string =
        match Reflection.Assembly.GetEntryAssembly() with
        | null -> program
        | entry ->
            match entry.GetName().Name with
            | "Perturbed.Experiments.Torch" as project -> $"dotnet run -c Release --project src/{project} --"
            | _ -> program

    /// The version of the package, and behind a + the commit where the build knew one.
    let version: string =
        let assembly = Reflection.Assembly.GetExecutingAssembly()

        match Attribute.GetCustomAttribute(assembly, typeof<Reflection.AssemblyInformationalVersionAttribute>) with
        | :? Reflection.AssemblyInformationalVersionAttribute as attribute -> attribute.InformationalVersion
        | _ -> string (assembly.GetName().Version)

    /// The option of every command that shows stack traces.
    [<Literal>]
    let debugOption = "--debug"

    let private oneLine (name: string) (options: string list) (error: ArguParseException) : string =
        let text = ExitCode.firstLine error.Message
        let text = if text.StartsWith "ERROR: " then text[7..] else text

        let question =
            match text.IndexOf "unrecognized argument: '" with
            | -1 -> ""
            | at -> Suggestion.question options (text[at + 24 ..].TrimEnd('.', '\''))

        $"{text.TrimEnd '.'}; '{name} --help' explains.{question}"

    /// <summary>The options of a parser as they are written.</summary>
    /// <param name="parser">The parser.</param>
    /// <returns>Such as --oracle.</returns>
    let optionsOf (parser: ArgumentParser) : string list =
        parser.GetArgumentCases()
        |> List.collect (fun case -> case.CommandLineNames.Value)

    /// <summary>A command whose options Argu parses.</summary>
    /// <param name="name">The word that calls it.</param>
    /// <param name="summary">What it does, in one line.</param>
    /// <param name="notes">What its help says after the options: meanings and examples.</param>
    /// <param name="run">From the token that Ctrl-C cancels and the parsed options to the exit code.</param>
    /// <returns>A command that answers <c>--help</c> itself.</returns>
    let create<'arguments when 'arguments :> IArgParserTemplate>
        (name: string)
        (summary: string)
        (notes: string)
        (run: CancellationToken -> ParseResults<'arguments> -> int)
        : Command =
        let runArguments (cancellation: CancellationToken) (arguments: string[]) =
            let parser =
                ArgumentParser.Create<'arguments>(programName = $"{invocation} {name}", helpTextMessage = summary)

            if arguments |> Array.exists (fun a -> a = "--help" || a = "-h") then
                Terminal.writeLine $"{parser.PrintUsage().TrimEnd()}\n\n{notes.TrimEnd()}"
                ExitCode.success
            else
                let results =
                    try
                        parser.ParseCommandLine(arguments)
                    with :? ArguParseException as error ->
                        Input.fail (oneLine name (optionsOf parser) error)

                run cancellation results

        {
            Name = name
            Summary = summary
            Run = runArguments
        }

    let private help (commands: Command list) : string =
        let list =
            commands
            |> List.map (fun command -> $"  {command.Name, -20} {command.Summary}")
            |> String.concat "\n"

        $"""Perturbed optimizers from the command line.

USAGE: {invocation} <command> [options]

COMMANDS:
{list}

  <command> --help     explains a command, with examples
  --version            the version
  {debugOption}              anywhere: the stack trace of an error, too

Exit codes: 0 done, 1 failed, 2 arguments or input that cannot be used, 130 interrupted by Ctrl-C."""

    /// <summary>Runs the command that the first argument names.</summary>
    /// <param name="commands">Those there are.</param>
    /// <param name="cancellation">The token that Ctrl-C cancels.</param>
    /// <param name="arguments">The program's arguments.</param>
    /// <returns>The exit code: the command's; 0 for help that was asked for; 2 for help that was not.</returns>
    let dispatch (commands: Command list) (cancellation: CancellationToken) (arguments: string[]) : int =
        match List.ofArray arguments with
        | [] ->
            Terminal.note (help commands)
            ExitCode.usage
        | ("--help" | "-h" | "help") :: _ ->
            Terminal.writeLine (help commands)
            ExitCode.success
        | "--version" :: _ ->
            Terminal.writeLine version
            ExitCode.success
        | name :: rest ->
            match commands |> List.tryFind (fun command -> command.Name = name) with
            | Some command -> command.Run cancellation (List.toArray rest)
            | None ->
                let question = Suggestion.question (commands |> List.map _.Name) name
                Terminal.note $"{program}: '{Printable.line name}' is no command.{question}\n\n{help commands}"
                ExitCode.usage

    /// <summary>Runs the program: signals, errors in one line, exit codes.</summary>
    /// <param name="commands">Those there are.</param>
    /// <param name="arguments">The program's arguments.</param>
    /// <returns>The exit code.</returns>
    let main (commands: Command list) (arguments: string[]) : int =
        let isDebug = arguments |> Array.contains debugOption
        let arguments = arguments |> Array.filter (fun argument -> argument <> debugOption)
        use source = new CancellationTokenSource()

        // The second signal ends the program at once: a solver that does not return cannot keep it running.
        use _signal =
            Runtime.InteropServices.PosixSignalRegistration.Create(
                Runtime.InteropServices.PosixSignal.SIGINT,
                fun context ->
                    context.Cancel <- not source.IsCancellationRequested
                    source.Cancel()
            )

        try
            dispatch commands source.Token arguments
        with thrown ->
            let error = ExitCode.first thrown
            let text = if isDebug then string thrown else ExitCode.message error
            Terminal.note $"{program}: {text}"
            ExitCode.ofException error
