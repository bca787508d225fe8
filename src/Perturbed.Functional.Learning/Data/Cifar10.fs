namespace Perturbed.Functional

open System
open System.IO
open Perturbed.Kernels

/// Images of CIFAR-10 with their classes, from its binary version (Krizhevsky, 2009).
type Cifar10Images =
    {
        /// The class of each image, 0 .. 9.
        Labels: byte[]
        /// 3,072 bytes an image: the 32 × 32 pixels of red, row by row, then those of green and of blue.
        Pixels: byte[]
    }

/// <summary>CIFAR-10 in its binary version (Krizhevsky, 2009): records of one byte of label and 3,072 of
/// pixels.</summary>
[<RequireQualifiedAccess>]
module Cifar10 =

    /// The number of classes.
    [<Literal>]
    let Classes = 10

    /// The bytes of an image: 3 colours of 32 × 32 pixels.
    [<Literal>]
    let ImageBytes = 3072

    let private recordBytes = 1 + ImageBytes

    let private fail (source: string) (offset: int64) (what: string) : 'a =
        raise (InvalidDataException $"{source}: offset {offset}: {what}")

    /// <summary>Reads images from a stream.</summary>
    /// <param name="source">Name of the stream in error messages, such as a path.</param>
    /// <param name="stream">The file from its first byte to its last; not closed.</param>
    /// <returns>At least one image.</returns>
    /// <exception cref="T:System.IO.InvalidDataException">Empty, cut short inside a record, or a label beyond 9: the
    /// message is source, offset, what was found and what was expected.</exception>
    let read (source: string) (stream: Stream) : Cifar10Images =
        Check.notNull (nameof source) source
        Check.notNull (nameof stream) stream
        let labels, pixels = ResizeArray<byte>(), new MemoryStream()
        let record = Array.zeroCreate<byte> recordBytes

        let rec go () =
            let offset = int64 labels.Count * int64 recordBytes
            let count = stream.ReadAtLeast(Span record, recordBytes, false)

            if count = recordBytes then
                if record[0] >= byte Classes then
                    fail
                        source
                        offset
                        $"the label of image {labels.Count} is {record[0]}; 0 .. {Classes - 1} was expected."

                labels.Add record[0]
                pixels.Write(record, 1, ImageBytes)
                go ()
            elif count > 0 then
                fail
                    source
                    (offset + int64 count)
                    ($"the file ends after {count} bytes of image {labels.Count}; {recordBytes} were expected, "
                     + "a label and 3 × 32 × 32 pixels.")

        go ()

        if labels.Count = 0 then
            fail source 0L $"the file is empty; images of {recordBytes} bytes were expected."

        {
            Labels = labels.ToArray()
            Pixels = pixels.ToArray()
        }

    /// <summary>Reads images from a file such as data_batch_1.bin; as <c>read</c>.</summary>
    /// <param name="path">The file.</param>
    /// <returns>At least one image.</returns>
    /// <exception cref="T:System.IO.IOException">The file is not there or cannot be read.</exception>
    /// <exception cref="T:System.IO.InvalidDataException">Something is wrong in it: the message is path, offset, what
    /// was found and what was expected.</exception>
    let load (path: string) : Cifar10Images =
        use stream = File.OpenRead path
        read path stream

    /// <summary>Images to learn from: pixels divided by 255 [images × 3,072], and classes as vertices of the simplex
    /// [images × 10].</summary>
    /// <param name="images">The images.</param>
    /// <returns>Inputs [images × 3,072] in [0, 1], targets [images × 10] with a 1 at the class.</returns>
    /// <exception cref="T:System.ArgumentException">The numbers of labels and of pixels disagree, or a label is beyond
    /// 9.</exception>
    let toExamples (images: Cifar10Images) : Examples =
        let count = images.Labels.Length
        Check.length "images.Pixels" images.Pixels.Length (count * ImageBytes) "3,072 for each label"
        let inputs = Array2D.zeroCreate<float> count ImageBytes
        let targets = Array2D.zeroCreate<float> count Classes
        let flat = Dense.AsSpan inputs

        for i in 0 .. flat.Length - 1 do
            flat[i] <- float images.Pixels[i] / 255.0

        images.Labels
        |> Array.iteri (fun i label ->
            if label >= byte Classes then
                invalidArg (nameof images) $"images.Labels[{i}] is {label}; it must lie in 0 .. {Classes - 1}."

            targets[i, int label] <- 1.0)

        Examples.create inputs targets
