using System;

namespace Perturbed.Functional.CSharp;

/// <summary>A solver has no answer for a θ: what it throws so that the sample, and nothing else, counts as failed.</summary>
/// <remarks>
/// An operator turns it into an <see cref="OracleException"/> that names row and sample, or leaves the sample out where
/// its failure policy says so. The solver stays in use, so it must be as good as new for the next θ. Any other
/// exception is an error under every policy.
/// </remarks>
public sealed class SolveFailedException : Exception
{
    /// <summary>A failed solve.</summary>
    /// <param name="failure">Why there is no answer.</param>
    /// <param name="reason">What happened, such as the status of the solver.</param>
    /// <param name="inner">What caused it, if an exception did.</param>
    public SolveFailedException(SolveFailure failure, string reason, Exception? inner = null)
        : base(reason, inner) => Failure = failure;

    /// <summary>Why there is no answer.</summary>
    public SolveFailure Failure { get; }

    /// <summary>The failure that an exception of a solver reports, its own or inside of an OracleException.</summary>
    /// <param name="error">What a solver threw.</param>
    /// <returns>The failure; null where the exception is an error of another kind.</returns>
    public static SolveFailedException? Of(Exception error) =>
        error as SolveFailedException ?? (error as OracleException)?.InnerException as SolveFailedException;
}
