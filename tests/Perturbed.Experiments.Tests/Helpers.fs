/// Files that vanish, the built program as a process, and refusals.
module Perturbed.Experiments.Tests.Helpers

open System
open System.Diagnostics
open System.IO
open System.Text.Json
open System.Threading
open Perturbed.Experiments
open Xunit

/// A file with the given text, deleted at the end.
type TemporaryFile(extension: string, text: string) =
    let path =
        Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString("N") + extension)

    do File.WriteAllText(path, text)
    member _.Path: string = path

    interface IDisposable with
        member _.Dispose() = File.Delete path

/// The message of the refusal; it fails where nothing is refused.
let refusal (action: unit -> 'a) : string =
    Assert.Throws<InputException>(fun () -> action () |> ignore).Message

/// What a process printed, and how it ended.
type Finished =
    {
        Output: string
        Error: string
        ExitCode: int
    }

// Whoever starts a test in the background of a script ignores SIGINT, and so do all its children: a program that is to be interrupted needs it back.
let private ignoresInterrupts: bool =
    let status = "/proc/self/status"

    File.Exists status
    && File.ReadLines status
       |> Seq.filter (fun line -> line.StartsWith "SigIgn:")
       |> Seq.exists (fun line -> Convert.ToUInt64(line.Substring(7).Trim(), 16) &&& 2UL <> 0UL)

let private start (arguments: string list) : Process =
    let program = Path.Combine(AppContext.BaseDirectory, "Perturbed.Experiments.dll")

    let command, arguments =
        if ignoresInterrupts then
            "env", [ "--default-signal=INT"; "dotnet"; program ] @ arguments
        else
            "dotnet", program :: arguments

    let info =
        ProcessStartInfo(
            command,
            arguments,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true
        )

    match Process.Start info with
    | null -> invalidOp "no process was started"
    | started -> started

let private finish (running: Process) : Finished =
    use running = running
    let error = running.StandardError.ReadToEndAsync()
    let output = running.StandardOutput.ReadToEndAsync()

    if not (running.WaitForExit 240_000) then
        running.Kill()
        Assert.Fail "the program did not end within four minutes"

    {
        Output = output.Result
        Error = error.Result
        ExitCode = running.ExitCode
    }

/// Runs the built program.
let run (arguments: string list) : Finished =
    let running = start arguments
    running.StandardInput.Close()
    finish running

/// Runs the built program with a text on its standard input.
let runWith (input: string) (arguments: string list) : Finished =
    let running = start arguments
    running.StandardInput.Write input
    running.StandardInput.Close()
    finish running

/// Runs the built program and sends it SIGINT once it has used two seconds of processor time: on a busy machine, too, it is at work then.
let interrupt (arguments: string list) : Finished =
    let running = start arguments
    running.StandardInput.Close()
    let clock = Stopwatch.StartNew()

    while not running.HasExited
          && running.TotalProcessorTime.TotalSeconds < 2.0
          && clock.Elapsed.TotalSeconds < 60.0 do
        Thread.Sleep 50
        running.Refresh()

    use kill = Process.Start("kill", [ "-INT"; string running.Id ])
    kill.WaitForExit()
    finish running

/// One line on standard error, nothing on standard output, and the exit code.
let assertRefused (exitCode: int) (words: string list) (finished: Finished) : unit =
    Assert.Equal(exitCode, finished.ExitCode)
    Assert.Equal("", finished.Output)
    Assert.Equal(1, finished.Error.TrimEnd('\n').Split('\n').Length)

    for word in words do
        Assert.Contains(word, finished.Error)

let parse (text: string) : JsonElement = JsonDocument.Parse(text).RootElement

let numbers (json: JsonElement) : float[] =
    [| for entry in json.EnumerateArray() -> entry.GetDouble() |]

let matrix (json: JsonElement) : float[][] =
    [| for row in json.EnumerateArray() -> numbers row |]

let rowsOf (values: float[,]) : float[][] =
    Array.init (Array2D.length1 values) (fun r -> values[r, *])
