using System;

namespace Perturbed.Functional.CSharp;

/// <summary>Examples to learn from: row i of the inputs goes with row i of the targets, with its weight and its
/// instance, wherever rows are taken, shuffled or folded.</summary>
public sealed record Examples
{
    /// <summary>The examples with the given inputs and targets, each of weight 1, numbered as instances from
    /// 0.</summary>
    /// <param name="inputs">X, [rows × features], finite; not copied.</param>
    /// <param name="targets">Y, [rows × dimension], finite; not copied.</param>
    /// <exception cref="ArgumentException">The numbers of rows differ, or an entry is not finite: the message names
    /// its row.</exception>
    public Examples(double[,] inputs, double[,] targets) => Core = ExamplesModule.create(inputs, targets);

    internal Examples(Functional.Examples core) => Core = core;

    internal Functional.Examples Core { get; }

    /// <summary>X, [rows × features].</summary>
    public double[,] Inputs => Core.Inputs;

    /// <summary>Y, [rows × dimension of y].</summary>
    public double[,] Targets => Core.Targets;

    /// <summary>How much each row counts, at least 0: 1 unless <see cref="WithWeights"/> says otherwise. A row of
    /// weight 0 counts as absent.</summary>
    public double[] Weights => Core.Weights;

    /// <summary>The instance that each row is: its number in the set that was created, which it keeps; a loss solves
    /// it by the problem of that instance.</summary>
    public int[] Instances => Core.Instances;

    /// <summary>The number of rows.</summary>
    public int Count => ExamplesModule.count(Core);

    /// <summary>The rows with the given numbers, in the given order, each with its weight and its instance; a number
    /// may occur more than once.</summary>
    /// <param name="indices">Row numbers from 0.</param>
    /// <returns>A copy of those rows.</returns>
    /// <exception cref="ArgumentException">A number is out of range.</exception>
    public Examples Take(int[] indices) => new(ExamplesModule.take(indices, Core));

    /// <summary>The examples with the given weights: a loss of a batch is Σ w_i l_i / Σ w_i over its rows, and an
    /// epoch's mean loss is weighted alike.</summary>
    /// <param name="weights">One a row, at least 0 and finite, not all 0; copied. Training leaves rows of weight 0
    /// out.</param>
    /// <returns>The set with those weights.</returns>
    /// <exception cref="ArgumentException">Another number of weights than rows, or a weight that is negative or not
    /// finite (the row is named), or all of them 0.</exception>
    public Examples WithWeights(double[] weights) => new(ExamplesModule.withWeights(weights, Core));

    /// <summary>The examples as other instances: rows of a part of the data that was cut out by other means than
    /// <see cref="Take"/>, or several rows of one instance.</summary>
    /// <param name="instances">One a row, at least 0; copied.</param>
    /// <returns>The set with those instances.</returns>
    /// <exception cref="ArgumentException">Another number of instances than rows, or a negative one (the row is
    /// named).</exception>
    public Examples WithInstances(int[] instances) => new(ExamplesModule.withInstances(instances, Core));

    /// <summary>Inputs and targets, for <c>var (inputs, targets) = …</c>.</summary>
    /// <param name="inputs">X.</param>
    /// <param name="targets">Y.</param>
    public void Deconstruct(out double[,] inputs, out double[,] targets) => (inputs, targets) = (Inputs, Targets);
}
