namespace Perturbed.Functional

open System.IO

/// Atomic replacement of files: after a crash each file is the old one or the new one.
module internal FileReplacement =

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
        with _ ->
            for path, _ in files do
                if File.Exists(temporary path) then
                    File.Delete(temporary path)

            reraise ()
