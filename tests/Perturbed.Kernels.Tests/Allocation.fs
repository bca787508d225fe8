/// What a call allocates in its steady state.
module Perturbed.Kernels.Tests.Allocation

open System

/// The least of several calls, in bytes on this thread: a call that allocates does so every time, while the run time compiles in tiers, and
/// allocates for that, now and then.
let steadyState (call: unit -> unit) : int64 =
    let once () =
        let before = GC.GetAllocatedBytesForCurrentThread()
        call ()
        GC.GetAllocatedBytesForCurrentThread() - before

    Seq.init 10 (fun _ -> once ()) |> Seq.min
