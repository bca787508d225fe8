using Perturbed.Functional.Charts;

namespace Perturbed.Functional.CSharp;

/// <summary>An axis of a chart.</summary>
public sealed class Axis
{
    internal Axis(Functional.Charts.Axis core) => Core = core;

    internal Functional.Charts.Axis Core { get; }

    /// <summary>A linear axis as long as its data.</summary>
    /// <param name="title">What it measures, with its unit.</param>
    /// <returns>The axis.</returns>
    public static Axis Linear(string title) => new(AxisModule.linear(Crossing.NotNull(title)));

    /// <summary>A logarithmic axis as long as its data.</summary>
    /// <param name="title">What it measures, with its unit.</param>
    /// <returns>The axis.</returns>
    public static Axis Logarithmic(string title) => new(AxisModule.logarithmic(Crossing.NotNull(title)));

    /// <summary>The axis with given ends.</summary>
    /// <param name="low">Where it begins.</param>
    /// <param name="high">Where it ends, above <paramref name="low"/>.</param>
    /// <returns>An axis.</returns>
    public Axis Between(double low, double high) => new(AxisModule.between(low, high, Core));
}
