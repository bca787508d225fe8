namespace Perturbed.Functional

open System
open System.IO

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

    /// Replaces files: writes temporary files next to all of them, flushes them to the disk, and only then renames
    /// them.
    let write (files: (string * (Stream -> unit)) list) : unit =
        let temporary (path: string) = path + ".new"

        try
            for path, content in files do
                use stream =
                    new FileStream(temporary path, FileMode.Create, FileAccess.Write, FileShare.None)

                content stream
                stream.Flush true

            for path, _ in files do
                File.Move(temporary path, path, true)
                flushDirectory path
        with _ ->
            for path, _ in files do
                tryDelete (temporary path)

            reraise ()
