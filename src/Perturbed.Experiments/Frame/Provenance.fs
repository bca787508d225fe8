namespace Perturbed.Experiments

open System
open System.Diagnostics
open System.IO
open System.Runtime.InteropServices

/// Where and from what a run comes: commit, machine, time.
[<RequireQualifiedAccess>]
module Provenance =

    // The answer of git about the checkout that the program was built in; none where there is no git or no checkout.
    let private git (arguments: string list) : string option =
        try
            let info =
                ProcessStartInfo(
                    "git",
                    "-C" :: AppContext.BaseDirectory :: arguments,
                    RedirectStandardOutput = true,
                    RedirectStandardError = true
                )

            match Process.Start info with
            | null -> None
            | started ->
                use running = started
                running.ErrorDataReceived.Add ignore
                running.BeginErrorReadLine()
                let text = running.StandardOutput.ReadToEnd()

                if running.WaitForExit 5000 && running.ExitCode = 0 then
                    Some(text.Trim())
                else
                    None
        with
        | :? ComponentModel.Win32Exception
        | :? IOException
        | :? InvalidOperationException -> None

    /// <summary>The commit of the checkout the program lies in.</summary>
    /// <returns>Its hash, with <c>+changes</c> where tracked files differ from it; none outside of a
    /// checkout.</returns>
    let commit () : string option =
        git [ "rev-parse"; "HEAD" ]
        |> Option.map (fun hash ->
            match git [ "status"; "--porcelain"; "--untracked-files=no" ] with
            | Some "" -> hash
            | Some _ -> hash + "+changes"
            | None -> hash)

    let private processor () : string =
        try
            File.ReadLines "/proc/cpuinfo"
            |> Seq.tryFind _.StartsWith("model name")
            |> Option.map (fun line -> line[line.IndexOf ':' + 1 ..].Trim())
            |> Option.defaultValue (string RuntimeInformation.ProcessArchitecture)
        with
        | :? IOException
        | :? UnauthorizedAccessException -> string RuntimeInformation.ProcessArchitecture

    /// <summary>The machine in one line: processor, cores, system, run time.</summary>
    /// <returns>A text.</returns>
    let machine () : string =
        $"{processor ()}, {Environment.ProcessorCount} cores, {RuntimeInformation.OSDescription}, \
          {RuntimeInformation.FrameworkDescription}"

    /// <summary>The time now, in UTC, to the second.</summary>
    /// <returns>As 2026-01-31T12:00:00Z.</returns>
    let now () : string =
        DateTime.UtcNow.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", Globalization.CultureInfo.InvariantCulture)
