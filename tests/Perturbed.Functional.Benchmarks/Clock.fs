/// Wall-clock measurement for side-by-side comparisons.
module Perturbed.Functional.Benchmarks.Clock

open System.Diagnostics

/// The least of repeated times, in seconds: what the machine can do when nothing else is in the way.
let least (seconds: float) (work: unit -> unit) : float =
    let total = Stopwatch.StartNew()
    let mutable best = infinity
    let mutable runs = 0

    while runs < 5 || total.Elapsed.TotalSeconds < seconds do
        let start = Stopwatch.GetTimestamp()
        work ()
        best <- min best (Stopwatch.GetElapsedTime(start).TotalSeconds)
        runs <- runs + 1

    best
