namespace Perturbed.Functional

open System
open Perturbed.Kernels

/// Argument checks: each names the parameter, the actual and the expected value.
module internal Check =

    let positiveInt (name: string) (value: int) : unit =
        if value < 1 then
            raise (ArgumentOutOfRangeException(name, value, $"{name} is {value}; it must be at least 1."))

    let private largestDimension = 1 <<< 26

    /// The dimension of an oracle that keeps vectors of it: beyond 2^26 they would take minutes to make, if they fit.
    let dimension (name: string) (value: int) : unit =
        positiveInt name value

        if value > largestDimension then
            raise (
                ArgumentOutOfRangeException(name, value, $"{name} is {value}; it must be at most {largestDimension}.")
            )

    let finite (name: string) (value: float) : unit =
        if not (Double.IsFinite value) then
            raise (ArgumentOutOfRangeException(name, value, $"{name} is {value}; it must be finite."))

    let positive (name: string) (value: float) : unit =
        if not (Double.IsFinite value && value > 0.0) then
            raise (ArgumentOutOfRangeException(name, value, $"{name} is {value}; it must be positive and finite."))

    let notNegative (name: string) (value: float) : unit =
        if not (Double.IsFinite value && value >= 0.0) then
            raise (ArgumentOutOfRangeException(name, value, $"{name} is {value}; it must be at least 0 and finite."))

    let length (name: string) (actual: int) (expected: int) (what: string) : unit =
        if actual <> expected then
            invalidArg name $"{name} has length {actual}; {what} is {expected}."

    let notNull (name: string) (value: 'T) : unit =
        if isNull (box value) then
            nullArg name

    let finiteVector (name: string) (values: float[]) : unit =
        notNull name values

        for i in 0 .. values.Length - 1 do
            if not (Double.IsFinite values[i]) then
                invalidArg name $"{name}[{i}] is {values[i]}; every entry must be finite."

    let finiteMatrix (name: string) (values: float[,]) : unit =
        notNull name values

        let columns = Array2D.length2 values
        let flat = Dense.AsSpan values

        for i in 0 .. flat.Length - 1 do
            if not (Double.IsFinite flat[i]) then
                let row, column = i / columns, i % columns
                invalidArg name $"{name}[{row}, {column}] is {flat[i]} (row {row}); every entry must be finite."

    // Beyond this a perturbed entry, or a sum over samples, may overflow; an infinite entry would be every argmax.
    let largest = 1e280

    /// Below this derivatives, which divide by epsilon, overflow.
    let smallestEpsilon = 1e-300

    /// A noise scale.
    let epsilon (name: string) (value: float) : unit =
        positive name value

        let fail (bound: string) : unit =
            raise (ArgumentOutOfRangeException(name, value, $"{name} is {value}; it must be {bound}."))

        if value < smallestEpsilon then
            fail $"at least {smallestEpsilon}"

        if value > largest then
            fail $"at most {largest}"

    /// θ: entries are finite, and not so large that their perturbations may overflow. `row` is negative where there is
    /// one θ alone.
    let theta (name: string) (row: int64) (values: ReadOnlySpan<float>) : unit =
        for i in 0 .. values.Length - 1 do
            if not (abs values[i] <= largest) then
                let which = if row < 0L then $"{name}[{i}]" else $"{name}[{row}, {i}]"
                let inRow = if row < 0L then "" else $" (row {row})"
                invalidArg name $"{which} is {values[i]}{inRow}; every entry must be finite, of size {largest} at most."
