namespace Perturbed.Experiments

open System

/// Timing of small pieces of work, from which the cost of a run is estimated.
[<RequireQualifiedAccess>]
module Timing =

    /// <summary>The processor seconds of some work, on all its threads: what else runs on the machine does not
    /// count.</summary>
    /// <param name="repeats">How often it is timed, at least 1; the least counts, because a compiler that is at work
    /// beside it only adds.</param>
    /// <param name="work">The work, some milliseconds.</param>
    /// <returns>Seconds.</returns>
    let processorSeconds (repeats: int) (work: unit -> unit) : float =
        let once (_: int) =
            let before = Environment.CpuUsage.TotalTime
            work ()
            (Environment.CpuUsage.TotalTime - before).TotalSeconds

        Seq.init repeats once |> Seq.min
