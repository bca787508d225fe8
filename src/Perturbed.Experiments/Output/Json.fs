namespace Perturbed.Experiments

open System
open System.Buffers
open System.Text
open System.Text.Encodings.Web
open System.Text.Json

/// A JSON value. Numbers are written so that reading them back gives the same bits; NaN and ∞, which JSON lacks, are
/// written null.
[<RequireQualifiedAccess>]
type Json =
    /// null.
    | Null
    /// true or false.
    | Bool of bool
    /// A whole number.
    | Integer of int64
    /// The 64 bits of a key.
    | Bits of uint64
    /// A number; null where it is not finite.
    | Number of float
    /// A string.
    | Text of string
    /// An array.
    | Array of Json seq
    /// An object, its members in the given order.
    | Object of (string * Json) seq

/// JSON values out of arrays, and their text.
[<RequireQualifiedAccess>]
module Json =

    /// <summary>An array of numbers.</summary>
    /// <param name="values">The numbers.</param>
    /// <returns>A value.</returns>
    let numbers (values: float[]) : Json =
        values |> Seq.map Json.Number |> Json.Array

    /// <summary>An array of the rows of a matrix.</summary>
    /// <param name="values">[rows × columns].</param>
    /// <returns>A value.</returns>
    let matrix (values: float[,]) : Json =
        seq { 0 .. Array2D.length1 values - 1 }
        |> Seq.map (fun r -> numbers values[r, *])
        |> Json.Array

    /// <summary>A value, or null.</summary>
    /// <param name="write">The value of what is there.</param>
    /// <param name="value">What may be there.</param>
    /// <returns>A value.</returns>
    let optional (write: 'a -> Json) (value: 'a option) : Json =
        value |> Option.map write |> Option.defaultValue Json.Null

    let rec private writeTo (writer: Utf8JsonWriter) (json: Json) : unit =
        match json with
        | Json.Null -> writer.WriteNullValue()
        | Json.Bool value -> writer.WriteBooleanValue value
        | Json.Integer value -> writer.WriteNumberValue value
        | Json.Bits value -> writer.WriteNumberValue value
        | Json.Number value when Double.IsFinite value -> writer.WriteNumberValue value
        | Json.Number _ -> writer.WriteNullValue()
        | Json.Text value -> writer.WriteStringValue value
        | Json.Array values ->
            writer.WriteStartArray()
            values |> Seq.iter (writeTo writer)
            writer.WriteEndArray()
        | Json.Object members ->
            writer.WriteStartObject()

            for name, value in members do
                writer.WritePropertyName name
                writeTo writer value

            writer.WriteEndObject()

    /// <summary>Numbers to six digits: more than a picture shows, and a third of the bytes.</summary>
    /// <param name="json">A number, or an object of numbers and objects; others stay.</param>
    /// <returns>JSON.</returns>
    let rec rounded (json: Json) : Json =
        match json with
        | Json.Number number when number <> 0.0 && Double.IsFinite number ->
            Json.Number(float (number.ToString("E5", System.Globalization.CultureInfo.InvariantCulture)))
        | Json.Object members -> Json.Object(members |> Seq.map (fun (name, value) -> name, rounded value))
        | other -> other

    /// <summary>The text of a value, in one line.</summary>
    /// <param name="json">The value.</param>
    /// <returns>JSON.</returns>
    let text (json: Json) : string =
        let buffer = ArrayBufferWriter<byte>()

        let options =
            JsonWriterOptions(Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping)

        use writer = new Utf8JsonWriter(buffer, options)
        writeTo writer json
        writer.Flush()
        Encoding.UTF8.GetString buffer.WrittenSpan

    let rec private ofElement (element: JsonElement) : Json =
        match element.ValueKind with
        | JsonValueKind.True -> Json.Bool true
        | JsonValueKind.False -> Json.Bool false
        | JsonValueKind.String -> Json.Text(element.GetString() |> Option.ofObj |> Option.defaultValue "")
        | JsonValueKind.Array -> Json.Array [| for item in element.EnumerateArray() -> ofElement item |]
        | JsonValueKind.Object ->
            Json.Object [| for entry in element.EnumerateObject() -> entry.Name, ofElement entry.Value |]
        // As a whole number it would lose its sign.
        | JsonValueKind.Number when element.GetRawText() = "-0" -> Json.Number -0.0
        | JsonValueKind.Number ->
            match element.TryGetInt64(), element.TryGetUInt64() with
            | (true, value), _ -> Json.Integer value
            | _, (true, value) -> Json.Bits value
            | _ -> Json.Number(element.GetDouble())
        | _ -> Json.Null

    /// <summary>Reads a value.</summary>
    /// <param name="text">JSON.</param>
    /// <returns>The value; writing it again gives the same text as <c>text</c> wrote.</returns>
    /// <exception cref="T:System.IO.InvalidDataException">It is not JSON: the message says where and why.</exception>
    let parse (text: string) : Json =
        try
            use document = JsonDocument.Parse text
            ofElement document.RootElement
        with :? JsonException as error ->
            raise (IO.InvalidDataException $"no JSON: {error.Message}")

    /// <summary>A member of an object.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="json">The object.</param>
    /// <returns>None where it is no object or has no such member.</returns>
    let tryMember (name: string) (json: Json) : Json option =
        match json with
        | Json.Object members -> members |> Seq.tryFind (fun (n, _) -> n = name) |> Option.map snd
        | _ -> None

    let private wrong (name: string) (expected: string) : 'a =
        raise (IO.InvalidDataException $"member '{name}' is missing or of another kind; {expected} was expected.")

    /// <summary>A member of an object that must be there.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="json">The object.</param>
    /// <returns>The member.</returns>
    /// <exception cref="T:System.IO.InvalidDataException">There is none.</exception>
    let get (name: string) (json: Json) : Json =
        match tryMember name json with
        | Some value -> value
        | None -> wrong name "a value"

    /// <summary>A value as a number.</summary>
    /// <param name="json">A number, or null for NaN.</param>
    /// <returns>The number; NaN where there is none.</returns>
    let toNumber (json: Json) : float =
        match json with
        | Json.Number value -> value
        | Json.Integer value -> float value
        | Json.Bits value -> float value
        | _ -> nan

    /// <summary>A member that is a number.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="json">The object.</param>
    /// <returns>The number; NaN where the member is null.</returns>
    /// <exception cref="T:System.IO.InvalidDataException">There is none, or of another kind.</exception>
    let number (name: string) (json: Json) : float =
        match get name json with
        | Json.Number _
        | Json.Integer _
        | Json.Bits _
        | Json.Null as value -> toNumber value
        | _ -> wrong name "a number"

    /// <summary>A member that is a text.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="json">The object.</param>
    /// <returns>The text.</returns>
    /// <exception cref="T:System.IO.InvalidDataException">There is none, or of another kind.</exception>
    let string (name: string) (json: Json) : string =
        match get name json with
        | Json.Text value -> value
        | _ -> wrong name "a text"

    /// <summary>A member that is true or false.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="json">The object.</param>
    /// <returns>The value.</returns>
    /// <exception cref="T:System.IO.InvalidDataException">There is none, or of another kind.</exception>
    let bool (name: string) (json: Json) : bool =
        match get name json with
        | Json.Bool value -> value
        | _ -> wrong name "true or false"

    /// <summary>A member that is an array.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="json">The object.</param>
    /// <returns>Its items.</returns>
    /// <exception cref="T:System.IO.InvalidDataException">There is none, or of another kind.</exception>
    let items (name: string) (json: Json) : Json[] =
        match get name json with
        | Json.Array values -> Seq.toArray values
        | _ -> wrong name "an array"
