namespace Perturbed.Functional.CSharp;

/// <summary>A sequence of an alignment.</summary>
public sealed record StockholmSequence
{
    /// <summary>A sequence.</summary>
    /// <param name="name">Its name, such as HBA_HUMAN.</param>
    /// <param name="row">A character a column.</param>
    public StockholmSequence(string name, string row) => Core = new(Crossing.NotNull(name), Crossing.NotNull(row));

    internal StockholmSequence(Functional.StockholmSequence core) => Core = core;

    internal Functional.StockholmSequence Core { get; }

    /// <summary>Its name, such as HBA_HUMAN.</summary>
    public string Name => Core.Name;

    /// <summary>A character a column: letters for residues, lower case where they are not aligned, and '.', '-', '_' or
    /// '~' for gaps.</summary>
    public string Row => Core.Row;

    /// <summary>A row without its gaps.</summary>
    /// <returns>The letters, in upper case.</returns>
    public string Letters() => StockholmModule.letters(Row);
}
