namespace Perturbed.Functional.CSharp;

/// <summary>An estimate for as many samples as a standard error took.</summary>
/// <typeparam name="T">What is estimated.</typeparam>
public readonly record struct Adaptive<T>
{
    internal Adaptive(Functional.Adaptive<T> core) =>
        (Value, StandardError, Samples, IsReached) = (core.Value, core.StandardError, core.Samples, core.IsReached);

    /// <summary>The estimate.</summary>
    public T Value { get; }

    /// <summary>Its standard error: of several numbers the largest.</summary>
    public double StandardError { get; }

    /// <summary>The number M of samples it was made of.</summary>
    public int Samples { get; }

    /// <summary>Whether the standard error is as small as was asked; false where the budget ended first.</summary>
    public bool IsReached { get; }
}
