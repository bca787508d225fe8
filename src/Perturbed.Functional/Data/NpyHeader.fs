namespace Perturbed.Functional

open System
open System.Buffers.Binary
open System.IO
open System.Text
open System.Text.RegularExpressions

/// The header of an .npy file: magic bytes, version, and a Python dictionary of element type, order and shape.
type internal NpyHeader =
    {
        /// The element type as NumPy writes it, such as <f8.
        Type: string
        /// Whether the first index runs fastest.
        IsFortran: bool
        Shape: int[]
        /// Where in the file the numbers begin.
        DataOffset: int64
    }

module internal NpyHeader =

    let fail (source: string) (offset: int64) (what: string) : 'a =
        raise (InvalidDataException $"{source}: offset {offset}: {what}")

    let private magic = [| 0x93uy; byte 'N'; byte 'U'; byte 'M'; byte 'P'; byte 'Y' |]

    let private magicText = "the magic bytes 93 4E 55 4D 50 59 of an .npy file"

    // A megabyte: no shape needs more.
    [<Literal>]
    let private longest = 1048576

    /// A shape as Python writes it.
    let shapeText (shape: int seq) : string =
        match Seq.toList shape with
        | [ one ] -> $"({one},)"
        | several -> "(" + String.Join(", ", several) + ")"

    // Fills a buffer or says where the file ended.
    let private need (source: string) (offset: int64) (what: string) (stream: Stream) (count: int) : byte[] =
        let buffer = Array.zeroCreate<byte> count
        let read = stream.ReadAtLeast(Span buffer, count, false)

        if read < count then
            fail source (offset + int64 read) $"the file ends; {what} was expected, {count - read} bytes more."

        buffer

    let private entry
        (source: string)
        (offset: int64)
        (text: string)
        (key: string)
        (value: string)
        (what: string)
        : string =
        let found = Regex.Match(text, $"""['"]{key}['"]\s*:\s*{value}""")

        if not found.Success then
            let start = text.Trim()
            let start = if start.Length > 80 then start[..79] + "…" else start
            fail source offset $"the header is {start}; an entry '{key}' with {what} was expected."

        found.Groups[1].Value

    let private extents (source: string) (offset: int64) (text: string) : int[] =
        text.Split(',', StringSplitOptions.TrimEntries ||| StringSplitOptions.RemoveEmptyEntries)
        |> Array.map (fun part ->
            match Int32.TryParse part with
            | true, extent when extent >= 0 -> extent
            | _ -> fail source offset $"the shape is ({text}); whole numbers of 0 .. {Int32.MaxValue} were expected.")

    /// Reads a header; the stream is then at the numbers.
    let read (source: string) (stream: Stream) : NpyHeader =
        let start = Array.zeroCreate<byte> 6
        let count = stream.ReadAtLeast(Span start, 6, false)

        if count = 0 then
            fail source 0L $"the file is empty; {magicText} were expected."

        if start <> magic then
            let found = Convert.ToHexString(start, 0, count)
            fail source 0L $"the file begins with {found}; {magicText} were expected."

        let version = need source 6L "the version of the format" stream 2

        // Version 1 has a length of two bytes, the others of four; version 3 allows names beyond Latin-1.
        let lengthBytes, encoding =
            match version[0], version[1] with
            | 1uy, 0uy -> 2, Encoding.Latin1
            | 2uy, 0uy -> 4, Encoding.Latin1
            | 3uy, 0uy -> 4, Encoding.UTF8
            | major, minor -> fail source 6L $"the version is {major}.{minor}; 1.0, 2.0 or 3.0 was expected."

        let lengthAt = 8L
        let raw = need source lengthAt "the length of the header" stream lengthBytes
        let whole = Array.zeroCreate<byte> 4
        raw.CopyTo(whole, 0)
        let length = BinaryPrimitives.ReadUInt32LittleEndian(ReadOnlySpan whole)

        if length > uint32 longest then
            fail source lengthAt $"the header has {length} bytes; at most {longest} were expected."

        let offset = lengthAt + int64 lengthBytes
        let text = encoding.GetString(need source offset "the header" stream (int length))
        let entry = entry source offset text

        {
            Type = entry "descr" """['"]([^'"]*)['"]""" "an element type such as '<f8'"
            IsFortran = entry "fortran_order" "(True|False)" "True or False" = "True"
            Shape =
                entry "shape" """\(([^)]*)\)""" "a tuple such as (3, 4)"
                |> extents source offset
            DataOffset = offset + int64 length
        }

    /// The bytes of a header of version 1.0, padded with blanks so that the numbers begin at a multiple of 64.
    let write (elementType: string) (shape: int[]) : byte[] =
        let text =
            $"{{'descr': '{elementType}', 'fortran_order': False, 'shape': {shapeText shape}, }}"

        let padded = (10 + text.Length + 1 + 63) / 64 * 64 - 10
        let body = text.PadRight(padded - 1) + "\n"
        let length = [| byte padded; byte (padded >>> 8) |]
        Array.concat [ magic; [| 1uy; 0uy |]; length; Encoding.Latin1.GetBytes body ]
