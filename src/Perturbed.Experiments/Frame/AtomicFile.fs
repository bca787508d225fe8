namespace Perturbed.Experiments

open System
open System.IO
open System.Text
open Perturbed.Functional

/// Atomic replacement of files: after a crash each file is the old one or the new one.
[<RequireQualifiedAccess>]
module AtomicFile =

    /// <summary>Replaces a file: writes a temporary file next to it, flushes it to the disk and renames it.</summary>
    /// <param name="path">The file, in a directory that is there.</param>
    /// <param name="content">Its new content.</param>
    /// <exception cref="T:Perturbed.Experiments.ResultsException">It cannot be written; what was there before is
    /// untouched.</exception>
    let writeBytes (path: string) (content: byte[]) : unit =
        try
            FileReplacement.write [ path, (fun stream -> stream.Write(content, 0, content.Length)) ]
        with
        | :? IOException
        | :? UnauthorizedAccessException as error ->
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
