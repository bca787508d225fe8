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

    /// <summary>The most rows that a call of <see cref="ISolver.Solve"/> is given where a user's oracle solves samples.</summary>
    /// <remarks>
    /// Between two calls an operator looks at its token, and an error names the sample of its call. A solver that wins
    /// by many rows a call declares how many. 0, the default, stands for 1.
    /// </remarks>
    int BatchSize => 0;
    /// <summary>
    /// The most by which another solution may score more than the answer, beyond the rounding of their own terms: 0 for
    /// an exact solver, ∞ for a heuristic.
    /// </summary>
    /// <remarks>
    /// A solver that rounds θ, or stops at a tolerance, states here what that may cost, and the check of the contract
    /// holds it to that.
    /// </remarks>
    /// <param name="theta">θ.</param>
    /// <param name="distance">Σ|y_i − y'_i| over the entries of the answer y and of the other solution y'.</param>
    /// <returns>A bound on ⟨y', θ⟩ − ⟨y, θ⟩, at least 0.</returns>
    double Shortfall(ReadOnlySpan<double> theta, double distance) => 0;

    /// <summary>
    /// Whether the same θ gives the same answer on every run and machine; false where a limit of wall-clock time may end
    /// a solve.
    /// </summary>
    bool IsReproducible => true;

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

    /// <summary>Solves n rows of which some may fail. By default it solves row by row after a call that failed.</summary>
    /// <remarks>
    /// An operator that leaves failed samples out calls it. A solver of batches that knows which of its rows failed
    /// implements it, so that the others need no second call.
    /// </remarks>
    /// <param name="thetas">n × d, row-major.</param>
    /// <param name="solutions">Destination, n × k, row-major; a row that fails may be left unwritten.</param>
    /// <param name="values">Destination of the optimal values, of length n, or empty where none are wanted.</param>
    /// <param name="failures">Destination of length n: what the row failed by, or null.</param>
    void TrySolve(
        ReadOnlySpan<double> thetas, Span<double> solutions, Span<double> values, Span<SolveFailedException?> failures)
    {
        failures.Clear();
        var n = failures.Length;
        try
        {
            Solve(thetas, solutions, values);
            return;
        }
        catch (Exception error) when (SolveFailedException.Of(error) is { } failure)
        {
            if (n == 1)
            {
                failures[0] = failure;
                return;
            }
        }

        var (d, k) = (thetas.Length / n, solutions.Length / n);
        for (var m = 0; m < n; m++)
            TrySolve(
                thetas.Slice(m * d, d), solutions.Slice(m * k, k), values.IsEmpty ? values : values.Slice(m, 1), failures.Slice(m, 1));
    }
}
