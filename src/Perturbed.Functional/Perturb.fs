namespace Perturbed.Functional

open System
open System.Threading
open Perturbed.Kernels

/// <summary>How noise enters θ.</summary>
[<RequireQualifiedAccess>]
type Perturbation =
    /// θ + εZ. Paper: Definition 2.1.
    | Additive
    /// θ ⊙ exp(εZ − ε²/2): every entry keeps its sign, and under Gaussian noise its mean.
    | Multiplicative

/// <summary>What is subtracted from the solutions in a score-function derivative. Every choice leaves the estimate unbiased.</summary>
[<RequireQualifiedAccess>]
type VarianceReduction =
    /// Nothing: (1/M) Σ y_m ∇ν(z_m)ᵀ / ε.
    | None
    /// The unperturbed solution: (1/M) Σ (y_m − y*(θ)) ∇ν(z_m)ᵀ / ε, for one solve more.
    | Baseline
    /// For each sample the mean of the others: 1/(M−1) Σ (y_m − ȳ) ∇ν(z_m)ᵀ / ε. One sample has no others: y*(θ) takes their place. Of samples in dependent
    /// groups (<c>SamplingDesign</c>) the whole group is left out; one group has no others.
    | LeaveOneOut

/// <summary>A perturbed optimizer: an oracle, its noise, ε, M, and the key of its randomness. A value: every function of it is pure.</summary>
/// <remarks>Made by <c>perturb</c>, changed by copies (<c>Smoothed.withKey</c> and the like). Paper: Definitions 2.1 and 3.1.</remarks>
[<Sealed>]
type Smoothed
    internal
    (
        oracle: Oracle,
        noise: INoise,
        epsilon: float[],
        samples: int,
        perturbation: Perturbation,
        varianceReduction: VarianceReduction,
        key: Key,
        rows: RowNumbers,
        threads: int,
        tapeBytes: int64,
        cancellation: CancellationToken,
        isExact: bool,
        sampling: SamplingDesign
    ) =
    /// The oracle that is perturbed.
    member _.Oracle: Oracle = oracle

    /// The noise Z.
    member _.Noise: INoise = noise

    // One number, or one for each coordinate.
    member internal _.Scales: float[] = epsilon

    /// The noise scale ε: one number, or one for each coordinate of θ.
    member _.Epsilon: float[] = Array.copy epsilon

    /// The number M of samples of the Monte Carlo estimate.
    member _.Samples: int = samples

    /// How the noise enters θ.
    member _.Perturbation: Perturbation = perturbation

    /// The baseline of derivatives.
    member _.VarianceReduction: VarianceReduction = varianceReduction

    /// How the samples of a row depend on each other.
    member _.Sampling: SamplingDesign = sampling

    /// The key of the noise.
    member _.Key: Key = key

    /// The number of the batch row that comes first: rows number firstRow, firstRow + 1, … of the stream.
    member _.FirstRow: int64 = rows.First

    /// Which instance each row of a batch is (<c>Smoothed.withInstances</c>); none where a row's number is its instance.
    member _.Instances: int[] option =
        match rows.Given with
        | null -> None
        | instances -> Some(Array.copy instances)

    // What the rows of a batch are called.
    member internal _.Rows: RowNumbers = rows

    // The oracle that solves a row.
    member internal _.OracleOf(row: int) : Oracle = oracle.OfInstance(rows.Instance row)

    /// The greatest number of threads at work.
    member _.Threads: int = threads

    /// The bytes that solutions may take between a value and its derivatives; beyond them they are solved again, with the same bits.
    member _.TapeBytes: int64 = tapeBytes

    // Measured: the fast built-in solvers answer again in less time than fresh memory takes, so few of their solutions are kept unless they are written in
    // few bits; a slow or user's solver is worth remembering.
    static member internal DefaultTapeBytes(oracle: Oracle) : int64 =
        if oracle.IsExpensive then 64L <<< 20
        elif oracle.Code <> SolutionCode.Numbers then 16L <<< 20
        else 1L <<< 16

    /// The token that stops a long call.
    member _.Cancellation: CancellationToken = cancellation

    /// Whether expectations are exact, without samples (<c>Smoothed.exact</c>).
    member _.IsExact: bool = isExact

    member internal _.With
        (
            ?epsilon': float[],
            ?samples': int,
            ?perturbation': Perturbation,
            ?varianceReduction': VarianceReduction,
            ?key': Key,
            ?rows': RowNumbers,
            ?threads': int,
            ?tapeBytes': int64,
            ?cancellation': CancellationToken,
            ?isExact': bool,
            ?sampling': SamplingDesign
        ) : Smoothed =
        Smoothed(
            oracle,
            noise,
            defaultArg epsilon' epsilon,
            defaultArg samples' samples,
            defaultArg perturbation' perturbation,
            defaultArg varianceReduction' varianceReduction,
            defaultArg key' key,
            defaultArg rows' rows,
            defaultArg threads' threads,
            defaultArg tapeBytes' tapeBytes,
            defaultArg cancellation' cancellation,
            defaultArg isExact' isExact,
            defaultArg sampling' sampling
        )

    override _.ToString() =
        let scale =
            if epsilon.Length = 1 then
                string epsilon[0]
            else
                "per coordinate"

        let accuracy =
            if isExact then
                "exact"
            else
                match sampling with
                | SamplingDesign.Independent -> $"{samples} samples"
                | SamplingDesign.Antithetic -> $"{samples} antithetic samples"
                | SamplingDesign.Orthogonal -> $"{samples} orthogonal samples"
                | SamplingDesign.AntitheticOrthogonal -> $"{samples} antithetic orthogonal samples"
                | SamplingDesign.LatinHypercube n -> $"{samples} samples in {n} Latin hypercubes"
                | SamplingDesign.Sobol n -> $"{samples} samples in {n} scrambled Sobol sequences"

        $"perturbed {oracle.Name}: {noise.Name} noise, epsilon {scale}, {accuracy}"

module internal SmoothedChecks =

    // Beyond this a perturbed entry may overflow, and infinities would silently win every argmax.
    let largest = 1e280

    // Below this derivatives, which divide by epsilon, overflow.
    let smallest = 1e-300

    let epsilon (name: string) (value: float) : unit =
        Check.positive name value

        if value < smallest then
            raise (ArgumentOutOfRangeException(name, value, $"{name} is {value}; it must be at least {smallest}."))

        if value > largest then
            raise (ArgumentOutOfRangeException(name, value, $"{name} is {value}; it must be at most {largest}."))

    let theta (name: string) (row: int64) (values: ReadOnlySpan<float>) : unit =
        for i in 0 .. values.Length - 1 do
            if not (abs values[i] <= largest) then
                let which = if row < 0L then $"{name}[{i}]" else $"{name}[{row}, {i}]"
                let inRow = if row < 0L then "" else $" (row {row})"
                invalidArg name $"{which} is {values[i]}{inRow}; every entry must be finite, of size {largest} at most."

/// The one function that is open by default: it makes a perturbed optimizer out of a solver.
[<AutoOpen>]
module Perturb =

    /// <summary>The perturbed optimizer y*_ε(θ) = E[y*(θ + εZ)] of an oracle, estimated from M samples.</summary>
    /// <param name="oracle">The solver y*(θ) = argmax over y ∈ Y of ⟨y, θ⟩.</param>
    /// <param name="noise">The law of Z. If it has a dimension of its own, it is the oracle's.</param>
    /// <param name="epsilon">The noise scale ε, positive, in the unit of θ; from 1e-300 to 1e280.</param>
    /// <param name="samples">The number M of samples, at least 1; the standard error falls as 1/√M and the cost grows as M.</param>
    /// <returns>A pure function of θ in waiting, with key 0, leave-one-out derivatives and all processors.</returns>
    /// <exception cref="T:System.ArgumentException">ε below 1e-300, above 1e280 or not finite, M &lt; 1, or the noise's dimension is not the oracle's.</exception>
    /// <remarks>Berthet et al. 2020, Definitions 2.1 and 3.1.</remarks>
    let perturb (oracle: Oracle) (noise: INoise) (epsilon: float) (samples: int) : Smoothed =
        Check.notNull (nameof oracle) oracle
        Check.notNull (nameof noise) noise
        SmoothedChecks.epsilon (nameof epsilon) epsilon
        Check.positiveInt (nameof samples) samples

        if noise.Dimension <> 0 && noise.Dimension <> oracle.Dimension then
            invalidArg
                (nameof noise)
                $"The noise '{noise.Name}' has dimension {noise.Dimension}; the oracle '{oracle.Name}' has dimension {oracle.Dimension}."

        Smoothed(
            oracle,
            noise,
            [| epsilon |],
            samples,
            Perturbation.Additive,
            VarianceReduction.LeaveOneOut,
            Key.create 0UL,
            RowNumbers.FromZero,
            Environment.ProcessorCount,
            Smoothed.DefaultTapeBytes oracle,
            CancellationToken.None,
            false,
            SamplingDesign.Independent
        )
