namespace Perturbed.Functional.Cluster

open System
open System.Collections.Generic
open System.Runtime.ExceptionServices
open System.Threading
open System.Threading.Tasks
open Perturbed.Functional
open Perturbed.Functional.Cluster.Grains
open Perturbed.Functional.Remote

/// <summary>One pass on the silos of a cluster.</summary>
/// <remarks>Units are pure, so one may be computed twice: a silo that is lost, or slow, costs time alone. The first
/// answer of a unit counts. An error that one machine would meet first is raised, as there.</remarks>
[<Sealed>]
type internal ClusterCall(pass: RemotePass, sessions: SiloSessions, state: OracleState) =
    let options = sessions.Options
    let name = Guid.NewGuid().ToString "N"

    let finished =
        TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)

    let fail (error: exn) : unit =
        finished.TrySetException error |> ignore

    let work = CallWork(pass, options, state, fail)
    let mutable served = Environment.TickCount64

    let isJoined (session: SiloSession) : bool =
        let join = session.Join state
        join.IsCompletedSuccessfully && join.Result = ""

    // What the oracle threw on a silo.
    let oracleError (reply: UnitReply) : OracleException =
        let oracle, row, instance = reply.ErrorOracle, reply.ErrorRow, reply.ErrorInstance

        if reply.ErrorFailure < 0 then
            OracleException(oracle, row, instance, reply.ErrorSample, reply.Error, null)
        else
            let failed =
                SolveFailedException(enum<SolveFailure> reply.ErrorFailure, reply.Error)

            OracleException(oracle, row, instance, reply.ErrorSample, reply.Error, failed)

    // Nothing is sent to it for a while, and then it is asked again whether it takes part.
    let avoid (session: SiloSession) (reason: string) : unit =
        session.Avoid options.Patience
        session.Forget state
        work.Lose(session, reason)

    let rec pump () : unit =
        let silos = sessions.Active |> Array.filter isJoined

        if silos.Length > 0 then
            Volatile.Write(&served, Environment.TickCount64)

        if not finished.Task.IsCompleted then
            for struct (flight, copy) in work.Take silos do
                send flight copy |> ignore

    and send (flight: Flight) (copy: Copy) : Task =
        task {
            try
                let request =
                    UnitRequest(
                        Version = Probe.version,
                        Call = name,
                        Unit = flight.Id,
                        Oracle = state.Digest,
                        Work = flight.Work.Value
                    )

                match! (copy.Session.Compute request).ConfigureAwait false with
                | Ok reply -> receive flight copy reply
                | Error reason ->
                    avoid copy.Session reason
                    copy.Close()
                    pump ()
            with error ->
                fail error
        }

    and receive (flight: Flight) (copy: Copy) (reply: UnitReply) : unit =
        match reply.Status with
        | UnitStatus.Done ->
            if work.Finish(flight, copy) then
                state.Measure(reply.Seconds, flight.Samples)
                Metrics.messages.Record copy.Age.TotalSeconds

                let answer =
                    {
                        States = reply.States
                        Solutions = reply.Solutions
                    }

                if pass.Accept(flight.Range, answer) then
                    finished.TrySetResult() |> ignore

                work.Settle()

            pump ()
        | UnitStatus.Busy ->
            work.Return(flight, copy)
            let pause = TimeSpan.FromMilliseconds 20.0
            copy.Session.Avoid pause
            Task.Delay(pause).ContinueWith(fun (_: Task) -> pump ()) |> ignore
        | UnitStatus.UnknownOracle ->
            copy.Session.Forget state
            work.Lose(flight, copy, reply.Error)
            join ()
        | UnitStatus.OracleFailed ->
            work.Fail(flight, copy, oracleError reply)
            pump ()
        | UnitStatus.Refused -> fail (ClusterException $"The silo {copy.Session.Address} refuses a unit. {reply.Error}")
        | _ ->
            work.Lose(flight, copy, reply.Error)
            pump ()

    // Asks silos that have not been asked, and goes on with each that takes part.
    and join () : unit =
        for session in sessions.Active do
            let join = session.Join state

            if not join.IsCompleted then
                join.ContinueWith(fun (_: Task<string>) -> pump ()) |> ignore

        pump ()

    let report (session: SiloSession) : Task =
        task {
            try
                let! report =
                    session.Grain.Report(name).WaitAsync(options.Patience).ConfigureAwait false

                session.Answered()
                let samples = Dictionary<int64, int64>()

                for i in 0 .. report.Units.Length - 1 do
                    samples[report.Units[i]] <- report.Samples[i]

                work.Hear(session, samples)
            with error ->
                if session.Silence >= options.Patience then
                    avoid session error.Message
        }

    let requireSilos () : unit =
        if float (Environment.TickCount64 - Volatile.Read(&served)) > options.Timeout.TotalMilliseconds then
            let details =
                match [ for session in sessions.Active -> session.Describe state ] with
                | [] -> "None is active."
                | reasons -> String.Join("; ", reasons)

            fail (
                ClusterException $"No silo took part in work on '{pass.Oracle.Name}' for {options.Timeout}. {details}"
            )

    // Silos that refused may have been replaced, or have found their licence.
    let retry () : unit =
        for session in sessions.Active do
            let join = session.Join state

            if join.IsCompleted && not (isJoined session) && session.IsFree then
                session.Avoid options.Patience
                session.Forget state

    let beat () : Task =
        task {
            do! sessions.Refresh()
            let active = sessions.Active

            for session in work.Silos do
                if not (Array.contains session active) then
                    work.Lose(session, "the silo is gone")

            let reports = work.Silos |> Array.map report
            do! Task.WhenAll reports
            retry ()
            join ()
            requireSilos ()
        }

    let watch (ended: CancellationToken) : Task =
        task {
            try
                while true do
                    do! Task.Delay(options.Heartbeat, ended)
                    do! beat ()
            with error ->
                // The end of the call, which an error of the watch would otherwise leave waiting for ever.
                fail error
        }

    // Tells silos that have units left, without waiting.
    let release () : unit =
        for session in work.Silos do
            session.Grain.Cancel(name).ContinueWith(fun (task: Task) -> task.Exception |> ignore)
            |> ignore

        work.Clear()

    /// Has the pass computed.
    member _.Run() : unit =
        let token = pass.Cancellation
        token.ThrowIfCancellationRequested()

        use _ =
            token.UnsafeRegister((fun _ _ -> finished.TrySetCanceled token |> ignore), null)

        let refresh = sessions.Refresh()

        if sessions.Active.Length = 0 then
            refresh.Wait token

        use ended = new CancellationTokenSource()

        try
            watch ended.Token |> ignore
            join ()

            try
                finished.Task.Wait()
            with :? AggregateException as error ->
                ExceptionDispatchInfo.Throw(error.InnerExceptions[0])
        finally
            ended.Cancel()
            release ()
