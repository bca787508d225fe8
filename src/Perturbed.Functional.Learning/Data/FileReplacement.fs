namespace Perturbed.Functional

open System.IO

/// Files that are either the old ones or the new ones, never half of one.
module internal FileReplacement =

    /// Replaces files: writes all of them beside, flushes them to the disk, and only then renames them.
    let write (files: (string * (Stream -> unit)) list) : unit =
        let beside (path: string) = path + ".new"

        try
            for path, content in files do
                use stream =
                    new FileStream(beside path, FileMode.Create, FileAccess.Write, FileShare.None)

                content stream
                stream.Flush true

            for path, _ in files do
                File.Move(beside path, path, true)
        with _ ->
            for path, _ in files do
                if File.Exists(beside path) then
                    File.Delete(beside path)

            reraise ()
