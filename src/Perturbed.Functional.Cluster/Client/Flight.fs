namespace Perturbed.Functional.Cluster

open System
open System.Collections.Generic
open System.Diagnostics
open System.Threading
open Perturbed.Functional.Remote

/// A unit on one silo.
[<Sealed>]
type internal Copy(session: SiloSession) =
    let started = Stopwatch.GetTimestamp()
    let mutable isOpen = 1
    do session.Enter()
    member _.Session: SiloSession = session
    member _.Age: TimeSpan = Stopwatch.GetElapsedTime started

    /// How often the silo did not name it.
    member val Misses = 0 with get, set

    /// No answer is waited for any more.
    member _.Close() : unit =
        if Interlocked.Exchange(&isOpen, 0) = 1 then
            session.Leave()

/// A unit that silos have, mostly one.
[<Sealed>]
type internal Flight(id: int64, range: UnitRange, position: int64, samples: int64, work: Lazy<byte[]>) =
    member _.Id: int64 = id
    member _.Range: UnitRange = range
    member _.Position: int64 = position
    member _.Samples: int64 = samples
    member _.Work: Lazy<byte[]> = work
    member val Copies = List<Copy>(1)
