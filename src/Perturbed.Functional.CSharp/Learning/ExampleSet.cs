using System;

namespace Perturbed.Functional.CSharp;

/// <summary>Examples to learn from: row i of the inputs goes with row i of the targets.</summary>
public sealed record ExampleSet
{
    /// <summary>The examples with the given inputs and targets.</summary>
    /// <param name="inputs">X, [rows × features], finite; not copied.</param>
    /// <param name="targets">Y, [rows × dimension], finite; not copied.</param>
    /// <exception cref="ArgumentException">The numbers of rows differ, or an entry is not finite: the message names its row.</exception>
    public ExampleSet(double[,] inputs, double[,] targets) => Core = ExamplesModule.create(inputs, targets);

    internal ExampleSet(Examples core) => Core = core;

    internal Examples Core { get; }

    /// <summary>X, [rows × features].</summary>
    public double[,] Inputs => Core.Inputs;

    /// <summary>Y, [rows × dimension of y].</summary>
    public double[,] Targets => Core.Targets;

    /// <summary>The number of rows.</summary>
    public int Count => ExamplesModule.count(Core);

    /// <summary>The rows with the given numbers, in the given order; a number may occur more than once.</summary>
    /// <param name="indices">Row numbers from 0.</param>
    /// <returns>A copy of those rows.</returns>
    /// <exception cref="ArgumentException">A number is out of range.</exception>
    public ExampleSet Take(int[] indices) => new(ExamplesModule.take(indices, Core));

    /// <summary>Inputs and targets, for <c>var (inputs, targets) = …</c>.</summary>
    /// <param name="inputs">X.</param>
    /// <param name="targets">Y.</param>
    public void Deconstruct(out double[,] inputs, out double[,] targets) => (inputs, targets) = (Inputs, Targets);
}
