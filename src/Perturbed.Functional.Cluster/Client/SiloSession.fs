namespace Perturbed.Functional.Cluster

open System
open System.Collections.Concurrent
open System.Runtime.InteropServices
open System.Threading
open System.Threading.Tasks
open Perturbed.Functional
open Perturbed.Functional.Cluster.Grains

/// What a client knows of an oracle: how silos make it, the digest of its solutions, and how long a solve takes.
[<Sealed>]
type internal OracleState(known: KnownOracle, oracle: Oracle) =
    let digest = known.Reference.Digest
    let gate = obj ()
    let mutable expected: string | null = null
    let mutable seconds = nan

    member _.Reference: OracleReference = known.Reference
    member _.Digest: string = digest

    /// Whether a silo's solutions are those of this process, or of the first silo where this process has no solver.
    member _.Agrees(solutions: string) : bool =
        lock gate (fun () ->
            match expected with
            | null ->
                if known.IsElsewhere then
                    expected <- solutions
                else
                    let struct (own, _) = Probe.oracle oracle
                    expected <- own
            | _ -> ()

            expected = solutions)

    /// The time of a solve, with its noise and its part of the sums, as measured on silos.
    member _.Seconds: float =
        let known = Volatile.Read(&seconds)
        if Double.IsNaN known then 1e-6 else max 1e-9 known

    member _.Measure(time: float, samples: int64) : unit =
        let one = time / float (max 1L samples)
        let before = Volatile.Read(&seconds)

        Volatile.Write(
            &seconds,
            (if Double.IsNaN before then
                 one
             else
                 0.7 * before + 0.3 * one)
        )

    /// A first guess.
    member _.Guess(solveSeconds: float) : unit =
        if Double.IsNaN(Volatile.Read(&seconds)) && Double.IsFinite solveSeconds then
            Volatile.Write(&seconds, solveSeconds)

/// A silo as a client sees it.
[<Sealed>]
type internal SiloSession(address: string, grain: ISiloGrain) =
    // Why it does not take part, by oracle; empty where it does.
    let joined = ConcurrentDictionary<string, Task<string>>()
    let mutable open' = 0
    let mutable threads = 1
    let mutable awayUntil = 0L
    let mutable answered = Environment.TickCount64

    let fault (state: OracleState) (reply: JoinReply) : string =
        let differs (what: string) (theirs: string) (ours: string) =
            $"its {what} is {theirs}, and the client's {ours}"

        if reply.Error <> "" then
            reply.Error
        elif reply.Version <> Probe.version then
            differs "version of messages" (string reply.Version) (string Probe.version)
        elif reply.Library <> Probe.library then
            differs "version of the library" reply.Library Probe.library
        elif reply.Noise <> Probe.noise.Force() then
            "it draws other noise than the client"
        elif reply.Sums <> Probe.sums.Force() then
            "it sums to other bits than the client"
        elif not (state.Agrees reply.Oracle) then
            $"its oracle '{state.Reference.Name}' has other solutions than the client's"
        else
            ""

    let join (state: OracleState) : Task<string> =
        task {
            try
                let reference = state.Reference

                let! reply =
                    grain.Join(
                        JoinRequest(
                            Version = Probe.version,
                            Name = reference.Name,
                            Text = reference.Text,
                            Numbers = MemoryMarshal.AsBytes(ReadOnlySpan reference.Numbers).ToArray()
                        )
                    )

                let fault = fault state reply

                if fault = "" then
                    threads <- max 1 reply.Threads
                    state.Guess reply.SolveSeconds

                return fault
            with error ->
                return error.Message
        }

    member _.Address: string = address
    member _.Grain: ISiloGrain = grain

    /// How many units it computes at once.
    member _.Threads: int = threads

    /// How many units it has of this client.
    member _.Open: int = Volatile.Read(&open')

    /// Whether it may be sent another: two for each thread, so that none waits for a message.
    member this.IsFree: bool =
        this.Open < 2 * threads && Environment.TickCount64 >= Volatile.Read(&awayUntil)

    member _.Enter() : unit =
        if Interlocked.Increment(&open') = 1 then
            Volatile.Write(&answered, Environment.TickCount64)

    member _.Leave() : unit = Interlocked.Decrement(&open') |> ignore

    /// Sends it nothing for a while.
    member _.Avoid(time: TimeSpan) : unit =
        Volatile.Write(&awayUntil, Environment.TickCount64 + int64 time.TotalMilliseconds)

    member _.Answered() : unit =
        Volatile.Write(&answered, Environment.TickCount64)

    /// How long it has not answered.
    member _.Silence: TimeSpan =
        TimeSpan.FromMilliseconds(float (Environment.TickCount64 - Volatile.Read(&answered)))

    /// Why it does not take part in work on an oracle; empty where it does. Asked once; a failure may be forgotten.
    member _.Join(state: OracleState) : Task<string> =
        joined.GetOrAdd(state.Digest, (fun _ -> join state))

    /// Why it does not take part, for people.
    member this.Describe(state: OracleState) : string =
        let join = this.Join state

        if join.IsCompletedSuccessfully then
            $"{address}: {join.Result}"
        else
            $"{address}: it has not answered"

    /// The answer to a unit, or why none came.
    member this.Compute(request: UnitRequest) : Task<Result<UnitReply, string>> =
        task {
            try
                let! reply = (grain.Compute request).ConfigureAwait false
                this.Answered()
                return Ok reply
            with error ->
                return Error error.Message
        }

    member _.Forget(state: OracleState) : unit = joined.TryRemove state.Digest |> ignore
