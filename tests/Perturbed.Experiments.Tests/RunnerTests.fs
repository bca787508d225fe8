/// The runner: side by side or one by one the same record; a failure names its piece and loses nothing that was done.
module Perturbed.Experiments.Tests.RunnerTests

open System
open System.IO
open System.Threading
open Expecto
open Perturbed.Experiments
open Perturbed.Experiments.Tests.Helpers
open Perturbed.Functional
open Xunit

let private settings: RunSettings = { Threads = 1; CheckpointSeconds = 0.0 }

let private plan (work: int -> PieceContext -> PieceResult) : Plan =
    {
        Settings = Json.Object []
        Pieces =
            Array.init 6 (fun i ->
                {
                    Name = $"piece {i}"
                    Settings = Json.Object []
                    Weight = 1.0
                    Run = work i
                })
        Estimate = fun _ pieces -> float pieces.Length
    }

let private fresh: RunRecord =
    {
        Experiment = "test"
        IsQuick = true
        Key = 0UL
        Settings = Json.Object []
        PieceCount = 6
        Starts =
            [|
                {
                    Time = ""
                    Commit = None
                    Machine = ""
                    Threads = 1
                    Command = ""
                    Seconds = 0.0
                }
            |]
        Pieces = [||]
    }

let private run (path: string) (settings: RunSettings) (plan: Plan) (token: CancellationToken) : RunRecord =
    use directory = ResultsDirectory.openAt path

    let before =
        if File.Exists directory.Record then
            Record.load directory.Record
        else
            fresh

    Runner.run settings directory before plan [| 0..5 |] token

let private names (record: RunRecord) : string[] = record.Pieces |> Array.map _.Name

let private square (i: int) (_: PieceContext) : PieceResult =
    PieceResult.ofMetrics [ "square", Json.Integer(int64 (i * i)) ]

/// A training of 12 epochs whose checkpoint is kept in memory, cancelled after a number of looks at the token's steps.
let private train (saved: byte[] option ref) (isDue: bool) (stopAfter: int) : PieceTraining option =
    let setting: ArtificialRanking =
        {
            Rows = 50
            Features = 3
            Labels = 4
            Noise = 0.1
        }

    let data = (ArtificialRanking.generate setting (Key.create 1UL)).Examples
    use source = new CancellationTokenSource()
    let mutable steps = 0

    let loss: Loss =
        let inner = Loss.fenchelYoung (perturb (Oracle.ranking 4) Noise.gaussian 1.0 2)

        Loss.create (fun batch ->
            steps <- steps + 1

            if steps = stopAfter then
                source.Cancel()

            inner.Evaluate batch)

    let context: PieceContext =
        {
            Cancellation = source.Token
            Threads = 1
            Report = fun _ _ -> ()
            Checkpoint =
                {
                    Load = fun () -> saved.Value
                    Save = fun state -> saved.Value <- Some state
                    IsDue = fun () -> isDue
                }
        }

    let config =
        Training.config 12 8 Optimizer.adam (Schedule.cosine 12 0.0 0.1) (Key.create 2UL)

    let measure (report: EpochReport) =
        [ "first", Json.Number report.Parameters[0] ]

    try
        Some(ResumableTraining.run context config (Model.affine 3 4) loss data measure)
    with :? OperationCanceledException ->
        None

[<Tests>]
let tests =
    testList "Runner" [
        testCase "The record holds each piece once, in order, for any number of threads" (fun () ->
            for threads in [ 1; 3; 16 ] do
                use directory = new TemporaryDirectory()

                let record =
                    run directory.Path { settings with Threads = threads } (plan square) CancellationToken.None

                Assert.Equal<string[]>(Array.init 6 (fun i -> $"piece {i}"), names record)
                let read = Record.load (directory.File Record.fileName)
                Assert.Equal<string[]>(names record, names read)

                Assert.Equal<float[]>(
                    [| 0.0; 1.0; 4.0; 9.0; 16.0; 25.0 |],
                    read.Pieces |> Array.map (fun p -> Json.number "square" p.Metrics)
                ))

        testCase
            "A piece that fails is named, the others are kept, and the next run does only what is missing"
            (fun () ->
                use directory = new TemporaryDirectory()

                let failing i context =
                    if i = 3 then
                        invalidArg "theta" "theta has length 2; 3 was expected."
                    else
                        square i context

                let message =
                    resultsRefusal (fun () -> run directory.Path settings (plan failing) CancellationToken.None)

                Assert.Equal("piece 3: theta has length 2; 3 was expected.", message)

                Assert.Equal<string[]>(
                    [| "piece 0"; "piece 1"; "piece 2" |],
                    names (Record.load (directory.File Record.fileName))
                )

                let again = ResizeArray<int>()

                let counting i context =
                    lock again (fun () -> again.Add i)
                    square i context

                let record = run directory.Path settings (plan counting) CancellationToken.None
                Assert.Equal(6, record.Pieces.Length)
                Assert.Equal<int[]>([| 3; 4; 5 |], again.ToArray()))

        testCase "A cancelled run keeps the pieces that were done" (fun () ->
            use directory = new TemporaryDirectory()
            use source = new CancellationTokenSource()

            let cancelling i (context: PieceContext) =
                if i = 2 then
                    source.Cancel()
                    context.Cancellation.ThrowIfCancellationRequested()

                square i context

            let record = run directory.Path settings (plan cancelling) source.Token
            Assert.Equal<string[]>([| "piece 0"; "piece 1" |], names record))

        testCase "Threads that pieces leave over go to the pieces" (fun () ->
            use directory = new TemporaryDirectory()

            let threads _ (context: PieceContext) =
                PieceResult.ofMetrics [ "square", Json.Integer(int64 context.Threads) ]

            use held = ResultsDirectory.openAt directory.Path

            let record =
                Runner.run { settings with Threads = 8 } held fresh (plan threads) [| 1; 4 |] CancellationToken.None

            Assert.Equal<float[]>([| 4.0; 4.0 |], record.Pieces |> Array.map (fun p -> Json.number "square" p.Metrics)))

        testCase "Training that is interrupted at any step goes on with the same bits" (fun () ->
            // 50 rows in batches of 8 are 7 steps an epoch, 84 in all.
            match train (ref None) false Int32.MaxValue with
            | None -> Assert.Fail "an uninterrupted training ends"
            | Some whole ->
                let text (training: PieceTraining) = training.Epochs |> Array.map Json.text

                Assert.Equal(12, whole.Epochs.Length)

                for isDue in [ false; true ] do
                    for stop in [ 1; 6; 7; 8; 40; 83 ] do
                        let saved: byte[] option ref = ref None
                        Assert.Equal(None, train saved isDue stop)

                        match train saved isDue Int32.MaxValue with
                        | None -> Assert.Fail "a resumed training ends"
                        | Some resumed ->
                            Assert.Equal<float[]>(whole.Parameters, resumed.Parameters)
                            Assert.Equal<string[]>(text whole, text resumed)
                            Assert.Equal(12, resumed.EpochSeconds.Length))
    ]
