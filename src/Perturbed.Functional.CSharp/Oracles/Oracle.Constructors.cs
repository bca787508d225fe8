using System;
using System.Threading;
using System.Threading.Tasks;

namespace Perturbed.Functional.CSharp;

public sealed partial class Oracle
{
    /// <summary>The maximum: y is the one-hot vector of the largest entry; Y is the vertices of the simplex.</summary>
    /// <param name="dimension">d, at least 1.</param>
    /// <returns>An oracle of cost O(d). Of equal entries the lowest index wins.</returns>
    /// <exception cref="ArgumentOutOfRangeException">d &lt; 1.</exception>
    public static Oracle Argmax(int dimension) => new(OracleModule.argmax(dimension));

    /// <summary>The top k: y has 1 at the k largest entries and 0 elsewhere; conv(Y) = {0 ≤ y ≤ 1, Σy = k}.</summary>
    /// <param name="k">How many, 0 to d.</param>
    /// <param name="dimension">d, at least 1.</param>
    /// <returns>An oracle of cost O(d). Of equal entries the lowest indices win.</returns>
    /// <exception cref="ArgumentOutOfRangeException">k is not in 0 to d, or d &lt; 1.</exception>
    public static Oracle TopK(int k, int dimension) => new(OracleModule.topK(k, dimension));

    /// <summary>The ranking: y_i is the rank number of θ_i, 1 for the smallest and d for the largest; Y is the
    /// permutations of (1..d).</summary>
    /// <param name="dimension">d, 1 to 2^26.</param>
    /// <returns>An oracle of cost O(d log d). Of equal entries of θ the lower index counts as smaller.</returns>
    /// <exception cref="ArgumentOutOfRangeException">d &lt; 1 or d &gt; 2^26.</exception>
    public static Oracle Ranking(int dimension) => new(OracleModule.ranking(dimension));

    /// <summary>The ranking of a reference vector: y is the permutation of v with the largest entry of v where θ is
    /// largest, and so on down.</summary>
    /// <param name="reference">v, finite, at least one entry, in any order (ascending or descending: the polytope is
    /// the same).</param>
    /// <returns>An oracle of cost O(d log d). Of equal entries of θ the lower index counts as smaller.</returns>
    /// <exception cref="ArgumentException">v is empty or not finite.</exception>
    public static Oracle Ranking(double[] reference) => new(OracleModule.rankingOf(reference));

    /// <summary>The shortest path over the cells of a grid with 4 or 8 neighbours, from the top left to the bottom
    /// right: θ = −cost of each cell, row-major, and y marks the cells of the path, both ends included.</summary>
    /// <param name="rows">Rows of the grid, at least 1.</param>
    /// <param name="columns">Columns of the grid, at least 1.</param>
    /// <param name="moves">4 neighbours or 8; for right and down there is <see cref="RightDownPath"/>.</param>
    /// <param name="negativeCosts">Whether a cell of negative cost (θ &gt; 0), which additive noise can make of any
    /// cell, is an error, or costs 0 in the choice of the path.</param>
    /// <returns>An oracle of dimension rows × columns. Ties break the same way every time.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A side below 1.</exception>
    /// <exception cref="ArgumentException">Moves right and down.</exception>
    public static Oracle GridPath(int rows, int columns, GridMoves moves, NegativeCosts negativeCosts) =>
        new(OracleModule.gridPath(moves, negativeCosts, rows, columns));

    /// <summary>The shortest path over the cells of a grid by steps right and down: θ = −cost of each cell, row-major,
    /// of any sign, and y marks the cells of the path, both ends included.</summary>
    /// <param name="rows">Rows of the grid, at least 1.</param>
    /// <param name="columns">Columns of the grid, at least 1.</param>
    /// <returns>An oracle of dimension rows × columns and cost O(rows · columns). Ties break the same way every
    /// time.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A side below 1.</exception>
    public static Oracle RightDownPath(int rows, int columns) => new(OracleModule.rightDownPath(rows, columns));

    /// <summary>A finite set: y is the row of largest inner product with θ.</summary>
    /// <param name="solutions">N × d, finite, at least one row.</param>
    /// <returns>An oracle of cost O(N·d). Of equal values the first row wins.</returns>
    /// <exception cref="ArgumentException">No rows, or an entry that is not finite.</exception>
    public static Oracle FiniteSet(double[,] solutions) => new(OracleModule.finiteSet(solutions));

    /// <summary>A user's own solver as a function of one θ.</summary>
    /// <param name="dimension">d, at least 1: the length of θ and of the answer.</param>
    /// <param name="solver">θ ↦ y*(θ) = argmax ⟨y, θ⟩. A function of θ alone, safe to call from many threads at once
    /// (or see <see cref="Oracle.Synchronized"/>). It gets an array of its own.</param>
    /// <returns>An oracle. A throw, a wrong length or a value that is not finite becomes an
    /// <see cref="OracleException"/> that names the row.</returns>
    /// <exception cref="ArgumentException">d &lt; 1, or the solver is null.</exception>
    public static Oracle OfFunction(int dimension, Func<double[], double[]> solver) =>
        new(OracleModule.ofFunction(dimension, Crossing.Function(solver)));

    /// <summary>A user's own solver as a function of one θ that takes a token, for solves that may last.</summary>
    /// <param name="dimension">d, at least 1: the length of θ and of the answer.</param>
    /// <param name="solver">(θ, token of the call) ↦ y*(θ), as in the overload without a token. The token is cancelled
    /// where the user stops the call (<see cref="Smoothed.WithCancellation"/>) or its time is up
    /// (<see cref="Oracle.WithTimeLimit"/>); the solver then throws an
    /// <see cref="OperationCanceledException"/>.</param>
    /// <returns>An oracle. A throw, a wrong length or a value that is not finite becomes an
    /// <see cref="OracleException"/> that names row and sample.</returns>
    /// <exception cref="ArgumentException">d &lt; 1, or the solver is null.</exception>
    public static Oracle OfFunction(int dimension, Func<double[], CancellationToken, double[]> solver) =>
        new(OracleModule.ofCancellableFunction(dimension, Crossing.Cancellable(solver)));

    /// <summary>A user's own solver that answers many rows in one call.</summary>
    /// <param name="dimension">d, at least 1.</param>
    /// <param name="solver">n × d ↦ n × d, row by row y*(θ). Safe to call from many threads at once (or see
    /// <see cref="Oracle.Synchronized"/>).</param>
    /// <returns>An oracle. A throw, a wrong shape or a value that is not finite becomes an
    /// <see cref="OracleException"/> that names the row.</returns>
    /// <exception cref="ArgumentException">d &lt; 1, or the solver is null.</exception>
    public static Oracle OfBatchFunction(int dimension, Func<double[,], double[,]> solver) =>
        new(OracleModule.ofBatchFunction(dimension, Crossing.Function(solver)));

    /// <summary>A user's own solver on spans, which need not allocate.</summary>
    /// <param name="dimension">d, at least 1.</param>
    /// <param name="solver">Writes y*(θ) into its second span. Safe to call from many threads at once (or see
    /// <see cref="Oracle.Synchronized"/>).</param>
    /// <returns>An oracle. A throw, or an entry that is unwritten or not finite, becomes an
    /// <see cref="OracleException"/> that names the row.</returns>
    /// <exception cref="ArgumentException">d &lt; 1, or the solver is null.</exception>
    public static Oracle OfSpanFunction(int dimension, SpanFunction solver) => new(OracleModule.ofSpanFunction(dimension, solver));

    /// <summary>A user's own solver that answers by tasks, such as a service.</summary>
    /// <param name="dimension">d, at least 1: the length of θ and of the answer.</param>
    /// <param name="concurrency">The most solves under way at once, of all threads together, at least 1. A thread has as
    /// many under way as its block has samples: M/32 of M, so more threads (<see cref="Smoothed.WithThreads"/>) than
    /// processors have more of them.</param>
    /// <param name="solver">(θ, token of the call) ↦ the task of y*(θ). A call that is cancelled, or over its time, does
    /// not wait for tasks that go on.</param>
    /// <returns>An oracle. A task that fails, a wrong length or a value that is not finite becomes an
    /// <see cref="OracleException"/> that names the row.</returns>
    /// <exception cref="ArgumentException">d &lt; 1, a concurrency below 1, or the solver is null.</exception>
    public static Oracle OfAsyncFunction(int dimension, int concurrency, Func<double[], CancellationToken, Task<double[]>> solver) =>
        new(OracleModule.ofAsyncFunction(dimension, concurrency, Crossing.Cancellable(solver)));

    /// <summary>A solver in another process or language, asked by lines of JSON.</summary>
    /// <param name="dimension">d, at least 1: the length of θ and of the answer.</param>
    /// <param name="solver">The command, and the processes that it started.</param>
    /// <returns>An oracle that asks for 64 θ a line at most (<see cref="WithBatchSize"/>). A process that ends is a failed
    /// solve (<see cref="SolveFailure.Failed"/>) of all θ of its line, and the next line starts a new one; a line that is
    /// no answer is an <see cref="OracleException"/> that names the command, the row and the line.</returns>
    /// <exception cref="ArgumentException">d &lt; 1, or the solver is null.</exception>
    public static Oracle OfProcess(int dimension, SolverProcess solver) =>
        new(OracleModule.ofProcess(dimension, Crossing.NotNull(solver).Core));

    /// <summary>An oracle out of the span contract, for solvers with scratch memory, warm starts or values of their
    /// own.</summary>
    /// <param name="implementation">The contract; safe to call from many threads, its solvers one thread each.</param>
    /// <returns>An oracle; its answers are trusted, not checked.</returns>
    /// <exception cref="ArgumentException">It is null, or a dimension of it is below 1.</exception>
    public static Oracle Create(IOracle implementation) => new(OracleModule.create(implementation));
}
