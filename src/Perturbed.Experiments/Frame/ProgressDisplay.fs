namespace Perturbed.Experiments

open System
open System.Diagnostics
open Spectre.Console

/// The progress that the runner reports; every member is safe to call from any thread.
type ProgressDisplay =
    {
        /// A piece begins.
        Begin: int -> Piece -> unit
        /// A piece has done a share of its work; the text says what it does now.
        Advance: int -> float -> string -> unit
        /// A piece has ended, done or not.
        End: int -> bool -> unit
    }

/// Progress bars on a terminal: one for the whole, one for each piece that runs; lines now and then where there is no
/// terminal.
[<RequireQualifiedAccess>]
module ProgressDisplay =

    // Between two lines where standard error is a file.
    let private secondsBetweenLines = 30.0

    let private lines (pieces: Piece[]) (work: ProgressDisplay -> 'result) : 'result =
        let started = Stopwatch.GetTimestamp()
        let all = pieces |> Array.sumBy _.Weight
        let gate = obj ()
        let mutable last, finished, weight = 0.0, 0, 0.0

        let tell () =
            let seconds = Stopwatch.GetElapsedTime(started).TotalSeconds

            if seconds - last >= secondsBetweenLines then
                last <- seconds
                let left = seconds * (all - weight) / weight

                Terminal.note
                    $"{finished} of {pieces.Length} pieces, {Duration.text seconds}, about {Duration.text left} to go"

        work
            {
                Begin = fun _ _ -> ()
                Advance = fun _ _ _ -> ()
                End =
                    fun index isDone ->
                        lock gate (fun () ->
                            if isDone then
                                finished <- finished + 1
                                weight <- weight + pieces[index].Weight
                                tell ())
            }

    let private bars (title: string) (pieces: Piece[]) (work: ProgressDisplay -> 'result) : 'result =
        let progress = (Terminal.errorConsole ()).Progress()
        progress.AutoClear <- true
        progress.HideCompleted <- true

        progress.Columns(
            TaskDescriptionColumn(Alignment = Justify.Left),
            ProgressBarColumn(),
            PercentageColumn(),
            ElapsedTimeColumn(),
            RemainingTimeColumn(),
            SpinnerColumn()
        )
        |> ignore

        progress.Start(fun context ->
            let gate = obj ()
            let all = pieces |> Array.sumBy _.Weight
            let whole = context.AddTask(Terminal.markup title, true, all)
            let running = Collections.Generic.Dictionary<int, ProgressTask>()
            let mutable finished = 0

            work
                {
                    Begin =
                        fun index piece ->
                            lock gate (fun () ->
                                running[index] <- context.AddTask(Terminal.markup piece.Name, true, 1.0))
                    Advance =
                        fun index share what ->
                            lock gate (fun () ->
                                let task = running[index]
                                whole.Increment((share - task.Value) * pieces[index].Weight)
                                task.Value <- share
                                task.Description <- Terminal.markup $"{pieces[index].Name}: {what}")
                    End =
                        fun index isDone ->
                            lock gate (fun () ->
                                let task = running[index]

                                if isDone then
                                    whole.Increment((1.0 - task.Value) * pieces[index].Weight)
                                    finished <- finished + 1
                                    whole.Description <- Terminal.markup $"{title}: {finished} of {pieces.Length}"

                                task.StopTask()
                                task.Value <- 1.0
                                running.Remove index |> ignore)
                })

    /// <summary>Works under a display.</summary>
    /// <param name="title">What the whole is called.</param>
    /// <param name="pieces">What will be done; indices count in it.</param>
    /// <param name="work">The work, given what to call.</param>
    /// <returns>What the work gives.</returns>
    let using (title: string) (pieces: Piece[]) (work: ProgressDisplay -> 'result) : 'result =
        if Console.IsErrorRedirected then
            lines pieces work
        else
            bars title pieces work
