using System;

namespace Perturbed.Functional.CSharp;

/// <summary>The mean and deviation of each feature of a training set, to bring any set to its scale.</summary>
public sealed record Standardisation
{
    /// <summary>A scaling read back.</summary>
    /// <param name="mean">Mean of each column.</param>
    /// <param name="deviation">Standard deviation of each column, as many; 0 where the column is constant.</param>
    /// <exception cref="ArgumentNullException">An array is null.</exception>
    public Standardisation(double[] mean, double[] deviation) => Core = new(Crossing.NotNull(mean), Crossing.NotNull(deviation));

    internal Standardisation(Functional.Standardisation core) => Core = core;

    internal Functional.Standardisation Core { get; }

    /// <summary>Mean of each column.</summary>
    public double[] Mean => Core.Mean;

    /// <summary>Standard deviation of each column, √(1/n Σ (x − mean)²); 0 exactly where the column is
    /// constant.</summary>
    public double[] Deviation => Core.Deviation;

    /// <summary>Mean and deviation of each column, in two passes.</summary>
    /// <param name="inputs">X, [rows × features], finite; at least one row.</param>
    /// <returns>What <see cref="Apply"/> needs; O(rows · features).</returns>
    /// <exception cref="ArgumentException">X has no row or an entry that is not finite.</exception>
    public static Standardisation Fit(double[,] inputs) => new(StandardisationModule.fit(inputs));

    /// <summary>Both parts brought to the scale of the first.</summary>
    /// <param name="train">The part to fit on.</param>
    /// <param name="test">The part that must not be looked at in fitting.</param>
    /// <returns>Both with standardised inputs and unchanged targets.</returns>
    /// <exception cref="ArgumentException">The training part has no row, or the parts have different
    /// columns.</exception>
    public static (Examples Train, Examples Test) Pair(Examples train, Examples test) =>
        Views.Sets(StandardisationModule.pair(Crossing.NotNull(train).Core, Crossing.NotNull(test).Core));

    /// <summary>(x − mean)/deviation in each column; columns that were constant where fitted become 0.</summary>
    /// <param name="inputs">X, [rows × features], any number of rows.</param>
    /// <returns>A new batch of the same shape.</returns>
    /// <exception cref="ArgumentException">X has another number of columns than the fit.</exception>
    public double[,] Apply(double[,] inputs) => StandardisationModule.apply(Core, inputs);
}
