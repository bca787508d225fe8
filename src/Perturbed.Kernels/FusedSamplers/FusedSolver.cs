using System;
using Perturbed.Functional.CSharp;

namespace Perturbed.Kernels;

/// <summary>
/// The working half of a <see cref="FusedSampler"/>: solves the samples of a row, one thread at a time.
/// </summary>
public abstract class FusedSolver
{
    private readonly INoise noise;
    private readonly ISolver solver;
    private readonly double[] z, eta, y;
    private int[] answers = [];

    private protected FusedSolver(INoise noise, IOracle oracle, int ones)
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

    /// <summary>
    /// How many samples took the reference path since the solver was made, because their proof failed.
    /// </summary>
    internal long ReferenceSamples { get; private set; }

    /// <summary>Announces the instance whose samples follow.</summary>
    /// <param name="theta">θ, of the dimension d.</param>
    /// <param name="epsilon">One ε, or one for each coordinate.</param>
    /// <returns>Whether the proofs hold for this instance; if not, <see cref="Solve"/> must not be called.</returns>
    public bool Begin(ReadOnlySpan<double> theta, ReadOnlySpan<double> epsilon)
    {
        RowShape.Point(theta, Dimension);
        theta.CopyTo(Theta);
        if (epsilon.Length != Epsilon.Length) Epsilon = new double[epsilon.Length];
        epsilon.CopyTo(Epsilon);
        var least = epsilon[0];
        foreach (var e in epsilon) least = Math.Min(least, e);
        // The rounding of θ + εz, at most 2⁻⁵² of it, must be small beside the margins of the proofs, which are in
        // units of ε.
        return Lanes.Largest(theta) <= 1e9 * least && Prepare();
    }

    /// <summary>
    /// Solves the samples number <paramref name="firstSample"/>, <paramref name="firstSample"/> + 1, … of a row.
    /// </summary>
    /// <param name="key">The stream of the noise.</param>
    /// <param name="row">The batch row.</param>
    /// <param name="firstSample">The number of the first sample, at least 0.</param>
    /// <param name="solutions">Destination, n × d, row-major.</param>
    /// <param name="values">Destination of the optimal values, of length n, or empty where none are wanted.</param>
    public void Solve(Key key, uint row, long firstSample, Span<double> solutions, Span<double> values)
    {
        var first = RowShape.First(firstSample, Dimension, solutions.Length);
        var samples = RowShape.Rows(solutions, Dimension, solutions, Dimension, values);
        if (solutions.IsEmpty) return;
        if (answers.Length < samples * Ones) answers = new int[samples * Ones];
        Run(key, row, first, answers.AsSpan(0, samples * Ones), values, []);
        IndexEncoding.Decode(Dimension, Ones, answers, solutions);
    }

    /// <summary>Solves the samples of a row and writes the indices of the ones, but no zeros.</summary>
    /// <param name="key">The stream of the noise.</param>
    /// <param name="row">The batch row.</param>
    /// <param name="firstSample">The number of the first sample, at least 0.</param>
    /// <param name="indices">
    /// Destination of the indices of the ones, n × <see cref="Ones"/>, those of a solution in ascending order.
    /// </param>
    /// <param name="values">Destination of the optimal values, of length n, or empty where none are wanted.</param>
    /// <param name="residuals">
    /// Destination of the residuals of the scores (<see cref="FusedSampler.HasResiduals"/>), n × d, or empty where
    /// none are wanted.
    /// </param>
    public void SolveIndices(Key key, uint row, long firstSample, Span<int> indices, Span<double> values, Span<float> residuals)
    {
        var samples = indices.Length / Ones;
        if (samples * Ones != indices.Length)
            throw new ArgumentException(
                $"indices has length {indices.Length}; expected a multiple of the {Ones} ones of a solution.", nameof(indices));
        if (values.Length != samples && values.Length != 0)
            throw new ArgumentException(
                $"values has length {values.Length}; expected {samples}, or 0 where no values are wanted.", nameof(values));
        var first = RowShape.First(firstSample, Dimension, checked(samples * Dimension));
        if (!residuals.IsEmpty) RowShape.Same(residuals.Length, samples * Dimension, nameof(residuals), nameof(indices));
        if (samples > 0) Run(key, row, first, indices, values, residuals);
    }

    /// <summary>What an instance needs; <see cref="Theta"/> and <see cref="Epsilon"/> are set.</summary>
    private protected abstract bool Prepare();

    /// <summary>Solves the samples whose numbers start at <paramref name="first"/> of the stream.</summary>
    private protected abstract void Run(Key key, uint row, long first, Span<int> indices, Span<double> values, Span<float> residuals);

    /// <summary>Solves one sample by the reference path: draw, perturb, solve.</summary>
    private protected void SolveByReference(Key key, uint row, long sample, Span<int> indices, Span<double> value)
    {
        ReferenceSamples++;
        noise.Sample(key, row, sample, Dimension, z);
        Perturbations.Additive(Theta, Epsilon, z, eta);
        solver.Solve(eta, y, value);
        IndexEncoding.TryEncode(Dimension, Ones, y, indices);
    }
}
