using System;
using Perturbed.Functional.CSharp;

namespace Perturbed.Kernels;

/// <summary>Draws noise and solves θ + ε ⊙ z in one loop, for one pair of a noise and an oracle.</summary>
/// <remarks>
/// The reference path draws every number, adds θ, and solves. Where the solution depends on the largest entries alone,
/// most numbers need not be computed: it is enough to prove that they are not among those. Solutions and values have
/// the bits of the reference path, which a fused sampler takes itself wherever its proof fails.
/// </remarks>
public abstract class FusedSampler
{
    private protected FusedSampler()
    {
    }

    /// <summary>The fused sampler of a noise and an oracle.</summary>
    /// <param name="noise">The noise Z.</param>
    /// <param name="oracle">The oracle y*.</param>
    /// <returns>The fused sampler, or null where there is none.</returns>
    public static FusedSampler? Between(INoise noise, IOracle oracle)
    {
        ArgumentNullException.ThrowIfNull(noise);
        ArgumentNullException.ThrowIfNull(oracle);
        var d = oracle.Dimension;
        return (noise, oracle) switch
        {
            (GumbelNoise gumbel, ArgmaxOracle argmax) when d is > 1 and <= ExponentialClockArgmax.Widest =>
                new Of(() => new ExponentialClockArgmax(gumbel, argmax), GumbelNoise.Scores, GumbelNoise.AddScores),
            (GumbelNoise gumbel, ArgmaxOracle) when d >= Prefilter.Narrowest => new Of(() => new GumbelPrefilter(gumbel, oracle, 1)),
            (GumbelNoise gumbel, TopKOracle top) when Prefilter.IsWorthwhile(d, top.K) =>
                new Of(() => new GumbelPrefilter(gumbel, oracle, top.K)),
            (GaussianNoise gaussian, ArgmaxOracle) when Prefilter.IsWorthwhile(d, 1) =>
                new Of(() => new GaussianPrefilter(gaussian, oracle, 1)),
            (GaussianNoise gaussian, TopKOracle top) when Prefilter.IsWorthwhile(d, top.K) =>
                new Of(() => new GaussianPrefilter(gaussian, oracle, top.K)),
            _ => null,
        };
    }

    /// <summary>
    /// Whether <see cref="FusedSolver.SolveIndices"/> has a residual for each coordinate of each sample: a number from
    /// which its score is computed without drawing the noise again. Under Gumbel noise that is log u.
    /// </summary>
    public abstract bool HasResiduals { get; }

    /// <summary>
    /// The scores ∇ν(z) of samples, as <see cref="INoise.SampleScores"/> draws them, from their residuals.
    /// </summary>
    /// <param name="residuals">What <see cref="FusedSolver.SolveIndices"/> wrote.</param>
    /// <param name="scores">Destination, of the same length.</param>
    /// <exception cref="InvalidOperationException"><see cref="HasResiduals"/> is false.</exception>
    public abstract void Scores(ReadOnlySpan<float> residuals, Span<double> scores);

    /// <summary>
    /// sum[i] += Σ_m weights[m]·∇ν(z_m)[i] over samples, with the bits of <see cref="Sums.AddWeightedRows"/> over
    /// their scores, which are never written.
    /// </summary>
    /// <param name="weights">One weight a sample, n.</param>
    /// <param name="residuals">What <see cref="FusedSolver.SolveIndices"/> wrote, n × d.</param>
    /// <param name="sum">Accumulator, of the dimension d.</param>
    /// <exception cref="InvalidOperationException"><see cref="HasResiduals"/> is false.</exception>
    public abstract void AddWeightedScores(ReadOnlySpan<double> weights, ReadOnlySpan<float> residuals, Span<double> sum);

    /// <summary>A solver with its own scratch memory, for one thread at a time.</summary>
    /// <returns>A new solver.</returns>
    public abstract FusedSolver CreateSolver();

    private delegate void ScoreRule(ReadOnlySpan<float> residuals, Span<double> scores);

    private delegate void SumRule(ReadOnlySpan<double> weights, ReadOnlySpan<float> residuals, Span<double> sum);

    private sealed class Of(Func<FusedSolver> create, ScoreRule? score = null, SumRule? add = null) : FusedSampler
    {
        public override bool HasResiduals => score != null;

        public override FusedSolver CreateSolver() => create();

        public override void Scores(ReadOnlySpan<float> residuals, Span<double> scores)
        {
            RowShape.Same(residuals.Length, scores.Length, nameof(residuals), nameof(scores));
            Known(score)(residuals, scores);
        }

        public override void AddWeightedScores(ReadOnlySpan<double> weights, ReadOnlySpan<float> residuals, Span<double> sum)
        {
            RowShape.Same(residuals.Length, weights.Length * sum.Length, nameof(residuals), nameof(weights));
            Known(add)(weights, residuals, sum);
        }

        private static TRule Known<TRule>(TRule? rule)
            where TRule : class => rule ?? throw new InvalidOperationException("This fused sampler has no residuals of scores.");
    }
}
