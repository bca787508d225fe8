namespace Perturbed.Functional.CSharp;

/// <summary>A value, and the standard error of each of its entries (NaN for one sample, or one group of dependent
/// samples; 0 where the value is exact).</summary>
/// <typeparam name="T">The shape, such as <c>double[]</c> or <c>double[,]</c>.</typeparam>
public sealed record Uncertain<T>
{
    internal Uncertain(Functional.Uncertain<T> core) => (Value, StandardErrors, LeftOut) = (core.Value, core.StandardErrors, core.LeftOut);

    /// <summary>The value.</summary>
    public T Value { get; }

    /// <summary>The standard error of each entry, in the same shape.</summary>
    public T StandardErrors { get; }

    /// <summary>How many samples of all rows were left out because they, or samples they depend on, have no solution
    /// (<see cref="FailurePolicy"/>). Where any were, value and errors are conditional on success.</summary>
    public int LeftOut { get; }

    /// <summary>Estimate and errors, for <c>var (value, standardErrors) = …</c>.</summary>
    /// <param name="value">The estimate.</param>
    /// <param name="standardErrors">The standard error of each entry.</param>
    public void Deconstruct(out T value, out T standardErrors) => (value, standardErrors) = (Value, StandardErrors);
}
