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

// Sends SIGINT once a condition on the process holds, or after a minute.
let private interruptOnce (condition: Process -> bool) (arguments: string list) : Finished =
    let running = start arguments
    running.StandardInput.Close()
    let clock = Stopwatch.StartNew()

    while not running.HasExited
          && not (condition running)
          && clock.Elapsed.TotalSeconds < 60.0 do
        Thread.Sleep 50
        running.Refresh()

    use kill = Process.Start("kill", [ "-INT"; string running.Id ])
    kill.WaitForExit()
    finish running

/// Runs the built program and sends it SIGINT once it has used two seconds of processor time: on a busy machine, too, it is at work then.
let interrupt (arguments: string list) : Finished =
    interruptOnce (fun running -> running.TotalProcessorTime.TotalSeconds >= 2.0) arguments

/// Runs the built program and sends it SIGINT once a condition holds.
let interruptWhen (condition: unit -> bool) (arguments: string list) : Finished =
    interruptOnce (fun _ -> condition ()) arguments

/// Runs the built program and kills it with SIGKILL as soon as a condition holds; false where the program ended before that.
let killWhen (condition: unit -> bool) (arguments: string list) : bool =
    use running = start arguments
    running.StandardInput.Close()
    let error = running.StandardError.ReadToEndAsync()
    let output = running.StandardOutput.ReadToEndAsync()
    let clock = Stopwatch.StartNew()

    while not running.HasExited
          && not (condition ())
          && clock.Elapsed.TotalSeconds < 120.0 do
        Thread.Sleep 5

    let wasRunning = not running.HasExited
    running.Kill()
    running.WaitForExit()
    error.Wait()
    output.Wait()
    wasRunning && condition ()

/// A directory that is deleted at the end.
type TemporaryDirectory() =
    let path = Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString("N"))
    do Directory.CreateDirectory path |> ignore
    member _.Path: string = path
    member _.File(name: string) : string = Path.Combine(path, name)

    interface IDisposable with
        member _.Dispose() = Directory.Delete(path, true)

/// One line on standard error, nothing on standard output, and the exit code.
let assertRefused (exitCode: int) (words: string list) (finished: Finished) : unit =
    Assert.Equal(exitCode, finished.ExitCode)
    Assert.Equal("", finished.Output)
    Assert.Equal(1, finished.Error.TrimEnd('\n').Split('\n').Length)

    for word in words do
        Assert.Contains(word, finished.Error)

/// The message of a refusal by the frame; it fails where nothing is refused.
let resultsRefusal (action: unit -> 'a) : string =
    Assert.Throws<ResultsException>(fun () -> action () |> ignore).Message

let parse (text: string) : JsonElement = JsonDocument.Parse(text).RootElement

let numbers (json: JsonElement) : float[] =
    [| for entry in json.EnumerateArray() -> entry.GetDouble() |]

let matrix (json: JsonElement) : float[][] =
    [| for row in json.EnumerateArray() -> numbers row |]

let rowsOf (values: float[,]) : float[][] =
    Array.init (Array2D.length1 values) (fun r -> values[r, *])
