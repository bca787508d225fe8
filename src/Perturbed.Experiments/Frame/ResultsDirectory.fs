namespace Perturbed.Experiments

open System
open System.IO

/// The directory of a run: its record, its checkpoints, its pictures. One program at a time uses it.
type ResultsDirectory(path: string, lockFile: FileStream) =
    /// The path.
    member _.Path: string = path

    /// The record's path.
    member _.Record: string = Path.Combine(path, Record.fileName)

    interface IDisposable with
        member _.Dispose() : unit = lockFile.Dispose()

/// Directories of results.
[<RequireQualifiedAccess>]
module ResultsDirectory =

    /// <summary>Makes a directory where there is none, and keeps other runs out of it until it is disposed.</summary>
    /// <param name="path">The directory.</param>
    /// <returns>The directory; the operating system lets go of it even if the program is killed.</returns>
    /// <exception cref="T:Perturbed.Experiments.ResultsException">It cannot be made or written, or another run uses
    /// it.</exception>
    let openAt (path: string) : ResultsDirectory =
        if path = "" then
            raise (ResultsException("--output is empty; the path of a directory was expected.", null))

        let checkpoints = Path.Combine(path, "checkpoints")

        try
            Directory.CreateDirectory checkpoints |> ignore
        with
        | :? IOException
        | :? UnauthorizedAccessException as error ->
            raise (ResultsException($"{path}: the directory cannot be made: {error.Message}", error))

        let lockPath = Path.Combine(checkpoints, "lock")

        try
            new ResultsDirectory(
                path,
                new FileStream(lockPath, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None)
            )
        with
        | :? UnauthorizedAccessException as error ->
            raise (ResultsException($"{path}: the directory cannot be written: {error.Message}", error))
        | :? IOException as error ->
            raise (
                ResultsException(
                    $"{path}: another run uses the directory, or it cannot be written: {error.Message} Wait for it, \
                      or choose another --output.",
                    error
                )
            )

    /// <summary>Deletes record and checkpoints, to start anew.</summary>
    /// <param name="directory">The directory.</param>
    /// <exception cref="T:Perturbed.Experiments.ResultsException">A file cannot be deleted.</exception>
    let clear (directory: ResultsDirectory) : unit =
        try
            File.Delete directory.Record

            for file in Directory.GetFiles(Path.Combine(directory.Path, "checkpoints"), "*.state") do
                File.Delete file
        with
        | :? IOException
        | :? UnauthorizedAccessException as error ->
            raise (ResultsException($"{directory.Path}: cannot be cleared: {error.Message}", error))

    /// <summary>Deletes the checkpoint of a piece that is in the record.</summary>
    /// <param name="index">The number of the piece.</param>
    /// <param name="directory">The directory.</param>
    let dropCheckpoint (index: int) (directory: ResultsDirectory) : unit =
        try
            File.Delete(CheckpointFile.path directory.Path index)
        with
        // A state that is left behind is never read: its piece is in the record.
        | :? IOException
        | :? UnauthorizedAccessException -> ()
