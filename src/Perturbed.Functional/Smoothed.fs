namespace Perturbed.Functional

open System
open System.Threading
open Perturbed.Kernels

/// <summary>A perturbed optimizer: an oracle, its noise, ε, M, and the key of its randomness. A value: every function
/// of it is pure.</summary>
/// <remarks>Made by <c>perturb</c>, changed by copies (<c>Smoothed.withKey</c> and the like). Paper: Definitions 2.1
/// and 3.1.</remarks>
[<Sealed>]
type Smoothed internal (settings: Settings, method: Settings -> Expectations) =
    let expectations = method settings

    /// The oracle that is perturbed.
    member _.Oracle: Oracle = settings.Oracle

    /// The noise Z.
    member _.Noise: INoise = settings.Noise

    /// The noise scale ε, in the unit of θ: one number, or one for each coordinate of θ.
    member _.Epsilon: float[] = Array.copy settings.Epsilons

    /// The number M of samples of the Monte Carlo estimate.
    member _.Samples: int = settings.Samples

    /// How the noise enters θ.
    member _.Perturbation: Perturbation = settings.Perturbation

    /// The baseline of derivatives.
    member _.VarianceReduction: VarianceReduction = settings.VarianceReduction

    /// How the samples of a row depend on each other.
    member _.Sampling: SamplingDesign = settings.Sampling

    /// The key of the noise.
    member _.Key: Key = settings.Key

    /// The number of the batch row that comes first: rows number firstRow, firstRow + 1, … of the stream.
    member _.FirstRow: int64 = settings.Rows.First

    /// <summary>Which instance each row of a batch is (<c>Smoothed.withInstances</c>); none where a row's number is
    /// its instance.</summary>
    member _.Instances: int[] option =
        match settings.Rows.Given with
        | null -> None
        | instances -> Some(Array.copy instances)

    /// The greatest number of threads used.
    member _.Threads: int = settings.Threads

    /// The bytes that the solution cache may take between a value and its derivatives; beyond them problems are solved
    /// again, with the same bits.
    member _.CacheBytes: int64 = settings.CacheBytes

    /// What is done about samples whose solve fails.
    member _.Failures: FailurePolicy = settings.Failures

    /// The token that stops a long call.
    member _.Cancellation: CancellationToken = settings.Cancellation

    /// <summary>Whether expectations are exact, without samples (<c>Smoothed.exact</c>).</summary>
    member _.IsExact: bool = expectations.Draws.IsNone

    member internal _.Settings: Settings = settings
    member internal _.Expectations: Expectations = expectations

    // The same method under other settings.
    member internal _.With(changed: Settings) : Smoothed = Smoothed(changed, method)

    // The same settings by another method.
    member internal _.By(method: Settings -> Expectations) : Smoothed = Smoothed(settings, method)

    override _.ToString() =
        settings
        |> Settings.describe (
            match expectations.Draws with
            | ValueSome _ -> Settings.describeSamples settings
            | ValueNone -> "exact"
        )

/// <summary>Perturbed optimizers at one θ: F_ε(θ), y*_ε(θ), samples of p_θ, and every derivative.</summary>
/// <remarks>
/// Every function is pure: the same operator and θ give the same bits, for any number of threads. Estimates are
/// unbiased Monte Carlo means over M samples, with standard errors that fall as 1/√M. One call costs M solves and the
/// noise of M·d numbers, in O(d) memory. A copy by <c>exact</c> answers every expectation and derivative without
/// samples, with standard errors of 0; <c>samples</c> and <c>distribution</c> draw M samples from it all the same.
/// Berthet et al. 2020, Sections 2 and 3.
/// </remarks>
[<RequireQualifiedAccess; CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module Smoothed =

    let private row (smoothed: Smoothed) (theta: float[]) : ThetaBatch =
        ThetaBatch.ofRow smoothed.Settings theta

    let private checked' (smoothed: Smoothed) : Smoothed =
        smoothed.Expectations.Check()
        smoothed

    /// <summary>The operator with another key, and so with independent noise.</summary>
    /// <param name="key">The key of the noise.</param>
    /// <param name="smoothed">The operator.</param>
    /// <returns>A copy.</returns>
    /// <example><code>
    /// let soft = perturb (Oracle.argmax 2) Noise.gaussian 1.0 100
    /// soft |> Smoothed.maximizer [| 0.5; 0.0 |] // [|0.51; 0.49|]
    /// soft |> Smoothed.withKey (Key.create 1UL) |> Smoothed.maximizer [| 0.5; 0.0 |] // [|0.61; 0.39|]
    /// </code></example>
    let withKey (key: Key) (smoothed: Smoothed) : Smoothed =
        smoothed.With { smoothed.Settings with Key = key }

    /// <summary>The operator with another number of samples. The first samples stay the same, but for Latin
    /// hypercubes and Sobol's points; an exact operator stays exact.</summary>
    /// <param name="samples">M, at least 1.</param>
    /// <param name="smoothed">The operator.</param>
    /// <returns>A copy.</returns>
    /// <exception cref="T:System.ArgumentOutOfRangeException">M &lt; 1.</exception>
    /// <example><code>
    /// let soft = perturb (Oracle.argmax 2) Noise.gaussian 1.0 100
    /// let errorOf m = (soft |> Smoothed.withSamples m |> Smoothed.estimate [| 0.5; 0.0 |]).MaximizerStandardErrors[0]
    /// errorOf 100 // 0.05
    /// errorOf 10_000 // 0.005
    /// </code></example>
    let withSamples (samples: int) (smoothed: Smoothed) : Smoothed =
        Check.positiveInt (nameof samples) samples

        smoothed.With
            { smoothed.Settings with
                Samples = samples
            }

    /// <summary>The operator with another noise scale.</summary>
    /// <param name="epsilon">ε, positive, in the unit of θ.</param>
    /// <param name="smoothed">The operator.</param>
    /// <returns>A copy.</returns>
    /// <exception cref="T:System.ArgumentOutOfRangeException">ε ≤ 0 or not finite.</exception>
    /// <example><code>
    /// let soft = perturb (Oracle.argmax 2) Noise.gumbel 1.0 10_000
    /// soft |> Smoothed.withEpsilon 0.2 |> Smoothed.maximizer [| 0.5; 0.0 |] // [|0.925; 0.075|]
    /// </code></example>
    let withEpsilon (epsilon: float) (smoothed: Smoothed) : Smoothed =
        Check.epsilon (nameof epsilon) epsilon

        smoothed.With
            { smoothed.Settings with
                Epsilons = [| epsilon |]
            }

    /// <summary>The operator whose expectations are exact: closed forms or one-dimensional integrals take the place of
    /// samples.</summary>
    /// <param name="smoothed">The operator: additive, of argmax, top k, a ranking, a box or signs, with independent
    /// noise that has a distribution function.</param>
    /// <returns>A copy. Its standard errors are 0; <c>samples</c> and <c>distribution</c> still draw its M samples,
    /// and its key and baseline serve them alone.</returns>
    /// <exception cref="T:System.ArgumentException">The combination has no exact form; the message lists those that
    /// have one.</exception>
    /// <remarks>
    /// Closed are argmax with Gumbel noise of one scale (softmax, O(d)), boxes and signs (E y_i = l_i + (u_i − l_i)
    /// P(θ_i + ε_i Z_i &gt; 0), O(d); F_ε is an integral), and the ranking of an affine reference, such as (1..d),
    /// with Gaussian or Cauchy noise, and with Gumbel, Laplace or logistic noise of one scale (E y_i = 1 + Σ_{j≠i}
    /// P(θ_i + εZ_i &gt; θ_j + εZ_j), O(d²)). The others are integrals over panels of 16 nodes of Gauss and Legendre,
    /// with an error of about 1e-13: E y_i = ∫ f_i P(fewer than k others above t) dt.
    /// </remarks>
    /// <example><code>
    /// let soft = perturb (Oracle.ranking 3) Noise.gaussian 1.0 1000 |> Smoothed.exact
    /// soft |> Smoothed.maximizer [| 1.0; 0.0; -0.5 |] // [|2.616; 1.878; 1.506|]
    /// </code></example>
    let exact (smoothed: Smoothed) : Smoothed =
        smoothed.By ExactExpectations.create |> checked'

    /// <summary>The operator whose expectations are estimated from its M samples, as <c>perturb</c> makes
    /// it.</summary>
    /// <param name="smoothed">The operator.</param>
    /// <returns>A copy, no longer exact.</returns>
    let sampled (smoothed: Smoothed) : Smoothed =
        smoothed.By MonteCarloExpectations.create

    /// <summary>The operator with a noise scale for each coordinate: θ_i + ε_i Z_i.</summary>
    /// <param name="epsilons">One positive ε for each of the d coordinates.</param>
    /// <param name="smoothed">The operator.</param>
    /// <returns>A copy.</returns>
    /// <exception cref="T:System.ArgumentException">The length is not d, or an entry is not positive and
    /// finite.</exception>
    let withEpsilons (epsilons: float[]) (smoothed: Smoothed) : Smoothed =
        Check.notNull (nameof epsilons) epsilons
        Check.length (nameof epsilons) epsilons.Length smoothed.Oracle.Dimension "the dimension of the oracle"
        epsilons |> Array.iteri (fun i e -> Check.epsilon $"epsilons[{i}]" e)

        smoothed.With
            { smoothed.Settings with
                Epsilons = Array.copy epsilons
            }
        |> checked'

    /// <summary>Whether the perturbed maximum F_ε has a finite expectation, by the moments of the noise: a mean under
    /// additive noise, a finite E exp(εZ) under multiplicative noise. True also where a user's noise does not know its
    /// moments.</summary>
    /// <param name="smoothed">The operator.</param>
    /// <returns>True also where the noise, a user's own, does not know its moments.</returns>
    let hasMaximum (smoothed: Smoothed) : bool =
        Option.isNone (Existence.maximumFault smoothed.Settings)

    /// <summary>The operator with noise that is added to θ, or that multiplies it.</summary>
    /// <param name="perturbation">Additive: θ + εZ. Multiplicative: θ ⊙ exp(εZ − ε²/2).</param>
    /// <param name="smoothed">The operator.</param>
    /// <returns>A copy.</returns>
    /// <exception cref="T:System.ArgumentException">The operator is exact and the perturbation multiplicative, which
    /// has no exact form.</exception>
    let withPerturbation (perturbation: Perturbation) (smoothed: Smoothed) : Smoothed =
        smoothed.With
            { smoothed.Settings with
                Perturbation = perturbation
            }
        |> checked'

    /// <summary>The operator with another baseline in its derivatives.</summary>
    /// <param name="varianceReduction">The baseline; each keeps the derivatives unbiased.</param>
    /// <param name="smoothed">The operator.</param>
    /// <returns>A copy.</returns>
    let withVarianceReduction (varianceReduction: VarianceReduction) (smoothed: Smoothed) : Smoothed =
        smoothed.With
            { smoothed.Settings with
                VarianceReduction = varianceReduction
            }

    /// <summary>The operator whose samples are drawn by another design: independently, as antithetic pairs, orthogonal
    /// directions, Latin hypercubes or scrambled Sobol points.</summary>
    /// <param name="sampling">The design; each keeps values and derivatives unbiased, with standard errors between its
    /// independent groups.</param>
    /// <param name="smoothed">The operator; an exact one keeps the design for when it is sampled.</param>
    /// <returns>A copy. Value, derivatives, losses and pullbacks honour the design; so do <c>samples</c> and
    /// <c>distribution</c>, whose draws depend on each other within a group.</returns>
    /// <exception cref="T:System.ArgumentException">The noise does not allow the design (the message lists what does),
    /// fewer than 1 randomisations, or more dimensions than Sobol's sequence has.</exception>
    /// <remarks>The memory stays O(d) a thread, up to 256 d for orthogonal directions, and the bits do not depend on
    /// threads or on the batch. docs/estimators.md compares the designs.</remarks>
    /// <example><code>
    /// let soft = perturb (Oracle.ranking 3) Noise.gaussian 1.0 1024
    /// let error op = (op |> Smoothed.estimate [| 1.0; 0.0; -0.5 |]).MaximizerStandardErrors[0]
    /// soft |> error // 0.02
    /// soft |> Smoothed.withSampling (SamplingDesign.Sobol 8) |> error // 0.009
    /// </code></example>
    let withSampling (sampling: SamplingDesign) (smoothed: Smoothed) : Smoothed =
        Sampler.check sampling smoothed.Settings

        smoothed.With
            { smoothed.Settings with
                Sampling = sampling
            }

    /// <summary>The operator with another number of threads. It changes the time and never the bits.</summary>
    /// <param name="threads">The most threads used, at least 1.</param>
    /// <param name="smoothed">The operator.</param>
    /// <returns>A copy.</returns>
    /// <exception cref="T:System.ArgumentOutOfRangeException">Fewer than 1.</exception>
    let withThreads (threads: int) (smoothed: Smoothed) : Smoothed =
        Check.positiveInt (nameof threads) threads

        smoothed.With
            { smoothed.Settings with
                Threads = threads
            }

    /// <summary>The operator whose first row is row number <paramref name="row"/> of its stream, so that a batch can
    /// be cut into parts with the bits of the whole.</summary>
    /// <param name="row">The number of the first row, from 0, below 2³².</param>
    /// <param name="smoothed">The operator.</param>
    /// <returns>A copy.</returns>
    /// <exception cref="T:System.ArgumentOutOfRangeException">A negative number, or 2³² and above.</exception>
    let withFirstRow (row: int64) (smoothed: Smoothed) : Smoothed =
        if row < 0L || row > int64 UInt32.MaxValue then
            raise (ArgumentOutOfRangeException(nameof row, row, $"row is {row}; it must be in 0 to 2^32 - 1."))

        smoothed.With
            { smoothed.Settings with
                Rows = smoothed.Settings.Rows.From row
            }

    /// <summary>The operator for a batch whose rows are the given instances: row r is solved by the problem of
    /// instance instances[r] (<c>Oracle.perInstance</c>).</summary>
    /// <remarks>
    /// Noise depends on the row's number in the batch, as always: an operator with one problem for all keeps its bits.
    /// Part of a batch, as by <c>withFirstRow</c>, has the instances of that part. The losses of training
    /// (<c>Loss</c>) set the instances of each batch themselves.
    /// </remarks>
    /// <param name="instances">One number a row, at least 0, such as the numbers of a fold's rows in the data;
    /// copied.</param>
    /// <param name="smoothed">The operator.</param>
    /// <returns>A copy, for batches of as many rows, and for a single θ where there is one instance.</returns>
    /// <exception cref="T:System.ArgumentException">A negative number, or an instance that has no oracle (the row is
    /// named). When used: another number of rows.</exception>
    let withInstances (instances: int[]) (smoothed: Smoothed) : Smoothed =
        smoothed.With
            { smoothed.Settings with
                Rows = RowNumbers.Of(smoothed.FirstRow, instances, smoothed.Oracle)
            }

    /// <summary>The operator with another bound on the memory for solutions between a value and its derivatives. It
    /// changes time and memory, never the bits.</summary>
    /// <param name="bytes">At least 0, for all rows of a call together: their solutions, and what their scores are
    /// computed from where that is kept. By default 64 MiB for a user's own solver; for a built-in one 16 MiB where
    /// solutions are small integers and kept in few bits, else 64 KiB, because solving again takes less time than
    /// reading memory. Where the solutions of a call take more, its second pass solves again from the replayed
    /// noise.</param>
    /// <param name="smoothed">The operator.</param>
    /// <returns>A copy.</returns>
    /// <exception cref="T:System.ArgumentOutOfRangeException">A negative number.</exception>
    let withCacheBytes (bytes: int64) (smoothed: Smoothed) : Smoothed =
        if bytes < 0L then
            raise (ArgumentOutOfRangeException(nameof bytes, bytes, $"bytes is {bytes}; it must be at least 0."))

        smoothed.With
            { smoothed.Settings with
                CacheBytes = min bytes (1L <<< 33)
            }

    /// <summary>The operator with another policy about samples whose solve fails.</summary>
    /// <param name="failures">An error by default; or failed samples are left out, at most a share of them.</param>
    /// <param name="smoothed">The operator.</param>
    /// <returns>A copy. Where failed samples are left out, its answers are conditional on success, and the results that
    /// have a <c>LeftOut</c> count them.</returns>
    /// <exception cref="T:System.ArgumentOutOfRangeException">A share outside of 0 to 1, or NaN.</exception>
    let withFailures (failures: FailurePolicy) (smoothed: Smoothed) : Smoothed =
        match failures with
        | FailurePolicy.LeaveOut share when not (share >= 0.0 && share <= 1.0) ->
            raise (
                ArgumentOutOfRangeException(
                    nameof failures,
                    share,
                    $"failures leaves out a share of {share} at most; it must be in 0 to 1."
                )
            )
        | _ ->
            smoothed.With
                { smoothed.Settings with
                    Failures = failures
                }

    /// <summary>The operator with a token that stops long calls with an OperationCanceledException.</summary>
    /// <param name="cancellation">The token, looked at between blocks of samples, and inside a block between the calls
    /// of a user's solver.</param>
    /// <param name="smoothed">The operator.</param>
    /// <returns>A copy.</returns>
    /// <remarks>
    /// A cancelled call ends after the running solves, one a thread; a function of whole batches
    /// (<c>Oracle.ofBatchFunction</c>) finishes its call (<c>Oracle.withBatchSize</c>), and a fast built-in solver its
    /// block. Built-in solvers that may take exponential time look at the token inside a solve, as may a user's
    /// (<c>Oracle.ofCancellableFunction</c>, <c>ISolver</c>).
    /// </remarks>
    let withCancellation (cancellation: CancellationToken) (smoothed: Smoothed) : Smoothed =
        smoothed.With
            { smoothed.Settings with
                Cancellation = cancellation
            }

    /// <summary>The operator that tells how far a long call is: the share of a pass over the samples that is done, from
    /// 0 to 1.</summary>
    /// <param name="progress">Called at most a hundred times a pass, on the threads that do the work, so not always in
    /// order.</param>
    /// <param name="smoothed">The operator.</param>
    /// <returns>A copy with the same answers.</returns>
    /// <remarks>A value is one pass, a derivative one or two; <c>Adaptive</c>, <c>Estimation.fit</c> and
    /// <c>Regularizer.solve</c> are many. Each begins anew. Exact operators count rows.</remarks>
    /// <exception cref="T:System.ArgumentException">progress is null.</exception>
    /// <example><code>
    /// let shares = System.Collections.Concurrent.ConcurrentBag&lt;float&gt;()
    /// let listener = { new System.IProgress&lt;float&gt; with member _.Report share = shares.Add share }
    /// let soft = perturb (Oracle.ranking 3) Noise.gaussian 1.0 100_000 |> Smoothed.withProgress listener
    /// let y = soft |> Smoothed.maximizer [| 1.0; 0.0; -1.0 |]
    /// Seq.max shares // 1.0
    /// </code></example>
    let withProgress (progress: IProgress<float>) (smoothed: Smoothed) : Smoothed =
        Check.notNull (nameof progress) progress

        smoothed.With
            { smoothed.Settings with
                Progress = ValueSome progress
            }

    /// <summary>The operator that tells how far a long call is: the samples that are done, of how many, the failures among
    /// them, and the standard error so far.</summary>
    /// <param name="progress">Called at most a hundred times a pass, on the threads that do the work, so not always in
    /// order.</param>
    /// <param name="smoothed">The operator.</param>
    /// <returns>A copy with the same answers.</returns>
    /// <exception cref="T:System.ArgumentNullException">progress is null.</exception>
    let withSolveProgress (progress: IProgress<SolveProgress>) (smoothed: Smoothed) : Smoothed =
        Check.notNull (nameof progress) progress

        smoothed.With
            { smoothed.Settings with
                Solves = ValueSome progress
            }

    /// <summary>The perturbed maximum F_ε(θ) = E F(θ + εZ), as the mean of M optimal values.</summary>
    /// <param name="theta">θ, of the oracle's dimension d, finite.</param>
    /// <param name="smoothed">The operator.</param>
    /// <returns>F_ε(θ), in the unit of θ; <c>estimate</c> gives its standard error.</returns>
    /// <exception cref="T:System.ArgumentException">A wrong length, NaN or ∞ in θ; or the noise has no mean, so F_ε is
    /// infinite.</exception>
    /// <exception cref="T:Perturbed.Functional.CSharp.OracleException">The oracle threw, or its answer has a wrong
    /// length or a value that is not finite.</exception>
    /// <remarks>Berthet et al. 2020, Definition 2.1.</remarks>
    /// <example><code>
    /// let soft = perturb (Oracle.argmax 2) Noise.gumbel 1.0 100_000
    /// soft |> Smoothed.maximum [| 1.0; 0.0 |] // 1.896
    /// log (exp 1.0 + exp 0.0) + 0.5772 // 1.89
    /// </code></example>
    let maximum (theta: float[]) (smoothed: Smoothed) : float =
        (smoothed.Expectations.Maximum(row smoothed theta))[0]

    /// <summary>The perturbed maximizer y*_ε(θ) = E y*(θ + εZ) = ∇F_ε(θ) (additive noise), as the mean of M
    /// solutions.</summary>
    /// <param name="theta">θ, of the oracle's dimension d, finite.</param>
    /// <param name="smoothed">The operator.</param>
    /// <returns>A point of conv(Y), of the dimension k; <c>estimate</c> gives its standard errors.</returns>
    /// <exception cref="T:System.ArgumentException">A wrong length, NaN or ∞ in θ.</exception>
    /// <exception cref="T:Perturbed.Functional.CSharp.OracleException">The oracle threw, or its answer has a wrong
    /// length or a value that is not finite.</exception>
    /// <remarks>Berthet et al. 2020, Definitions 2.1 and 3.1.</remarks>
    /// <example><code>
    /// let softRank = perturb (Oracle.ranking 3) Noise.gaussian 1.0 1000
    /// softRank |> Smoothed.maximizer [| 1.0; 0.0; -0.5 |] // [|2.579; 1.887; 1.534|]
    /// </code></example>
    let maximizer (theta: float[]) (smoothed: Smoothed) : float[] =
        smoothed.Expectations.Maximizer(row smoothed theta)

    /// <summary>F_ε(θ) and y*_ε(θ) from one set of solves, with standard errors √(s²/M).</summary>
    /// <param name="theta">θ, of the oracle's dimension d, finite.</param>
    /// <param name="smoothed">The operator.</param>
    /// <returns>Values and standard errors. The maximum is NaN where the noise has no mean; a single sample has errors
    /// NaN.</returns>
    /// <exception cref="T:System.ArgumentException">A wrong length, NaN or ∞ in θ.</exception>
    /// <example><code>
    /// let estimate = perturb (Oracle.argmax 2) Noise.gumbel 1.0 1000 |> Smoothed.estimate [| 1.0; 0.0 |]
    /// estimate.Maximum, estimate.MaximumStandardError // (1.892, 0.04)
    /// estimate.Maximizer, estimate.MaximizerStandardErrors // ([|0.721; 0.279|], [|0.014; 0.014|])
    /// </code></example>
    let estimate (theta: float[]) (smoothed: Smoothed) : Estimate =
        (smoothed.Expectations.Estimate(row smoothed theta))[0]

    /// <summary>M samples of p_θ(y) = P(y*(θ + εZ) = y): one solution a row.</summary>
    /// <param name="theta">θ, of the oracle's dimension d, finite.</param>
    /// <param name="smoothed">The operator.</param>
    /// <returns>M × k; NaN for samples that were left out (<c>FailurePolicy</c>).</returns>
    /// <exception cref="T:System.ArgumentException">A wrong length, NaN or ∞ in θ, or more numbers than an array
    /// holds.</exception>
    /// <remarks>Berthet et al. 2020, Definition 2.1 and Section 2.</remarks>
    /// <example><code>
    /// let soft = perturb (Oracle.argmax 2) Noise.gumbel 1.0 3
    /// soft |> Smoothed.samples [| 1.0; 0.0 |] // [[0.0; 1.0] [1.0; 0.0] [0.0; 1.0]]
    /// </code></example>
    let samples (theta: float[]) (smoothed: Smoothed) : float[,] =
        MonteCarloExpectations.samples smoothed.Settings (row smoothed theta)
        |> Rows.shape smoothed.Samples smoothed.Oracle.SolutionDimension

    /// <summary>The distribution over distinct solutions: each solution that was drawn, with its count and
    /// probability.</summary>
    /// <param name="theta">θ, of the oracle's dimension d, finite.</param>
    /// <param name="smoothed">The operator.</param>
    /// <returns>The most frequent first; equal counts in lexicographic order. Memory grows with the distinct
    /// solutions, not with M.</returns>
    /// <exception cref="T:System.ArgumentException">A wrong length, NaN or ∞ in θ.</exception>
    /// <example><code>
    /// let drawn = perturb (Oracle.argmax 3) Noise.gumbel 1.0 1000 |> Smoothed.distribution [| 1.0; 0.0; -1.0 |]
    /// drawn |> Array.map (fun d -> d.Count) // [|682L; 221L; 97L|]
    /// </code></example>
    let distribution (theta: float[]) (smoothed: Smoothed) : SolutionFrequency[] =
        MonteCarloExpectations.distribution smoothed.Settings (row smoothed theta)

    /// <summary>The Jacobian ∂y*_ε/∂θ by a formula of Proposition 3.1, with the standard error of each
    /// entry.</summary>
    /// <param name="formula">From solutions (k × d), or from optimal values (d × d, additive noise with a
    /// curvature).</param>
    /// <param name="theta">θ, of the oracle's dimension d, finite.</param>
    /// <param name="smoothed">The operator.</param>
    /// <returns>Entry (i, j) estimates ∂y_i/∂θ_j. Cost: O(M·k·d) beside the solves.</returns>
    /// <exception cref="T:System.ArgumentException">A bad θ; a formula that does not hold for the noise; a zero in θ
    /// under multiplicative noise.</exception>
    /// <remarks>Berthet et al. 2020, Proposition 3.1.</remarks>
    let jacobianBy (formula: DerivativeFormula) (theta: float[]) (smoothed: Smoothed) : Uncertain<float[,]> =
        let batch = row smoothed theta
        let struct (height, width) = JacobianShape.require smoothed.Settings formula 1
        let jacobian = smoothed.Expectations.Jacobian(batch, formula, true)

        {
            Value = Rows.shape height width jacobian.Value
            StandardErrors = Rows.shape height width jacobian.StandardErrors
            LeftOut = jacobian.LeftOut
        }

    /// <summary>The Jacobian ∂y*_ε/∂θ = E[y*(θ + εZ) ∇ν(Z)ᵀ]/ε.</summary>
    /// <param name="theta">θ, of the oracle's dimension d, finite.</param>
    /// <param name="smoothed">The operator.</param>
    /// <returns>k × d; entry (i, j) estimates ∂y_i/∂θ_j. In expectation symmetric and positive semi-definite: it is
    /// ∇²F_ε.</returns>
    /// <exception cref="T:System.ArgumentException">A bad θ, or a zero in θ under multiplicative noise.</exception>
    /// <remarks>Berthet et al. 2020, Proposition 3.1. Cost: O(M·k·d) beside the solves.</remarks>
    /// <example><code>
    /// let soft = perturb (Oracle.argmax 2) Noise.gumbel 1.0 10_000
    /// soft |> Smoothed.jacobian [| 1.0; 0.0 |] // [[0.2; -0.2] [-0.2; 0.2]]
    /// </code></example>
    let jacobian (theta: float[]) (smoothed: Smoothed) : float[,] =
        let batch = row smoothed theta
        let formula = DerivativeFormula.OfMaximizer
        let struct (height, width) = JacobianShape.require smoothed.Settings formula 1

        smoothed.Expectations.Jacobian(batch, formula, false).Value
        |> Rows.shape height width

    /// <summary>The vector-Jacobian product gᵀ ∂y*_ε/∂θ, with standard errors.</summary>
    /// <param name="cotangent">g, of the dimension k: the gradient of a loss with respect to y.</param>
    /// <param name="theta">θ, of the oracle's dimension d, finite.</param>
    /// <param name="smoothed">The operator.</param>
    /// <returns>The gradient with respect to θ, of the dimension d. Cost: O(M·(k + d)) beside the solves.</returns>
    /// <exception cref="T:System.ArgumentException">A bad θ or g, or a zero in θ under multiplicative
    /// noise.</exception>
    /// <example><code>
    /// let soft = perturb (Oracle.argmax 2) Noise.gumbel 1.0 10_000
    /// let product = soft |> Smoothed.vectorJacobian [| 1.0; 0.0 |] [| 1.0; 0.0 |]
    /// product.Value, product.StandardErrors // ([|0.2; -0.2|], [|0.005; 0.003|])
    /// </code></example>
    let vectorJacobian (cotangent: float[]) (theta: float[]) (smoothed: Smoothed) : Uncertain<float[]> =
        let batch = row smoothed theta
        ThetaBatch.vector (nameof cotangent) cotangent smoothed.Oracle.SolutionDimension
        smoothed.Expectations.VectorJacobian(batch, cotangent, true)

    /// <summary>The Jacobian-vector product (∂y*_ε/∂θ)·u, with standard errors.</summary>
    /// <param name="tangent">u, of the dimension d: a direction in θ.</param>
    /// <param name="theta">θ, of the oracle's dimension d, finite.</param>
    /// <param name="smoothed">The operator.</param>
    /// <returns>The directional derivative of y*_ε, of the dimension k. Cost: O(M·(k + d)) beside the
    /// solves.</returns>
    /// <exception cref="T:System.ArgumentException">A bad θ or u, or a zero in θ under multiplicative
    /// noise.</exception>
    let jacobianVector (tangent: float[]) (theta: float[]) (smoothed: Smoothed) : Uncertain<float[]> =
        let batch = row smoothed theta
        ThetaBatch.vector (nameof tangent) tangent smoothed.Oracle.Dimension
        smoothed.Expectations.JacobianVector(batch, tangent, true)

    /// <summary>The Hessian-vector product ∇²F_ε(θ)·v by a formula of Proposition 3.1, with standard errors.</summary>
    /// <param name="formula">From solutions, or from optimal values: E[F(θ+εZ)(∇ν∇νᵀ − ∇²ν)v]/ε².</param>
    /// <param name="vector">v, of the dimension d.</param>
    /// <param name="theta">θ, of the oracle's dimension d, finite.</param>
    /// <param name="smoothed">The operator; additive.</param>
    /// <returns>∇²F_ε(θ)·v, of the dimension d. Cost: O(M·d) beside the solves.</returns>
    /// <exception cref="T:System.ArgumentException">A bad θ or v; multiplicative noise; a formula that needs a
    /// curvature or a mean the noise lacks; solutions of another dimension than θ, where only the formula from values
    /// holds; noise whose density jumps.</exception>
    /// <remarks>Berthet et al. 2020, Proposition 3.1.</remarks>
    let hessianVectorBy
        (formula: DerivativeFormula)
        (vector: float[])
        (theta: float[])
        (smoothed: Smoothed)
        : Uncertain<float[]> =
        let batch = row smoothed theta
        ThetaBatch.vector (nameof vector) vector smoothed.Oracle.Dimension
        smoothed.Expectations.HessianVector(batch, vector, formula, true)

    /// <summary>The Hessian-vector product ∇²F_ε(θ)·v, from solutions.</summary>
    /// <param name="vector">v, of the dimension d.</param>
    /// <param name="theta">θ, of the oracle's dimension d, finite.</param>
    /// <param name="smoothed">The operator; additive.</param>
    /// <returns>∇²F_ε(θ)·v, of the dimension d.</returns>
    /// <exception cref="T:System.ArgumentException">A bad θ or v, or multiplicative noise.</exception>
    let hessianVector (vector: float[]) (theta: float[]) (smoothed: Smoothed) : float[] =
        (hessianVectorBy DerivativeFormula.OfMaximizer vector theta smoothed).Value

    /// <summary>The gradient of F_ε out of optimal values alone, E[F(θ + εZ) ∇ν(Z)]/ε, with standard errors: another
    /// estimate of y*_ε.</summary>
    /// <param name="theta">θ, of the oracle's dimension d, finite.</param>
    /// <param name="smoothed">The operator.</param>
    /// <returns>An estimate of ∇F_ε(θ), of the dimension d, of more variance than <c>maximizer</c>.</returns>
    /// <exception cref="T:System.ArgumentException">A bad θ, or a zero in θ under multiplicative noise.</exception>
    /// <remarks>Berthet et al. 2020, Proposition 3.1, first formula.</remarks>
    let maximizerOfMaximum (theta: float[]) (smoothed: Smoothed) : Uncertain<float[]> =
        let batch = row smoothed theta
        Existence.requireMaximum smoothed.Settings
        smoothed.Expectations.MaximizerOfMaximum(batch, true)

    /// <summary>y*_ε(θ) and its pullback g ↦ gᵀ ∂y*_ε/∂θ, from one set of solves.</summary>
    /// <param name="theta">θ, of the oracle's dimension d, finite.</param>
    /// <param name="smoothed">The operator.</param>
    /// <returns>The maximizer (k) and the function from a cotangent g (k) to the gradient with respect to θ
    /// (d).</returns>
    /// <exception cref="T:System.ArgumentException">A bad θ or g; in the pullback a zero in θ under multiplicative
    /// noise.</exception>
    /// <remarks>Solutions are kept between the passes while they fit the operator's bound (<c>withCacheBytes</c>), and
    /// solved again from the replayed noise beyond: same bits.</remarks>
    /// <example><code>
    /// let soft = perturb (Oracle.ranking 3) Noise.gaussian 1.0 1000
    /// let y, pullback = soft |> Smoothed.pullback [| 1.0; 0.0; -0.5 |]
    /// pullback [| 1.0; 0.0; 0.0 |] // [|0.404; -0.214; -0.205|]
    /// </code></example>
    let pullback (theta: float[]) (smoothed: Smoothed) : float[] * (float[] -> float[]) =
        Check.notNull (nameof theta) theta
        // The caller may reuse the array before the pullback runs.
        let pullback = smoothed.Expectations.Pullback(row smoothed (Array.copy theta))

        pullback.Value,
        fun (cotangent: float[]) ->
            ThetaBatch.vector (nameof cotangent) cotangent smoothed.Oracle.SolutionDimension
            pullback.Back cotangent

    /// <summary>The operator as a differentiable map, to be composed with <c>&gt;-&gt;</c>.</summary>
    /// <param name="smoothed">The operator.</param>
    /// <param name="theta">θ, where the map is evaluated.</param>
    /// <returns>θ ↦ (y*_ε(θ), pullback), as <c>pullback</c>.</returns>
    /// <example><code>
    /// let soft = perturb (Oracle.ranking 3) Noise.gaussian 1.0 1000
    /// let map = Differentiable.scale 2.0 >-> Smoothed.differentiable soft
    /// let y, pullback = map [| 0.5; 0.0; -0.25 |]
    /// y // [|2.579; 1.887; 1.534|]
    /// </code></example>
    let differentiable (smoothed: Smoothed) : Differentiable<float[], float[]> = fun theta -> pullback theta smoothed
