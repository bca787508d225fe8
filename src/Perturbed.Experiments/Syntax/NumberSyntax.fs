namespace Perturbed.Experiments

open System
open System.Globalization

/// Numbers as a user writes them, in the invariant culture.
[<RequireQualifiedAccess>]
module NumberSyntax =

    let private tryNumber (text: string) : float voption =
        match Double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture) with
        // .NET takes zero bytes behind a number for blanks.
        | true, value when Double.IsFinite value && not (text.Contains '\000') -> ValueSome value
        | _ -> ValueNone

    /// <summary>A finite number.</summary>
    /// <param name="name">What it is, for the message, such as <c>--sigma</c>.</param>
    /// <param name="text">Such as -1.25 or 1e-3.</param>
    /// <returns>The number.</returns>
    /// <exception cref="T:Perturbed.Experiments.InputException">It is not a finite number.</exception>
    let number (name: string) (text: string) : float =
        match tryNumber text with
        | ValueSome value -> value
        | ValueNone -> Input.fail $"{name} is '{text}'; a finite number such as 0.5 was expected."

    /// <summary>A positive finite number.</summary>
    /// <param name="name">What it is, for the message.</param>
    /// <param name="text">Such as 0.5.</param>
    /// <returns>The number.</returns>
    /// <exception cref="T:Perturbed.Experiments.InputException">It is not a number above 0.</exception>
    let positive (name: string) (text: string) : float =
        let value = number name text

        if value > 0.0 then
            value
        else
            Input.fail $"{name} is {text}; a number above 0 was expected."

    /// <summary>A finite number that is not negative.</summary>
    /// <param name="name">What it is, for the message.</param>
    /// <param name="text">Such as 0 or 0.5.</param>
    /// <returns>The number.</returns>
    /// <exception cref="T:Perturbed.Experiments.InputException">It is not a number of at least 0.</exception>
    let notNegative (name: string) (text: string) : float =
        let value = number name text

        if value >= 0.0 then
            value
        else
            Input.fail $"{name} is {text}; a number of at least 0 was expected."

    /// <summary>A whole number within bounds, also in the form 1e6.</summary>
    /// <param name="least">The least allowed.</param>
    /// <param name="most">The most allowed.</param>
    /// <param name="name">What it is, for the message.</param>
    /// <param name="text">Such as 1000 or 1e6.</param>
    /// <returns>The number.</returns>
    /// <exception cref="T:Perturbed.Experiments.InputException">Not a whole number, or out of bounds.</exception>
    let countWithin (least: int) (most: int) (name: string) (text: string) : int =
        match tryNumber text with
        | ValueSome value when value = Math.Floor value && value >= float least && value <= float most -> int value
        | _ -> Input.fail $"{name} is '{text}'; a whole number from {least} to {most} was expected."

    /// <summary>A whole number from a least one on, also in the form 1e6.</summary>
    /// <param name="least">The least allowed.</param>
    /// <param name="name">What it is, for the message.</param>
    /// <param name="text">Such as 1000 or 1e6.</param>
    /// <returns>The number, at least <paramref name="least"/>.</returns>
    /// <exception cref="T:Perturbed.Experiments.InputException">Not a whole number, or out of bounds.</exception>
    let count (least: int) (name: string) (text: string) : int =
        countWithin least Int32.MaxValue name text

    /// <summary>A share of a whole.</summary>
    /// <param name="name">What it is, for the message.</param>
    /// <param name="text">A number from 0 to 1.</param>
    /// <returns>The number.</returns>
    /// <exception cref="T:Perturbed.Experiments.InputException">Not such a number.</exception>
    let share (name: string) (text: string) : float =
        match tryNumber text with
        | ValueSome value when value >= 0.0 && value <= 1.0 -> value
        | _ -> Input.fail $"{name} is '{text}'; a number from 0 to 1 was expected."

    /// <summary>The 64 bits of a key.</summary>
    /// <param name="name">What it is, for the message.</param>
    /// <param name="text">A whole number from 0 to 2⁶⁴ − 1.</param>
    /// <returns>The number.</returns>
    /// <exception cref="T:Perturbed.Experiments.InputException">Not such a number.</exception>
    let key (name: string) (text: string) : uint64 =
        match UInt64.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture) with
        | true, value -> value
        | _ -> Input.fail $"{name} is '{text}'; a whole number from 0 to {UInt64.MaxValue} was expected."

    let private blanks = [| ' '; '\t' |]

    /// <summary>The fields of a row of numbers: separated by commas, or by blanks where there is no comma.</summary>
    /// <param name="text">Such as <c>1,2,3</c> or <c>1 2 3</c>.</param>
    /// <returns>The fields, trimmed; none for a blank text.</returns>
    let fields (text: string) : string[] =
        if String.IsNullOrWhiteSpace text then
            [||]
        elif text.Contains ',' then
            text.Split(',', StringSplitOptions.TrimEntries)
        else
            text.Split(blanks, StringSplitOptions.RemoveEmptyEntries ||| StringSplitOptions.TrimEntries)

    /// <summary>A row of finite numbers, or what is wrong with it.</summary>
    /// <param name="text">Numbers between commas or blanks.</param>
    /// <returns>The numbers, at least one; or a message that counts entries from 0.</returns>
    let tryRow (text: string) : Result<float[], string> =
        let entries = fields text
        let numbers = entries |> Array.map tryNumber

        if entries.Length = 0 then
            Error "no number; numbers such as 2,-1,0.3 were expected."
        else
            match numbers |> Array.tryFindIndex _.IsNone with
            | Some i -> Error $"entry {i} is '{entries[i]}'; a finite number was expected."
            | None -> Ok(numbers |> Array.map _.Value)

    /// <summary>A row of finite numbers.</summary>
    /// <param name="name">What it is, for the message.</param>
    /// <param name="text">Numbers between commas or blanks.</param>
    /// <returns>At least one number.</returns>
    /// <exception cref="T:Perturbed.Experiments.InputException">No number, or an entry that is not a finite
    /// number.</exception>
    let row (name: string) (text: string) : float[] =
        match tryRow text with
        | Ok numbers -> numbers
        | Error message ->
            let start = if text.Length > 60 then text[..59] + "…" else text
            Input.fail $"{name} '{start}': {message}"
