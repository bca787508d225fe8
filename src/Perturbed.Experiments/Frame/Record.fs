namespace Perturbed.Experiments

open System.IO
open System.IO.Compression

/// One start of a run: a run that was interrupted has several.
type RunStart =
    {
        /// When, in UTC.
        Time: string
        /// The commit, where there is one.
        Commit: string option
        /// The machine.
        Machine: string
        /// Threads.
        Threads: int
        /// What was typed.
        Command: string
        /// Wall-clock seconds until it ended, or until the last save.
        Seconds: float
    }

/// A piece that is done.
type PieceRecord =
    {
        /// Its number in the plan, from 0.
        Index: int
        /// Its name.
        Name: string
        /// Its settings.
        Settings: Json
        /// Its metrics.
        Metrics: Json
        /// One object an epoch.
        Epochs: Json[]
        /// Seconds of each epoch.
        EpochSeconds: float[]
        /// Wall-clock seconds of the piece, over all starts.
        Seconds: float
    }

/// The record of a run: how it was started, and the finished pieces.
type RunRecord =
    {
        /// The experiment.
        Experiment: string
        /// Whether it is the minute-scale version.
        IsQuick: bool
        /// The key of everything random.
        Key: uint64
        /// The settings of the plan.
        Settings: Json
        /// How many pieces the plan has.
        PieceCount: int
        /// Its starts, the first one first.
        Starts: RunStart[]
        /// The pieces that are done, by number.
        Pieces: PieceRecord[]
    }

/// Records as JSON lines: one for the run, then one for each piece that is done.
[<RequireQualifiedAccess>]
module Record =

    /// The name of the file in a directory of results.
    [<Literal>]
    let fileName = "record.jsonl"

    /// The end of the name of a compressed record.
    [<Literal>]
    let compressedEnding = ".jsonl.gz"

    let private start (start: RunStart) : Json =
        Json.Object
            [
                "time", Json.Text start.Time
                "commit", Json.optional Json.Text start.Commit
                "machine", Json.Text start.Machine
                "threads", Json.Integer(int64 start.Threads)
                "command", Json.Text start.Command
                "seconds", Json.Number(System.Math.Round(start.Seconds, 3))
            ]

    /// <summary>The first line.</summary>
    /// <param name="record">The record.</param>
    /// <returns>JSON.</returns>
    let header (record: RunRecord) : string =
        Json.text (
            Json.Object
                [
                    "kind", Json.Text "run"
                    "format", Json.Integer 1L
                    "experiment", Json.Text record.Experiment
                    "isQuick", Json.Bool record.IsQuick
                    "key", Json.Bits record.Key
                    "settings", record.Settings
                    "pieces", Json.Integer(int64 record.PieceCount)
                    "isComplete", Json.Bool(record.Pieces.Length = record.PieceCount)
                    "starts", record.Starts |> Seq.map start |> Json.Array
                ]
        )

    /// <summary>The line of a piece.</summary>
    /// <param name="piece">The piece.</param>
    /// <returns>JSON.</returns>
    let line (piece: PieceRecord) : string =
        Json.text (
            Json.Object
                [
                    "kind", Json.Text "piece"
                    "index", Json.Integer(int64 piece.Index)
                    "name", Json.Text piece.Name
                    "settings", piece.Settings
                    "metrics", piece.Metrics
                    "epochs", Json.Array piece.Epochs
                    "epochSeconds", Json.numbers (piece.EpochSeconds |> Array.map (fun s -> System.Math.Round(s, 4)))
                    "seconds", Json.Number(System.Math.Round(piece.Seconds, 3))
                ]
        )

    let private readStart (json: Json) : RunStart =
        {
            Time = Json.string "time" json
            Commit =
                match Json.get "commit" json with
                | Json.Text commit -> Some commit
                | _ -> None
            Machine = Json.string "machine" json
            Threads = int (Json.number "threads" json)
            Command = Json.string "command" json
            Seconds = Json.number "seconds" json
        }

    let private readHeader (json: Json) : RunRecord =
        if Json.string "kind" json <> "run" || Json.number "format" json <> 1.0 then
            raise (InvalidDataException "a line of kind 'run' and format 1 was expected.")

        {
            Experiment = Json.string "experiment" json
            IsQuick = Json.bool "isQuick" json
            Key =
                match Json.get "key" json with
                | Json.Integer key -> uint64 key
                | Json.Bits key -> key
                | _ -> raise (InvalidDataException "member 'key' is no whole number.")
            Settings = Json.get "settings" json
            PieceCount = int (Json.number "pieces" json)
            Starts = Json.items "starts" json |> Array.map readStart
            Pieces = [||]
        }

    let private readPiece (json: Json) : PieceRecord =
        if Json.string "kind" json <> "piece" then
            raise (InvalidDataException "a line of kind 'piece' was expected.")

        {
            Index = int (Json.number "index" json)
            Name = Json.string "name" json
            Settings = Json.get "settings" json
            Metrics = Json.get "metrics" json
            Epochs = Json.items "epochs" json
            EpochSeconds = Json.items "epochSeconds" json |> Array.map Json.toNumber
            Seconds = Json.number "seconds" json
        }

    let private readLines (path: string) : string[] =
        if path.EndsWith(compressedEnding, System.StringComparison.Ordinal) then
            use file = File.OpenRead path
            use unpacked = new GZipStream(file, CompressionMode.Decompress)
            use reader = new StreamReader(unpacked)
            reader.ReadToEnd().Split('\n', System.StringSplitOptions.RemoveEmptyEntries)
        else
            File.ReadAllLines path

    /// <summary>A record as compressed JSON lines, epochs to six digits; it decides the bytes.</summary>
    /// <param name="record">The record.</param>
    /// <returns>The bytes of a file that <c>load</c> reads.</returns>
    let compressed (record: RunRecord) : byte[] =
        use memory = new MemoryStream()

        using (new GZipStream(memory, CompressionLevel.SmallestSize, true)) (fun packed ->
            use writer = new StreamWriter(packed)
            writer.NewLine <- "\n"
            writer.WriteLine(header record)

            for piece in record.Pieces do
                writer.WriteLine(
                    line
                        { piece with
                            Epochs = Array.map Json.rounded piece.Epochs
                        }
                ))

        memory.ToArray()

    /// <summary>Reads a record.</summary>
    /// <param name="path">The file: JSON lines, compressed by gzip where its name ends with .jsonl.gz.</param>
    /// <returns>The record.</returns>
    /// <exception cref="T:Perturbed.Experiments.ResultsException">It cannot be read, or a line is wrong: path:line,
    /// what was found and expected. The file is left as it is.</exception>
    let load (path: string) : RunRecord =
        let lines =
            try
                readLines path
            with
            | :? IOException
            | :? InvalidDataException
            | :? System.UnauthorizedAccessException as error ->
                raise (ResultsException($"{path}: cannot be read: {error.Message}", error))

        let at (number: int) (read: Json -> 'a) (text: string) : 'a =
            try
                read (Json.parse text)
            with :? InvalidDataException as error ->
                raise (
                    ResultsException(
                        $"{path}:{number}: {error.Message} The file is left as it is; move it away, or start anew with --restart.",
                        error
                    )
                )

        if lines.Length = 0 then
            raise (
                ResultsException(
                    $"{path}:1: the file is empty; a line of kind 'run' was expected. Move it away, or start anew with --restart.",
                    null
                )
            )

        { at 1 readHeader lines[0] with
            Pieces =
                lines
                |> Array.mapi (fun i text -> i, text)
                |> Array.skip 1
                |> Array.map (fun (i, text) -> at (i + 1) readPiece text)
        }

    /// <summary>The pieces whose names begin with a text, such as all folds of a data set.</summary>
    /// <param name="prefix">The text.</param>
    /// <param name="record">The record.</param>
    /// <returns>Those pieces, by number.</returns>
    let piecesOf (prefix: string) (record: RunRecord) : PieceRecord[] =
        record.Pieces
        |> Array.filter _.Name.StartsWith(prefix, System.StringComparison.Ordinal)
