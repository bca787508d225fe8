using System;

namespace Perturbed.Functional.CSharp;

/// <summary>The state of an optimizer between steps: a value, replaced by each step and never changed.</summary>
public sealed record OptimizerState
{
    /// <summary>A state read back, such as from a checkpoint.</summary>
    /// <param name="steps">Steps taken.</param>
    /// <param name="first">The velocity of momentum, or Adam's first moment m; empty where the rule has none.</param>
    /// <param name="second">Adam's second moment v; empty where the rule has none.</param>
    /// <exception cref="ArgumentNullException">An array is null.</exception>
    public OptimizerState(int steps, double[] first, double[] second) =>
        (Steps, First, Second) = (steps, Crossing.NotNull(first), Crossing.NotNull(second));

    internal OptimizerState(Functional.OptimizerState core) => (Steps, First, Second) = (core.Steps, core.First, core.Second);

    /// <summary>Steps taken.</summary>
    public int Steps { get; }

    /// <summary>The velocity of momentum, or Adam's first moment m; empty where the rule has none.</summary>
    public double[] First { get; }

    /// <summary>Adam's second moment v; empty where the rule has none.</summary>
    public double[] Second { get; }

    internal Functional.OptimizerState ToCore() => new(Steps, First, Second);
}
