namespace Perturbed.Functional.Charts

open System
open System.Buffers.Binary
open System.IO
open System.IO.Compression
open System.Text

/// Pictures of pixels as PNG (ISO/IEC 15948): true colour, eight bits, no filter.
[<RequireQualifiedAccess>]
module internal Png =

    let private crcTable: uint32[] =
        Array.init 256 (fun n ->
            Seq.fold
                (fun (c: uint32) _ -> if c &&& 1u = 1u then 0xEDB88320u ^^^ (c >>> 1) else c >>> 1)
                (uint32 n)
                (seq { 1..8 }))

    let private crc (bytes: byte[]) : uint32 =
        let folded =
            bytes
            |> Array.fold (fun c b -> crcTable[int ((c ^^^ uint32 b) &&& 0xFFu)] ^^^ (c >>> 8)) 0xFFFFFFFFu

        folded ^^^ 0xFFFFFFFFu

    let private bigEndian (value: uint32) : byte[] =
        let bytes = Array.zeroCreate<byte> 4
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(), value)
        bytes

    let private chunk (name: string) (data: byte[]) : byte[] =
        let body = Array.append (Encoding.ASCII.GetBytes name) data
        Array.concat [ bigEndian (uint32 data.Length); body; bigEndian (crc body) ]

    /// <summary>Encodes a picture.</summary>
    /// <param name="width">Pixels a row, at least 1.</param>
    /// <param name="height">Rows, at least 1.</param>
    /// <param name="rgb">Red, green and blue of each pixel, row by row from the top.</param>
    /// <returns>The bytes of a PNG file.</returns>
    /// <exception cref="T:System.ArgumentException">The number of bytes is not 3 · width · height.</exception>
    let encode (width: int) (height: int) (rgb: byte[]) : byte[] =
        if width < 1 || height < 1 || rgb.Length <> 3 * width * height then
            invalidArg (nameof rgb) $"rgb has {rgb.Length} bytes; {width} × {height} pixels need {3 * width * height}."

        use packed = new MemoryStream()

        using (new ZLibStream(packed, CompressionLevel.SmallestSize, true)) (fun stream ->
            for row in 0 .. height - 1 do
                stream.WriteByte 0uy
                stream.Write(rgb, 3 * width * row, 3 * width))

        let header =
            Array.concat [ bigEndian (uint32 width); bigEndian (uint32 height); [| 8uy; 2uy; 0uy; 0uy; 0uy |] ]

        Array.concat
            [
                [| 0x89uy; 0x50uy; 0x4Euy; 0x47uy; 0x0Duy; 0x0Auy; 0x1Auy; 0x0Auy |]
                chunk "IHDR" header
                chunk "IDAT" (packed.ToArray())
                chunk "IEND" [||]
            ]
