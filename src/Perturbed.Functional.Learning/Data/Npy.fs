namespace Perturbed.Functional

open System
open System.IO
open System.Runtime.InteropServices

/// <summary>Arrays in NumPy's .npy format: versions 1 to 3, C and Fortran order, either byte order.</summary>
[<RequireQualifiedAccess>]
module Npy =

    let private count (shape: int[]) : bigint =
        Array.fold (fun (product: bigint) (extent: int) -> product * bigint extent) 1I shape

    let private length (data: NpyData) : int =
        match data with
        | NpyData.UInt8 numbers -> numbers.Length
        | NpyData.Int64 numbers -> numbers.Length
        | NpyData.Float32 numbers -> numbers.Length
        | NpyData.Float64 numbers -> numbers.Length

    /// <summary>An array, such as one to be written.</summary>
    /// <param name="shape">The length of every axis, each at least 0; empty for a single number.</param>
    /// <param name="data">The numbers in C order, as many as the product of the shape; not copied.</param>
    /// <returns>The array, its source called "array".</returns>
    /// <exception cref="T:System.ArgumentException">A negative length, or another number of numbers than the shape
    /// says.</exception>
    let create (shape: int[]) (data: NpyData) : NpyArray =
        Check.notNull (nameof shape) shape

        shape
        |> Array.iteri (fun axis extent ->
            if extent < 0 then
                invalidArg (nameof shape) $"shape[{axis}] is {extent}; it must be at least 0.")

        if count shape <> bigint (length data) then
            invalidArg
                (nameof data)
                $"data has {length data} numbers; the shape {NpyHeader.shapeText shape} asks for {count shape}."

        {
            Source = "array"
            Shape = shape
            Data = data
        }

    /// <summary>Reads an array. Every type of number is read exactly; those without a form of their own as the next
    /// wider one.</summary>
    /// <param name="nonFinite">What to do about NaN and ±∞.</param>
    /// <param name="source">Name of the stream in error messages, such as a path.</param>
    /// <param name="stream">The file from its first byte to its last; not closed.</param>
    /// <returns>The array, in C order.</returns>
    /// <exception cref="T:System.IO.InvalidDataException">Empty, no .npy file, cut short, too long, an unknown version
    /// or type of number, a number above Int64's or one that is not finite: the message is source, offset in the file,
    /// what was found and what was expected.</exception>
    let read (nonFinite: NonFinite) (source: string) (stream: Stream) : NpyArray =
        Check.notNull (nameof source) source
        Check.notNull (nameof stream) stream
        let header = NpyHeader.read source stream
        let size = NpyNumbers.size header
        let asked = count header.Shape * bigint size
        let text = NpyHeader.shapeText header.Shape

        if asked > bigint Array.MaxLength then
            NpyFile.fail
                source
                header.DataOffset
                $"the shape {text} of '{header.TypeText}' asks for {asked} bytes; at most {Array.MaxLength} can be read."

        let ends (read: int64) =
            NpyFile.fail
                source
                (header.DataOffset + read)
                $"the file ends after {read} bytes of numbers; {asked} were expected for the shape {text} of '{header.TypeText}'."

        // Before memory is taken for numbers that are not there.
        if stream.CanSeek && stream.Length - header.DataOffset < int64 asked then
            ends (stream.Length - header.DataOffset)

        let bytes = Array.zeroCreate<byte>(int asked)
        let read = stream.ReadAtLeast(Span bytes, bytes.Length, false)

        if read < bytes.Length then
            ends (int64 read)

        if stream.ReadByte() >= 0 then
            NpyFile.fail
                source
                (header.DataOffset + int64 asked)
                $"more bytes follow the {asked} of the shape {text} of '{header.TypeText}'; the end of the file was expected."

        NpyNumbers.requireFits source header bytes

        if nonFinite = NonFinite.Reject then
            NpyNumbers.requireFinite source header bytes

        {
            Source = source
            Shape = header.Shape
            Data = NpyNumbers.decode header bytes
        }

    /// <summary>Reads an array from a file; as <c>read</c>.</summary>
    /// <param name="nonFinite">What to do about NaN and ±∞.</param>
    /// <param name="path">The file.</param>
    /// <returns>The array, in C order.</returns>
    /// <exception cref="T:System.IO.IOException">The file is not there or cannot be read.</exception>
    /// <exception cref="T:System.IO.InvalidDataException">Something is wrong in it: the message is path, offset, what
    /// was found and what was expected.</exception>
    let load (nonFinite: NonFinite) (path: string) : NpyArray =
        use stream = File.OpenRead path
        read nonFinite path stream

    /// <summary>The array, if it has the expected shape.</summary>
    /// <param name="expected">The length of every axis; none where any length will do.</param>
    /// <param name="array">The array.</param>
    /// <returns>The array itself.</returns>
    /// <exception cref="T:System.IO.InvalidDataException">Another shape: the message names source, shape and the
    /// expected one.</exception>
    let requireShape (expected: int option[]) (array: NpyArray) : NpyArray =
        Check.notNull (nameof expected) expected

        let fits =
            expected.Length = array.Shape.Length
            && Array.forall2 (fun e actual -> Option.forall ((=) actual) e) expected array.Shape

        if not fits then
            let axes =
                expected
                |> Array.map (fun e -> Option.map string e |> Option.defaultValue "any")

            let wanted = "(" + String.Join(", ", axes) + ")"

            raise (
                InvalidDataException
                    $"{array.Source}: the shape is {NpyHeader.shapeText array.Shape}; {wanted} was expected."
            )

        array

    /// <summary>The numbers in double precision, rounded where an integer has more than 53 bits.</summary>
    /// <param name="array">The array.</param>
    /// <returns>The numbers in C order, rounded where an integer has more than 53 bits. A copy, except of double
    /// precision itself.</returns>
    let toFloats (array: NpyArray) : float[] =
        match array.Data with
        | NpyData.UInt8 numbers -> Array.map float numbers
        | NpyData.Int64 numbers -> Array.map float numbers
        | NpyData.Float32 numbers -> Array.map float numbers
        | NpyData.Float64 numbers -> numbers

    let private littleEndian (bytes: ReadOnlySpan<byte>) (size: int) : byte[] =
        let copy = bytes.ToArray()

        if not BitConverter.IsLittleEndian then
            for first in 0..size .. copy.Length - size do
                Array.Reverse(copy, first, size)

        copy

    /// <summary>Writes an array: version 1.0, C order, little-endian.</summary>
    /// <param name="stream">Where to; not closed.</param>
    /// <param name="array">The array.</param>
    let write (stream: Stream) (array: NpyArray) : unit =
        Check.notNull (nameof stream) stream

        let elementType, bytes =
            match array.Data with
            | NpyData.UInt8 numbers -> "|u1", numbers
            | NpyData.Int64 numbers -> "<i8", littleEndian (MemoryMarshal.AsBytes(ReadOnlySpan numbers)) 8
            | NpyData.Float32 numbers -> "<f4", littleEndian (MemoryMarshal.AsBytes(ReadOnlySpan numbers)) 4
            | NpyData.Float64 numbers -> "<f8", littleEndian (MemoryMarshal.AsBytes(ReadOnlySpan numbers)) 8

        stream.Write(ReadOnlySpan(NpyHeader.write elementType array.Shape))
        stream.Write(ReadOnlySpan bytes)

    /// <summary>Replaces a file by an array, as <c>write</c>: written beside it, flushed to the disk and renamed, so
    /// that it is never half a file.</summary>
    /// <param name="path">The file; its directory is there.</param>
    /// <param name="array">The array.</param>
    /// <exception cref="T:System.IO.IOException">It cannot be written; what was there before is untouched.</exception>
    let save (path: string) (array: NpyArray) : unit =
        Check.notNull (nameof path) path
        FileReplacement.write [ path, (fun stream -> write stream array) ]
