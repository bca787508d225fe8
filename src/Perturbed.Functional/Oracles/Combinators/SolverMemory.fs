namespace Perturbed.Functional

open System

/// Memory that a combinator hands to the solvers inside it: it grows to the largest call and stays.
[<Sealed>]
type internal Scratch() =
    let mutable numbers: float[] = [||]

    member _.Take(count: int) : Span<float> =
        if numbers.Length < count then
            numbers <- Array.zeroCreate count

        Span(numbers, 0, count)

/// What the solvers of combinators check of a call before they slice it; how many rows it has.
module internal CallShape =

    let rows (d: int) (k: int) (thetas: ReadOnlySpan<float>) (solutions: Span<float>) (values: Span<float>) : int =
        let n = thetas.Length / d

        if n * d <> thetas.Length then
            invalidArg "thetas" $"thetas has length {thetas.Length}; expected a multiple of the dimension {d}."

        if solutions.Length <> n * k then
            invalidArg "solutions" $"solutions has length {solutions.Length}; expected {n} rows of {k}."

        if values.Length <> 0 && values.Length <> n then
            invalidArg "values" $"values has length {values.Length}; expected {n}, or 0 where no values are wanted."

        n
