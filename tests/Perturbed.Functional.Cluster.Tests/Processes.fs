/// Silos in processes of their own, which can be killed.
module Perturbed.Functional.Cluster.Tests.Processes

open System
open System.Diagnostics
open System.IO
open System.Reflection
open System.Threading
open Orleans.Hosting
open Perturbed.Functional.Cluster

/// What a silo's process does: it ends with the input.
let serve (arguments: string[]) : int =
    let clustering =
        match arguments[0] with
        | "localhost" -> Clustering.Localhost(int arguments[1])
        | _ -> Clustering.Redis(arguments[1])

    let host =
        Silos.start
            clustering
            (int arguments[2])
            (int arguments[3])
            TestOracles.registry
            (SiloOptions(Threads = int arguments[4]))
            ignore

    Console.Out.WriteLine "ready"
    Console.In.ReadToEnd() |> ignore
    host.Dispose()
    0

/// A process that has said a word, and what it said before.
let start (file: string) (arguments: string list) (word: string) : Process =
    let info =
        ProcessStartInfo(
            file,
            arguments,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true
        )

    let child = Process.Start info
    let ready = new ManualResetEventSlim(false)
    let said = Text.StringBuilder()

    let hear (line: string) =
        if not (isNull line) then
            lock said (fun () -> said.AppendLine line |> ignore)

            if line.Contains word then
                ready.Set()

    child.OutputDataReceived.Add(fun e -> hear e.Data)
    child.ErrorDataReceived.Add(fun e -> hear e.Data)
    child.BeginOutputReadLine()
    child.BeginErrorReadLine()
    let since = Stopwatch.StartNew()

    while not ready.IsSet do
        if child.HasExited || since.Elapsed > TimeSpan.FromMinutes 3.0 then
            if not child.HasExited then
                child.Kill()

            failwith $"{file} {arguments} did not start: {said}"

        ready.Wait 100 |> ignore

    child

let private own: string = Assembly.GetExecutingAssembly().Location

/// A silo's process.
[<Sealed>]
type SiloProcess(clustering: string, place: string, threads: int) =
    let ports = Silos.freePorts 2
    let siloPort = ports[0]
    // The first one on this machine is found by its own port.
    let primary = if place = "" then string siloPort else place

    let child =
        start "dotnet" [ own; "silo"; clustering; primary; string siloPort; string ports[1]; string threads ] "ready"

    /// Where others find it, on this machine.
    member _.Place: string = primary
    member _.GatewayPort: int = ports[1]
    member _.IsAlive: bool = not child.HasExited

    /// As `kill -9` does.
    member _.Kill() : unit =
        if not child.HasExited then
            child.Kill()

        child.WaitForExit()

    interface IDisposable with
        member this.Dispose() =
            this.Kill()
            child.Dispose()
