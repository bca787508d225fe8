namespace Perturbed.Experiments

open System
open System.Diagnostics
open System.IO
open System.Security.Cryptography
open System.Text

/// The file in which a piece keeps its state: a mark, the piece it belongs to, the state, and a digest of it all.
[<RequireQualifiedAccess>]
module CheckpointFile =

    let private mark = Encoding.ASCII.GetBytes "PFCHECK1"

    /// <summary>The path of a piece's file.</summary>
    /// <param name="directory">The directory of results.</param>
    /// <param name="index">The number of the piece.</param>
    /// <returns>A path; the file need not be there.</returns>
    let path (directory: string) (index: int) : string =
        Path.Combine(directory, "checkpoints", $"{index:D5}.state")

    let private encode (piece: string) (state: byte[]) : byte[] =
        use stream = new MemoryStream()
        use writer = new BinaryWriter(stream, Encoding.UTF8)
        writer.Write mark
        writer.Write piece
        writer.Write state.Length
        writer.Write state
        writer.Flush()
        let body = stream.ToArray()
        Array.append body (SHA256.HashData body)

    let private decode (path: string) (piece: string) (content: byte[]) : byte[] =
        let bad (what: string) : 'a =
            raise (
                ResultsException(
                    $"{path}: {what}. The file is left as it is; delete it to begin this piece anew ({piece}), all others are kept.",
                    null
                )
            )

        let body = max 0 (content.Length - SHA256.HashSizeInBytes)

        if
            content.Length < mark.Length
            || not (content.AsSpan(0, mark.Length).SequenceEqual(mark))
        then
            bad "no checkpoint: its first bytes are not PFCHECK1"

        if not (SHA256.HashData(ReadOnlySpan(content, 0, body)).AsSpan().SequenceEqual(content.AsSpan body)) then
            bad $"a damaged checkpoint: the digest of its {content.Length} bytes is wrong"

        use reader =
            new BinaryReader(new MemoryStream(content, mark.Length, body - mark.Length), Encoding.UTF8)

        let owner = reader.ReadString()

        if owner <> piece then
            bad $"the checkpoint of another piece, {owner}"

        reader.ReadBytes(reader.ReadInt32())

    /// <summary>The checkpoint of a piece.</summary>
    /// <param name="directory">The directory of results; its folder <c>checkpoints</c> is there.</param>
    /// <param name="interval">Seconds between two saves.</param>
    /// <param name="index">The number of the piece.</param>
    /// <param name="piece">Its name.</param>
    /// <returns>The place where it is kept; damaged files are errors that name the file.</returns>
    let create (directory: string) (interval: float) (index: int) (piece: string) : Checkpoint =
        let path = path directory index
        let mutable last = Stopwatch.GetTimestamp()

        {
            Load =
                fun () ->
                    if File.Exists path then
                        let content =
                            try
                                File.ReadAllBytes path
                            with
                            | :? IOException
                            | :? UnauthorizedAccessException as error ->
                                raise (ResultsException($"{path}: cannot be read: {error.Message}", error))

                        Some(decode path piece content)
                    else
                        None
            Save =
                fun state ->
                    AtomicFile.writeBytes path (encode piece state)
                    last <- Stopwatch.GetTimestamp()
            IsDue = fun () -> Stopwatch.GetElapsedTime(last).TotalSeconds >= interval
        }
