/// Choices of settings, and the records that are kept with the document.
module Perturbed.Experiments.Tests.ChoiceTests

open System
open System.IO
open System.Threading
open Expecto
open Perturbed.Experiments
open Xunit

let private candidate (name: string) (rate: float) (score: float) : Candidate =
    {
        Method = name
        Settings = [ "learningRate", rate ]
        Cost = 1.0
        Score = fun _ -> score
    }

let private context: PieceContext =
    {
        Cancellation = CancellationToken.None
        Threads = 1
        Report = fun _ _ -> ()
        Checkpoint =
            {
                Load = fun () -> None
                Save = ignore
                IsDue = fun () -> false
            }
    }

let private record (candidates: Candidate list) : RunRecord =
    let pieces = Choice.pieces candidates

    {
        Experiment = "some-choice"
        IsQuick = false
        Key = 200208676UL
        Settings = Json.Object [ "a", Json.Number 1.0 ]
        PieceCount = pieces.Length
        Starts =
            [|
                {
                    Time = "2026-01-01T00:00:00Z"
                    Commit = None
                    Machine = "m"
                    Threads = 2
                    Command = "c"
                    Seconds = 1.5
                }
            |]
        Pieces =
            pieces
            |> Array.mapi (fun index piece ->
                let result = piece.Run context

                {
                    Index = index
                    Name = piece.Name
                    Settings = piece.Settings
                    Metrics = result.Metrics
                    Epochs = result.Epochs
                    EpochSeconds = result.EpochSeconds
                    Seconds = 0.25
                })
    }

// The record of a choice that is kept with the document.
let private kept (name: string) : RunRecord =
    Path.Combine(__SOURCE_DIRECTORY__, "..", "..", "docs", "results", "records", name + Record.compressedEnding)
    |> Record.load

[<Tests>]
let tests =
    testList "Choice" [
        testCase
            "A choice takes the settings of the highest score of each method, and of equal scores the first"
            (fun () ->
                let record =
                    record [
                        candidate "a" 0.1 0.5
                        candidate "a" 0.2 0.9
                        candidate "b" 0.3 0.7
                        candidate "b" 0.4 0.7
                    ]

                Assert.Equal<(string * float) list>([ "learningRate", 0.2 ], Choice.best "a" record)
                Assert.Equal<(string * float) list>([ "learningRate", 0.3 ], Choice.best "b" record)

                let error =
                    Assert.Throws<InputException>(fun () -> Choice.best "c" record |> ignore)

                Assert.Contains("no candidate of 'c'", error.Message)

                match Choice.report "rule" record with
                | [ ReportPart.Paragraph "rule"; ReportPart.Table(_, _, rows) ] ->
                    Assert.Equal<string list>([ ""; "taken"; "taken"; "" ], rows |> List.map List.last)
                | parts -> Assert.Fail $"{parts}")

        testCase
            "A record that is kept compressed is read as the record that it was, and has the same bytes each time"
            (fun () ->
                let record = record [ candidate "a" 0.1 0.5; candidate "b" 0.2 nan ]

                let path =
                    Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString() + Record.compressedEnding)

                try
                    File.WriteAllBytes(path, Record.compressed record)
                    let read = Record.load path
                    Assert.Equal(Record.header record, Record.header read)

                    Assert.Equal<string[]>(
                        record.Pieces |> Array.map Record.line,
                        read.Pieces |> Array.map Record.line
                    )

                    Assert.Equal<byte[]>(Record.compressed record, Record.compressed read)

                    // Cut short it is refused, and left as it is.
                    let bytes = File.ReadAllBytes path
                    File.WriteAllBytes(path, bytes[.. bytes.Length / 2])
                    Assert.Throws<ResultsException>(fun () -> Record.load path |> ignore) |> ignore
                finally
                    File.Delete path)

        testCase "Artificial rankings have the settings that the kept choice took" (fun () ->
            let settings = ArtificialRankingSettings.create false
            let record = kept "artificial-ranking-choice"

            for loss, rate in settings.LearningRates do
                let taken = Choice.best loss record |> Map.ofList
                Assert.Equal(taken["learningRate"], rate)

                taken
                |> Map.tryFind "lambda"
                |> Option.iter (fun lambda -> Assert.Equal(lambda, settings.Lambda)))

        testCase "The perturbed maximum has the rates that the kept choice took" (fun () ->
            let record = kept "perturbed-max-choice"

            for settings in [ PerturbedMaxSettings.cifar10 false; PerturbedMaxSettings.generated false ] do
                Assert.Equal<(string * float) list>(
                    [ "learningRate", settings.LearningRate ],
                    Choice.best settings.Name record
                ))

        testCase "Warcraft has the rates, the λ and the mean cost that the kept choice took" (fun () ->
            let record = kept "warcraft-choice"

            let settings =
                WarcraftSettings.ofRequest
                    {
                        IsQuick = false
                        Key = 0UL
                        Data = None
                    }

            for name, loss, rate in WarcraftSettings.methods do
                let expected =
                    match loss with
                    | PathLoss.FenchelYoung -> [ "learningRate", rate; "meanCost", settings.MeanCost ]
                    | PathLoss.BlackBox lambda -> [ "learningRate", rate; "lambda", lambda ]
                    | PathLoss.Squared -> [ "learningRate", rate ]

                Assert.Equal<(string * float) list>(expected, Choice.best name record))
    ]
