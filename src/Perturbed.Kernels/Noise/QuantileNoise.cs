using System;
using Perturbed.Functional.CSharp;

namespace Perturbed.Kernels;

/// <summary>
/// A noise of one's own with independent coordinates, given by functions of one number: z = quantile(u), ν' and ν''.
/// </summary>
/// <remarks>
/// The functions are called from many threads, once a number, and must be pure. Number n of the noise is the quantile
/// at number n of <see cref="Uniforms"/>.
/// </remarks>
public sealed partial class QuantileNoise : IndependentNoise
{
    private readonly Func<double, double> quantile, score;
    private readonly Func<double, double>? curvature;
    private double momentOrder = double.NaN;
    private double exponentialRate = double.NaN;

    /// <summary>The noise with the given functions; ν = −log density, up to a constant.</summary>
    /// <param name="name">The name in messages.</param>
    /// <param name="quantile">The inverse of the distribution function, from the open interval (0, 1).</param>
    /// <param name="score">ν'.</param>
    /// <param name="curvature">ν'', or null if it does not exist everywhere.</param>
    /// <param name="mean">The mean; NaN if there is none.</param>
    /// <param name="fisherInformation">E[ν'(Z)²], above 0; infinite if there is none.</param>
    /// <param name="isSymmetric">Whether −Z has the law of Z.</param>
    /// <exception cref="ArgumentNullException">
    /// <paramref name="name"/>, <paramref name="quantile"/> or <paramref name="score"/> is null.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="mean"/> is infinite, or <paramref name="fisherInformation"/> not above 0.
    /// </exception>
    public QuantileNoise(
        string name,
        Func<double, double> quantile,
        Func<double, double> score,
        Func<double, double>? curvature,
        double mean,
        double fisherInformation,
        bool isSymmetric)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(quantile);
        ArgumentNullException.ThrowIfNull(score);
        if (double.IsInfinity(mean))
            throw new ArgumentOutOfRangeException(
                nameof(mean), mean, RowShape.Text($"mean is {mean}; it must be finite, or NaN if there is none."));
        if (!(fisherInformation > 0))
        {
            throw new ArgumentOutOfRangeException(
                nameof(fisherInformation), fisherInformation,
                RowShape.Text($"fisherInformation is {fisherInformation}; it must be above 0."));
        }
        (Name, CoordinateMean, FisherInformation, IsSymmetric) = (name, mean, fisherInformation, isSymmetric);
        (this.quantile, this.score, this.curvature) = (quantile, score, curvature);
    }

    /// <inheritdoc/>
    public override string Name { get; }

    /// <inheritdoc/>
    public override bool IsSymmetric { get; }

    /// <summary>The order below which E|Z|^p is finite, as it was given; NaN where it was not.</summary>
    public override double MomentOrder => momentOrder;

    /// <summary>The rate below which E exp(tZ) is finite, as it was given; NaN where it was not.</summary>
    public override double ExponentialRate => exponentialRate;

    /// <summary>The same noise with the moments that exist.</summary>
    /// <param name="momentOrder">
    /// The order below which E|Z|^p is finite, above 0; ∞ where all are, NaN where it is not known.
    /// </param>
    /// <param name="exponentialRate">
    /// The rate below which E exp(tZ) is finite, at least 0; ∞ where all are, NaN where it is not known.
    /// </param>
    /// <returns>A copy.</returns>
    /// <exception cref="ArgumentOutOfRangeException">
    /// An order of 0 or below, one of at most 1 with a mean or above 1 without one, or a negative rate.
    /// </exception>
    public QuantileNoise WithMoments(double momentOrder, double exponentialRate)
    {
        if (momentOrder <= 0 || (momentOrder < 1 && HasMean) || (momentOrder > 1 && !HasMean))
        {
            var expected = HasMean ? "at least 1 for a noise with a mean" : "in (0, 1] for a noise without a mean";
            throw new ArgumentOutOfRangeException(
                nameof(momentOrder), momentOrder,
                RowShape.Text($"momentOrder is {momentOrder}; it must be {expected}, or NaN where it is not known."));
        }

        if (exponentialRate < 0 || (exponentialRate > 0 && !HasMean))
        {
            var expected = HasMean ? "at least 0" : "0 for a noise without a mean";
            throw new ArgumentOutOfRangeException(
                nameof(exponentialRate), exponentialRate,
                RowShape.Text($"exponentialRate is {exponentialRate}; it must be {expected}, or NaN where it is not known."));
        }

        var copy = (QuantileNoise)MemberwiseClone();
        (copy.momentOrder, copy.exponentialRate) = (momentOrder, exponentialRate);
        return copy;
    }

    /// <summary>Whether a curvature was given.</summary>
    public override bool HasCurvature => curvature is not null;

    /// <inheritdoc/>
    public override double CoordinateMean { get; }

    /// <inheritdoc/>
    public override double FisherInformation { get; }

    private protected override void Fill(Key key, uint row, long first, Span<double> z)
    {
        Uniforms.Fill(key, row, first, z);
        foreach (ref var number in z) number = quantile(number);
    }

    private protected override void Scores(ReadOnlySpan<double> z, Span<double> score)
    {
        for (var i = 0; i < z.Length; i++) score[i] = this.score(z[i]);
    }

    private protected override void Curvatures(ReadOnlySpan<double> z, Span<double> curvature)
    {
        if (this.curvature is null)
            throw new NotSupportedException($"The noise {Name} was given no curvature. Use a formula with the score alone.");
        for (var i = 0; i < z.Length; i++) curvature[i] = this.curvature(z[i]);
    }
}
