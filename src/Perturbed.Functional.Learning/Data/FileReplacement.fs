namespace Perturbed.Functional

open System
open System.IO
open System.Runtime.ExceptionServices

/// Atomic replacement of files: after a crash each file is the old one or the new one.
module internal FileReplacement =

    // A failure to delete must not hide the failure before it.
    let private tryDelete (path: string) : unit =
        try
            File.Delete path
        with
        | :? IOException
        | :? UnauthorizedAccessException -> ()

    // A rename lasts only once the directory is on the disk; not every platform opens a directory, and none needs it
    // to be right.
    let private flushDirectory (path: string) : unit =
        try
            match Path.GetDirectoryName path with
            | null
            | "" -> ()
            | directory ->
                use handle =
                    File.OpenHandle(directory, FileMode.Open, FileAccess.Read, FileShare.ReadWrite)

                RandomAccess.FlushToDisk handle
        with
        | :? IOException
        | :? UnauthorizedAccessException -> ()

    let private temporary (path: string) : string = path + ".new"

    // The same error about the file that the caller named: what was written beside it is no file of the caller's.
    let private naming (files: string list) (error: exn) : exn =
        let message =
            files
            |> List.fold (fun (text: string) path -> text.Replace(temporary path, path)) error.Message

        match error with
        | _ when message = error.Message -> error
        | :? DirectoryNotFoundException -> DirectoryNotFoundException(message, error)
        | :? UnauthorizedAccessException -> UnauthorizedAccessException(message, error)
        | :? IOException -> IOException(message, error)
        | _ -> error

    /// Replaces files: writes temporary files next to all of them, flushes them to the disk, and only then renames
    /// them.
    let write (files: (string * (Stream -> unit)) list) : unit =
        try
            for path, content in files do
                use stream =
                    new FileStream(temporary path, FileMode.Create, FileAccess.Write, FileShare.None)

                content stream
                stream.Flush true

            for path, _ in files do
                File.Move(temporary path, path, true)
                flushDirectory path
        with error ->
            for path, _ in files do
                tryDelete (temporary path)

            ExceptionDispatchInfo.Throw(naming (List.map fst files) error)
