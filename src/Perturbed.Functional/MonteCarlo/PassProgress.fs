namespace Perturbed.Functional

open System
open System.Threading

/// Tells a user how much of a pass is done, at most a hundred times: on the threads that do it, so not always in order.
[<Sealed>]
type internal PassProgress(progress: IProgress<float>, total: int64) =
    let mutable finished = 0L

    let percent (part: int64) : int = int (100.0 * float part / float total)

    member _.Add(count: int) : unit =
        let after = Interlocked.Add(&finished, int64 count)

        if percent after > percent (after - int64 count) then
            progress.Report(float after / float total)

[<CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module internal PassProgress =

    /// For work of so many units; none where no progress was asked for.
    let create (s: Settings) (total: int64) : PassProgress | null =
        match s.Progress with
        | ValueSome progress -> PassProgress(progress, total)
        | ValueNone -> null

    let add (count: int) (progress: PassProgress | null) : unit =
        match progress with
        | null -> ()
        | progress -> progress.Add count
