namespace Perturbed.Functional

open System
open System.Buffers.Binary
open System.IO
open System.Text

/// The header of an .npy file: magic bytes, version, and a Python dictionary of element type, order and shape.
type internal NpyHeader =
    {
        /// The element type as the file writes it, such as =f8.
        TypeText: string
        /// The element type with its byte order in front, such as <f8; | where it has one byte.
        Type: string
        /// Whether the first index runs fastest.
        IsFortran: bool
        Shape: int[]
        /// Where in the file the numbers begin.
        DataOffset: int64
    }

module internal NpyHeader =

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
            NpyFile.fail source (offset + int64 read) $"the file ends; {what} was expected, {count - read} bytes more."

        buffer

    // Names and letters of types that are the same on every machine.
    let private typeOfName: (string * string) list =
        [
            "?", "b1"
            "bool", "b1"
            "b", "i1"
            "B", "u1"
            "h", "i2"
            "H", "u2"
            "i", "i4"
            "I", "u4"
            "q", "i8"
            "Q", "u8"
            "e", "f2"
            "f", "f4"
            "d", "f8"
            for bits in [ 8; 16; 32; 64 ] do
                $"int{bits}", $"i{bits / 8}"
                $"uint{bits}", $"u{bits / 8}"
            for bits in [ 16; 32; 64 ] do
                $"float{bits}", $"f{bits / 8}"
        ]

    let private types = typeOfName |> List.map snd |> Set.ofList

    // = and a missing order mean the order of the machine that reads, as for NumPy, and so does | before several
    // bytes.
    let private elementType (source: string) (offset: int64) (written: string) : string =
        let order, name =
            match written with
            | "" -> ' ', ""
            | text when "<>=|".Contains text[0] -> text[0], text[1..]
            | text -> ' ', text

        let kind =
            typeOfName
            |> List.tryFind (fun (known, _) -> known = name)
            |> Option.map snd
            |> Option.defaultValue name

        let own = if BitConverter.IsLittleEndian then '<' else '>'

        if not (types.Contains kind) then
            NpyFile.fail
                source
                offset
                $"the element type is '{written}'; b1, i1, i2, i4, i8, u1, u2, u4, u8, f2, f4 or f8, after <, >, = or |, was expected."
        elif kind[1] = '1' then
            "|" + kind
        elif order = '<' || order = '>' then
            $"{order}{kind}"
        else
            $"{own}{kind}"

    /// Reads a header; the stream is then at the numbers.
    let read (source: string) (stream: Stream) : NpyHeader =
        let start = Array.zeroCreate<byte> 6
        let count = stream.ReadAtLeast(Span start, 6, false)

        if count = 0 then
            NpyFile.fail source 0L $"the file is empty; {magicText} were expected."

        if start <> magic then
            let found = Convert.ToHexString(start, 0, count)
            NpyFile.fail source 0L $"the file begins with {found}; {magicText} were expected."

        let version = need source 6L "the version of the format" stream 2

        // Version 1 has a length of two bytes, the others of four; version 3 allows names beyond Latin-1.
        let lengthBytes, encoding =
            match version[0], version[1] with
            | 1uy, 0uy -> 2, Encoding.Latin1
            | 2uy, 0uy -> 4, Encoding.Latin1
            | 3uy, 0uy -> 4, Encoding.UTF8
            | major, minor -> NpyFile.fail source 6L $"the version is {major}.{minor}; 1.0, 2.0 or 3.0 was expected."

        let lengthAt = 8L
        let raw = need source lengthAt "the length of the header" stream lengthBytes
        let whole = Array.zeroCreate<byte> 4
        raw.CopyTo(whole, 0)
        let length = BinaryPrimitives.ReadUInt32LittleEndian(ReadOnlySpan whole)

        if length > uint32 longest then
            NpyFile.fail source lengthAt $"the header has {length} bytes; at most {longest} were expected."

        let offset = lengthAt + int64 lengthBytes
        let text = encoding.GetString(need source offset "the header" stream (int length))
        let dictionary = NpyDictionary.parse source offset text

        {
            TypeText = dictionary.Type
            Type = elementType source offset dictionary.Type
            IsFortran = dictionary.IsFortran
            Shape = dictionary.Shape
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
