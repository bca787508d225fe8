namespace Perturbed.Functional

open System
open System.Buffers.Binary
open System.IO
open System.IO.Compression
open Perturbed.Kernels

/// An array of bytes in an idx file, such as the images or the labels of MNIST and Fashion-MNIST.
type IdxArray =
    {
        /// The length of each axis, one or more.
        Shape: int[]
        /// The entries, the last axis first.
        Bytes: byte[]
    }

/// <summary>idx files of unsigned bytes, the format of MNIST and Fashion-MNIST, plain or compressed by gzip.</summary>
/// <remarks>Four bytes, 0, 0, 8 (the type) and the number of axes; then the length of each axis as a 32-bit integer,
/// most significant byte first; then the entries.</remarks>
[<RequireQualifiedAccess>]
module Idx =

    let private fail (source: string) (offset: int64) (what: string) : 'a =
        raise (InvalidDataException $"{source}: offset {offset}: {what}")

    let private typeNames =
        dict
            [
                9uy, "signed bytes"
                11uy, "16-bit integers"
                12uy, "32-bit integers"
                13uy, "single precision"
                14uy, "double precision"
            ]

    // The bytes of a stream, unpacked where they begin as a gzip file does.
    let private contentOf (source: string) (stream: Stream) : byte[] =
        use copy = new MemoryStream()
        stream.CopyTo copy
        let bytes = copy.ToArray()

        if bytes.Length >= 2 && bytes[0] = 0x1Fuy && bytes[1] = 0x8Buy then
            use packed = new MemoryStream(bytes)
            use unpacked = new GZipStream(packed, CompressionMode.Decompress)
            use content = new MemoryStream()

            try
                unpacked.CopyTo content
            with :? InvalidDataException as e ->
                fail source content.Length $"the gzip file is damaged behind this offset of its content: {e.Message}"

            content.ToArray()
        else
            bytes

    let private axes (source: string) (content: byte[]) : int[] =
        if content.Length < 4 then
            fail
                source
                (int64 content.Length)
                "the file ends; 4 bytes were expected: 0, 0, the type and the number of axes."

        if content[0] <> 0uy || content[1] <> 0uy then
            fail source 0L $"the file begins with the bytes {content[0]} and {content[1]}; 0 and 0 were expected."

        match content[2], typeNames.TryGetValue content[2] with
        | 8uy, _ -> ()
        | kind, (true, name) -> fail source 2L $"the type is {kind}, {name}; 8, unsigned bytes, was expected."
        | kind, _ -> fail source 2L $"the type is {kind}; 8, unsigned bytes, was expected."

        let count = int content[3]

        if count = 0 then
            fail source 3L "the number of axes is 0; 1 or more were expected."

        if content.Length < 4 + 4 * count then
            fail source (int64 content.Length) $"the file ends; the lengths of {count} axes of 4 bytes were expected."

        Array.init count (fun axis ->
            let length =
                BinaryPrimitives.ReadInt32BigEndian(ReadOnlySpan(content, 4 + 4 * axis, 4))

            if length < 0 then
                fail source (int64 (4 + 4 * axis)) $"the length of axis {axis} is above 2^31 − 1."

            length)

    /// <summary>Reads an array from a stream.</summary>
    /// <param name="source">Name of the stream in error messages, such as a path.</param>
    /// <param name="stream">The file from its first byte to its last, plain or gzip; not closed.</param>
    /// <returns>The array.</returns>
    /// <exception cref="T:System.IO.InvalidDataException">Cut short, too long, of another type, or damaged: the message
    /// is source, offset (in the unpacked content), what was found and what was expected.</exception>
    let read (source: string) (stream: Stream) : IdxArray =
        Check.notNull (nameof source) source
        Check.notNull (nameof stream) stream
        let content = contentOf source stream
        let shape = axes source content
        let start = 4 + 4 * shape.Length
        let found = int64 (content.Length - start)

        let expected =
            shape |> Array.fold (fun product length -> product * bigint length) 1I

        if bigint found <> expected then
            let lengths = shape |> Seq.map string |> String.concat " × "

            let what =
                if bigint found < expected then
                    "the file ends"
                else
                    "the array ends"

            fail
                source
                (int64 start + (if bigint found < expected then found else int64 expected))
                $"{what}, and the file has {found} entries; {expected} = {lengths} were expected."

        {
            Shape = shape
            Bytes = content[start..]
        }

    /// <summary>Reads an array from a file such as train-images-idx3-ubyte.gz; as <c>read</c>.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The array.</returns>
    /// <exception cref="T:System.IO.IOException">The file is not there or cannot be read.</exception>
    /// <exception cref="T:System.IO.InvalidDataException">Something is wrong in it: the message is path, offset, what
    /// was found and what was expected.</exception>
    let load (path: string) : IdxArray =
        Check.notNull (nameof path) path
        use stream = File.OpenRead path
        read path stream

    /// <summary>Images with their classes to learn from: entries divided by 255 [images × pixels], and classes as
    /// vertices of the simplex [images × classes].</summary>
    /// <param name="classes">The number of classes, at least 1.</param>
    /// <param name="images">Images along the first axis; the entries of the others are the pixels.</param>
    /// <param name="labels">One axis: the class of each image, from 0.</param>
    /// <returns>Inputs in [0, 1], targets with a 1 at the class.</returns>
    /// <exception cref="T:System.ArgumentException">Shapes that do not fit each other, or a label that is not
    /// below <paramref name="classes"/>.</exception>
    let toExamples (classes: int) (images: IdxArray) (labels: IdxArray) : Examples =
        Check.positiveInt (nameof classes) classes
        let count = images.Shape[0]
        let entries = images.Shape |> Array.fold (fun product length -> product * length) 1
        Check.length "images.Bytes" images.Bytes.Length entries "the product of its axes"

        if labels.Shape.Length <> 1 || labels.Shape[0] <> count then
            let lengths = labels.Shape |> Seq.map string |> String.concat " × "
            invalidArg (nameof labels) $"labels is {lengths}; images has {count}, and one label each was expected."

        let width = if count = 0 then 0 else images.Bytes.Length / count
        let inputs = Array2D.zeroCreate<float> count width
        let targets = Array2D.zeroCreate<float> count classes
        let flat = Dense.AsSpan inputs

        for i in 0 .. flat.Length - 1 do
            flat[i] <- float images.Bytes[i] / 255.0

        Check.length "labels.Bytes" labels.Bytes.Length count "one label for each image"

        labels.Bytes
        |> Array.iteri (fun i label ->
            if int label >= classes then
                invalidArg (nameof labels) $"the label of image {i} is {label}; it must lie in 0 .. {classes - 1}."

            targets[i, int label] <- 1.0)

        Examples.create inputs targets
