namespace Perturbed.Functional

open System.Collections.Generic

/// The first failed sample of each row of a pass, with its reason. Safe for many threads; whichever of them meets a
/// failure first, the lowest sample stays.
[<Sealed>]
type internal FailureLog() =
    let first = Dictionary<int, struct (int * SolveFailedException)>()

    member _.Add(row: int, sample: int, failure: SolveFailedException) : unit =
        lock first (fun () ->
            match first.TryGetValue row with
            | true, struct (known, _) when known <= sample -> ()
            | _ -> first[row] <- struct (sample, failure))

    /// The reason of a row's first failed sample; null where it is not known here.
    member _.Of(row: int) : SolveFailedException | null =
        lock first (fun () ->
            let found: SolveFailedException | null =
                match first.TryGetValue row with
                | true, struct (_, failure) -> failure
                | _ -> null

            found)
