namespace Perturbed.Experiments

open System
open System.IO
open Perturbed.Functional

/// How the program ends.
[<RequireQualifiedAccess>]
module ExitCode =

    /// All went well.
    [<Literal>]
    let success = 0

    /// Something failed that is not the user's doing, such as a full disk.
    [<Literal>]
    let failure = 1

    /// An argument, option or input file cannot be used.
    [<Literal>]
    let usage = 2

    /// Interrupted by Ctrl-C: 128 + SIGINT.
    [<Literal>]
    let interrupted = 130

    /// <summary>The exit code that tells what went wrong.</summary>
    /// <param name="error">The exception.</param>
    /// <returns>2 for what the user wrote or gave, 130 for an interruption, 1 for the rest.</returns>
    let ofException (error: exn) : int =
        match error with
        | :? InputException
        | :? InvalidDataException
        | :? ArgumentException
        | :? OracleException
        | :? NotSupportedException
        | :? TrainingDivergedException
        | :? FileNotFoundException
        | :? DirectoryNotFoundException
        | :? UnauthorizedAccessException -> usage
        | :? OperationCanceledException -> interrupted
        | _ -> failure

    /// <summary>The first line of a text.</summary>
    /// <param name="text">Lines.</param>
    /// <returns>The first one, trimmed.</returns>
    let firstLine (text: string) : string =
        match text.IndexOf '\n' with
        | -1 -> text.Trim()
        | at -> text[.. at - 1].Trim()

    /// <summary>What went wrong, in one line.</summary>
    /// <param name="error">The exception.</param>
    /// <returns>The message without the lines and the parameter that .NET adds.</returns>
    let message (error: exn) : string =
        match error with
        | :? OperationCanceledException -> "interrupted"
        | :? OutOfMemoryException -> "there is not enough memory for sizes this large; smaller ones are needed."
        | _ ->
            // A line end that the user wrote is shown; .NET appends lines of its own to the messages of its
            // exceptions.
            let text =
                match error with
                | :? InputException -> Printable.line error.Message
                | _ -> firstLine error.Message

            match error with
            | :? ArgumentException as argument when not (String.IsNullOrEmpty argument.ParamName) ->
                text.Replace($" (Parameter '{argument.ParamName}')", "")
            | :? InputException
            | :? InvalidDataException
            | :? OracleException
            | :? TrainingDivergedException
            | :? OutputException
            | :? ResultsException
            | :? IOException
            | :? UnauthorizedAccessException -> text
            | _ -> $"{error.GetType().Name}: {text}"

    /// <summary>The first error of those that parallel work collected.</summary>
    /// <param name="error">Any exception.</param>
    /// <returns>The innermost exception of an aggregate, or the exception itself.</returns>
    let rec first (error: exn) : exn =
        match error with
        | :? AggregateException as several when several.InnerExceptions.Count > 0 -> first several.InnerExceptions[0]
        | _ -> error
