using System;

namespace Perturbed.Functional.CSharp;

/// <summary>How a slow solver is called.</summary>
public sealed partial class Oracle
{
    /// <summary>The same oracle, whose solver is given so many rows a call at most.</summary>
    /// <param name="rows">At least 1. Between two calls a cancelled operator stops; a batch function without it is given
    /// whole blocks of samples, and a user's function of one θ has 1.</param>
    /// <returns>The same oracle, with the same bits.</returns>
    /// <exception cref="ArgumentOutOfRangeException">rows &lt; 1.</exception>
    public Oracle WithBatchSize(int rows) => new(OracleModule.withBatchSize(rows, Core));

    /// <summary>The same oracle, each of whose solves has a time limit.</summary>
    /// <remarks>
    /// The token of the solver is cancelled at the limit: a function that takes one, a process, a service or an
    /// <see cref="ISolver"/> that looks at it is stopped, and any other answers late. Both are failed solves
    /// (<see cref="SolveFailure.TimedOut"/>), an error or left out by the operator's <see cref="FailurePolicy"/>. Which
    /// solves are in time depends on the machine, so such an operator does not promise the same bits. It is solved one
    /// row a call.
    /// </remarks>
    /// <param name="limit">The time of one solve, positive.</param>
    /// <returns>An oracle with the same answers in time.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A limit of zero or below, or above 49 days.</exception>
    public Oracle WithTimeLimit(TimeSpan limit) => new(OracleModule.withTimeLimit(limit, Core));

    /// <summary>The same oracle, which solves again where a solve failed or timed out.</summary>
    /// <remarks>It says that the solver is pure: that solving twice has no other effect than solving once, and that only
    /// the failure depends on chance, never the answer. Infeasible and unbounded problems, and any other exception, are
    /// not tried again.</remarks>
    /// <param name="attempts">The most solves of one θ, at least 1.</param>
    /// <returns>An oracle with the same answers.</returns>
    /// <exception cref="ArgumentOutOfRangeException">attempts &lt; 1.</exception>
    public Oracle WithRetries(int attempts) => new(OracleModule.withRetries(attempts, Core));
}
