namespace Perturbed.Functional.Cluster

open System
open System.Collections.Concurrent
open System.Threading

/// A unit on a silo: how much of it is done.
[<Sealed>]
type internal UnitState(samples: int64) =
    let mutable share = 0.0
    member _.Done: int64 = int64 (Volatile.Read(&share) * float samples)

    interface IProgress<float> with
        member _.Report value = Volatile.Write(&share, value)

/// A client's call on a silo: its units, and what stops them.
[<Sealed>]
type internal CallState() =
    let source = new CancellationTokenSource()
    let units = ConcurrentDictionary<int64, UnitState>()
    let mutable seen = Environment.TickCount64
    member _.Units: ConcurrentDictionary<int64, UnitState> = units
    member _.Token: CancellationToken = source.Token

    member _.Touch() : unit =
        Volatile.Write(&seen, Environment.TickCount64)

    member _.Idle: TimeSpan =
        TimeSpan.FromMilliseconds(float (Environment.TickCount64 - Volatile.Read(&seen)))

    member _.Cancel() : unit = source.Cancel()

/// The calls that a silo has units of. One whose client asks no longer is stopped.
[<Sealed>]
type internal CallTable(lease: TimeSpan) =
    let calls = ConcurrentDictionary<string, CallState>()

    let sweep _ =
        for KeyValue(name, call) in calls do
            if call.Idle > lease then
                call.Cancel()
                calls.TryRemove name |> ignore

    let period = TimeSpan.FromMilliseconds(max 50.0 (lease.TotalMilliseconds / 4.0))
    let timer = new Timer(sweep, null, period, period)

    /// The call of a unit, which renews it.
    member _.Of(name: string) : CallState =
        let call = calls.GetOrAdd(name, (fun _ -> CallState()))
        call.Touch()
        call

    member _.TryFind(name: string) : CallState voption =
        match calls.TryGetValue name with
        | true, call -> ValueSome call
        | false, _ -> ValueNone

    /// Stops a call. It stays known until its lease ends, so that units which come late are stopped too.
    member this.Cancel(name: string) : unit = (this.Of name).Cancel()

    member _.Count: int = calls.Count

    interface IDisposable with
        member _.Dispose() =
            timer.Dispose()

            for call in calls.Values do
                call.Cancel()
