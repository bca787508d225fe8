/// Wall-clock measurement for side-by-side comparisons.
module Perturbed.Functional.Benchmarks.Clock

open System.Diagnostics
open System.Threading

// The run time compiles what runs often anew on a thread of its own, which a busy machine makes wait: work, then let it.
let private warmUp (seconds: float) (work: unit -> unit) : unit =
    let total = Stopwatch.StartNew()

    while total.Elapsed.TotalSeconds < 0.5 * seconds do
        work ()

    Thread.Sleep 100

/// The least of repeated times, in seconds: what the machine can do when nothing else is in the way.
let least (seconds: float) (work: unit -> unit) : float =
    warmUp seconds work
    let total = Stopwatch.StartNew()
    let mutable best = infinity
    let mutable runs = 0

    while runs < 5 || total.Elapsed.TotalSeconds < seconds do
        let start = Stopwatch.GetTimestamp()
        work ()
        best <- min best (Stopwatch.GetElapsedTime(start).TotalSeconds)
        runs <- runs + 1

    best

/// The least times of two works that take turns, so that what else the machine does falls on both.
let leastOfBoth (seconds: float) (first: unit -> unit) (second: unit -> unit) : float * float =
    warmUp seconds first
    warmUp seconds second
    let total = Stopwatch.StartNew()
    let best = [| infinity; infinity |]
    let mutable rounds = 0

    while rounds < 5 || total.Elapsed.TotalSeconds < seconds do
        for i, work in [ 0, first; 1, second ] do
            let start = Stopwatch.GetTimestamp()
            work ()
            best[i] <- min best[i] (Stopwatch.GetElapsedTime(start).TotalSeconds)

        rounds <- rounds + 1

    best[0], best[1]
