namespace Perturbed.Functional

/// <summary>What an operator does about samples whose solve fails (<c>SolveFailedException</c>): which are infeasible,
/// unbounded, past a time limit, or given up by the solver.</summary>
/// <remarks>Any other exception of a solver, and an answer of a wrong length or with NaN, is an error under every
/// policy.</remarks>
[<RequireQualifiedAccess>]
type FailurePolicy =
    /// The first failed sample is an OracleException that names it.
    | Error
    /// <summary>Failed samples are left out, in a row of M samples at most the given share of them, 0 to 1; more, or a
    /// row without any success, is an OracleException that counts the failures.</summary>
    /// <remarks>Values, derivatives and standard errors are then those of the law of Z given success: averages over the
    /// successful samples, leave-one-out over successes too. Of samples that depend on each other (a pair, a block, a
    /// point set) all are left out where one fails, and count to the share. `LeftOut` of a result says how many
    /// were.</remarks>
    | LeaveOut of mostShare: float
