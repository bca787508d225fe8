using System;
using System.IO;

namespace Perturbed.Functional.CSharp;

/// <summary>A multiple alignment of a Stockholm file.</summary>
public sealed record StockholmAlignment
{
    /// <summary>Sequences with annotations.</summary>
    /// <param name="sequences">The sequences, all rows of one length, in the order of the file.</param>
    /// <param name="annotations">The annotations, in the order of the file.</param>
    public StockholmAlignment(StockholmSequence[] sequences, params StockholmAnnotation[] annotations) =>
        Core = new(
            Array.ConvertAll(Crossing.NotNull(sequences), s => s.Core),
            Array.ConvertAll(Crossing.NotNull(annotations), a => a.Core));

    private StockholmAlignment(Functional.StockholmAlignment core) => Core = core;

    internal Functional.StockholmAlignment Core { get; }

    /// <summary>The sequences, all rows of one length, in the order of the file.</summary>
    public StockholmSequence[] Sequences => Array.ConvertAll(Core.Sequences, s => new StockholmSequence(s));

    /// <summary>The annotations, in the order of the file.</summary>
    public StockholmAnnotation[] Annotations => Array.ConvertAll(Core.Annotations, a => new StockholmAnnotation(a));

    /// <summary>Reads all alignments of a file; as <see cref="Read"/>.</summary>
    /// <param name="path">The file, in UTF-8.</param>
    /// <returns>At least one alignment.</returns>
    /// <exception cref="IOException">The file is not there or cannot be read.</exception>
    /// <exception cref="InvalidDataException">Something is wrong in it: path:line, what was found and what was
    /// expected.</exception>
    public static StockholmAlignment[] Load(string path) =>
        Array.ConvertAll(StockholmModule.load(Crossing.NotNull(path)), a => new StockholmAlignment(a));

    /// <summary>Reads all alignments of a text.</summary>
    /// <param name="source">Name of the text in error messages, such as a path.</param>
    /// <param name="reader">The text; not closed.</param>
    /// <returns>At least one alignment; rows that stand in several blocks are joined. Lines that begin with # and are no
    /// annotation are comments, and are left out.</returns>
    /// <exception cref="InvalidDataException">Something is wrong: the message is source:line, what was found and what
    /// was expected.</exception>
    public static StockholmAlignment[] Read(string source, TextReader reader) =>
        Array.ConvertAll(StockholmModule.read(Crossing.NotNull(source), reader), a => new StockholmAlignment(a));

    /// <summary>Writes alignments as text, each in one block, so that <c>read</c> gives them back.</summary>
    /// <param name="alignments">The alignments: at least one sequence, rows of one length, names without
    /// blanks.</param>
    /// <param name="writer">Where to; not closed.</param>
    /// <exception cref="ArgumentException">What was written could not be read again: the message says why.</exception>
    public static void Write(StockholmAlignment[] alignments, TextWriter writer) =>
        StockholmModule.write(Array.ConvertAll(Crossing.NotNull(alignments), a => a.Core), writer);

    /// <summary>Writes alignments to a file, which is replaced as a whole; as <c>write</c>.</summary>
    /// <param name="path">The file.</param>
    /// <param name="alignments">The alignments.</param>
    /// <exception cref="ArgumentException">As for <see cref="Write"/>.</exception>
    /// <exception cref="IOException">It cannot be written; what was there before is untouched.</exception>
    public static void Save(string path, params StockholmAlignment[] alignments) =>
        StockholmModule.save(Crossing.NotNull(path), Array.ConvertAll(Crossing.NotNull(alignments), a => a.Core));
}
