namespace Perturbed.Functional

open System
open System.Buffers.Binary
open System.Runtime.InteropServices

/// The numbers of an .npy file: from their bytes to arrays in C order.
module internal NpyNumbers =

    /// Bytes of an element: the number at the end of its type.
    let size (header: NpyHeader) : int = int header.Type[2] - int '0'

    // From Fortran order, in which the first index runs fastest, to C order.
    let private toCOrder (header: NpyHeader) (numbers: 'T[]) : 'T[] =
        if not header.IsFortran || header.Shape.Length < 2 then
            numbers
        else
            let shape = header.Shape
            let strides = Array.scan (*) 1 shape
            let index = Array.zeroCreate<int> shape.Length
            let mutable at = 0

            Array.init numbers.Length (fun _ ->
                let value = numbers[at]
                let mutable axis = shape.Length - 1
                let mutable carries = true

                while carries && axis >= 0 do
                    index[axis] <- index[axis] + 1
                    at <- at + strides[axis]
                    carries <- index[axis] = shape[axis]

                    if carries then
                        at <- at - shape[axis] * strides[axis]
                        index[axis] <- 0
                        axis <- axis - 1

                value)

    let private words<'T when 'T: struct and 'T: (new: unit -> 'T) and 'T :> ValueType> (bytes: byte[]) : 'T[] =
        MemoryMarshal.Cast<byte, 'T>(Span bytes).ToArray()

    /// The numbers of the bytes of a file.
    let decode (header: NpyHeader) (bytes: byte[]) : NpyData =
        let inOrder (numbers: 'T[]) = toCOrder header numbers
        let isSwapped = (header.Type[0] = '>') = BitConverter.IsLittleEndian

        // Element by element, in place.
        match header.Type[1..] with
        | "u2"
        | "i2"
        | "f2" when isSwapped ->
            let w = MemoryMarshal.Cast<byte, int16>(Span bytes)
            BinaryPrimitives.ReverseEndianness(Span.op_Implicit w, w)
        | "u4"
        | "i4"
        | "f4" when isSwapped ->
            let w = MemoryMarshal.Cast<byte, int>(Span bytes)
            BinaryPrimitives.ReverseEndianness(Span.op_Implicit w, w)
        | "u8"
        | "i8"
        | "f8" when isSwapped ->
            let w = MemoryMarshal.Cast<byte, int64>(Span bytes)
            BinaryPrimitives.ReverseEndianness(Span.op_Implicit w, w)
        | _ -> ()

        match header.Type[1..] with
        | "f8" -> NpyData.Float64(words<float> bytes |> inOrder)
        | "f4" -> NpyData.Float32(words<float32> bytes |> inOrder)
        | "f2" -> NpyData.Float32(words<Half> bytes |> Array.map (fun h -> float32 h) |> inOrder)
        | "i8"
        | "u8" -> NpyData.Int64(words<int64> bytes |> inOrder)
        | "i4" -> NpyData.Int64(words<int> bytes |> Array.map int64 |> inOrder)
        | "u4" -> NpyData.Int64(words<uint32> bytes |> Array.map int64 |> inOrder)
        | "i2" -> NpyData.Int64(words<int16> bytes |> Array.map int64 |> inOrder)
        | "u2" -> NpyData.Int64(words<uint16> bytes |> Array.map int64 |> inOrder)
        | "i1" -> NpyData.Int64(words<sbyte> bytes |> Array.map int64 |> inOrder)
        | _ -> NpyData.UInt8(inOrder bytes)

    /// Rejects numbers without a sign that Int64 cannot hold, by their place in the file.
    let requireFits (source: string) (header: NpyHeader) (bytes: byte[]) : unit =
        if header.Type[1..] = "u8" then
            for i in 0 .. bytes.Length / 8 - 1 do
                let span = ReadOnlySpan(bytes, 8 * i, 8)

                let value =
                    if header.Type[0] = '<' then
                        BinaryPrimitives.ReadUInt64LittleEndian span
                    else
                        BinaryPrimitives.ReadUInt64BigEndian span

                if value > uint64 Int64.MaxValue then
                    NpyFile.fail
                        source
                        (header.DataOffset + 8L * int64 i)
                        $"number {i} of {bytes.Length / 8} is {value}; at most {Int64.MaxValue} can be read."

    /// Rejects NaN and ±∞ by their place in the file; bytes are those of the file.
    let requireFinite (source: string) (header: NpyHeader) (bytes: byte[]) : unit =
        let size = size header

        let isFinite (at: int) : bool =
            let span = ReadOnlySpan(bytes, at, size)

            match header.Type with
            | "<f8" -> Double.IsFinite(BinaryPrimitives.ReadDoubleLittleEndian span)
            | ">f8" -> Double.IsFinite(BinaryPrimitives.ReadDoubleBigEndian span)
            | "<f4" -> Single.IsFinite(BinaryPrimitives.ReadSingleLittleEndian span)
            | ">f4" -> Single.IsFinite(BinaryPrimitives.ReadSingleBigEndian span)
            | "<f2" -> Half.IsFinite(BinaryPrimitives.ReadHalfLittleEndian span)
            | ">f2" -> Half.IsFinite(BinaryPrimitives.ReadHalfBigEndian span)
            | _ -> true

        if header.Type[1] = 'f' then
            for i in 0 .. bytes.Length / size - 1 do
                if not (isFinite (i * size)) then
                    NpyFile.fail
                        source
                        (header.DataOffset + int64 i * int64 size)
                        $"number {i} of {bytes.Length / size} is NaN or infinite; a finite number was expected."
