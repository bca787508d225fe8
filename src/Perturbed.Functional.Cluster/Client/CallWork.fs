namespace Perturbed.Functional.Cluster

open System
open System.Collections.Generic
open Perturbed.Functional
open Perturbed.Functional.Remote

/// <summary>The units of a call: which wait, which silos have them, how long each is, which is wrong.</summary>
/// <remarks>Safe for several threads. `fail` ends the call by an error.</remarks>
[<Sealed>]
type internal CallWork(pass: RemotePass, options: ClientOptions, state: OracleState, fail: exn -> unit) =
    let gate = obj ()
    let queue = UnitQueue pass
    let flights = Dictionary<int64, Flight>()
    let losses = Dictionary<int64, int>()
    let mutable lowest: struct (int64 * exn) voption = ValueNone
    let mutable unitId = 0L

    // A unit that so many silos lost may be what brings them down.
    let mostLosses = 8

    let solutionBytes = pass.SolutionBytes

    // Solutions come back where solving them again takes longer than sending them.
    let withSolutions =
        solutionBytes > 0.0 && state.Seconds > solutionBytes / options.BytesPerSecond

    let mostRows =
        int (min 1e6 (max 1.0 (float options.MessageBytes / float pass.RowBytes)))

    // Samples for a unit: as many as take the wanted time, and fewer where the work left is to be shared out; but none
    // so short that the client could not keep all threads busy, or would spend longer on messages than a unit takes.
    let wanted (silos: SiloSession[]) : float =
        let threads = silos |> Array.sumBy _.Threads
        let share = queue.Remaining / float (2 * max 1 threads)
        let message = options.MessageTime.TotalSeconds

        let kept =
            min (float threads * message) (sqrt (queue.Remaining * state.Seconds * message))

        let most = (max kept options.UnitTime.TotalSeconds) / state.Seconds
        let least = (max kept options.ShortestUnitTime.TotalSeconds) / state.Seconds

        let ofMessage =
            if withSolutions then
                float options.MessageBytes / solutionBytes
            else
                infinity

        max (min most share) least |> min ofMessage |> max 1.0

    let start (session: SiloSession) (flight: Flight) : struct (Flight * Copy) =
        let copy = Copy session
        flight.Copies.Add copy
        struct (flight, copy)

    // A unit that takes four times as long as it should is computed on another silo as well.
    let overdue (session: SiloSession) : Flight voption =
        let isOverdue (flight: Flight) =
            flight.Copies.Count = 1
            && flight.Copies[0].Session <> session
            && flight.Copies[0].Age.TotalSeconds > 1.0 + 4.0 * state.Seconds * float flight.Samples

        flights.Values |> Seq.tryFind isOverdue |> ValueOption.ofOption

    let next (silos: SiloSession[]) (session: SiloSession) : struct (Flight * Copy) voption =
        match queue.Take(wanted silos, mostRows) with
        | ValueSome range ->
            unitId <- unitId + 1L
            let work = lazy (pass.Write(range, withSolutions))
            let flight = Flight(unitId, range, queue.Position range, pass.SamplesOf range, work)
            flights.Add(flight.Id, flight)
            ValueSome(start session flight)
        | ValueNone ->
            overdue session
            |> ValueOption.map (fun flight ->
                Metrics.resends.Add 1L
                start session flight)

    // The silo with the fewest units for its threads.
    let freest (silos: SiloSession[]) : SiloSession voption =
        let free = silos |> Array.filter _.IsFree

        if free.Length = 0 then
            ValueNone
        else
            ValueSome(free |> Array.minBy (fun session -> float session.Open / float session.Threads))

    // With nothing left below the lowest error, it is the one that one machine raises.
    let settle () : unit =
        match lowest with
        | ValueSome struct (position, error) when
            queue.IsEmpty
            && flights.Values |> Seq.forall (fun flight -> flight.Position > position)
            ->
            fail error
        | _ -> ()

    let close (flight: Flight) (copy: Copy) : bool =
        copy.Close()
        flight.Copies.Remove copy && flight.Copies.Count = 0 && flights.Remove flight.Id

    let lose (flight: Flight) (copy: Copy) (reason: string) : unit =
        if close flight copy then
            Metrics.resends.Add 1L

            let count =
                match losses.TryGetValue flight.Position with
                | true, before -> before + 1
                | false, _ -> 1

            losses[flight.Position] <- count

            if count >= mostLosses then
                fail (
                    ClusterException $"A unit of '{pass.Oracle.Name}' was lost {count} times; the last time: {reason}"
                )

            queue.Return flight.Range

    let copiesOf (session: SiloSession) : (Flight * Copy)[] =
        [|
            for flight in flights.Values do
                for copy in flight.Copies do
                    if copy.Session = session then
                        flight, copy
        |]

    /// Units for the silos that are free.
    member _.Take(silos: SiloSession[]) : List<struct (Flight * Copy)> =
        lock gate (fun () ->
            let taken = List<struct (Flight * Copy)>()
            let mutable goes = true

            while goes do
                match freest silos |> ValueOption.bind (next silos) with
                | ValueSome started -> taken.Add started
                | ValueNone -> goes <- false

            taken)

    /// Takes the answer of a unit; false where another one came first.
    member _.Finish(flight: Flight, copy: Copy) : bool =
        lock gate (fun () ->
            for other in flight.Copies do
                other.Close()

            copy.Close()
            flights.Remove flight.Id)

    /// Ends the call where nothing is left that could have an error before the lowest one.
    member _.Settle() : unit = lock gate settle

    /// A unit whose silo had no room waits again.
    member _.Return(flight: Flight, copy: Copy) : unit =
        lock gate (fun () ->
            if close flight copy then
                queue.Return flight.Range)

    /// A unit whose silo does not answer for it waits again.
    member _.Lose(flight: Flight, copy: Copy, reason: string) : unit =
        lock gate (fun () -> lose flight copy reason)

    /// All units of a silo wait again.
    member _.Lose(session: SiloSession, reason: string) : unit =
        lock gate (fun () ->
            for flight, copy in copiesOf session do
                lose flight copy reason)

    /// An error of the oracle: work that one machine would no longer do is not done.
    member _.Fail(flight: Flight, copy: Copy, error: exn) : unit =
        lock gate (fun () ->
            copy.Close()

            if flights.Remove flight.Id then
                match lowest with
                | ValueSome struct (position, _) when position <= flight.Position -> ()
                | _ -> lowest <- ValueSome(struct (flight.Position, error))

                queue.Stop flight.Position

            settle ())

    /// What a silo says of its units: the samples that are done of each.
    member _.Hear(session: SiloSession, samples: Dictionary<int64, int64>) : unit =
        lock gate (fun () ->
            for flight, copy in copiesOf session do
                if copy.Age > options.Heartbeat then
                    match samples.TryGetValue flight.Id with
                    | true, finished ->
                        copy.Misses <- 0
                        pass.Report(flight.Range, finished)
                    | false, _ ->
                        copy.Misses <- copy.Misses + 1

                        // Its answer may be on the way.
                        if copy.Misses >= 3 then
                            lose flight copy "the silo does not know it")

    /// The silos that have units.
    member _.Silos: SiloSession[] =
        lock gate (fun () ->
            flights.Values
            |> Seq.collect _.Copies
            |> Seq.map _.Session
            |> Seq.distinct
            |> Array.ofSeq)

    /// Waits for no answer any more.
    member _.Clear() : unit =
        lock gate (fun () ->
            for flight in flights.Values do
                for copy in flight.Copies do
                    copy.Close()

            flights.Clear())
