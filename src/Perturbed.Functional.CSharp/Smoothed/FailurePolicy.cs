namespace Perturbed.Functional.CSharp;

/// <summary>What an operator does about samples whose solve fails (<see cref="SolveFailedException"/>): which are
/// infeasible, unbounded, past a time limit, or given up by the solver.</summary>
/// <remarks>Any other exception of a solver, and an answer of a wrong length or with NaN, is an error under every
/// policy.</remarks>
public sealed record FailurePolicy
{
    internal FailurePolicy(Functional.FailurePolicy core) => Core = core;

    internal Functional.FailurePolicy Core { get; }

    /// <summary>The first failed sample is an OracleException that names it.</summary>
    public static FailurePolicy Error { get; } = new(Functional.FailurePolicy.Error);

    /// <summary>Failed samples are left out, in a row of M samples at most the given share of them; more, or a row
    /// without any success, is an <see cref="OracleException"/> that counts the failures.</summary>
    /// <remarks>Values, derivatives and standard errors are then those of the law of Z given success: averages over the
    /// successful samples, leave-one-out over successes too. Of samples that depend on each other (a pair, a block, a
    /// point set) all are left out where one fails, and count to the share. <c>LeftOut</c> of a result says how many
    /// were.</remarks>
    /// <param name="mostShare">The largest share, 0 to 1.</param>
    /// <returns>The policy; an operator refuses another share.</returns>
    public static FailurePolicy LeaveOut(double mostShare) => new(Functional.FailurePolicy.NewLeaveOut(mostShare));

    /// <summary>The policy in a word.</summary>
    /// <returns>Such as <c>Error</c> or <c>LeaveOut 0.05</c>.</returns>
    public override string ToString() => Core.ToString();
}
