namespace Perturbed.Experiments

open System
open System.Globalization
open System.Text

/// Texts of arguments and files for a terminal: control characters are shown by their codes.
[<RequireQualifiedAccess>]
module Printable =

    let private isPlain (rune: Rune) : bool =
        match Rune.GetUnicodeCategory rune with
        | UnicodeCategory.Control
        | UnicodeCategory.Format
        | UnicodeCategory.LineSeparator
        | UnicodeCategory.ParagraphSeparator -> false
        | _ -> true

    // Half a surrogate pair enumerates as U+FFFD, which is printable.
    let private escaped (isKept: Rune -> bool) (text: string) : string =
        if text.EnumerateRunes() |> Seq.forall isKept then
            text
        else
            let result = StringBuilder()

            for rune in text.EnumerateRunes() do
                if isKept rune then
                    result.Append(rune.ToString()) |> ignore
                elif rune.Value < 256 then
                    result.Append($"\\x{rune.Value:x2}") |> ignore
                else
                    result.Append($"\\u{rune.Value:x4}") |> ignore

            result.ToString()

    /// <summary>A text in one line.</summary>
    /// <param name="text">Any text.</param>
    /// <returns>The text with control and format characters by their codes, as \x1b.</returns>
    let line (text: string) : string = escaped isPlain text

    /// <summary>A text of several lines.</summary>
    /// <param name="text">Any text.</param>
    /// <returns>The text with control and format characters except line ends by their codes.</returns>
    let lines (text: string) : string =
        escaped (fun rune -> rune.Value = int '\n' || isPlain rune) (text.Replace(Environment.NewLine, "\n"))
