namespace Perturbed.Functional

open System
open System.Collections.Concurrent
open System.Runtime.InteropServices
open System.Threading

/// <summary>A solver in another process or language: a command whose processes answer lines of JSON, one process a
/// thread that solves.</summary>
/// <remarks>
/// A process is started when a thread first needs one, and kept. It reads a line {"thetas": [[...], ...]} from its
/// standard input and writes a line {"solutions": [[...], ...]} to its standard output, as many as there were θ, until
/// its input ends. In the place of a solution stands {"failed": "infeasible", "reason": "..."} where there is none
/// ("infeasible", "unbounded", "timed out" or "failed"). Its standard error is free; its last lines are in the message
/// where the process ends before its time. A process that ended or was stopped is followed by a new one. Disposing ends
/// all of them, and so does the end of this process, by Ctrl-C too.
/// </remarks>
[<Sealed; AllowNullLiteral(false)>]
type SolverProcess(command: string, arguments: seq<string>) =
    do
        if String.IsNullOrWhiteSpace command then
            invalidArg (nameof command) "command is empty; a program was expected."

        Check.notNull (nameof arguments) arguments

    static let patience = TimeSpan.FromSeconds 1.0

    // Every process of every solver, so that none outlives this one.
    static let alive = ConcurrentDictionary<ChildProcess, byte>()

    static let endAll () : unit =
        for child in alive.Keys do
            child.Kill()

    static let watch =
        lazy
            (AppDomain.CurrentDomain.ProcessExit.Add(fun _ -> endAll ())

             // A signal without a handler ends this process without the event above. The registrations stay for good.
             [ PosixSignal.SIGINT; PosixSignal.SIGTERM; PosixSignal.SIGHUP; PosixSignal.SIGQUIT ]
             |> List.map (fun signal -> PosixSignalRegistration.Create(signal, (fun _ -> endAll ()))))

    let arguments = Array.ofSeq arguments
    let own = ConcurrentDictionary<ChildProcess, byte>()
    let idle = ConcurrentBag<ChildProcess>()
    let mutable isDisposed = 0

    let drop (child: ChildProcess) : unit =
        own.TryRemove child |> ignore
        alive.TryRemove child |> ignore

    let start () : ChildProcess =
        watch.Force() |> ignore

        let child =
            try
                ChildProcess(command, arguments)
            with error ->
                raise (WrongAnswer $"it cannot be started: {error.Message}")

        alive[child] <- 0uy
        own[child] <- 0uy
        child

    /// The command with its arguments.
    member _.Command: string = String.Join(' ', Array.append [| command |] arguments)

    // A process that waits for a question.
    member internal _.Rent() : ChildProcess =
        ObjectDisposedException.ThrowIf(Volatile.Read &isDisposed = 1, typeof<SolverProcess>)
        let mutable child = ValueNone

        while child.IsNone do
            match idle.TryTake() with
            | true, known when known.IsAlive -> child <- ValueSome known
            | true, ended -> drop ended
            | false, _ -> child <- ValueSome(start ())

        child.Value

    member internal _.Return(child: ChildProcess) : unit =
        if Volatile.Read &isDisposed = 1 then
            child.Kill()
        else
            idle.Add child

    // A process that is not to be asked again.
    member internal _.End(child: ChildProcess) : unit =
        child.Kill()
        drop child

    member private _.Close(wait: TimeSpan) : unit =
        if Interlocked.Exchange(&isDisposed, 1) = 0 then
            for child in own.Keys do
                child.Close wait
                drop child

    // An object whose constructor refused its arguments has no processes.
    override this.Finalize() =
        if not (isNull (box own)) then
            this.Close TimeSpan.Zero

    override this.ToString() = this.Command

    interface IDisposable with
        /// Ends the processes: their input is closed, and after a second they are killed.
        member this.Dispose() =
            this.Close patience
            GC.SuppressFinalize this
