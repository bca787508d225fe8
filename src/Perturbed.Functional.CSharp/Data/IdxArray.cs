using System;
using System.IO;

namespace Perturbed.Functional.CSharp;

/// <summary>An array of bytes in an idx file, such as the images or the labels of MNIST and
/// Fashion-MNIST.</summary>
public sealed record IdxArray
{
    /// <summary>An array of bytes.</summary>
    /// <param name="shape">The length of each axis, one or more.</param>
    /// <param name="bytes">The entries, the last axis first.</param>
    public IdxArray(int[] shape, byte[] bytes) => Core = new(Crossing.NotNull(shape), Crossing.NotNull(bytes));

    internal IdxArray(Functional.IdxArray core) => Core = core;

    internal Functional.IdxArray Core { get; }

    /// <summary>The length of each axis, one or more.</summary>
    public int[] Shape => Core.Shape;

    /// <summary>The entries, the last axis first.</summary>
    public byte[] Bytes => Core.Bytes;

    /// <summary>Reads an array from a file such as train-images-idx3-ubyte.gz; as <see cref="Read"/>.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The array.</returns>
    /// <exception cref="IOException">The file is not there or cannot be read.</exception>
    /// <exception cref="InvalidDataException">Something is wrong in it: the message is path, offset, what was found
    /// and what was expected.</exception>
    public static IdxArray Load(string path) => new(Idx.load(Crossing.NotNull(path)));

    /// <summary>Reads an array from a stream.</summary>
    /// <param name="source">Name of the stream in error messages, such as a path.</param>
    /// <param name="stream">The file from its first byte to its last, plain or gzip; not closed.</param>
    /// <returns>The array.</returns>
    /// <exception cref="InvalidDataException">Cut short, too long, of another type, or damaged: the message is source,
    /// offset (in the unpacked content), what was found and what was expected.</exception>
    public static IdxArray Read(string source, Stream stream) => new(Idx.read(source, stream));

    /// <summary>Images with their classes to learn from: entries divided by 255 [images × pixels], and classes as
    /// vertices of the simplex [images × classes].</summary>
    /// <param name="labels">One axis: the class of each image, from 0.</param>
    /// <param name="classes">The number of classes, at least 1.</param>
    /// <returns>The examples; images are along the first axis of this array.</returns>
    /// <exception cref="ArgumentException">Shapes that do not fit each other, or a label that is not below
    /// <paramref name="classes"/>.</exception>
    public Examples ToExamples(IdxArray labels, int classes) => new(Idx.toExamples(classes, Core, Crossing.NotNull(labels).Core));
}
