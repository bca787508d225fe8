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

    private protected ShortcutSolver(INoise noise, IOracle oracle, int ones)
    {
        Ones = ones;
        this.noise = noise;
        solver = oracle.CreateSolver();
        Dimension = oracle.Dimension;
        z = new double[Dimension];
        eta = new double[Dimension];
        y = new double[Dimension];
        Theta = new double[Dimension];
    }

    /// <summary>How many ones every solution has; the rest are zeros.</summary>
    public int Ones { get; }

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
        var first = RowShape.First(firstSample, Dimension, solutions.Length);
        var samples = RowShape.Rows(solutions, Dimension, solutions, Dimension, values);
        if (solutions.IsEmpty) return;
        if (answers.Length < samples * Ones) answers = new int[samples * Ones];
        Run(key, row, first, answers.AsSpan(0, samples * Ones), values, []);
        PlaceCodes.Decode(Dimension, Ones, answers, solutions);
    }

    /// <summary>Solves the samples of a row and writes the places of the ones, but no zeros.</summary>
    /// <param name="key">The stream of the noise.</param>
    /// <param name="row">The batch row.</param>
    /// <param name="firstSample">The number of the first sample, at least 0.</param>
    /// <param name="places">Destination of the places of the ones, n × <see cref="Ones"/>, those of a solution in ascending order.</param>
    /// <param name="values">Destination of the optimal values, of length n, or empty where nobody asks for them.</param>
    /// <param name="seeds">Destination of the seeds of the scores (<see cref="Shortcut.HasSeeds"/>), n × d, or empty where nobody asks for them.</param>
    public void SolvePlaces(Key key, uint row, long firstSample, Span<int> places, Span<double> values, Span<float> seeds)
    {
        var samples = places.Length / Ones;
        if (samples * Ones != places.Length)
            throw new ArgumentException($"places has length {places.Length}; expected a multiple of the {Ones} ones of a solution.", nameof(places));
        if (values.Length != samples && values.Length != 0)
            throw new ArgumentException($"values has length {values.Length}; expected {samples}, or 0 where no values are wanted.", nameof(values));
        var first = RowShape.First(firstSample, Dimension, checked(samples * Dimension));
        if (!seeds.IsEmpty) RowShape.Same(seeds.Length, samples * Dimension, nameof(seeds), nameof(places));
        if (samples > 0) Run(key, row, first, places, values, seeds);
    }

    /// <summary>What an instance needs; <see cref="Theta"/> and <see cref="Epsilon"/> are set.</summary>
    private protected abstract bool Prepare();

    /// <summary>Solves the samples whose numbers start at <paramref name="first"/> of the stream.</summary>
    private protected abstract void Run(Key key, uint row, long first, Span<int> places, Span<double> values, Span<float> seeds);

    /// <summary>Solves one sample as it is written: draw, perturb, solve.</summary>
    private protected void LongWay(Key key, uint row, long sample, Span<int> places, Span<double> value)
    {
        LongWays++;
        noise.Sample(key, row, sample, Dimension, z);
        Perturbations.Additive(Theta, Epsilon, z, eta);
        solver.Solve(eta, y, value);
        PlaceCodes.TryEncode(Dimension, Ones, y, places);
    }
}
