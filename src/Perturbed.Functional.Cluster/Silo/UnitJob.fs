namespace Perturbed.Functional.Cluster

open System
open System.Diagnostics
open System.IO
open System.Threading.Tasks
open Perturbed.Functional
open Perturbed.Functional.Cluster.Grains
open Perturbed.Functional.Remote
open Perturbed.Kernels

/// One unit on a silo, from arrival to answer.
[<Sealed>]
type internal UnitJob
    (request: UnitRequest, call: CallState, oracle: Oracle, noise: string -> INoise, options: SiloOptions) =
    let arrived = Stopwatch.GetTimestamp()

    let answer =
        TaskCompletionSource<UnitReply>(TaskCreationOptions.RunContinuationsAsynchronously)

    let reply (status: int) (error: string) : UnitReply =
        UnitReply(Version = Probe.version, Status = status, Error = error)

    // A unit beyond a limit is refused before memory is taken for it.
    let limitFault (unit: RemoteUnit) : string | null =
        if unit.Samples > options.MaxSamples then
            $"A unit of {unit.Samples} samples is above this silo's limit of {options.MaxSamples} (MaxSamples)."
        elif unit.Bytes > options.MaxBytes then
            $"A unit that takes {unit.Bytes} bytes is above this silo's limit of {options.MaxBytes} (MaxBytes)."
        else
            null

    let compute () : UnitReply =
        let unit = RemoteUnit.Read(oracle, noise, request.Work)

        match limitFault unit with
        | null ->
            let state = UnitState unit.Samples
            call.Units[request.Unit] <- state
            let started = Stopwatch.GetTimestamp()
            let result = unit.Compute(state, call.Token)
            let seconds = (Stopwatch.GetElapsedTime started).TotalSeconds
            Metrics.solves.Add unit.Samples
            Metrics.duration.Record seconds

            UnitReply(
                Version = Probe.version,
                Status = UnitStatus.Done,
                States = result.States,
                Solutions = result.Solutions,
                Seconds = seconds
            )
        | fault -> reply UnitStatus.Refused fault

    let attempt () : UnitReply =
        try
            call.Token.ThrowIfCancellationRequested()

            if int64 request.Work.Length > options.MaxBytes then
                reply
                    UnitStatus.Refused
                    $"A unit of {request.Work.Length} bytes is above this silo's limit of {options.MaxBytes} (MaxBytes)."
            else
                compute ()
        with
        | :? OperationCanceledException when call.Token.IsCancellationRequested ->
            reply UnitStatus.Cancelled "The call was cancelled."
        | :? OracleException as error ->
            let failure =
                match SolveFailedException.Of error with
                | null -> -1
                | failed -> int failed.Failure

            UnitReply(
                Version = Probe.version,
                Status = UnitStatus.OracleFailed,
                Error = error.Reason,
                ErrorOracle = error.Oracle,
                ErrorRow = error.Row,
                ErrorInstance = error.Instance,
                ErrorSample = error.Sample,
                ErrorFailure = failure
            )
        | :? InvalidDataException
        | :? ArgumentException as error -> reply UnitStatus.Refused error.Message
        | error -> reply UnitStatus.Failed $"{error.GetType().Name}: {error.Message}"

    /// The answer, once it is there.
    member _.Answer: Task<UnitReply> = answer.Task

    /// Computes the unit on this thread.
    member _.Run() : unit =
        Metrics.wait.Record((Stopwatch.GetElapsedTime arrived).TotalSeconds)
        let reply = attempt ()

        let status =
            Collections.Generic.KeyValuePair<string, obj | null>("perturbed.status", box reply.Status)

        Metrics.units.Add(1L, status)

        if reply.Status <> UnitStatus.Done && reply.Status <> UnitStatus.Cancelled then
            Metrics.failures.Add 1L

        call.Units.TryRemove request.Unit |> ignore
        call.Touch()
        answer.SetResult reply
