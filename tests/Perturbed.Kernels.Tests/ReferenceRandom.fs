/// The definitions of the random streams, one number at a time with Math.*, and what tests of laws need.
module Perturbed.Kernels.Tests.ReferenceRandom

open System
open Perturbed.Functional.CSharp
open Perturbed.Kernels

/// The two uniforms of a Philox block.
let private pair (key: Key) (row: uint32) (word: uint32) (block: int64) : float * float =
    let struct (x0, x1, x2, x3) =
        Philox.Block(key.Value, uint32 block, uint32 (block >>> 32), row, word)

    let uniform (low: uint32) (high: uint32) : float =
        (float ((uint64 low ||| (uint64 high <<< 32)) >>> 12) + 0.5)
        * Math.ScaleB(1.0, -52)

    uniform x0 x1, uniform x2 x3

let uniform (key: Key) (row: uint32) (n: int64) : float =
    let first, second = pair key row Philox.NoiseDomain (8L * (n / 16L) + n % 8L)
    if n % 16L < 8L then first else second

/// sin 2πt and cos 2πt, without the rounding of 2πt: the turn is reduced exactly, and the rounding of 2πf corrected to first order.
let sinCosOfTurns (t: float) : float * float =
    let quarter = Math.Round(4.0 * t)
    let f = t - quarter / 4.0
    let a = 2.0 * Math.PI * f
    let e = Math.FusedMultiplyAdd(2.0 * Math.PI, f, -a) + 2.4492935982947064e-16 * f
    let sine, cosine = sin a + e * cos a, cos a - e * sin a

    match int64 quarter &&& 3L with
    | 0L -> sine, cosine
    | 1L -> cosine, -sine
    | 2L -> -sine, -cosine
    | _ -> -cosine, sine

let private boxMuller (u1: float, u2: float) : float * float =
    let radius = sqrt (-2.0 * log u1)
    let sine, cosine = sinCosOfTurns u2
    radius * cosine, radius * sine

/// Number n of the stream of 32-bit uniforms.
let word (key: Key) (row: uint32) (n: int64) : float =
    let group, half, place = n / 32L, n % 32L / 16L, n % 16L
    let block = 8L * group + place / 2L

    let struct (x0, x1, x2, x3) =
        Philox.Block(key.Value, uint32 block, uint32 (block >>> 32), row, Philox.NoiseDomain)

    let x = [| x0; x1; x2; x3 |][2 * int half + int (place % 2L)]
    Math.ScaleB(float (x ||| 1u), -32)

let gaussian (key: Key) (row: uint32) (n: int64) : float =
    let first = n / 32L * 32L + n % 16L
    let cosine, sine = boxMuller (word key row first, word key row (first + 16L))
    if n % 32L < 16L then cosine else sine

let gumbel (key: Key) (row: uint32) (n: int64) : float = -log(-log(word key row n))

let logistic (key: Key) (row: uint32) (n: int64) : float =
    let u = uniform key row n
    log (u / (1.0 - u))

let laplace (key: Key) (row: uint32) (n: int64) : float =
    let u = uniform key row n
    if u < 0.5 then log (2.0 * u) else -log(2.0 * (1.0 - u))

let cauchy (key: Key) (row: uint32) (n: int64) : float =
    let sine, cosine = sinCosOfTurns (uniform key row n / 2.0)
    -cosine / sine

let studentT (freedom: float) (key: Key) (row: uint32) (n: int64) : float =
    let u1, u2 = pair key row Philox.NoiseDomain n
    let w = -2.0 / freedom * log u1
    // e^w - 1 = 2 sinh(w/2) e^(w/2), without cancellation.
    sqrt (freedom * 2.0 * sinh (w / 2.0) * exp (w / 2.0)) * snd (sinCosOfTurns u2)

/// Marsaglia and Tsang's variate number `variate` of the number n.
let gamma (shape: float) (key: Key) (row: uint32) (variate: int) (n: int64) : float =
    let d = (if shape < 1.0 then shape + 1.0 else shape) - 1.0 / 3.0

    let draw (w: int) =
        pair key row (Philox.GammaDomain + 256u * uint32 variate + uint32 w) n

    let rec candidates (w: int) : float seq =
        seq {
            let x1, x2 = boxMuller (draw w)
            let u1, u2 = draw (w + 1)

            for x, u in [ x1, u1; x2, u2 ] do
                let root = 1.0 + x / (3.0 * sqrt d)
                let v = root ** 3.0

                if root > 0.0 && log u < x * x / 2.0 + d - d * v + d * log v then
                    d * v

            yield! candidates (w + 2)
        }

    let boost = if shape < 1.0 then fst (draw 0) ** (1.0 / shape) else 1.0
    boost * Seq.head (candidates 1)

let sumOfGamma (kappa: float) (terms: int) (tau: float) (key: Key) (row: uint32) (n: int64) : float =
    let sum =
        Seq.sum (seq { for i in 1..terms -> kappa / float i * gamma (1.0 / kappa) key row (i - 1) n })

    tau / kappa * (sum - log (float terms))

/// The mean of a sample and its standard error.
let meanAndError (x: float[]) : float * float =
    let mean = Array.average x
    let variance = Array.averageBy (fun v -> (v - mean) * (v - mean)) x
    mean, sqrt (variance / float x.Length)

/// The largest distance between the empirical and the given distribution function.
let kolmogorovSmirnov (cdf: float -> float) (x: float[]) : float =
    let n = float x.Length

    Array.sort x
    |> Array.mapi (fun i v -> max (abs (cdf v - float i / n)) (abs (float (i + 1) / n - cdf v)))
    |> Array.max

/// The distance that a sample of n exceeds with a probability of at most 1e-9 (Dvoretzky, Kiefer, Wolfowitz; Massart).
let kolmogorovSmirnovBound (n: int) : float =
    sqrt (log (2.0 / 1e-9) / (2.0 * float n))
