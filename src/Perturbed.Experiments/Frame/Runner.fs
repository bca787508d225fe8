namespace Perturbed.Experiments

open System
open System.Diagnostics
open System.IO
open System.Runtime.ExceptionServices
open System.Threading

/// How a plan is run.
type RunSettings =
    {
        /// Pieces that run side by side, or threads of one where there are fewer pieces.
        Threads: int
        /// The most seconds between two checkpoints of a piece, or between two writings of the record.
        CheckpointSeconds: float
    }

/// Runs the pieces of a plan side by side and keeps their record.
[<RequireQualifiedAccess>]
module Runner =

    // The record is written anew for each piece, but for no more than a fiftieth of the time: otherwise
    // thousands of short pieces would write gigabytes. No more than the seconds between two checkpoints can be lost.
    let private secondsBetweenSaves (settings: RunSettings) (secondsOfSave: float) : float =
        min settings.CheckpointSeconds (max 1.0 (50.0 * secondsOfSave))

    /// The record as it grows. Every member locks.
    type private Journal(settings: RunSettings, directory: ResultsDirectory, initial: RunRecord) =
        let gate = obj ()
        let started = Stopwatch.GetTimestamp()
        let lines: string option[] = Array.create initial.PieceCount None
        let mutable pieces = initial.Pieces
        let mutable unsaved: int list = []
        let mutable lastSave = 0.0
        let mutable secondsOfSave = 0.0

        do
            for piece in initial.Pieces do
                lines[piece.Index] <- Some(Record.line piece)

        member private _.Current: RunRecord =
            let last = initial.Starts.Length - 1

            { initial with
                Pieces = pieces |> Array.sortBy _.Index
                Starts =
                    initial.Starts
                    |> Array.mapi (fun i start ->
                        if i = last then
                            { start with
                                Seconds = Stopwatch.GetElapsedTime(started).TotalSeconds
                            }
                        else
                            start)
            }

        /// Writes the record now, and deletes the checkpoints that it makes useless.
        member this.Save() : RunRecord =
            lock gate (fun () ->
                let began = Stopwatch.GetElapsedTime(started).TotalSeconds
                let record = this.Current
                let text = Seq.append [ Record.header record ] (Array.choose id lines)
                AtomicFile.writeText directory.Record (String.Join('\n', text) + "\n")
                let now = Stopwatch.GetElapsedTime(started).TotalSeconds
                secondsOfSave <- now - began
                lastSave <- now

                for index in unsaved do
                    ResultsDirectory.dropCheckpoint index directory

                unsaved <- []
                record)

        member this.Add(piece: PieceRecord) : unit =
            lock gate (fun () ->
                lines[piece.Index] <- Some(Record.line piece)
                pieces <- Array.append pieces [| piece |]
                unsaved <- piece.Index :: unsaved

                if
                    Stopwatch.GetElapsedTime(started).TotalSeconds - lastSave
                    >= secondsBetweenSaves settings secondsOfSave
                then
                    this.Save() |> ignore)

    let private runPiece
        (settings: RunSettings)
        (threads: int)
        (directory: ResultsDirectory)
        (cancellation: CancellationToken)
        (advance: float -> string -> unit)
        (index: int)
        (piece: Piece)
        : PieceRecord =
        let started = Stopwatch.GetTimestamp()

        let result =
            piece.Run
                {
                    Cancellation = cancellation
                    Threads = threads
                    Report = advance
                    Checkpoint = CheckpointFile.create directory.Path settings.CheckpointSeconds index piece.Name
                }

        {
            Index = index
            Name = piece.Name
            Settings = piece.Settings
            Metrics = result.Metrics
            Epochs = result.Epochs
            EpochSeconds = result.EpochSeconds
            Seconds = Stopwatch.GetElapsedTime(started).TotalSeconds
        }

    let private named (piece: Piece) (error: exn) : exn =
        match error with
        | :? ResultsException -> error
        | _ -> ResultsException($"{piece.Name}: {ExitCode.message (ExitCode.first error)}", error)

    /// <summary>Runs the pieces that are not in the record. The metrics are a function of plan and key: neither
    /// threads nor interruptions change a bit.</summary>
    /// <param name="settings">Threads and how often to save.</param>
    /// <param name="directory">Where the record is kept.</param>
    /// <param name="record">What is done already, with the start of this run as the last of its starts.</param>
    /// <param name="plan">The plan.</param>
    /// <param name="chosen">Numbers of the pieces to run, in order; those that are done are left out.</param>
    /// <param name="cancellation">Stops; what is done is kept.</param>
    /// <returns>The record, complete or, where cancelled, not.</returns>
    /// <exception cref="T:Perturbed.Experiments.ResultsException">A piece failed, or the record cannot be written; the
    /// pieces done before are kept.</exception>
    let run
        (settings: RunSettings)
        (directory: ResultsDirectory)
        (record: RunRecord)
        (plan: Plan)
        (chosen: int[])
        (cancellation: CancellationToken)
        : RunRecord =
        let finished = record.Pieces |> Array.map _.Index |> Set.ofArray
        let waiting = chosen |> Array.filter (finished.Contains >> not)
        let journal = Journal(settings, directory, record)
        // Written before any work: a directory that cannot be written is found now.
        journal.Save() |> ignore
        use stop = CancellationTokenSource.CreateLinkedTokenSource cancellation
        let parallelPieces = max 1 (min settings.Threads waiting.Length)
        let threads = max 1 (settings.Threads / parallelPieces)
        let failures = Collections.Concurrent.ConcurrentDictionary<int, exn>()
        let mutable next = -1

        let work (display: ProgressDisplay) : unit =
            let rec loop () =
                let at = Interlocked.Increment &next

                if at < waiting.Length && not stop.IsCancellationRequested then
                    let piece = plan.Pieces[waiting[at]]
                    display.Begin at piece

                    let isDone =
                        try
                            runPiece settings threads directory stop.Token (display.Advance at) waiting[at] piece
                            |> journal.Add

                            true
                        with
                        | :? OperationCanceledException when stop.IsCancellationRequested -> false
                        | error ->
                            failures[waiting[at]] <- named piece error
                            stop.Cancel()
                            false

                    display.End at isDone
                    loop ()

            let workers =
                Array.init parallelPieces (fun i -> Thread(loop, Name = $"piece worker {i}", IsBackground = true))

            workers |> Array.iter _.Start()
            workers |> Array.iter _.Join()

        ProgressDisplay.using record.Experiment (waiting |> Array.map (fun i -> plan.Pieces[i])) work

        // The failure of the lowest piece is reported, whichever came first; it must not hide that the last save
        // failed, nor the reverse.
        let saved =
            try
                Ok(journal.Save())
            with :? ResultsException as error ->
                Error(error :> exn)

        match failures.Keys |> Seq.sort |> Seq.tryHead, saved with
        | Some index, _ -> ExceptionDispatchInfo.Throw failures[index]
        | None, Error error -> ExceptionDispatchInfo.Throw error
        | None, Ok _ -> ()

        match saved with
        | Ok record -> record
        | Error error -> raise error
