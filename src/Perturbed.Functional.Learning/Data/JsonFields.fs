namespace Perturbed.Functional

open System
open System.IO
open System.Text.Json

/// Fields of a file in JSON of the expected kinds, or errors that name file, field, what was found and what was
/// expected.
module internal JsonFields =

    let fail (path: string) (what: string) : 'a =
        raise (InvalidDataException $"{path}: {what}")

    /// A property of an object, or an error that names it by the way to it.
    let property (path: string) (place: string) (name: string) (element: JsonElement) : JsonElement =
        match element.TryGetProperty name with
        | true, value -> value
        | _ -> fail path $"'{place}{name}' is missing."

    let wrong (path: string) (name: string) (found: JsonElement) (expected: string) : 'a =
        let text = found.GetRawText()
        let text = if text.Length > 60 then text[..59] + "…" else text
        fail path $"'{name}' is {text}; {expected} was expected."

    let ofKind (path: string) (name: string) (kind: JsonValueKind) (expected: string) (value: JsonElement) =
        if value.ValueKind <> kind then
            wrong path name value expected

        value

    let text (path: string) (name: string) (value: JsonElement) : string =
        string ((value |> ofKind path name JsonValueKind.String "a text").GetString())

    let count (path: string) (name: string) (value: JsonElement) : int =
        let expected = $"a whole number of 1 .. {Int32.MaxValue}"

        match (value |> ofKind path name JsonValueKind.Number expected).TryGetInt32() with
        | true, number when number >= 1 -> number
        | _ -> wrong path name value expected

    let items (path: string) (name: string) (read: string -> JsonElement -> 'T) (value: JsonElement) : 'T[] =
        (value |> ofKind path name JsonValueKind.Array "an array").EnumerateArray()
        |> Seq.mapi (fun i item -> read $"{name}[{i}]" item)
        |> Seq.toArray

    // A literal beyond the doubles reads as infinity.
    let finite (path: string) (name: string) (value: JsonElement) : float =
        let number = (value |> ofKind path name JsonValueKind.Number "a number").GetDouble()

        if Double.IsFinite number then
            number
        else
            wrong path name value "a finite number"

    let optional (path: string) (name: string) (read: JsonElement -> 'T) (root: JsonElement) : 'T option =
        let value = property path "" name root

        if value.ValueKind = JsonValueKind.Null then
            None
        else
            Some(read (value |> ofKind path name JsonValueKind.Object "an object or null"))
