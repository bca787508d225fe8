namespace Perturbed.Functional.CSharp;

/// <summary>A line of an alignment that is no sequence.</summary>
public sealed record StockholmAnnotation
{
    internal StockholmAnnotation(Functional.StockholmAnnotation core) => Core = core;

    private StockholmAnnotation(Functional.StockholmSubject subject, string feature, string text) =>
        Core = new(subject, Crossing.NotNull(feature), Crossing.NotNull(text));

    internal Functional.StockholmAnnotation Core { get; }

    /// <summary>Its feature, such as ID or SS_cons.</summary>
    public string Feature => Core.Feature;

    /// <summary>Its text; the lines of one feature stay apart, but for those with a character a column.</summary>
    public string Text => Core.Text;

    /// <summary>The sequence that it is about; null where it is about all of the alignment.</summary>
    public string? Sequence => Core.Subject switch
    {
        Functional.StockholmSubject.Sequence s => s.name,
        Functional.StockholmSubject.Residues s => s.name,
        _ => null,
    };

    /// <summary>Whether its text has a character a column: #=GC and #=GR.</summary>
    public bool IsPerColumn => Core.Subject.IsColumns || Core.Subject.IsResidues;

    /// <summary>About the alignment: #=GF feature text.</summary>
    /// <param name="feature">Its feature.</param>
    /// <param name="text">Its text.</param>
    /// <returns>The annotation.</returns>
    public static StockholmAnnotation OfAlignment(string feature, string text) => new(Functional.StockholmSubject.Alignment, feature, text);

    /// <summary>About a sequence: #=GS sequence feature text.</summary>
    /// <param name="sequence">The name of the sequence.</param>
    /// <param name="feature">Its feature.</param>
    /// <param name="text">Its text.</param>
    /// <returns>The annotation.</returns>
    public static StockholmAnnotation OfSequence(string sequence, string feature, string text) =>
        new(Functional.StockholmSubject.NewSequence(Crossing.NotNull(sequence)), feature, text);

    /// <summary>About each column: #=GC feature text, a character a column.</summary>
    /// <param name="feature">Its feature.</param>
    /// <param name="text">Its text.</param>
    /// <returns>The annotation.</returns>
    public static StockholmAnnotation OfColumns(string feature, string text) => new(Functional.StockholmSubject.Columns, feature, text);

    /// <summary>About each place of a sequence: #=GR sequence feature text, a character a column.</summary>
    /// <param name="sequence">The name of the sequence.</param>
    /// <param name="feature">Its feature.</param>
    /// <param name="text">Its text.</param>
    /// <returns>The annotation.</returns>
    public static StockholmAnnotation OfResidues(string sequence, string feature, string text) =>
        new(Functional.StockholmSubject.NewResidues(Crossing.NotNull(sequence)), feature, text);
}
