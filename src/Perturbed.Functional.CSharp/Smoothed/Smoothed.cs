using System;
using System.Threading;

namespace Perturbed.Functional.CSharp;

/// <summary>A perturbed optimizer: an oracle, its noise, ε, M, and the key of its randomness. A value: every method of
/// it is pure.</summary>
/// <remarks>
/// Made by <see cref="Oracle.Perturb"/>, changed by copies (<c>With…</c>). The same operator and θ give the same bits,
/// for any number of threads. Estimates are unbiased Monte Carlo means over M samples, with standard errors that fall
/// as 1/√M. One call costs M solves a row and the noise of M·d numbers. Over a batch, row r of the answer belongs to
/// row r of θ, with noise of its own; a batch of one row gives the bits of the method for one θ. A copy by
/// <see cref="Exact"/> answers every expectation and derivative without samples. Where a message names the parameter
/// <c>smoothed</c>, it means the operator itself. Berthet et al. 2020, Definitions 2.1 and 3.1.
/// </remarks>
public sealed partial class Smoothed
{
    internal Smoothed(Functional.Smoothed core) => Core = core;

    internal Functional.Smoothed Core { get; }

    /// <summary>The oracle that is perturbed.</summary>
    public Oracle Oracle => new(Core.Oracle);

    /// <summary>The noise Z.</summary>
    public INoise Noise => Core.Noise;

    /// <summary>The noise scale ε, in the unit of θ: one number, or one for each coordinate of θ.</summary>
    public double[] Epsilon => Core.Epsilon;

    /// <summary>The number M of samples of the Monte Carlo estimate.</summary>
    public int SampleCount => Core.Samples;

    /// <summary>Whether the noise multiplies θ, as θ ⊙ exp(εZ − ε²/2), rather than being added to it.</summary>
    public bool IsMultiplicative => Core.Perturbation.IsMultiplicative;

    /// <summary>The baseline of derivatives.</summary>
    public VarianceReduction VarianceReduction => Core.VarianceReduction.ToKind();

    /// <summary>How the samples of a row depend on each other.</summary>
    public SamplingDesign Sampling => new(Core.Sampling);

    /// <summary>Whether expectations are exact, without samples (<see cref="Exact"/>).</summary>
    public bool IsExact => Core.IsExact;

    /// <summary>The key of the noise.</summary>
    public Key Key => Core.Key;

    /// <summary>The number of the batch row that comes first: rows number FirstRow, FirstRow + 1, … of the
    /// stream.</summary>
    public long FirstRow => Core.FirstRow;

    /// <summary>Which instance each row of a batch is (<see cref="WithInstances"/>); null where a row's number is its
    /// instance.</summary>
    public int[]? Instances => Crossing.OrNull(Core.Instances);

    /// <summary>The greatest number of threads used.</summary>
    public int Threads => Core.Threads;

    /// <summary>What is done about samples whose solve fails.</summary>
    public FailurePolicy Failures => new(Core.Failures);

    /// <summary>The token that stops a long call.</summary>
    public CancellationToken Cancellation => Core.Cancellation;

    /// <summary>The bytes that the solution cache may take between a value and its derivatives; beyond them problems
    /// are solved again, with the same bits.</summary>
    public long CacheBytes => Core.CacheBytes;

    /// <summary>The operator with another key, and so with independent noise.</summary>
    /// <param name="key">The key of the noise.</param>
    /// <returns>A copy.</returns>
    public Smoothed WithKey(Key key) => new(SmoothedModule.withKey(key, Core));

    /// <summary>The operator with another number of samples. The first samples stay the same, but for Latin hypercubes
    /// and Sobol's points; an exact operator stays exact.</summary>
    /// <param name="samples">M, at least 1.</param>
    /// <returns>A copy.</returns>
    /// <exception cref="ArgumentOutOfRangeException">M &lt; 1.</exception>
    public Smoothed WithSamples(int samples) => new(SmoothedModule.withSamples(samples, Core));

    /// <summary>The operator with another noise scale.</summary>
    /// <param name="epsilon">ε, positive, in the unit of θ.</param>
    /// <returns>A copy.</returns>
    /// <exception cref="ArgumentOutOfRangeException">ε ≤ 0 or not finite.</exception>
    public Smoothed WithEpsilon(double epsilon) => new(SmoothedModule.withEpsilon(epsilon, Core));

    /// <summary>The operator whose expectations are exact: closed forms or one-dimensional integrals take the place of
    /// samples.</summary>
    /// <returns>A copy. Its standard errors are 0; <c>Samples</c> and <c>Distribution</c> still draw its M
    /// samples.</returns>
    /// <exception cref="ArgumentException">The combination has no exact form; the message lists those that have
    /// one.</exception>
    /// <remarks>
    /// For additive perturbations of argmax, top k, rankings, boxes and signs by independent noise with a distribution
    /// function (<see cref="ICoordinateLaw"/>). Closed, or an integral with an error of about 1e-13: E y_i = ∫ f_i(t)
    /// P(fewer than k others above t) dt.
    /// </remarks>
    public Smoothed Exact() => new(SmoothedModule.exact(Core));

    /// <summary>The operator whose expectations are estimated from its M samples, as <c>Perturb</c> makes
    /// it.</summary>
    /// <returns>A copy, no longer exact.</returns>
    public Smoothed Sampled() => new(SmoothedModule.sampled(Core));

    /// <summary>The operator with a noise scale for each coordinate: θ_i + ε_i Z_i.</summary>
    /// <param name="epsilons">One positive ε for each of the d coordinates, in the unit of θ; copied.</param>
    /// <returns>A copy.</returns>
    /// <exception cref="ArgumentException">The length is not d, or an entry is not positive and finite.</exception>
    public Smoothed WithEpsilons(double[] epsilons) => new(SmoothedModule.withEpsilons(epsilons, Core));

    /// <summary>The operator with noise that is added to θ: θ + εZ. Berthet et al. 2020, Definition 2.1.</summary>
    /// <returns>A copy.</returns>
    public Smoothed Additive() => new(SmoothedModule.withPerturbation(Perturbation.Additive, Core));

    /// <summary>The operator with noise that multiplies θ: θ ⊙ exp(εZ − ε²/2). Every entry keeps its sign, and under
    /// Gaussian noise its mean.</summary>
    /// <returns>A copy.</returns>
    public Smoothed Multiplicative() => new(SmoothedModule.withPerturbation(Perturbation.Multiplicative, Core));

    /// <summary>The operator with another baseline in its derivatives.</summary>
    /// <param name="varianceReduction">The baseline; each keeps the derivatives unbiased.</param>
    /// <returns>A copy.</returns>
    /// <exception cref="ArgumentOutOfRangeException">Not a member of the enum.</exception>
    public Smoothed WithVarianceReduction(VarianceReduction varianceReduction) =>
        new(SmoothedModule.withVarianceReduction(varianceReduction.ToCore(nameof(varianceReduction)), Core));

    /// <summary>The operator whose samples are drawn by another design: independently, as antithetic pairs, orthogonal
    /// directions, Latin hypercubes or scrambled Sobol points.</summary>
    /// <param name="sampling">The design; each keeps values and derivatives unbiased, with standard errors between its
    /// independent groups.</param>
    /// <returns>A copy.</returns>
    /// <exception cref="ArgumentException">The noise does not allow the design (the message lists what does), fewer
    /// than 1 randomisations, or more dimensions than Sobol's sequence has.</exception>
    public Smoothed WithSampling(SamplingDesign sampling) => new(SmoothedModule.withSampling(Crossing.NotNull(sampling).Core, Core));

    /// <summary>The operator with another number of threads. It changes the time and never the bits.</summary>
    /// <param name="threads">The most threads at work, at least 1.</param>
    /// <returns>A copy.</returns>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than 1.</exception>
    public Smoothed WithThreads(int threads) => new(SmoothedModule.withThreads(threads, Core));

    /// <summary>The operator whose first row is row number row of its stream, so that a batch can be cut into parts
    /// with the bits of the whole.</summary>
    /// <param name="row">The number of the first row, from 0, below 2³².</param>
    /// <returns>A copy.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A negative number, or 2³² and above.</exception>
    public Smoothed WithFirstRow(long row) => new(SmoothedModule.withFirstRow(row, Core));

    /// <summary>The operator for a batch whose rows are the given instances: row r is solved by the problem of
    /// instance instances[r] (<see cref="Oracle.PerInstance"/>).</summary>
    /// <param name="instances">One number a row, at least 0, such as the numbers of a fold's rows in the data;
    /// copied.</param>
    /// <returns>A copy, for batches of as many rows, and for a single θ where there is one instance.</returns>
    /// <exception cref="ArgumentException">A negative number, or an instance that has no oracle (the row is named).
    /// When used: another number of rows.</exception>
    /// <remarks>Noise goes by the row's place in the batch, as ever. The losses of training set the instances of each
    /// batch themselves.</remarks>
    public Smoothed WithInstances(int[] instances) => new(SmoothedModule.withInstances(instances, Core));

    /// <summary>The operator with another bound on the memory for solutions between a value and its derivatives. It
    /// changes time and memory, never the bits.</summary>
    /// <param name="bytes">At least 0, for all rows of a call together. By default 64 MiB for a user's own solver; for
    /// a built-in one 16 MiB where solutions are small integers and kept in few bits, else 64 KiB, since it answers
    /// again sooner than memory does. Where the solutions of a call take more, its second pass solves again from the
    /// replayed noise.</param>
    /// <returns>A copy.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A negative number.</exception>
    public Smoothed WithCacheBytes(long bytes) => new(SmoothedModule.withCacheBytes(bytes, Core));

    /// <summary>Whether the perturbed maximum F_ε has a finite expectation, by the moments of the noise: a mean under
    /// additive noise, a finite E exp(εZ) under multiplicative noise. True also where a user's noise does not know its
    /// moments.</summary>
    public bool HasMaximum => SmoothedModule.hasMaximum(Core);

    /// <summary>The operator with another policy about samples whose solve fails.</summary>
    /// <param name="failures">An error by default; or failed samples are left out, at most a share of them.</param>
    /// <returns>A copy. Where failed samples are left out, its answers are conditional on success, and the results that
    /// have a <c>LeftOut</c> count them.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A share outside of 0 to 1, or NaN.</exception>
    public Smoothed WithFailures(FailurePolicy failures) => new(SmoothedModule.withFailures(Crossing.NotNull(failures).Core, Core));

    /// <summary>The operator with a token that stops long calls with an
    /// <see cref="OperationCanceledException"/>.</summary>
    /// <param name="cancellation">The token, looked at between blocks of samples, and inside a block between the calls
    /// of a user's solver.</param>
    /// <returns>A copy.</returns>
    public Smoothed WithCancellation(CancellationToken cancellation) => new(SmoothedModule.withCancellation(cancellation, Core));

    /// <summary>The operator that tells how far a long call is: the share of a pass over the samples that is done, from 0
    /// to 1.</summary>
    /// <remarks>A value is one pass, a derivative one or two, an adaptive call or a fit many; each begins anew. Exact
    /// operators count rows.</remarks>
    /// <param name="progress">Called at most a hundred times a pass, on the threads that do the work, so not always in
    /// order.</param>
    /// <returns>A copy with the same answers.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="progress"/> is null.</exception>
    public Smoothed WithProgress(IProgress<double> progress) => new(SmoothedModule.withProgress(progress, Core));

    /// <summary>The operator that tells how far a long call is: the samples that are done, of how many, the failures among
    /// them, and the standard error so far.</summary>
    /// <param name="progress">Called at most a hundred times a pass, on the threads that do the work, so not always in
    /// order.</param>
    /// <returns>A copy with the same answers.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="progress"/> is null.</exception>
    public Smoothed WithSolveProgress(IProgress<SolveProgress> progress) =>
        new(SmoothedModule.withSolveProgress(
            new RelayedProgress<Functional.SolveProgress, SolveProgress>(Crossing.NotNull(progress), core => new(core)), Core));

    /// <summary>Oracle, noise, ε and M in a line.</summary>
    /// <returns>A line such as <c>perturbed ranking: gaussian noise, epsilon 0.5, 1000 samples</c>.</returns>
    public override string ToString() => Core.ToString();
}
