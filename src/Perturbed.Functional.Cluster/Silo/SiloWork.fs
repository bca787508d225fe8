namespace Perturbed.Functional.Cluster

open System
open System.Collections.Concurrent
open System.Runtime.InteropServices
open System.Threading
open System.Threading.Tasks
open Perturbed.Functional.Cluster.Grains

/// <summary>The work of a silo: a bounded queue of units, threads that compute them, and the oracles they are
/// of.</summary>
[<Sealed>]
type SiloWork(registry: OracleRegistry, options: SiloOptions) =
    do options.Check()
    let oracles = SiloOracles(registry, options)
    let calls = new CallTable(options.Lease)
    let queue = new BlockingCollection<UnitJob>(options.QueueLength)
    let mutable running = 0

    let work () : unit =
        for job in queue.GetConsumingEnumerable() do
            Metrics.queue.Add -1L
            Interlocked.Increment(&running) |> ignore
            job.Run()
            Interlocked.Decrement(&running) |> ignore

    do
        for i in 1 .. options.Threads do
            Thread(work, IsBackground = true, Name = $"perturbed unit {i}").Start()

    let reply (status: int) (error: string) : UnitReply =
        UnitReply(Version = Probe.version, Status = status, Error = error)

    let join (request: JoinRequest) : JoinReply =
        let reply =
            JoinReply(Version = Probe.version, Library = Probe.library, Threads = options.Threads)

        if request.Version <> Probe.version then
            reply.Error <- $"Its messages have the version {Probe.version}, and the client's {request.Version}."
        else
            try
                let made =
                    oracles.Make
                        {
                            Name = request.Name
                            Text = request.Text
                            Numbers = MemoryMarshal.Cast<byte, float>(ReadOnlySpan request.Numbers).ToArray()
                        }

                reply.Noise <- Probe.noise.Force()
                reply.Sums <- Probe.sums.Force()
                reply.Oracle <- made.Digest
                reply.SolveSeconds <- made.SolveSeconds
            with error ->
                reply.Error <- error.Message

        reply

    /// How many units wait.
    member _.Waiting: int = queue.Count

    /// How many units are computed.
    member _.Running: int = Volatile.Read(&running)

    /// What it takes on.
    member _.Options: SiloOptions = options

    interface ISiloWork with
        // Making an oracle and probing it may take long.
        member _.Join request = Task.Run(fun () -> join request)

        member _.Compute request =
            if request.Version <> Probe.version then
                $"The silo's messages have the version {Probe.version}, and the client's {request.Version}."
                |> reply UnitStatus.Refused
                |> Task.FromResult
            else
                match oracles.TryFind request.Oracle with
                | ValueNone ->
                    reply UnitStatus.UnknownOracle "The silo has not made the oracle."
                    |> Task.FromResult
                | ValueSome made ->
                    let call = calls.Of request.Call
                    let job = UnitJob(request, call, made.Oracle, registry.Noise, options)
                    call.Units.TryAdd(request.Unit, UnitState 0L) |> ignore

                    if queue.TryAdd job then
                        Metrics.queue.Add 1L
                        job.Answer
                    else
                        call.Units.TryRemove request.Unit |> ignore
                        reply UnitStatus.Busy "The silo's queue is full." |> Task.FromResult

        member _.Report name =
            match calls.TryFind name with
            | ValueNone -> CallReport(Version = Probe.version)
            | ValueSome call ->
                call.Touch()
                let units = call.Units.ToArray()

                CallReport(
                    Version = Probe.version,
                    Units = (units |> Array.map _.Key),
                    Samples = (units |> Array.map _.Value.Done)
                )

        member _.Cancel name = calls.Cancel name

    interface IDisposable with
        member _.Dispose() =
            queue.CompleteAdding()
            (calls :> IDisposable).Dispose()
