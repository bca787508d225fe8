using System;
using System.Threading;

namespace Perturbed.Functional.CSharp;

/// <summary>A discrete solver y*(θ) = argmax over y ∈ Y of ⟨y, θ⟩: always maximisation.</summary>
/// <remarks>
/// An oracle is immutable and shared by every thread; the scratch memory of a solve lives in the <see cref="ISolver"/>
/// it creates, one per thread. It must be a function: the same θ gives the same solution, ties included. Paper:
/// equation (1).
/// </remarks>
public interface IOracle
{
    /// <summary>The name in messages and reports, such as <c>ranking</c>.</summary>
    string Name { get; }

    /// <summary>The dimension d of θ.</summary>
    int Dimension { get; }

    /// <summary>The dimension k of a solution; d for the linear programs of the paper.</summary>
    int SolutionDimension { get; }

    /// <summary>
    /// Whether the given point is known to be one of the feasible solutions (a vertex of conv Y); false also where the
    /// oracle cannot tell.
    /// </summary>
    /// <param name="y">A point, of the dimension k.</param>
    /// <returns>True only if <paramref name="y"/> is in Y.</returns>
    bool IsSolution(ReadOnlySpan<double> y);

    /// <summary>
    /// Whether answers or speed depend on <see cref="ISolver.Begin"/>: each instance has a problem of its own, or
    /// starts warm.
    /// </summary>
    /// <remarks>
    /// Where it is false, rows of different instances are solved in one call, which a small number of samples a row
    /// makes much faster.
    /// </remarks>
    bool DependsOnInstance => true;

    /// <summary>
    /// Whether F(θ) = ⟨y, θ⟩ + h(y) with an offset h that only the solver knows, as a generalised maximizer has; false
    /// for a linear program.
    /// </summary>
    /// <remarks>y is the gradient of F at θ either way. Where it is true, only the solver computes values.</remarks>
    bool HasOffset => false;

    /// <summary>A solver with its own scratch memory, for one thread at a time.</summary>
    /// <returns>A new solver.</returns>
    ISolver CreateSolver();
}

/// <summary>
/// The working half of an <see cref="IOracle"/>: solves rows with scratch memory of its own, one thread at a time.
/// </summary>
public interface ISolver
{
    /// <summary>
    /// The token that stops long work, looked at inside a call: set before a call, and set back to none after it. By
    /// default it is not looked at.
    /// </summary>
    /// <remarks>
    /// A solver whose one row may take long looks at it now and then and throws an
    /// <see cref="OperationCanceledException"/>; one that hands rows to other solvers hands it on. The next call finds
    /// a solver that was stopped as good as new.
    /// </remarks>
    CancellationToken Cancellation
    {
        set { }
    }

    /// <summary>
    /// Announces the instance that the next rows are perturbations of, so that a solver may start warm or choose its
    /// problem.
    /// </summary>
    /// <remarks>
    /// It may be left out, or stand for several instances, where <see cref="IOracle.DependsOnInstance"/> is false. By
    /// default it does nothing.
    /// </remarks>
    /// <param name="row">
    /// The instance whose rows follow, from 0: the number of its row in the data, or its batch row where no instances
    /// were given.
    /// </param>
    /// <param name="theta">
    /// The unperturbed θ of that row. A warm start may save time and never changes an answer.
    /// </param>
    void Begin(long row, ReadOnlySpan<double> theta)
    {
    }

    /// <summary>Solves n rows.</summary>
    /// <param name="thetas">n × d, row-major.</param>
    /// <param name="solutions">Destination, n × k, row-major; every entry is written.</param>
    /// <param name="values">
    /// Destination of the optimal values F(θ), of length n, or empty where none are wanted.
    /// </param>
    void Solve(ReadOnlySpan<double> thetas, Span<double> solutions, Span<double> values);
}
