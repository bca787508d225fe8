namespace Perturbed.Functional.CSharp;

/// <summary>One fold: which rows to train on and which to test on.</summary>
public sealed record Fold
{
    internal Fold(Functional.Fold core) => (Index, Key, Train, Test) = (core.Index, core.Key, core.Train, core.Test);

    /// <summary>Number of the fold, from 0.</summary>
    public int Index { get; }

    /// <summary>A key of the fold's own.</summary>
    public Key Key { get; }

    /// <summary>Rows of the training part, ascending.</summary>
    public int[] Train { get; }

    /// <summary>Rows of the test part, ascending.</summary>
    public int[] Test { get; }

    /// <summary>Both parts, for <c>var (train, test) = …</c>.</summary>
    /// <param name="train">Rows of the training part.</param>
    /// <param name="test">Rows of the test part.</param>
    public void Deconstruct(out int[] train, out int[] test) => (train, test) = (Train, Test);
}
