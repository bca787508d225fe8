namespace Perturbed.Functional

open System
open System.Buffers
open System.Text
open System.Text.Json

/// The lines of a solver in another process: questions {"thetas": [[...], ...]}, answers {"solutions": [[...], ...]}
/// with {"failed": kind, "reason": text} in the place of a solution that there is none of.
module internal SolverLines =

    let private thetas = JsonEncodedText.Encode "thetas"

    /// Writes the question of n θ, with the end of its line.
    let write
        (target: ArrayBufferWriter<byte>)
        (writer: Utf8JsonWriter)
        (d: int)
        (numbers: ReadOnlySpan<float>)
        : unit =
        target.ResetWrittenCount()
        writer.Reset target
        writer.WriteStartObject()
        writer.WriteStartArray thetas

        for i in 0 .. numbers.Length - 1 do
            if i % d = 0 then
                writer.WriteStartArray()

            writer.WriteNumberValue numbers[i]

            if i % d = d - 1 then
                writer.WriteEndArray()

        writer.WriteEndArray()
        writer.WriteEndObject()
        writer.Flush()
        (target.GetSpan 1)[0] <- 10uy
        target.Advance 1

    // What is wrong with a line, and the line, or its start.
    let private wrong (line: ReadOnlyMemory<byte>) (what: string) : exn =
        let text = Encoding.UTF8.GetString line.Span

        WrongAnswer(
            $"{what}: "
            + (if text.Length > 200 then
                   text.Substring(0, 200) + "…"
               else
                   text)
        )

    let private text (item: JsonElement) (name: string) : string =
        match item.TryGetProperty name with
        | true, found when found.ValueKind = JsonValueKind.String -> string (found.GetString())
        | _ -> ""

    // {"failed": kind, "reason": text}.
    let private failure (line: ReadOnlyMemory<byte>) (m: int) (item: JsonElement) : SolveFailedException =
        let kind =
            match text item "failed" with
            | "failed" -> SolveFailure.Failed
            | "infeasible" -> SolveFailure.Infeasible
            | "unbounded" -> SolveFailure.Unbounded
            | "timed out" -> SolveFailure.TimedOut
            | _ ->
                raise (
                    wrong
                        line
                        $"solution {m} is an object without \"failed\": \"infeasible\", \"unbounded\", \"timed out\" or \
                          \"failed\", in the line"
                )

        SolveFailedException(kind, text item "reason")

    let private numbers (line: ReadOnlyMemory<byte>) (m: int) (item: JsonElement) (y: Span<float>) : unit =
        if item.GetArrayLength() <> y.Length then
            raise (
                wrong line $"solution {m} has {item.GetArrayLength()} entries; the dimension is {y.Length}. The line"
            )

        let mutable i = 0

        for entry in item.EnumerateArray() do
            if entry.ValueKind <> JsonValueKind.Number then
                raise (wrong line $"entry {i} of solution {m} is {entry}, where a number was expected, in the line")

            y[i] <- entry.GetDouble()
            i <- i + 1

    /// Reads the answer to n θ: solutions (n × d), and what the others failed by.
    let read
        (line: ReadOnlyMemory<byte>)
        (d: int)
        (solutions: Span<float>)
        (failures: Span<SolveFailedException | null>)
        : unit =
        use document =
            try
                JsonDocument.Parse line
            with :? JsonException as error ->
                let what = error.Message.TrimEnd '.'
                raise (wrong line $"its answer is no line of JSON ({what}). The line")

        let root = document.RootElement

        let items =
            if root.ValueKind = JsonValueKind.Object then
                match root.TryGetProperty "solutions" with
                | true, items when items.ValueKind = JsonValueKind.Array -> items
                | _ -> raise (wrong line "its answer has no array \"solutions\". The line")
            else
                raise (wrong line "its answer is no object with an array \"solutions\". The line")

        if items.GetArrayLength() <> failures.Length then
            raise (wrong line $"it answered {items.GetArrayLength()} solutions to {failures.Length} θ. The line")

        let mutable m = 0

        for item in items.EnumerateArray() do
            let y = solutions.Slice(m * d, d)

            match item.ValueKind with
            | JsonValueKind.Array ->
                failures[m] <- null
                numbers line m item y
            | JsonValueKind.Object ->
                failures[m] <- failure line m item
                y.Clear()
            | other -> raise (wrong line $"solution {m} is {other}, where an array was expected, in the line")

            m <- m + 1
