namespace Perturbed.Functional.Charts

open System
open System.Globalization

/// Numbers and solutions as short texts.
[<RequireQualifiedAccess>]
module internal Labels =

    /// Three significant digits.
    let number (value: float) : string =
        let size = abs value

        if value = 0.0 then
            "0"
        elif size >= 1e5 || size < 1e-3 then
            value.ToString("0.##e0", CultureInfo.InvariantCulture)
        else
            let decimals = max 0 (2 - int (floor (log10 size)))
            (Math.Round(value, decimals) + 0.0).ToString("0.#####", CultureInfo.InvariantCulture)

    /// Two significant digits of the largest of several numbers, as many decimals for each.
    let within (largest: float) (value: float) : string =
        let decimals =
            if largest = 0.0 then
                0
            else
                max 0 (1 - int (floor (log10 largest)))

        if value = 0.0 then
            "0"
        elif decimals > 6 || largest >= 1e5 then
            number value
        else
            (Math.Round(value, decimals) + 0.0).ToString($"F{decimals}", CultureInfo.InvariantCulture)

    /// A value with its error, where there is one.
    let withError (value: float) (error: float) : string =
        if Double.IsNaN error then
            number value
        else
            $"{number value} ± {number error}"

    /// At most a number of characters.
    let shortened (length: int) (text: string) : string =
        if text.Length <= length then
            text
        else
            text[.. length - 2] + "…"

    /// A solution: numbers, or of many zeros and ones the places of the ones.
    let solution (y: float[]) : string =
        let isIndicator = y |> Array.forall (fun v -> v = 0.0 || v = 1.0)

        if isIndicator && y.Length > 6 then
            let ones =
                y
                |> Seq.indexed
                |> Seq.filter (fun (_, v) -> v = 1.0)
                |> Seq.map (fst >> string)

            "{" + String.concat " " ones + "}"
        else
            "(" + (y |> Seq.map number |> String.concat " ") + ")"
        |> shortened 22
