using System;
using Perturbed.Functional;

namespace Perturbed.Kernels;

/// <summary>A shorter way from a noise to the solutions of θ + ε ⊙ z, for one pair of a noise and an oracle.</summary>
/// <remarks>
/// The long way draws every number, adds θ, and solves. Where the solution is a matter of the largest entries, most numbers need not be known: it is enough to prove that they are
/// not among those. Solutions and values are bit for bit those of the long way, which a shortcut takes itself wherever its proof fails.
/// </remarks>
public abstract class Shortcut
{
    private protected Shortcut()
    {
    }

    /// <summary>The shortcut between a noise and an oracle.</summary>
    /// <param name="noise">The noise Z.</param>
    /// <param name="oracle">The oracle y*.</param>
    /// <returns>The shortcut, or null where there is none.</returns>
    public static Shortcut? Between(INoise noise, IOracle oracle)
    {
        ArgumentNullException.ThrowIfNull(noise);
        ArgumentNullException.ThrowIfNull(oracle);
        var d = oracle.Dimension;
        return (noise, oracle) switch
        {
            (GumbelNoise gumbel, ArgmaxOracle argmax) when d is > 1 and <= ExponentialRace.Widest => new Of(() => new ExponentialRace(gumbel, argmax), GumbelNoise.Scores, GumbelNoise.AddScores),
            (GumbelNoise gumbel, ArgmaxOracle) when d >= Screen.Narrowest => new Of(() => new GumbelScreen(gumbel, oracle, 1)),
            (GumbelNoise gumbel, TopKOracle top) when Screen.Pays(d, top.K) => new Of(() => new GumbelScreen(gumbel, oracle, top.K)),
            (GaussianNoise gaussian, ArgmaxOracle) when Screen.Pays(d, 1) => new Of(() => new GaussianScreen(gaussian, oracle, 1)),
            (GaussianNoise gaussian, TopKOracle top) when Screen.Pays(d, top.K) => new Of(() => new GaussianScreen(gaussian, oracle, top.K)),
            _ => null,
        };
    }

    /// <summary>Whether <see cref="ShortcutSolver.SolvePlaces"/> comes by a number for each coordinate of each sample that its score is soon made of, a seed.</summary>
    public abstract bool HasSeeds { get; }

    /// <summary>The scores ∇ν(z) of samples, as <see cref="INoise.SampleScores"/> draws them, from their seeds.</summary>
    /// <param name="seeds">What <see cref="ShortcutSolver.SolvePlaces"/> wrote.</param>
    /// <param name="scores">Destination, of the same length.</param>
    /// <exception cref="InvalidOperationException"><see cref="HasSeeds"/> is false.</exception>
    public abstract void Scores(ReadOnlySpan<float> seeds, Span<double> scores);

    /// <summary>sum[i] += Σ_m weights[m]·∇ν(z_m)[i] over samples, with the bits of <see cref="Sums.AddWeightedRows"/> over their scores, which are never written.</summary>
    /// <param name="weights">One weight a sample, n.</param>
    /// <param name="seeds">What <see cref="ShortcutSolver.SolvePlaces"/> wrote, n × d.</param>
    /// <param name="sum">Accumulator, of the dimension d.</param>
    /// <exception cref="InvalidOperationException"><see cref="HasSeeds"/> is false.</exception>
    public abstract void AddWeightedScores(ReadOnlySpan<double> weights, ReadOnlySpan<float> seeds, Span<double> sum);

    /// <summary>A solver with its own scratch memory, for one thread at a time.</summary>
    /// <returns>A new solver.</returns>
    public abstract ShortcutSolver CreateSolver();

    private delegate void ScoreRule(ReadOnlySpan<float> seeds, Span<double> scores);

    private delegate void SumRule(ReadOnlySpan<double> weights, ReadOnlySpan<float> seeds, Span<double> sum);

    private sealed class Of(Func<ShortcutSolver> create, ScoreRule? score = null, SumRule? add = null) : Shortcut
    {
        public override bool HasSeeds => score != null;

        public override ShortcutSolver CreateSolver() => create();

        public override void Scores(ReadOnlySpan<float> seeds, Span<double> scores)
        {
            RowShape.Same(seeds.Length, scores.Length, nameof(seeds), nameof(scores));
            Known(score)(seeds, scores);
        }

        public override void AddWeightedScores(ReadOnlySpan<double> weights, ReadOnlySpan<float> seeds, Span<double> sum)
        {
            RowShape.Same(seeds.Length, weights.Length * sum.Length, nameof(seeds), nameof(weights));
            Known(add)(weights, seeds, sum);
        }

        private static TRule Known<TRule>(TRule? rule)
            where TRule : class => rule ?? throw new InvalidOperationException("This shortcut comes by no seeds of scores.");
    }
}
