namespace Perturbed.Functional

open System
open System.Collections.Generic
open System.Diagnostics
open System.IO
open System.Text

/// A child process ended, or closed its output, before it answered.
exception internal ChildEnded of message: string

/// One process behind pipes: a line goes in, a line comes out.
[<Sealed>]
type internal ChildProcess(command: string, arguments: string[]) =
    // What a message shows of the standard error.
    static let lastLines = 20
    let said = Queue<string>()
    let processOf = new Process()
    let mutable buffer: byte[] = Array.zeroCreate 65536
    let mutable filled = 0

    let listen (line: string | null) : unit =
        match line with
        | null -> ()
        | line ->
            lock said (fun () ->
                if said.Count = lastLines then
                    said.Dequeue() |> ignore

                said.Enqueue line)

    do
        let info = processOf.StartInfo
        info.FileName <- command

        for argument in arguments do
            info.ArgumentList.Add argument

        info.UseShellExecute <- false
        info.RedirectStandardInput <- true
        info.RedirectStandardOutput <- true
        info.RedirectStandardError <- true
        info.StandardErrorEncoding <- UTF8Encoding false
        processOf.ErrorDataReceived.Add(fun line -> listen line.Data)
        processOf.Start() |> ignore
        processOf.BeginErrorReadLine()

    let input = processOf.StandardInput.BaseStream
    let output = processOf.StandardOutput.BaseStream

    // The end of the process in words, once its pipes are closed.
    let ended () : exn =
        let code =
            if processOf.WaitForExit 2000 then
                // Without a limit it waits for the last lines of the standard error too.
                processOf.WaitForExit()
                $"it ended with exit code {processOf.ExitCode}"
            else
                "it closed its standard output"

        let lines = lock said (fun () -> said.ToArray())

        let lines =
            if lines.Length = 0 then
                "nothing on its standard error"
            else
                "the last lines of its standard error:\n" + String.Join('\n', lines)

        ChildEnded $"{code} before it answered; {lines}"

    /// Writes one line, its end with it.
    member _.Write(line: ReadOnlySpan<byte>) : unit =
        try
            input.Write line
            input.Flush()
        with
        | :? IOException
        | :? ObjectDisposedException -> raise (ended ())

    /// The next line, without its end; valid until the next call.
    member _.Read() : ReadOnlyMemory<byte> =
        let mutable length = -1
        filled <- 0

        while length < 0 do
            if filled = buffer.Length then
                Array.Resize(&buffer, 2 * buffer.Length)

            let count =
                try
                    output.Read(buffer, filled, buffer.Length - filled)
                with
                | :? IOException
                | :? ObjectDisposedException -> 0

            if count = 0 then
                raise (ended ())

            let at = buffer.AsSpan(filled, count).IndexOf(10uy)

            if at >= 0 then
                length <- filled + at

                if length < filled + count - 1 then
                    // More than one line for one: the next answer would belong to this question.
                    length <- filled + count

            filled <- filled + count

        ReadOnlyMemory(buffer, 0, length)

    /// Whether it is still there to be asked.
    member _.IsAlive: bool =
        try
            not processOf.HasExited
        with :? InvalidOperationException ->
            false

    /// Ends it and what it started, at once.
    member _.Kill() : unit =
        try
            processOf.Kill true
        with
        | :? InvalidOperationException
        | :? ComponentModel.Win32Exception -> ()

    /// Closes its input, at which a process ends by itself, and waits so long before it is killed.
    member this.Close(patience: TimeSpan) : unit =
        try
            input.Dispose()
        with :? IOException ->
            ()

        if not (processOf.WaitForExit(int patience.TotalMilliseconds)) then
            this.Kill()

        processOf.Dispose()
