namespace Perturbed.Experiments

open System
open System.IO
open System.Text

/// Atomic replacement of files: after a crash each file is the old one or the new one.
[<RequireQualifiedAccess>]
module AtomicFile =

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

    let private tryDelete (path: string) : unit =
        try
            File.Delete path
        with
        | :? IOException
        | :? UnauthorizedAccessException -> ()

    /// <summary>Replaces a file: writes a temporary file next to it, flushes it to the disk and renames it.</summary>
    /// <param name="path">The file, in a directory that is there.</param>
    /// <param name="content">Its new content.</param>
    /// <exception cref="T:Perturbed.Experiments.ResultsException">It cannot be written; what was there before is
    /// untouched.</exception>
    let writeBytes (path: string) (content: byte[]) : unit =
        let beside = path + ".new"

        try
            using (new FileStream(beside, FileMode.Create, FileAccess.Write, FileShare.None)) (fun stream ->
                stream.Write(content, 0, content.Length)
                stream.Flush true)

            File.Move(beside, path, true)
            flushDirectory path
        with
        | :? IOException
        | :? UnauthorizedAccessException as error ->
            tryDelete beside

            let kept =
                if File.Exists path then
                    "; the file written before it is untouched"
                else
                    ""

            raise (ResultsException($"{path}: cannot be written: {error.Message.TrimEnd '.'}{kept}.", error))

    /// <summary>Replaces a text file in UTF-8, as <c>writeBytes</c>.</summary>
    /// <param name="path">The file, in a directory that is there.</param>
    /// <param name="text">Its new content.</param>
    /// <exception cref="T:Perturbed.Experiments.ResultsException">It cannot be written; what was there before is
    /// untouched.</exception>
    let writeText (path: string) (text: string) : unit =
        writeBytes path (UTF8Encoding(false).GetBytes text)
