namespace Perturbed.Functional.Remote

open System
open System.IO
open System.Runtime.InteropServices
open System.Text

/// Numbers, texts and arrays of numbers as bytes: little-endian, arrays and texts after their lengths.
[<Sealed>]
type internal PlainWriter() =
    let stream = new MemoryStream()
    let writer = new BinaryWriter(stream)

    member _.Byte(value: byte) : unit = writer.Write value
    member _.Flag(value: bool) : unit = writer.Write value
    member _.Int(value: int) : unit = writer.Write value
    member _.Long(value: int64) : unit = writer.Write value

    member _.Text(value: string) : unit =
        let bytes = Encoding.UTF8.GetBytes value
        writer.Write bytes.Length
        writer.Write bytes

    member _.Ints(values: int[]) : unit =
        writer.Write values.Length
        writer.Write(MemoryMarshal.AsBytes(ReadOnlySpan values))

    member _.Floats(values: ReadOnlySpan<float>) : unit =
        writer.Write values.Length
        writer.Write(MemoryMarshal.AsBytes values)

    member _.ToArray() : byte[] = stream.ToArray()

/// Reads what PlainWriter wrote. A length is held to the bytes that are left before memory is taken for it.
[<Sealed>]
type internal PlainReader(bytes: byte[]) =
    let mutable at = 0

    let take (what: string) (count: int64) : ReadOnlySpan<byte> =
        if count < 0L || count > int64 (bytes.Length - at) then
            raise (InvalidDataException $"A unit of {bytes.Length} bytes ends inside of its {what}, from byte {at} on.")

        let part = ReadOnlySpan(bytes, at, int count)
        at <- at + int count
        part

    let int32 (what: string) : int = MemoryMarshal.Read<int>(take what 4L)

    member _.Byte(what: string) : byte = (take what 1L)[0]

    member _.Flag(what: string) : bool =
        match (take what 1L)[0] with
        | 0uy -> false
        | 1uy -> true
        | other -> raise (InvalidDataException $"The {what} of a unit is {other}; 0 or 1 was expected.")

    member _.Int(what: string) : int = int32 what
    member _.Long(what: string) : int64 = MemoryMarshal.Read<int64>(take what 8L)

    member _.Text(what: string) : string =
        let length = int32 what
        Encoding.UTF8.GetString(take what (int64 length))

    member _.Ints(what: string) : int[] =
        let length = int32 what
        MemoryMarshal.Cast<byte, int>(take what (4L * int64 length)).ToArray()

    member _.Floats(what: string) : float[] =
        let length = int32 what
        MemoryMarshal.Cast<byte, float>(take what (8L * int64 length)).ToArray()

    member _.End() : unit =
        if at <> bytes.Length then
            raise (InvalidDataException $"A unit has {bytes.Length - at} bytes after its end.")
