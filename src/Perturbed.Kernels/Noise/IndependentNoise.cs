using System;
using System.Numerics.Tensors;
using Perturbed.Functional.CSharp;

namespace Perturbed.Kernels;

/// <summary>
/// A noise whose coordinates are independent and share one law on the line, with density proportional to exp(−ν(z)).
/// </summary>
/// <remarks>
/// Coordinate i of sample m in dimension d is the number m·d + i of the stream of (key, row): a prefix of the samples
/// does not depend on how many follow. Every member but the constructors allocates nothing.
/// </remarks>
public abstract class IndependentNoise : INoise
{
    private protected IndependentNoise()
    {
    }

    /// <inheritdoc/>
    public abstract string Name { get; }

    /// <summary>0: the coordinates are independent, so every dimension will do.</summary>
    public int Dimension => 0;

    /// <inheritdoc/>
    public abstract bool IsSymmetric { get; }

    /// <summary>Whether E|Z| of a coordinate is finite.</summary>
    public bool HasMean => !double.IsNaN(CoordinateMean);

    /// <inheritdoc/>
    public virtual double MomentOrder => double.PositiveInfinity;

    /// <inheritdoc/>
    public abstract double ExponentialRate { get; }

    /// <inheritdoc/>
    public virtual bool HasCurvature => true;

    /// <inheritdoc/>
    public virtual bool HasScore => true;

    /// <summary>The mean E[Z] of a coordinate; NaN where it does not exist.</summary>
    public abstract double CoordinateMean { get; }

    /// <summary>
    /// The Fisher information I = E[ν'(Z)²] of a coordinate's location; infinite where that has no finite value.
    /// </summary>
    public abstract double FisherInformation { get; }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">
    /// <paramref name="z"/>'s length is no multiple of <paramref name="dimension"/>, <paramref name="dimension"/> is
    /// below 1 or <paramref name="firstSample"/> negative.
    /// </exception>
    public void Sample(Key key, uint row, long firstSample, int dimension, Span<double> z) =>
        Fill(key, row, RowShape.First(firstSample, dimension, z.Length), z);

    /// <inheritdoc/>
    /// <remarks><paramref name="score"/> may be the span <paramref name="z"/> itself.</remarks>
    /// <exception cref="ArgumentException">A length disagrees.</exception>
    public void Score(ReadOnlySpan<double> z, int dimension, Span<double> score)
    {
        RowShape.Rows(z.Length, dimension, nameof(z));
        RowShape.Same(score.Length, z.Length, nameof(score), nameof(z));
        Scores(z, score);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">
    /// <paramref name="score"/>'s length is no multiple of <paramref name="dimension"/>, <paramref name="dimension"/>
    /// is below 1 or <paramref name="firstSample"/> negative.
    /// </exception>
    public void SampleScores(Key key, uint row, long firstSample, int dimension, Span<double> score) =>
        FillScores(key, row, RowShape.First(firstSample, dimension, score.Length), score);

    /// <inheritdoc/>
    /// <remarks><paramref name="product"/> may be the span <paramref name="z"/> itself.</remarks>
    /// <exception cref="ArgumentException">A length disagrees.</exception>
    public void Curvature(ReadOnlySpan<double> z, ReadOnlySpan<double> v, Span<double> product)
    {
        if (v.IsEmpty) throw new ArgumentException("v has length 0; it must have the dimension of one sample, at least 1.", nameof(v));
        RowShape.Rows(z.Length, v.Length, nameof(z));
        RowShape.Same(product.Length, z.Length, nameof(product), nameof(z));
        Curvatures(z, product);
        for (var i = 0; i < product.Length; i += v.Length)
        {
            var sample = product.Slice(i, v.Length);
            TensorPrimitives.Multiply(sample, v, sample);
        }
    }

    /// <inheritdoc/>
    public void Mean(Span<double> mean) => mean.Fill(CoordinateMean);

    /// <summary>M_μ = (d·I)^½, with I = <see cref="FisherInformation"/>.</summary>
    /// <param name="dimension">The dimension d, at least 1.</param>
    /// <returns>M_μ; infinite where I is.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="dimension"/> is below 1.</exception>
    public double ScoreNorm(int dimension)
    {
        RowShape.Rows(0, dimension, nameof(dimension));
        return Math.Sqrt(dimension * FisherInformation);
    }

    private protected abstract void Fill(Key key, uint row, long first, Span<double> z);

    /// <summary>ν' of each number that <see cref="Fill"/> draws.</summary>
    private protected virtual void FillScores(Key key, uint row, long first, Span<double> score)
    {
        Fill(key, row, first, score);
        Scores(score, score);
    }

    /// <summary>ν' of each number.</summary>
    private protected abstract void Scores(ReadOnlySpan<double> z, Span<double> score);

    /// <summary>ν'' of each number.</summary>
    private protected abstract void Curvatures(ReadOnlySpan<double> z, Span<double> curvature);
}
