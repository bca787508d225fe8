namespace Perturbed.Functional

open System

/// Real gains as whole numbers: round(2^e g), with one e for all of them.
module internal IntegerScale =

    /// The largest size of a gain, and whether all of them are whole numbers.
    let measure (theta: ReadOnlySpan<float>) (others: float[]) : struct (float * bool) =
        let mutable largest, isWhole = 0.0, true

        for t in theta do
            largest <- max largest (abs t)
            isWhole <- isWhole && Math.Round t = t

        for t in others do
            largest <- max largest (abs t)
            isWhole <- isWhole && Math.Round t = t

        struct (largest, isWhole)

    /// e: 0 where the gains are whole numbers of that many bits, which then lose nothing; else the largest gain takes
    /// all bits.
    let exponent (bits: int) (theta: ReadOnlySpan<float>) (others: float[]) : int =
        let struct (largest, isWhole) = measure theta others

        if largest = 0.0 || isWhole && largest <= Math.ScaleB(1.0, bits) then
            0
        else
            bits - 1 - Math.ILogB largest

    let round (exponent: int) (gain: float) : int64 =
        int64 (Math.Round(Math.ScaleB(gain, exponent)))

    /// The most that rounding takes from a value whose solutions differ by `distance` in all: half a unit for each.
    let loss (bits: int) (distance: float) (theta: ReadOnlySpan<float>) (others: float[]) : float =
        let struct (largest, isWhole) = measure theta others

        if largest = 0.0 || isWhole && largest <= Math.ScaleB(1.0, bits) then
            0.0
        else
            distance * Math.ScaleB(0.5, Math.ILogB largest + 1 - bits)

    /// Bits such that Σ size · 2^bits stays below 2^60, at most those asked for.
    let bits (asked: int) (sizes: float) : int =
        max 1 (min asked (59 - Math.ILogB(max 1.0 sizes)))
