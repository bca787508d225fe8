namespace Perturbed.Functional

open System
open Perturbed.Kernels

/// The random directions that Oracle.check tries, well scaled and badly.
module internal CheckDirections =

    // A number of the same sign whose size grows with the logarithm of the size: what decides is the same where sizes
    // alone decide.
    let private compressed (x: float) : float =
        if x = 0.0 then
            0.0
        else
            float (sign x) * max 0.1 ((20.0 + Math.Log10(abs x)) / 10.0)

    let private huge = [| 1e12; 1e9; 1e15 |]

    /// Rows in turn: Gaussian (the first is 0), rounded to integers, so that ties abound, spread over many orders of
    /// magnitude, the same with its sizes compressed, Gaussian, a tenth of it, integers with one huge entry among
    /// them, the same without what makes it huge.
    let draw (key: Key) (count: int) (d: int) : float[] =
        let thetas: float[] =
            Sizes.Zeros("directions", "The directions", int64 count, int64 d)

        Noise.gaussian.Sample(key, 0u, 0L, d, Span thetas)
        let exponents: float[] = Array.zeroCreate thetas.Length
        Noise.gaussian.Sample(key, 1u, 0L, d, Span exponents)

        for r in 0 .. count - 1 do
            for i in 0 .. d - 1 do
                let at = r * d + i
                // A pair of rows of one kind shares its numbers; a last row without its partner has none to share.
                let before = if r = 0 then 0.0 else thetas[max 0 (at - d)]

                thetas[at] <-
                    match r % 8 with
                    | 0 when r = 0 -> 0.0
                    | 1 -> Math.Round thetas[at]
                    | 2 -> thetas[at] * Math.Pow(10.0, Math.Clamp(6.0 * exponents[at], -15.0, 15.0))
                    | 3 -> compressed before
                    | 5 -> 0.1 * thetas[at]
                    | 6 when i = r / 8 % d -> (if thetas[at] < 0.0 then -1.0 else 1.0) * huge[r / 8 % huge.Length]
                    | 6 -> Math.Round(2.0 * thetas[at])
                    | 7 when abs before >= 1e6 -> 2.0 * float (sign before)
                    | 7 -> before
                    | _ -> thetas[at]

        thetas
