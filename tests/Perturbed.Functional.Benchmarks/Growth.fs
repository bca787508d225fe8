/// The cost of an operator as B, M and d grow over three decades, one at a time.
module Perturbed.Functional.Benchmarks.Growth

open System
open Perturbed.Functional

let private decades = [ 1; 3; 10; 30; 100; 300; 1000; 3000 ]

// Seconds of a value and its pullback.
let private time (seconds: float) (oracle: Oracle) (noise: INoise) (rows: int) (samples: int) : float =
    let op = perturb oracle noise 1.0 samples |> Smoothed.withThreads 1
    let thetas = Noise.gaussian |> Noise.sample oracle.Dimension rows (Key.create 1UL)

    let cotangents =
        Noise.gaussian |> Noise.sample oracle.Dimension rows (Key.create 2UL)

    Clock.least seconds (fun () ->
        let _, pullback = op |> Batch.pullback thetas
        pullback cotangents |> ignore)

/// Prints nanoseconds a number (B·M·d, and d log₂ d for rankings) of a value and its pullback: where cost grows in proportion, the columns are flat.
let table (seconds: float) : unit =
    printfn "ns of value and pullback over B M d (rankings: B M d log2 d), one thread"
    printfn "%-34s %s" "" (String.concat "" [ for n in decades -> $"%9d{n}" ])

    let print (name: string) (perUnit: int -> float) =
        printfn "%-34s %s" name (String.concat "" [ for n in decades -> $"%9.2f{perUnit n}" ])

    for name, (oracle: int -> Oracle), noise, cost in
        [
            "argmax, Gumbel", Oracle.argmax, Noise.gumbel, (fun (d: int) -> float d)
            "ranking, Gaussian", Oracle.ranking, Noise.gaussian, (fun d -> float d * Math.Log2(float (max 2 d)))
        ] do
        let nanoseconds d rows samples =
            1e9 * time seconds (oracle d) noise rows samples
            / (float rows * float samples * cost d)

        print $"{name}, B, d = 20, M = 100" (fun rows -> nanoseconds 20 rows 100)
        print $"{name}, M, d = 20, B = 8" (fun samples -> nanoseconds 20 8 samples)
        print $"{name}, d, M = 100, B = 8" (fun d -> nanoseconds d 8 100)
