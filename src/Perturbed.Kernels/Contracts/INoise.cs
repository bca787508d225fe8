using System;
using System.Buffers;

namespace Perturbed.Functional.CSharp;

/// <summary>A noise distribution μ on R^d with density proportional to exp(−ν(z)).</summary>
/// <remarks>
/// Samples are rows: a span of n·d numbers holds n samples of dimension d, row-major. Implementations are immutable,
/// safe to call from many threads, and allocate nothing per sample. Paper: Section 2, and Proposition 3.1 for the use
/// of ∇ν and ∇²ν.
/// </remarks>
public interface INoise
{
    /// <summary>The name in messages and reports, such as <c>gaussian</c>.</summary>
    string Name { get; }

    /// <summary>
    /// The only dimension d this noise has, or 0 if its coordinates are independent and it has every dimension.
    /// </summary>
    int Dimension { get; }

    /// <summary>Whether −Z has the law of Z.</summary>
    bool IsSymmetric { get; }

    /// <summary>
    /// Whether E‖Z‖ is finite. Without it the perturbed maximum F_ε is infinite, though the perturbed maximizer
    /// exists.
    /// </summary>
    bool HasMean { get; }

    /// <summary>
    /// The order below which moments exist: E‖Z‖^p is finite for p below it. ∞ where all are, NaN where it is not
    /// known.
    /// </summary>
    /// <remarks>F_ε needs an order above 1, and its standard error one above 2.</remarks>
    double MomentOrder => double.NaN;

    /// <summary>
    /// The rate below which exponential moments exist: E exp(t Z_i) is finite for every coordinate and 0 ≤ t below it.
    /// ∞ where all are, 0 where none is, NaN where it is not known.
    /// </summary>
    /// <remarks>Under multiplicative noise F_ε needs a rate above ε, and its standard error one above 2ε.</remarks>
    double ExponentialRate => double.NaN;

    /// <summary>
    /// Whether E[f(Z) ∇ν(Z)] is the derivative it stands for: the density is continuous on all of R^d. False where it
    /// jumps at the end of its support.
    /// </summary>
    bool HasScore => true;

    /// <summary>
    /// Whether ∇²ν exists everywhere, so that formulas with the curvature hold. False for the Laplace noise, whose ν
    /// has a kink.
    /// </summary>
    bool HasCurvature { get; }

    /// <summary>
    /// Fills <paramref name="z"/> with the samples number <paramref name="firstSample"/>,
    /// <paramref name="firstSample"/> + 1, … of a batch row.
    /// </summary>
    /// <param name="key">The stream.</param>
    /// <param name="row">The batch row.</param>
    /// <param name="firstSample">The number of the first sample, at least 0.</param>
    /// <param name="dimension">The dimension d of one sample.</param>
    /// <param name="z">
    /// Destination, n × d. Its numbers depend on (key, row, sample, coordinate) and d, never on where the span starts
    /// or ends.
    /// </param>
    void Sample(Key key, uint row, long firstSample, int dimension, Span<double> z);

    /// <summary>The score ∇ν(z) of each sample.</summary>
    /// <param name="z">Samples, n × d.</param>
    /// <param name="dimension">The dimension d of one sample.</param>
    /// <param name="score">Destination, n × d.</param>
    void Score(ReadOnlySpan<double> z, int dimension, Span<double> score);

    /// <summary>
    /// The scores ∇ν(Z) of the samples that <see cref="Sample"/> draws for the same arguments, without the samples.
    /// </summary>
    /// <remarks>
    /// Derivatives take their scores from here. A noise that has the score at hand before it has the sample may answer
    /// sooner and from unrounded numbers; it agrees with <see cref="Score"/> of the samples to the precision in which
    /// they are drawn. By default it is <see cref="Score"/> of them.
    /// </remarks>
    /// <param name="key">The stream.</param>
    /// <param name="row">The batch row.</param>
    /// <param name="firstSample">The number of the first sample, at least 0.</param>
    /// <param name="dimension">The dimension d of one sample.</param>
    /// <param name="score">Destination, n × d.</param>
    void SampleScores(Key key, uint row, long firstSample, int dimension, Span<double> score)
    {
        var samples = ArrayPool<double>.Shared.Rent(score.Length);
        try
        {
            var z = samples.AsSpan(0, score.Length);
            Sample(key, row, firstSample, dimension, z);
            Score(z, dimension, score);
        }
        finally
        {
            ArrayPool<double>.Shared.Return(samples);
        }
    }

    /// <summary>The curvature times a vector, ∇²ν(z)·v, for each sample.</summary>
    /// <param name="z">Samples, n × d.</param>
    /// <param name="v">One vector of dimension d, used for every sample.</param>
    /// <param name="product">Destination, n × d.</param>
    /// <exception cref="NotSupportedException"><see cref="HasCurvature"/> is false.</exception>
    void Curvature(ReadOnlySpan<double> z, ReadOnlySpan<double> v, Span<double> product);

    /// <summary>The mean E[Z]; NaN where it does not exist.</summary>
    /// <param name="mean">Destination, of the dimension d.</param>
    void Mean(Span<double> mean);

    /// <summary>
    /// M_μ = E[‖∇ν(Z)‖²]^½ in dimension d; infinite where the score has no second moment. Paper: Proposition 2.2.
    /// </summary>
    /// <param name="dimension">The dimension d.</param>
    /// <returns>M_μ.</returns>
    double ScoreNorm(int dimension);
}
