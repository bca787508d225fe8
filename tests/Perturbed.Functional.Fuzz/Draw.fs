/// Numbers for hostile instances, each a function of a seed.
namespace Perturbed.Functional.Fuzz

open System

/// A stream of numbers: SplitMix64.
[<Sealed>]
type Draw(seed: uint64) =
    let mutable state = seed

    member _.Word() : uint64 =
        state <- state + 0x9E3779B97F4A7C15UL
        let z = (state ^^^ (state >>> 30)) * 0xBF58476D1CE4E5B9UL
        let z = (z ^^^ (z >>> 27)) * 0x94D049BB133111EBUL
        z ^^^ (z >>> 31)

    /// The stream of a place in a tree of streams.
    static member At(seed: uint64, path: uint64 list) : Draw =
        path
        |> List.fold (fun seed place -> Draw(seed ^^^ Draw(place + 1UL).Word()).Word()) seed
        |> Draw

    /// Uniform in [0, 1).
    member this.Uniform() : float =
        Math.ScaleB(float (this.Word() >>> 11), -53)

    /// A whole number from low to high, both included.
    member this.Int (low: int) (high: int) : int =
        low + int (this.Word() % uint64 (high - low + 1))

    member this.Chance(probability: float) : bool = this.Uniform() < probability

    member this.Sign() : float =
        if this.Word() &&& 1UL = 0UL then 1.0 else -1.0

    member this.Of(items: 'a[]) : 'a = items[this.Int 0 (items.Length - 1)]

    member this.Gaussian() : float =
        sqrt (-2.0 * log (1.0 - this.Uniform())) * cos (2.0 * Math.PI * this.Uniform())

    /// Magnitude log-uniform in 1e−15..1e15, of either sign.
    member this.Spread() : float =
        this.Sign() * Math.Pow(10.0, 30.0 * this.Uniform() - 15.0)

/// Vectors in the styles that thresholds of the wrong size get wrong.
[<RequireQualifiedAccess>]
module Vectors =

    let private spread (draw: Draw) (n: int) = Array.init n (fun _ -> draw.Spread())

    let private styles: (Draw -> int -> float[])[] =
        [|
            spread
            spread
            (fun draw n -> Array.init n (fun _ -> draw.Gaussian()))
            (fun draw n -> Array.init n (fun _ -> float (draw.Int -3 3)))
            // Few values: ties.
            (fun draw n ->
                let pool = spread draw (draw.Int 1 3)
                Array.init n (fun _ -> draw.Sign() * draw.Of pool))
            // One huge among small.
            (fun draw n ->
                let x =
                    if draw.Chance 0.5 then
                        Array.init n (fun _ -> draw.Gaussian())
                    else
                        Array.init n (fun _ -> float (draw.Int -5 5))

                x[draw.Int 0 (n - 1)] <- draw.Sign() * draw.Of [| 1e7; 1e10; 1e12; 1e15; 1e16 |]
                x)
            // Several huge among small whole numbers: what is left after they cancel decides.
            (fun draw n ->
                let huge = draw.Of [| 1e8; 1e12; 1e15 |]

                Array.init n (fun _ ->
                    if draw.Chance 0.4 then
                        draw.Sign() * huge
                    else
                        float (draw.Int -5 5)))
            // Cancelling pairs.
            (fun draw n ->
                let x = spread draw n

                for _ in 1..n do
                    let from = draw.Int 0 (n - 1)
                    x[draw.Int 0 (n - 1)] <- -x[from]

                x)
            // Neighbouring doubles.
            (fun draw n ->
                let centre = draw.Spread()

                Array.init n (fun _ ->
                    match draw.Int 0 2 with
                    | 0 -> centre
                    | 1 -> Math.BitIncrement centre
                    | _ -> Math.BitDecrement centre))
            // Zeros.
            (fun draw n -> Array.init n (fun _ -> if draw.Chance 0.5 then 0.0 else draw.Spread()))
            // A common part and a small one.
            (fun draw n ->
                let huge = draw.Spread()
                let small = 1e-3 * abs huge * draw.Uniform() * draw.Uniform()
                Array.init n (fun _ -> huge + small * draw.Gaussian()))
            // Sums of decimal fractions, whose exact ties are broken by rounding.
            (fun draw n ->
                let unit = Math.Pow(10.0, float (draw.Int -15 13))
                Array.init n (fun _ -> unit * 0.1 * float (draw.Int -9 9)))
            // Powers of two with small factors.
            (fun draw n -> Array.init n (fun _ -> Math.ScaleB(float (draw.Int -3 3), draw.Int -49 49)))
        |]

    /// n numbers of either sign.
    let any (draw: Draw) (n: int) : float[] = (draw.Of styles) draw n

    /// n numbers ≤ 0: minus costs.
    let costs (draw: Draw) (n: int) : float[] =
        any draw n |> Array.map (fun x -> 0.0 - abs x)

    /// n numbers > 0.
    let positive (draw: Draw) (n: int) : float[] =
        any draw n |> Array.map (fun x -> if x = 0.0 then 1.0 else abs x)

    /// A vector beside another: entries moved by a last bit, by a part of themselves, or drawn anew.
    let beside (draw: Draw) (x: float[]) : float[] =
        let anew = any draw x.Length
        let kind = draw.Int 0 2

        x
        |> Array.mapi (fun i entry ->
            if draw.Chance 0.5 then
                entry
            else
                match kind with
                // The neighbour of 0 is no number of these magnitudes.
                | 0 -> if entry = 0.0 then 0.0 else Math.BitIncrement entry
                | 1 -> entry * (1.0 + 0.1 * draw.Gaussian())
                | _ -> anew[i])
