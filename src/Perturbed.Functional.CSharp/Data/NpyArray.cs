using System;
using System.IO;

namespace Perturbed.Functional.CSharp;

/// <summary>An array of numbers from a file of NumPy's .npy format, or for one; in C order, the last index running
/// fastest.</summary>
public sealed record NpyArray
{
    /// <summary>An array of double precision.</summary>
    /// <param name="shape">The length of every axis, each at least 0; empty for a single number.</param>
    /// <param name="numbers">The numbers, as many as the product of the shape; not copied.</param>
    /// <exception cref="ArgumentException">A negative length, or another number of numbers than the shape
    /// says.</exception>
    public NpyArray(int[] shape, double[] numbers) =>
        Core = Npy.create(Crossing.NotNull(shape), NpyData.NewFloat64(Crossing.NotNull(numbers)));

    /// <summary>An array of single precision.</summary>
    /// <param name="shape">The length of every axis, each at least 0; empty for a single number.</param>
    /// <param name="numbers">The numbers, as many as the product of the shape; not copied.</param>
    /// <exception cref="ArgumentException">A negative length, or another number of numbers than the shape
    /// says.</exception>
    public NpyArray(int[] shape, float[] numbers) =>
        Core = Npy.create(Crossing.NotNull(shape), NpyData.NewFloat32(Crossing.NotNull(numbers)));

    /// <summary>An array of whole numbers.</summary>
    /// <param name="shape">The length of every axis, each at least 0; empty for a single number.</param>
    /// <param name="numbers">The numbers, as many as the product of the shape; not copied.</param>
    /// <exception cref="ArgumentException">A negative length, or another number of numbers than the shape
    /// says.</exception>
    public NpyArray(int[] shape, long[] numbers) =>
        Core = Npy.create(Crossing.NotNull(shape), NpyData.NewInt64(Crossing.NotNull(numbers)));

    /// <summary>An array of bytes.</summary>
    /// <param name="shape">The length of every axis, each at least 0; empty for a single number.</param>
    /// <param name="numbers">The numbers, as many as the product of the shape; not copied.</param>
    /// <exception cref="ArgumentException">A negative length, or another number of numbers than the shape
    /// says.</exception>
    public NpyArray(int[] shape, byte[] numbers) =>
        Core = Npy.create(Crossing.NotNull(shape), NpyData.NewUInt8(Crossing.NotNull(numbers)));

    internal NpyArray(Functional.NpyArray core) => Core = core;

    internal Functional.NpyArray Core { get; }

    /// <summary>Name of the file in error messages, such as its path.</summary>
    public string Source => Core.Source;

    /// <summary>The length of every axis; empty for a single number.</summary>
    public int[] Shape => Core.Shape;

    /// <summary>The numbers as bytes, or null where they are of another type.</summary>
    public byte[]? Bytes => (Core.Data as NpyData.UInt8)?.Item;

    /// <summary>The whole numbers, or null where they are of another type.</summary>
    public long[]? Integers => (Core.Data as NpyData.Int64)?.Item;

    /// <summary>The numbers of single precision, or null where they are of another type.</summary>
    public float[]? Singles => (Core.Data as NpyData.Float32)?.Item;

    /// <summary>The numbers of double precision, or null where they are of another type.</summary>
    public double[]? Doubles => (Core.Data as NpyData.Float64)?.Item;

    /// <summary>Reads an array from a file; as <see cref="Read"/>.</summary>
    /// <param name="path">The file.</param>
    /// <param name="nonFinite">What to do about NaN and ±∞.</param>
    /// <returns>The array, in C order.</returns>
    /// <exception cref="IOException">The file is not there or cannot be read.</exception>
    /// <exception cref="InvalidDataException">Something is wrong in it: the message is path, offset, what was found
    /// and what was expected.</exception>
    public static NpyArray Load(string path, NonFinite nonFinite = NonFinite.Reject) =>
        new(Npy.load(nonFinite.ToCore(nameof(nonFinite)), Crossing.NotNull(path)));

    /// <summary>Reads an array. Every type of number is read exactly; those without a form of their own as the next
    /// wider one.</summary>
    /// <param name="source">Name of the stream in error messages, such as a path.</param>
    /// <param name="stream">The file from its first byte to its last; not closed.</param>
    /// <param name="nonFinite">What to do about NaN and ±∞.</param>
    /// <returns>The array, in C order.</returns>
    /// <exception cref="InvalidDataException">Something is wrong: the message is source, offset, what was found and
    /// what was expected.</exception>
    public static NpyArray Read(string source, Stream stream, NonFinite nonFinite = NonFinite.Reject) =>
        new(Npy.read(nonFinite.ToCore(nameof(nonFinite)), source, stream));

    /// <summary>The array, if it has the expected shape.</summary>
    /// <param name="expected">The length of every axis; null where any length will do.</param>
    /// <returns>The same array.</returns>
    /// <exception cref="InvalidDataException">Another shape: the message names source, shape and the expected
    /// one.</exception>
    public NpyArray RequireShape(params int?[] expected) => new(Npy.requireShape(Crossing.Options(expected), Core));

    /// <summary>The numbers in double precision, rounded where an integer has more than 53 bits.</summary>
    /// <returns>The numbers in C order; a copy, except of double precision itself.</returns>
    public double[] ToDoubles() => Npy.toFloats(Core);

    /// <summary>Writes an array: version 1.0, C order, little-endian.</summary>
    /// <param name="stream">Where to; not closed.</param>
    public void Write(Stream stream) => Npy.write(stream, Core);

    /// <summary>Replaces a file by an array, as <see cref="Write"/>: written beside it, flushed to the disk and
    /// renamed, so that it is never half a file.</summary>
    /// <param name="path">The file; its directory is there.</param>
    /// <exception cref="IOException">It cannot be written; what was there before is untouched.</exception>
    public void Save(string path) => Npy.save(path, Core);
}
