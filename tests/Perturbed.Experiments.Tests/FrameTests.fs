/// Files, records and checkpoints of the experiments: what is written comes back, and what is damaged is named and kept.
module Perturbed.Experiments.Tests.FrameTests

open System
open System.IO
open Expecto
open FsCheck
open FsCheck.FSharp
open Perturbed.Experiments
open Perturbed.Experiments.Tests.Helpers
open Perturbed.Suite
open Xunit

let private record: RunRecord =
    {
        Experiment = "some"
        IsQuick = true
        Key = UInt64.MaxValue
        Settings = Json.Object [ "sizes", Json.numbers [| 1.0; 0.1; -0.0; 1e300; nan |]; "name", Json.Text "θ \"q\"" ]
        PieceCount = 3
        Starts =
            [|
                {
                    Time = "2026-01-31T12:00:00Z"
                    Commit = None
                    Machine = "m"
                    Threads = 2
                    Command = "c"
                    Seconds = 1.5
                }
            |]
        Pieces =
            [|
                {
                    Index = 2
                    Name = "a/b"
                    Settings = Json.Object []
                    Metrics = Json.Object [ "x", Json.Number(1.0 / 3.0); "y", Json.Number -0.0 ]
                    Epochs = [| Json.Object [ "epoch", Json.Integer 0L; "loss", Json.Number nan ] |]
                    EpochSeconds = [| 0.25 |]
                    Seconds = 2.0
                }
            |]
    }

let private text (record: RunRecord) : string =
    String.Join('\n', Seq.append [ Record.header record ] (record.Pieces |> Seq.map Record.line))
    + "\n"

let private checkpoint (directory: TemporaryDirectory) (piece: string) : Checkpoint =
    Directory.CreateDirectory(directory.File "checkpoints") |> ignore
    CheckpointFile.create directory.Path 0.0 7 piece

[<Tests>]
let tests =
    testList "Frame" [
        testCase "A record that is read and written again has the same bytes" (fun () ->
            use file = new TemporaryFile(".jsonl", text record)
            let read = Record.load file.Path
            Assert.Equal(text record, text read)
            Assert.Equal(1.0 / 3.0, Json.number "x" read.Pieces[0].Metrics)
            Assert.Equal(UInt64.MaxValue, read.Key)
            Assert.True(Double.IsNegative(Json.number "y" read.Pieces[0].Metrics)))

        property 100 "Any number comes back from JSON with its bits" (fun () ->
            let law (NormalFloat value) =
                let back = Json.Number value |> Json.text |> Json.parse |> Json.toNumber
                BitConverter.DoubleToInt64Bits value = BitConverter.DoubleToInt64Bits back

            law)

        testCase "A damaged record is refused by line, and left as it is" (fun () ->
            let lines = (text record).TrimEnd('\n').Split('\n')

            for content, words in
                [
                    "", ":1: the file is empty"
                    "{", ":1: no JSON"
                    lines[1], ":1: a line of kind 'run'"
                    lines[0] + "\n" + lines[1].Substring(0, 40), ":2: no JSON"
                    lines[0] + "\n" + lines[1].Replace("\"metrics\"", "\"matrix\""), ":2: member 'metrics' is missing"
                ] do
                use file = new TemporaryFile(".jsonl", content)
                let message = resultsRefusal (fun () -> Record.load file.Path)
                Assert.Contains(file.Path + words, message)
                Assert.Contains("--restart", message)
                Assert.Equal(content, File.ReadAllText file.Path))

        testCase "A file is replaced whole, and nothing is left beside it" (fun () ->
            use directory = new TemporaryDirectory()
            let path = directory.File "a"
            AtomicFile.writeText path "one"
            AtomicFile.writeText path "two"
            Assert.Equal("two", File.ReadAllText path)
            Assert.Equal<string[]>([| path |], Directory.GetFiles directory.Path))

        testCase "A disk that fills up leaves the file that was there" (fun () ->
            if File.Exists "/dev/full" then
                use directory = new TemporaryDirectory()
                let path = directory.File "a"
                AtomicFile.writeText path "one"
                File.CreateSymbolicLink(path + ".new", "/dev/full") |> ignore
                let message = resultsRefusal (fun () -> AtomicFile.writeText path "two")
                Assert.StartsWith($"{path}: cannot be written: ", message)
                Assert.Contains("untouched", message)
                Assert.Equal("one", File.ReadAllText path)
                Assert.Equal<string[]>([| path |], Directory.GetFiles directory.Path))

        testCase "A checkpoint gives back what was saved" (fun () ->
            use directory = new TemporaryDirectory()
            Assert.Equal(None, (checkpoint directory "p").Load())
            let state = Array.init 1000 byte
            (checkpoint directory "p").Save state
            Assert.Equal(Some state, (checkpoint directory "p").Load()))

        testCase "A checkpoint with any one byte changed, cut off, or of another piece is refused and kept" (fun () ->
            use directory = new TemporaryDirectory()
            (checkpoint directory "p").Save [| 1uy .. 9uy |]
            let path = CheckpointFile.path directory.Path 7
            let good = File.ReadAllBytes path

            let refused (words: string) (content: byte[]) =
                File.WriteAllBytes(path, content)
                let message = resultsRefusal (fun () -> (checkpoint directory "p").Load())
                Assert.StartsWith(path, message)
                Assert.Contains(words, message)
                Assert.Contains("delete it", message)
                Assert.Equal<byte[]>(content, File.ReadAllBytes path)

            for at in 0 .. good.Length - 1 do
                refused "checkpoint" (good |> Array.updateAt at (good[at] ^^^ 1uy))

            refused "no checkpoint" [||]
            refused "damaged" good[.. good.Length - 2]
            refused "damaged" good[..10]
            File.WriteAllBytes(path, good)
            Assert.Contains("another piece, p", resultsRefusal (fun () -> (checkpoint directory "q").Load())))

        testCase "A directory that cannot be made or is in use is refused" (fun () ->
            use file = new TemporaryFile(".txt", "")
            let below = Path.Combine(file.Path, "x")
            Assert.StartsWith($"{below}: ", resultsRefusal (fun () -> ResultsDirectory.openAt below))
            use directory = new TemporaryDirectory()
            use _first = ResultsDirectory.openAt directory.Path
            Assert.Contains("another run uses", resultsRefusal (fun () -> ResultsDirectory.openAt directory.Path)))

        testCase "The document has a place for every experiment" (fun () ->
            for experiment in Program.experiments do
                Assert.Contains(experiment.Name, ResultsDocument.order))
    ]
