using System;
using System.IO;

namespace Perturbed.Functional.CSharp;

/// <summary>Images of CIFAR-10 with their classes, from its binary version (Krizhevsky, 2009).</summary>
public sealed record Cifar10Images
{
    /// <summary>Images with their classes.</summary>
    /// <param name="labels">The class of each image, 0 .. 9.</param>
    /// <param name="pixels">3,072 bytes an image: the 32 × 32 pixels of red, row by row, then those of green and of
    /// blue.</param>
    public Cifar10Images(byte[] labels, byte[] pixels) => Core = new(Crossing.NotNull(labels), Crossing.NotNull(pixels));

    internal Cifar10Images(Functional.Cifar10Images core) => Core = core;

    internal Functional.Cifar10Images Core { get; }

    /// <summary>The class of each image, 0 .. 9.</summary>
    public byte[] Labels => Core.Labels;

    /// <summary>3,072 bytes an image: the 32 × 32 pixels of red, row by row, then those of green and of
    /// blue.</summary>
    public byte[] Pixels => Core.Pixels;

    /// <summary>Reads images from a file such as data_batch_1.bin; as <see cref="Read"/>.</summary>
    /// <param name="path">The file.</param>
    /// <returns>At least one image.</returns>
    /// <exception cref="IOException">The file is not there or cannot be read.</exception>
    /// <exception cref="InvalidDataException">Empty, cut short inside a record, or a label beyond 9: the message is
    /// path, offset, what was found and what was expected.</exception>
    public static Cifar10Images Load(string path) => new(Cifar10.load(Crossing.NotNull(path)));

    /// <summary>Reads images from a stream.</summary>
    /// <param name="source">Name of the stream in error messages, such as a path.</param>
    /// <param name="stream">The file from its first byte to its last; not closed.</param>
    /// <returns>At least one image.</returns>
    /// <exception cref="InvalidDataException">Something is wrong: the message is source, offset, what was found and
    /// what was expected.</exception>
    public static Cifar10Images Read(string source, Stream stream) => new(Cifar10.read(source, stream));

    /// <summary>Images to learn from: pixels divided by 255 [images × 3,072], and classes as vertices of the simplex
    /// [images × 10].</summary>
    /// <returns>The examples.</returns>
    /// <exception cref="ArgumentException">The numbers of labels and of pixels disagree, or a label is beyond
    /// 9.</exception>
    public Examples ToExamples() => new(Cifar10.toExamples(Core));
}
