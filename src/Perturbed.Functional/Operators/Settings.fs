namespace Perturbed.Functional

open System
open System.Threading
open Perturbed.Kernels

/// What an operator is: its problem (oracle, noise, ε, perturbation), how its samples are drawn, and where the work
/// runs. A changed operator is { s with … }.
[<NoEquality; NoComparison>]
type internal Settings =
    {
        Oracle: Oracle
        Noise: INoise
        /// ε: one number, or one for each coordinate.
        Epsilons: float[]
        Perturbation: Perturbation
        /// M.
        Samples: int
        Sampling: SamplingDesign
        VarianceReduction: VarianceReduction
        Key: Key
        /// The numbers of the batch's rows.
        Rows: RowNumbers
        Threads: int
        /// The bytes that solutions may take between a value and its derivatives.
        CacheBytes: int64
        Failures: FailurePolicy
        Cancellation: CancellationToken
        /// Who is told the share of a pass that is done.
        Progress: IProgress<float> voption
        /// Where the arrays of a call come from; null where its answers are the caller's own.
        Memory: CallMemory | null
        /// Who is told the samples that are done, the failures among them, and the standard error so far.
        Solves: IProgress<SolveProgress> voption
    }

    /// ε of a coordinate.
    member this.EpsilonOf(coordinate: int) : float =
        if this.Epsilons.Length = 1 then
            this.Epsilons[0]
        else
            this.Epsilons[coordinate]

    /// Whether failed samples are left out.
    member this.LeavesOut: bool =
        match this.Failures with
        | FailurePolicy.Error -> false
        | FailurePolicy.LeaveOut _ -> true

    /// The oracle that solves a row.
    member this.OracleOf(row: int) : Oracle =
        this.Oracle.OfInstance(this.Rows.Instance row)

module internal Settings =

    // Measured: the fast built-in solvers answer again in less time than fresh memory takes, so few of their solutions
    // are kept unless they are encoded in few bits; the solutions of a slow or a user's solver are worth caching.
    let private cacheBytes (oracle: Oracle) : int64 =
        if oracle.IsExpensive then
            64L <<< 20
        elif oracle.Encoding <> SolutionEncoding.Numbers then
            16L <<< 20
        else
            1L <<< 16

    /// The settings that `perturb` starts from.
    let create (oracle: Oracle) (noise: INoise) (epsilon: float) (samples: int) : Settings =
        {
            Oracle = oracle
            Noise = noise
            Epsilons = [| epsilon |]
            Perturbation = Perturbation.Additive
            Samples = samples
            Sampling = SamplingDesign.Independent
            VarianceReduction = VarianceReduction.LeaveOneOut
            Key = Key.create 0UL
            Rows = RowNumbers.FromZero
            Threads = Environment.ProcessorCount
            CacheBytes = cacheBytes oracle
            Failures = FailurePolicy.Error
            Cancellation = CancellationToken.None
            Progress = ValueNone
            Memory = null
            Solves = ValueNone
        }

    /// An operator in messages.
    let describe (accuracy: string) (s: Settings) : string =
        let scale =
            if s.Epsilons.Length = 1 then
                string s.Epsilons[0]
            else
                "per coordinate"

        $"perturbed {s.Oracle.Name}: {s.Noise.Name} noise, epsilon {scale}, {accuracy}"

    /// The samples of an operator in messages.
    let describeSamples (s: Settings) : string =
        match s.Sampling with
        | SamplingDesign.Independent -> $"{s.Samples} samples"
        | SamplingDesign.Antithetic -> $"{s.Samples} antithetic samples"
        | SamplingDesign.Orthogonal -> $"{s.Samples} orthogonal samples"
        | SamplingDesign.AntitheticOrthogonal -> $"{s.Samples} antithetic orthogonal samples"
        | SamplingDesign.LatinHypercube n -> $"{s.Samples} samples in {n} Latin hypercubes"
        | SamplingDesign.Sobol n -> $"{s.Samples} samples in {n} scrambled Sobol sequences"
