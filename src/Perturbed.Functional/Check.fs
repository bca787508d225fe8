namespace Perturbed.Functional

open System
open Perturbed.Kernels

/// Argument checks: each names the parameter, the actual and the expected value.
module internal Check =

    let positiveInt (name: string) (value: int) : unit =
        if value < 1 then
            raise (ArgumentOutOfRangeException(name, value, $"{name} is {value}; it must be at least 1."))

    let finite (name: string) (value: float) : unit =
        if not (Double.IsFinite value) then
            raise (ArgumentOutOfRangeException(name, value, $"{name} is {value}; it must be finite."))

    let positive (name: string) (value: float) : unit =
        if not (Double.IsFinite value && value > 0.0) then
            raise (ArgumentOutOfRangeException(name, value, $"{name} is {value}; it must be positive and finite."))

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
