namespace Perturbed.Experiments

open System.IO

/// Files that a user names.
[<RequireQualifiedAccess>]
module InputFile =

    /// <summary>Opens a file.</summary>
    /// <param name="path">The file.</param>
    /// <returns>Its bytes from the first on.</returns>
    /// <exception cref="T:Perturbed.Experiments.InputException">The path is empty, is not there, or is a
    /// directory.</exception>
    /// <exception cref="T:System.IO.IOException">It cannot be read.</exception>
    let openRead (path: string) : Stream =
        if path = "" then
            Input.fail "a file's path is empty; the path of a file was expected."
        elif Directory.Exists path then
            Input.fail $"{path}: it is a directory; a file was expected."
        elif not (File.Exists path) then
            Input.fail $"{path}: there is no such file."
        else
            File.OpenRead path

    /// <summary>A stream that can go back to its first byte: the stream itself, or for a pipe a copy of its
    /// bytes.</summary>
    /// <param name="stream">The stream; closed where it is copied.</param>
    /// <returns>A stream at its first byte.</returns>
    let seekable (stream: Stream) : Stream =
        if stream.CanSeek then
            stream
        else
            use pipe = stream
            let copy = new MemoryStream()
            pipe.CopyTo copy
            copy.Position <- 0L
            copy

    /// <summary>Whether bytes begin an .npy file.</summary>
    /// <param name="stream">A stream at its first byte that can go back there.</param>
    /// <returns>True for NumPy's magic bytes; the stream is at its first byte again.</returns>
    let isNpy (stream: Stream) : bool =
        let start = Array.zeroCreate<byte> 6
        let count = stream.ReadAtLeast(System.Span start, 6, false)
        stream.Position <- 0L
        count = 6 && start = [| 0x93uy; 78uy; 85uy; 77uy; 80uy; 89uy |]
