/// The program of the deep networks as a user meets it: killed and resumed, refused.
module Perturbed.Functional.Torch.Tests.NetworkProcessTests

open System
open System.Diagnostics
open System.IO
open System.Threading
open Expecto
open TorchSharp
open Perturbed.Experiments
open Xunit

// The host that runs the tests: another one of the machine need not find the native library's own needs.
let private host: string =
    match Environment.ProcessPath with
    | path when Path.GetFileNameWithoutExtension path = "dotnet" -> path
    | _ -> "dotnet"

let private start (arguments: string list) : Process =
    let program =
        Path.Combine(AppContext.BaseDirectory, "Perturbed.Experiments.Torch.dll")

    let info =
        ProcessStartInfo(host, program :: arguments, RedirectStandardOutput = true, RedirectStandardError = true)

    Process.Start info

let private run (arguments: string list) : int * string * string =
    use running = start arguments
    let error = running.StandardError.ReadToEndAsync()
    let output = running.StandardOutput.ReadToEndAsync()
    running.WaitForExit()
    running.ExitCode, output.Result, error.Result

// Kills with SIGKILL as soon as the condition holds; false where the program ended before that.
let private killWhen (condition: unit -> bool) (arguments: string list) : bool =
    use running = start arguments
    let error = running.StandardError.ReadToEndAsync()
    let output = running.StandardOutput.ReadToEndAsync()

    while not running.HasExited && not (condition ()) do
        Thread.Sleep 5

    let wasRunning = not running.HasExited
    running.Kill()
    running.WaitForExit()
    error.Wait()
    output.Wait()
    wasRunning

let private inDirectory (act: string -> unit) : unit =
    let path = Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString "N")

    try
        act path
    finally
        if Directory.Exists path then
            Directory.Delete(path, true)

// Two batches an epoch through batch normalisation, whose running means are part of the state as the moments of Adam are.
let private small (directory: string) : string list =
    [ "warcraft-network"; "--only"; "Fenchel-Young"; "--checkpoint-seconds"; "0" ]
    @ [ "--train"; "80"; "--test"; "10"; "--epochs"; "6"; "--output"; directory ]

let private line (number: int) (directory: string) : Json =
    let lines = File.ReadAllLines(Path.Combine(directory, Record.fileName))
    Json.parse lines[number]

// All of a piece but its times.
let private bits (directory: string) : string =
    let piece = line 1 directory

    [ "name"; "settings"; "metrics"; "epochs" ]
    |> List.map (fun name -> Json.text (Json.get name piece))
    |> String.concat "\n"

let private savedEpochs (directory: string) : int =
    let checkpoints = Path.Combine(directory, "checkpoints")

    if Directory.Exists checkpoints then
        Directory.GetFiles(checkpoints, "*.state")
        |> Array.sumBy (fun path ->
            try
                // The state holds one line of JSON an epoch.
                let text = Text.Encoding.Latin1.GetString(File.ReadAllBytes path)
                text.Split("{\"epoch\":").Length - 1
            with :? IOException ->
                0)
    else
        0

[<Tests>]
let tests =
    testList "NetworkProcess" [
        testCase
            "A training that is killed twice in the middle ends with the numbers of one that was not, to the bit"
            (fun () ->
                inDirectory (fun whole ->
                    let code, _, error = run (small whole)
                    Assert.True((code = 0), error)

                    // Whether a kill comes in time is for the machine to say.
                    let rec attempt (tries: int) : unit =
                        let mutable isDone = false

                        inDirectory (fun killed ->
                            if
                                killWhen (fun () -> savedEpochs killed >= 1) (small killed)
                                && killWhen (fun () -> savedEpochs killed >= 3) (small killed)
                            then
                                let code, _, error = run (small killed)
                                Assert.True((code = 0), error)
                                Assert.Equal(bits whole, bits killed)
                                let starts = Json.items "starts" (line 0 killed)
                                Assert.Equal(3, starts.Length)
                                isDone <- true)

                        if not isDone then
                            Assert.True(tries > 1, "the program ended before it was killed, five times")
                            attempt (tries - 1)

                    attempt 5

                    // What was asked for beyond every experiment's options stands with the command.
                    let first = (Json.items "starts" (line 0 whole))[0]
                    Assert.EndsWith("warcraft-network --epochs 6 --train 80 --test 10", Json.string "command" first)))

        testCase "A device that is not there is refused in one line before anything is done" (fun () ->
            inDirectory (fun directory ->
                let refused (arguments: string list) (words: string list) =
                    let code, output, error = run (arguments @ [ "--output"; directory ])
                    Assert.Equal(2, code)
                    Assert.Equal("", output)
                    Assert.Equal(1, error.TrimEnd('\n').Split('\n').Length)

                    for word in words do
                        Assert.Contains(word, error)

                    Assert.False(Directory.Exists directory)

                refused [ "warcraft-network"; "--quick"; "--device"; "tpu" ] [
                    "--device is tpu"
                    "cpu, cuda or cuda:N"
                ]

                refused [ "warcraft-network"; "--quick"; "--device"; "cuda:x" ] [ "--device is cuda:x" ]

                if not (torch.cuda.is_available ()) then
                    refused [ "warcraft-network"; "--quick"; "--device"; "cuda" ] [
                        "--device is cuda"
                        "no CUDA"
                        "libtorch-cuda"
                    ]))

        testCase "Results of this program keep the sections of the other where they are" (fun () ->
            inDirectory (fun directory ->
                let docs = Path.Combine(directory, "docs")
                Directory.CreateDirectory docs |> ignore
                let file = Path.Combine(docs, "results.md")

                let section (name: string) =
                    $"<!-- experiment {name}: begin -->\n## {name}\n<!-- experiment {name}: end -->"

                let others = [ "label-ranking"; "warcraft"; "estimation" ]
                File.WriteAllText(file, String.Join("\n\n", others |> List.map section))

                let code, _, error =
                    run (small (Path.Combine(directory, "records", "warcraft-network")))

                Assert.True((code = 0), error)

                let code, _, error =
                    run [ "results"; "--records"; Path.Combine(directory, "records"); "--docs"; docs ]

                Assert.True((code = 0), error)

                let names = ResultsDocument.sections file (File.ReadAllText file) |> List.map fst

                Assert.Equal<string list>([ "label-ranking"; "warcraft"; "warcraft-network"; "estimation" ], names)
                Assert.Contains("80 training and 10 test maps", File.ReadAllText file)
                Assert.True(File.Exists(Path.Combine(docs, "results", "warcraft-network-optimal.svg")))))
    ]
