namespace Perturbed.Experiments

open System
open System.Buffers
open System.Text
open System.Text.Encodings.Web
open System.Text.Json

/// A JSON value. Numbers are written so that reading them back gives the same bits; NaN and ∞, which JSON lacks, are written null.
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
