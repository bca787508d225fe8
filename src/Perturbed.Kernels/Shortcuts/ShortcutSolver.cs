using System;
using Perturbed.Functional;

namespace Perturbed.Kernels;

/// <summary>The working half of a <see cref="Shortcut"/>: solves the samples of a row, one thread at a time.</summary>
public abstract class ShortcutSolver
{
    private readonly INoise noise;
    private readonly ISolver solver;
    private readonly double[] z, eta, y;
    private int[] answers = [];

    private protected ShortcutSolver(INoise noise, IOracle oracle, bool hasPlaces)
    {
        HasPlaces = hasPlaces;
        this.noise = noise;
        solver = oracle.CreateSolver();
        Dimension = oracle.Dimension;
        z = new double[Dimension];
        eta = new double[Dimension];
        y = new double[Dimension];
        Theta = new double[Dimension];
    }

    /// <summary>Whether every solution is a single 1 among zeros, so that <see cref="SolvePlaces"/> may be called.</summary>
    public bool HasPlaces { get; }

    private protected int Dimension { get; }

    private protected double[] Theta { get; }

    /// <summary>ε: one number, or one for each coordinate.</summary>
    private protected double[] Epsilon { get; private set; } = [];

    /// <summary>The samples whose proof failed since the solver was made, and which went the long way.</summary>
    internal long LongWays { get; private set; }

    /// <summary>Announces the instance whose samples follow.</summary>
    /// <param name="theta">θ, of the dimension d.</param>
    /// <param name="epsilon">One ε, or one for each coordinate.</param>
    /// <returns>Whether the shortcut holds for this instance; if not, <see cref="Solve"/> must not be called.</returns>
    public bool Begin(ReadOnlySpan<double> theta, ReadOnlySpan<double> epsilon)
    {
        RowShape.Point(theta, Dimension);
        theta.CopyTo(Theta);
        if (epsilon.Length != Epsilon.Length) Epsilon = new double[epsilon.Length];
        epsilon.CopyTo(Epsilon);
        var least = epsilon[0];
        foreach (var e in epsilon) least = Math.Min(least, e);
        // The rounding of θ + εz, at most 2⁻⁵² of it, must be small beside the margins of the proofs, which are in units of ε.
        return Lanes.Largest(theta) <= 1e9 * least && Prepare();
    }

    /// <summary>Solves the samples number <paramref name="firstSample"/>, <paramref name="firstSample"/> + 1, … of a row.</summary>
    /// <param name="key">The stream of the noise.</param>
    /// <param name="row">The batch row.</param>
    /// <param name="firstSample">The number of the first sample, at least 0.</param>
    /// <param name="solutions">Destination, n × d, row-major.</param>
    /// <param name="values">Destination of the optimal values, of length n, or empty where nobody asks for them.</param>
    public void Solve(Key key, uint row, long firstSample, Span<double> solutions, Span<double> values)
    {
        var first = Shape.First(firstSample, Dimension, solutions.Length);
        var samples = RowShape.Rows(solutions, Dimension, solutions, Dimension, values);
        if (solutions.IsEmpty) return;
        if (!HasPlaces)
        {
            Run(key, row, first, samples, solutions, [], values, []);
            return;
        }

        if (answers.Length < samples) answers = new int[samples];
        Run(key, row, first, samples, [], answers, values, []);
        PlaceCodes.Decode(Dimension, answers, solutions);
    }

    /// <summary>Solves the samples of a row whose solutions are single ones, and writes no zeros.</summary>
    /// <param name="key">The stream of the noise.</param>
    /// <param name="row">The batch row.</param>
    /// <param name="firstSample">The number of the first sample, at least 0.</param>
    /// <param name="places">Destination of the places of the ones, n.</param>
    /// <param name="values">Destination of the optimal values, of length n, or empty where nobody asks for them.</param>
    /// <param name="seeds">Destination of the seeds of the scores (<see cref="Shortcut.HasSeeds"/>), n × d, or empty where nobody asks for them.</param>
    /// <exception cref="InvalidOperationException"><see cref="HasPlaces"/> is false.</exception>
    public void SolvePlaces(Key key, uint row, long firstSample, Span<int> places, Span<double> values, Span<float> seeds)
    {
        if (!HasPlaces) throw new InvalidOperationException("The solutions have more than a single 1; Solve writes them.");
        if (values.Length != places.Length && values.Length != 0)
            throw new ArgumentException($"values has length {values.Length}; expected {places.Length}, or 0 where no values are wanted.", nameof(values));
        var first = Shape.First(firstSample, Dimension, checked(places.Length * Dimension));
        if (!seeds.IsEmpty) Shape.Same(seeds.Length, places.Length * Dimension, nameof(seeds), nameof(places));
        if (!places.IsEmpty) Run(key, row, first, places.Length, [], places, values, seeds);
    }

    /// <summary>What an instance needs; <see cref="Theta"/> and <see cref="Epsilon"/> are set.</summary>
    private protected abstract bool Prepare();

    /// <summary>Solves the samples whose numbers start at <paramref name="first"/> of the stream; it writes places where <see cref="HasPlaces"/> says so, and else solutions.</summary>
    private protected abstract void Run(Key key, uint row, long first, int samples, Span<double> solutions, Span<int> places, Span<double> values, Span<float> seeds);

    /// <summary>The place of the 1 of one sample's solution, the long way.</summary>
    private protected int LongWay(Key key, uint row, long sample, Span<double> value)
    {
        LongWay(key, row, sample, y, value);
        return Array.IndexOf(y, 1.0);
    }

    /// <summary>Solves one sample as it is written: draw, perturb, solve.</summary>
    private protected void LongWay(Key key, uint row, long sample, Span<double> solution, Span<double> value)
    {
        LongWays++;
        noise.Sample(key, row, sample, Dimension, z);
        Perturbations.Additive(Theta, Epsilon, z, eta);
        solver.Solve(eta, solution, value);
    }
}
