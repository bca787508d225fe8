namespace Perturbed.Functional

open System
open System.Threading
open System.Threading.Tasks
open Perturbed.Kernels

/// <summary>Discrete solvers: the problems that come with the library, and a user's own.</summary>
/// <remarks>Each is y*(θ) = argmax over y ∈ Y of ⟨y, θ⟩, deterministic on ties. Berthet et al. 2020, Appendix
/// B.</remarks>
[<RequireQualifiedAccess; CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module Oracle =

    /// <summary>The maximum: y is the one-hot vector of the largest entry; Y is the vertices of the simplex.</summary>
    /// <param name="dimension">d, at least 1.</param>
    /// <returns>An oracle of cost O(d). Of equal entries the lowest index wins.</returns>
    /// <exception cref="T:System.ArgumentOutOfRangeException">d &lt; 1.</exception>
    /// <example><code>
    /// Oracle.argmax 3 |> Oracle.solve [| 0.2; 0.9; 0.5 |] // [|0.0; 1.0; 0.0|]
    /// </code></example>
    let argmax (dimension: int) : Oracle = RankingOracles.argmax dimension

    /// <summary>The top k: y has 1 at the k largest entries and 0 elsewhere; conv(Y) = {0 ≤ y ≤ 1, Σy = k}.</summary>
    /// <param name="k">How many, 0 to d.</param>
    /// <param name="dimension">d, at least 1.</param>
    /// <returns>An oracle of cost O(d). Of equal entries the lowest indices win.</returns>
    /// <exception cref="T:System.ArgumentOutOfRangeException">k is not in 0 to d, or d &lt; 1.</exception>
    /// <example><code>
    /// Oracle.topK 2 4 |> Oracle.solve [| 0.2; 0.9; 0.5; 0.1 |] // [|0.0; 1.0; 1.0; 0.0|]
    /// </code></example>
    let topK (k: int) (dimension: int) : Oracle = RankingOracles.topK k dimension

    /// <summary>The ranking of a reference vector: y is the permutation of v with the largest entry of v where θ is
    /// largest, and so on down.</summary>
    /// <param name="reference">v, finite, at least one entry, in any order (ascending or descending: the polytope is
    /// the same).</param>
    /// <returns>An oracle of cost O(d log d). Of equal entries of θ the lower index counts as smaller.</returns>
    /// <exception cref="T:System.ArgumentException">v is empty or not finite.</exception>
    /// <example><code>
    /// Oracle.rankingOf [| 10.0; 3.0; 1.0 |] |> Oracle.solve [| 0.2; 0.9; 0.5 |] // [|1.0; 10.0; 3.0|]
    /// </code></example>
    let rankingOf (reference: float[]) : Oracle = RankingOracles.rankingOf reference

    /// <summary>The ranking: y_i is the rank number of θ_i, 1 for the smallest and d for the largest; Y is the
    /// permutations of (1..d).</summary>
    /// <param name="dimension">d, 1 to 2^26.</param>
    /// <returns>An oracle of cost O(d log d). Of equal entries of θ the lower index counts as smaller.</returns>
    /// <exception cref="T:System.ArgumentOutOfRangeException">d &lt; 1 or d &gt; 2^26.</exception>
    /// <example><code>
    /// Oracle.ranking 4 |> Oracle.solve [| 0.2; 0.9; 0.5; 0.1 |] // [|2.0; 4.0; 3.0; 1.0|]
    /// </code></example>
    let ranking (dimension: int) : Oracle = RankingOracles.ranking dimension

    /// <summary>The shortest path over the cells of a grid with 4 or 8 neighbours, from the top left to the bottom
    /// right: θ = −cost of each cell, row-major, and y marks the cells of the path, both ends included.</summary>
    /// <param name="moves">4 neighbours or 8; for right and down there is <c>rightDownPath</c>.</param>
    /// <param name="negativeCosts">Whether a cell of negative cost (θ &gt; 0), which additive noise can make of any
    /// cell, is an error, or costs 0 in the choice of the path.</param>
    /// <param name="rows">Rows of the grid, at least 1.</param>
    /// <param name="columns">Columns of the grid, at least 1.</param>
    /// <returns>An oracle of dimension rows × columns. Ties break the same way every time (see
    /// <c>GridPathOracle</c>).</returns>
    /// <exception cref="T:System.ArgumentOutOfRangeException">A side below 1.</exception>
    /// <exception cref="T:System.ArgumentException">Moves right and down.</exception>
    /// <example><code>
    /// let costs = [| 1.0; 9.0; 9.0; 1.0; 1.0; 9.0; 9.0; 1.0; 1.0 |]
    /// let paths = Oracle.gridPath GridMoves.Four NegativeCosts.Reject 3 3
    /// paths |> Oracle.solve (costs |> Array.map (~-)) // [|1.0; 0.0; 0.0; 1.0; 1.0; 0.0; 0.0; 1.0; 1.0|]
    /// </code></example>
    let gridPath (moves: GridMoves) (negativeCosts: NegativeCosts) (rows: int) (columns: int) : Oracle =
        PathOracles.gridPath moves negativeCosts rows columns

    /// <summary>The shortest path over the cells of a grid by steps right and down: θ = −cost of each cell,
    /// row-major, of any sign, and y marks the cells of the path, both ends included.</summary>
    /// <param name="rows">Rows of the grid, at least 1.</param>
    /// <param name="columns">Columns of the grid, at least 1.</param>
    /// <returns>An oracle of dimension rows × columns and cost O(rows · columns). Ties break the same way every time
    /// (see <c>GridPathOracle</c>).</returns>
    /// <exception cref="T:System.ArgumentOutOfRangeException">A side below 1.</exception>
    /// <example><code>
    /// let costs = [| 1.0; 9.0; 2.0; 1.0; 3.0; 1.0 |]
    /// Oracle.rightDownPath 2 3 |> Oracle.solve (costs |> Array.map (~-)) // [|1.0; 0.0; 0.0; 1.0; 1.0; 1.0|]
    /// </code></example>
    let rightDownPath (rows: int) (columns: int) : Oracle = PathOracles.rightDownPath rows columns

    /// <summary>A finite set: y is the row of largest inner product with θ.</summary>
    /// <param name="solutions">N × d, finite, at least one row.</param>
    /// <returns>An oracle of cost O(N·d). Of equal values the first row wins.</returns>
    /// <exception cref="T:System.ArgumentException">No rows, or an entry that is not finite.</exception>
    /// <example><code>
    /// let set = Oracle.finiteSet (array2D [ [ 1.0; 1.0; 0.0 ]; [ 0.0; 1.0; 1.0 ] ])
    /// set |> Oracle.solve [| 0.2; 0.9; 0.5 |] // [|0.0; 1.0; 1.0|]
    /// </code></example>
    let finiteSet (solutions: float[,]) : Oracle = RankingOracles.finiteSet solutions

    /// <summary>A user's own solver as a function of one θ.</summary>
    /// <param name="dimension">d, at least 1: the length of θ and of the answer.</param>
    /// <param name="solver">θ ↦ y*(θ) = argmax ⟨y, θ⟩. It must be a function of θ alone and safe to call from many
    /// threads at once (or see <c>synchronized</c>). It gets an array of its own.</param>
    /// <returns>An oracle. A throw, a wrong length or a value that is not finite becomes an OracleException that
    /// names the row.</returns>
    /// <exception cref="T:System.ArgumentException">d &lt; 1, or the solver is null.</exception>
    /// <example><code>
    /// // The signs of θ: the vertices of the cube.
    /// let signs = Oracle.ofFunction 3 (Array.map (fun t -> if t > 0.0 then 1.0 else -1.0))
    /// perturb signs Noise.gaussian 1.0 10_000 |> Smoothed.maximizer [| 2.0; 0.0; -1.0 |] // [|0.959; 0.013; -0.677|]
    /// </code></example>
    let ofFunction (dimension: int) (solver: float[] -> float[]) : Oracle = UserOracles.ofFunction dimension solver

    /// <summary>A user's own solver as a function of one θ that takes a token, for solves that may last.</summary>
    /// <param name="dimension">d, at least 1: the length of θ and of the answer.</param>
    /// <param name="solver">The token of the call and θ ↦ y*(θ), as in <c>ofFunction</c>. The token is cancelled where
    /// the user stops the call (<c>Smoothed.withCancellation</c>) or its time is up (<c>withTimeLimit</c>); the solver
    /// then throws an OperationCanceledException.</param>
    /// <returns>An oracle. A throw, a wrong length or a value that is not finite becomes an OracleException that
    /// names row and sample.</returns>
    /// <exception cref="T:System.ArgumentException">d &lt; 1, or the solver is null.</exception>
    let ofCancellableFunction (dimension: int) (solver: CancellationToken -> float[] -> float[]) : Oracle =
        UserOracles.ofCancellableFunction dimension solver

    /// <summary>A user's own solver that answers many rows in one call.</summary>
    /// <param name="dimension">d, at least 1.</param>
    /// <param name="solver">n × d ↦ n × d, row by row y*(θ). Safe to call from many threads at once (or see
    /// <c>synchronized</c>).</param>
    /// <returns>An oracle. A throw, a wrong shape or a value that is not finite becomes an OracleException that names
    /// the row.</returns>
    /// <exception cref="T:System.ArgumentException">d &lt; 1, or the solver is null.</exception>
    /// <example><code>
    /// let signs = Oracle.ofBatchFunction 2 (Array2D.map (fun t -> if t > 0.0 then 1.0 else -1.0))
    /// signs |> Oracle.solveBatch (array2D [ [ 2.0; -1.0 ]; [ -3.0; 0.5 ] ]) // [[1.0; -1.0] [-1.0; 1.0]]
    /// </code></example>
    let ofBatchFunction (dimension: int) (solver: float[,] -> float[,]) : Oracle =
        UserOracles.ofBatchFunction dimension solver

    /// <summary>A user's own solver on spans, which need not allocate.</summary>
    /// <param name="dimension">d, at least 1.</param>
    /// <param name="solver">Writes y*(θ) into its second span. Safe to call from many threads at once (or see
    /// <c>synchronized</c>).</param>
    /// <returns>An oracle. A throw, or an entry that is unwritten or not finite, becomes an OracleException that
    /// names the row.</returns>
    /// <exception cref="T:System.ArgumentException">d &lt; 1, or the solver is null.</exception>
    let ofSpanFunction (dimension: int) (solver: SpanFunction) : Oracle =
        UserOracles.ofSpanFunction dimension solver

    /// <summary>A user's own solver that answers by tasks, such as a service.</summary>
    /// <param name="dimension">d, at least 1: the length of θ and of the answer.</param>
    /// <param name="concurrency">The most solves under way at once, of all threads together, at least 1. A thread has as
    /// many under way as its block has samples: M/32 of M, so more threads (<c>Smoothed.withThreads</c>) than processors
    /// have more of them.</param>
    /// <param name="solver">The token of the call and θ ↦ the task of y*(θ), as in <c>ofCancellableFunction</c>. A call
    /// that is cancelled, or over its time, does not wait for tasks that go on.</param>
    /// <returns>An oracle. A task that fails, a wrong length or a value that is not finite becomes an OracleException
    /// that names the row.</returns>
    /// <exception cref="T:System.ArgumentException">d &lt; 1, a concurrency below 1, or the solver is null.</exception>
    let ofAsyncFunction
        (dimension: int)
        (concurrency: int)
        (solver: CancellationToken -> float[] -> Task<float[]>)
        : Oracle =
        UserOracles.ofAsyncFunction dimension concurrency solver

    /// <summary>A solver in another process or language, asked by lines of JSON.</summary>
    /// <param name="dimension">d, at least 1: the length of θ and of the answer.</param>
    /// <param name="solver">The command, and the processes that it started.</param>
    /// <returns>An oracle that asks for 64 θ a line at most (<c>withBatchSize</c>). A process that ends is a failed solve
    /// (<c>SolveFailure.Failed</c>) of all θ of its line, and the next line starts a new one; a line that is no answer is
    /// an OracleException that names the command, the row and the line.</returns>
    /// <exception cref="T:System.ArgumentException">d &lt; 1, or the solver is null.</exception>
    let ofProcess (dimension: int) (solver: SolverProcess) : Oracle = UserOracles.ofProcess dimension solver

    /// <summary>An oracle out of the span contract, for solvers with scratch memory, warm starts or values of their
    /// own.</summary>
    /// <param name="implementation">The contract; safe to call from many threads, its solvers one thread each.</param>
    /// <returns>An oracle; its answers are not validated.</returns>
    /// <exception cref="T:System.ArgumentException">It is null, or a dimension of it is below 1.</exception>
    let create (implementation: IOracle) : Oracle = UserOracles.create implementation

    /// <summary>The same oracle, whose solver is given so many rows a call at most.</summary>
    /// <param name="rows">At least 1. Between two calls a cancelled operator stops; a batch function without it is given
    /// whole blocks of samples, and a user's function of one θ has 1.</param>
    /// <param name="oracle">The oracle.</param>
    /// <returns>The same oracle, with the same bits.</returns>
    /// <exception cref="T:System.ArgumentOutOfRangeException">rows &lt; 1.</exception>
    let withBatchSize (rows: int) (oracle: Oracle) : Oracle = UserOracles.withBatchSize rows oracle

    /// <summary>The same oracle, each of whose solves has a time limit.</summary>
    /// <remarks>
    /// The token of the solver is cancelled at the limit: a function that takes one (<c>ofCancellableFunction</c>), a
    /// process, a service or an <c>ISolver</c> that looks at it is stopped, and any other answers late. Both are failed
    /// solves (<c>SolveFailure.TimedOut</c>), an error or left out by the operator's <c>FailurePolicy</c>. Which solves
    /// are in time depends on the machine, so such an operator does not promise the same bits. It is solved one row a
    /// call.
    /// </remarks>
    /// <param name="limit">The time of one solve, positive.</param>
    /// <param name="oracle">The oracle.</param>
    /// <returns>An oracle with the same answers in time.</returns>
    /// <exception cref="T:System.ArgumentOutOfRangeException">A limit of zero or below, or above 49 days.</exception>
    let withTimeLimit (limit: TimeSpan) (oracle: Oracle) : Oracle = UserOracles.withTimeLimit limit oracle

    /// <summary>The same oracle, which solves again where a solve failed or timed out.</summary>
    /// <remarks>It says that the solver is pure: that solving twice has no other effect than solving once, and that only
    /// the failure depends on chance, never the answer. Infeasible and unbounded problems, and any other exception, are
    /// not tried again.</remarks>
    /// <param name="attempts">The most solves of one θ, at least 1.</param>
    /// <param name="oracle">The oracle.</param>
    /// <returns>An oracle with the same answers.</returns>
    /// <exception cref="T:System.ArgumentOutOfRangeException">attempts &lt; 1.</exception>
    let withRetries (attempts: int) (oracle: Oracle) : Oracle = UserOracles.withRetries attempts oracle

    /// <summary>An oracle under another name, as messages and reports show it.</summary>
    /// <param name="name">The name, not empty.</param>
    /// <param name="oracle">The oracle.</param>
    /// <returns>An oracle with the same answers.</returns>
    /// <exception cref="T:System.ArgumentException">The name is empty.</exception>
    let withName (name: string) (oracle: Oracle) : Oracle = UserOracles.withName name oracle

    /// <summary>An oracle that can tell which points are its solutions, so that Fenchel-Young losses at them are true
    /// losses.</summary>
    /// <param name="isSolution">Whether a point of the dimension k is a vertex of conv(Y).</param>
    /// <param name="oracle">The oracle.</param>
    /// <returns>An oracle with the same answers.</returns>
    let withSolutions (isSolution: float[] -> bool) (oracle: Oracle) : Oracle =
        UserOracles.withSolutions isSolution oracle

    /// <summary>An oracle that is called by one thread at a time, for a solver that is not safe to call
    /// concurrently.</summary>
    /// <param name="oracle">The oracle.</param>
    /// <returns>An oracle with the same answers; noise and sums still use every thread.</returns>
    let synchronized (oracle: Oracle) : Oracle = UserOracles.synchronized oracle

    /// <summary>Where a point lies with respect to conv(Y): inside, outside with the inequality that says so, or
    /// undecided with what was tried.</summary>
    /// <remarks>
    /// Exact where that is polynomial: everywhere but for fractional points of paths on grids with 4 or 8 neighbours,
    /// flows with cycles as mixtures of paths, cuts, knapsacks, tours of more than 5 cities, alignments and
    /// projections, where necessary conditions are tried and the answer says which. An inequality may be missed by
    /// 1e-9 of its own terms, and by 2⁻⁴⁸ of the largest entries that solutions have in it: means of solutions
    /// computed in double precision pass.
    /// </remarks>
    /// <param name="y">A point, of the dimension k, finite.</param>
    /// <param name="oracle">The oracle; of one oracle for each row nothing is known here.</param>
    /// <returns>Inside, outside or undecided. Cost: O(k) for solutions and most polytopes; minimum cuts for forests
    /// and paths, a linear program for a finite set.</returns>
    /// <exception cref="T:System.ArgumentException">A wrong length, NaN or ∞ in y.</exception>
    /// <example><code>
    /// let ranks = Oracle.ranking 3
    /// ranks |> Oracle.membership [| 2.0; 2.0; 2.0 |] // Inside
    /// ranks |> Oracle.membership [| 0.0; 1.0; 2.0 |] = Membership.Inside // false
    /// </code></example>
    let membership (y: float[]) (oracle: Oracle) : Membership = Memberships.membership y oracle

    /// <summary>Where a point whose entries have a relative error lies with respect to conv(Y), as a target in single or
    /// half precision.</summary>
    /// <remarks>
    /// As <c>membership</c>, but an inequality Σ c_i y_i ≤ b may be missed by tolerance · (Σ |c_i y_i| + |b|), and by
    /// tolerance · Σ |c_i| times the largest entry that solutions have in it, since terms that cancel in a mean leave
    /// as much. Means of solutions pass with about a hundred roundings of their type: 1e-5 for single precision, 2⁻⁶
    /// for half.
    /// </remarks>
    /// <param name="tolerance">The relative error of the entries, at least 0 and below 1.</param>
    /// <param name="y">A point, of the dimension k, finite.</param>
    /// <param name="oracle">The oracle; of one oracle for each row nothing is known here.</param>
    /// <returns>Inside, outside or undecided. Cost: as <c>membership</c>.</returns>
    /// <exception cref="T:System.ArgumentException">A tolerance that is negative, 1 or more, or NaN; a wrong length,
    /// NaN or ∞ in y.</exception>
    /// <example><code>
    /// let ranks = Oracle.ranking 3
    /// ranks |> Oracle.membershipWithin 1e-5 [| 1.000001; 2.0; 3.0 |] // Inside
    /// ranks |> Oracle.membership [| 1.000001; 2.0; 3.0 |] = Membership.Inside // false
    /// </code></example>
    let membershipWithin (tolerance: float) (y: float[]) (oracle: Oracle) : Membership =
        Memberships.membershipWithin tolerance y oracle

    /// <summary>The oracle that solves an instance: oracle number i of <c>perInstance</c>, whose polytope and
    /// membership are known; any other oracle is itself.</summary>
    /// <param name="instance">The number of the instance, from 0.</param>
    /// <param name="oracle">The oracle.</param>
    /// <returns>An oracle that has the same answers for every instance.</returns>
    /// <exception cref="T:System.ArgumentException">A negative instance, or one that has no oracle.</exception>
    let ofInstance (instance: int) (oracle: Oracle) : Oracle =
        CombinedOracles.ofInstance instance oracle

    /// <summary>A different oracle for each instance: instance i is solved by oracle number i.</summary>
    /// <remarks>
    /// Training, cross-validation and losses tell the operator which instance each row of a batch is
    /// (<c>Examples.Instances</c>, <c>LossBatch.Instances</c>); elsewhere <c>Smoothed.withInstances</c> and
    /// <c>solveInstances</c> do. Without them row r of a batch, counted from the operator's first row, is instance r.
    /// </remarks>
    /// <param name="oracles">At least one, none of them null; all of one dimension d and one solution dimension
    /// k.</param>
    /// <returns>An oracle; an instance that has no oracle is an error.</returns>
    /// <exception cref="T:System.ArgumentException">No oracles, a null among them, or dimensions that disagree (the
    /// index is named).</exception>
    /// <example><code>
    /// let oracle = Oracle.perInstance [| Oracle.topK 1 3; Oracle.topK 2 3 |]
    /// oracle
    /// |> Oracle.solveBatch (array2D [ [ 0.2; 0.9; 0.5 ]; [ 0.2; 0.9; 0.5 ] ]) // [[0.0; 1.0; 0.0] [0.0; 1.0; 1.0]]
    /// </code></example>
    let perInstance (oracles: Oracle[]) : Oracle = CombinedOracles.perInstance oracles

    /// <summary>The unperturbed solution y*(θ).</summary>
    /// <param name="theta">θ, of the oracle's dimension d, finite.</param>
    /// <param name="oracle">The oracle.</param>
    /// <returns>y*(θ), of the dimension k.</returns>
    /// <exception cref="T:System.ArgumentException">A wrong length, NaN or ∞ in θ.</exception>
    /// <exception cref="T:Perturbed.Functional.CSharp.OracleException">The oracle threw, or its answer has a wrong
    /// length or a value that is not finite.</exception>
    /// <example><code>
    /// Oracle.ranking 3 |> Oracle.solve [| 0.2; 0.9; 0.5 |] // [|1.0; 3.0; 2.0|]
    /// </code></example>
    let solve (theta: float[]) (oracle: Oracle) : float[] = Solving.solve theta oracle

    /// <summary>The unperturbed solutions of a batch; row r is instance r, where the oracle has a problem for each
    /// instance.</summary>
    /// <param name="thetas">B × d, finite; B = 0 is legal.</param>
    /// <param name="oracle">The oracle.</param>
    /// <returns>B × k.</returns>
    /// <exception cref="T:System.ArgumentException">A wrong shape, NaN or ∞, or a row without an oracle (the row is
    /// named).</exception>
    let solveBatch (thetas: float[,]) (oracle: Oracle) : float[,] =
        Solving.solveBatchWith CancellationToken.None thetas oracle

    /// <summary>The unperturbed solutions of a batch, until a token stops it.</summary>
    /// <param name="cancellation">The token, looked at between rows, or blocks of 64 rows of a fast solver, and handed to
    /// the solver.</param>
    /// <param name="thetas">B × d, finite; B = 0 is legal.</param>
    /// <param name="oracle">The oracle.</param>
    /// <returns>B × k.</returns>
    /// <exception cref="T:System.ArgumentException">A wrong shape, NaN or ∞, or a row without an oracle (the row is
    /// named).</exception>
    /// <exception cref="T:System.OperationCanceledException">The token stopped it.</exception>
    let solveBatchWith (cancellation: CancellationToken) (thetas: float[,]) (oracle: Oracle) : float[,] =
        Solving.solveBatchWith cancellation thetas oracle

    /// <summary>The unperturbed solutions of a batch whose rows are the given instances, such as the rows of a fold:
    /// row r is solved by the problem of instance instances[r].</summary>
    /// <param name="instances">One number a row, at least 0.</param>
    /// <param name="thetas">B × d, finite; B = 0 is legal.</param>
    /// <param name="oracle">The oracle.</param>
    /// <returns>B × k.</returns>
    /// <exception cref="T:System.ArgumentException">A wrong shape, NaN or ∞ (the row is named), another number of
    /// instances than rows, or an instance without an oracle.</exception>
    let solveInstances (instances: int[]) (thetas: float[,]) (oracle: Oracle) : float[,] =
        Solving.solveInstancesWith CancellationToken.None instances thetas oracle

    /// <summary>The unperturbed solutions of given instances, until a token stops it.</summary>
    /// <param name="cancellation">The token, as <c>solveBatchWith</c> looks at it.</param>
    /// <param name="instances">One number a row, at least 0.</param>
    /// <param name="thetas">B × d, finite; B = 0 is legal.</param>
    /// <param name="oracle">The oracle.</param>
    /// <returns>B × k.</returns>
    /// <exception cref="T:System.ArgumentException">A wrong shape, NaN or ∞ (the row is named), another number of
    /// instances than rows, or an instance without an oracle.</exception>
    /// <exception cref="T:System.OperationCanceledException">The token stopped it.</exception>
    let solveInstancesWith
        (cancellation: CancellationToken)
        (instances: int[])
        (thetas: float[,])
        (oracle: Oracle)
        : float[,] =
        Solving.solveInstancesWith cancellation instances thetas oracle

    /// <summary>The product of oracles (direct sum): θ = (θ₁, …, θ_n) and y = (y₁, …, y_n) with y_i = y_i*(θ_i); F(θ)
    /// = Σ F_i(θ_i), and conv(Y) is the product of the factors' hulls.</summary>
    /// <param name="oracles">At least one; each with solutions of the dimension of its θ.</param>
    /// <returns>An oracle of the sum of their dimensions, of cost the sum of their costs, with the ties of
    /// each.</returns>
    /// <exception cref="T:System.ArgumentException">No oracles, or one whose k is not its d.</exception>
    /// <example><code>
    /// let pair = Oracle.product [| Oracle.argmax 2; Oracle.ranking 3 |]
    /// pair |> Oracle.solve [| 0.1; 0.4; 0.2; 0.9; 0.5 |] // [|0.0; 1.0; 1.0; 3.0; 2.0|]
    /// </code></example>
    let product (oracles: Oracle[]) : Oracle = CombinedOracles.product oracles

    /// <summary>The oracle of a longer θ, whose last entries are not read and are 0 in y: instances of different sizes
    /// then fit into one batch.</summary>
    /// <param name="dimension">The dimension of the longer θ, at least that of the oracle.</param>
    /// <param name="oracle">The oracle; its solutions have the dimension of θ.</param>
    /// <returns>An oracle whose first entries are those of <paramref name="oracle"/>, at the same cost.</returns>
    /// <exception cref="T:System.ArgumentException">A dimension below that of the oracle, or an oracle of another
    /// solution dimension.</exception>
    /// <example><code>
    /// // Lists of two and of three candidates, of which one is taken.
    /// let candidates = Oracle.perInstance [| Oracle.argmax 2 |> Oracle.padded 3; Oracle.argmax 3 |]
    /// candidates |> Oracle.solveBatch (array2D [ [ 1.0; 2.0; 9.0 ]; [ 1.0; 2.0; 9.0 ] ]) // [[0.0; 1.0; 0.0] [0.0; 0.0; 1.0]]
    /// </code></example>
    let padded (dimension: int) (oracle: Oracle) : Oracle = CombinedOracles.padded dimension oracle

    /// <summary>An oracle on some coordinates of θ with the others fixed: for S the free coordinates and R the
    /// rest, y_S of the y ∈ Y that maximises ⟨y_S, θ⟩ + ⟨y_R, c_R⟩.</summary>
    /// <remarks>
    /// F(θ) = max over y ∈ Y of ⟨y_S, θ⟩ + ⟨y_R, c_R⟩, with the second term, which depends on y, and with it y_S =
    /// ∇F(θ). So this is a generalised maximizer with h(y) = ⟨y_R, c_R⟩; its Fenchel-Young losses have their gradient,
    /// and their value up to a constant in θ.
    /// </remarks>
    /// <param name="free">S: the coordinates that θ gives, in the order it gives them; at least one, no two the
    /// same.</param>
    /// <param name="theta">c: a vector of the oracle's dimension d. Its entries at the free coordinates are not
    /// read.</param>
    /// <param name="oracle">The oracle, with solutions of the dimension of θ.</param>
    /// <returns>An oracle of dimension |S|, of the cost and with the ties of the whole.</returns>
    /// <exception cref="T:System.ArgumentException">A coordinate outside 0 to d − 1 or named twice, none at all, a
    /// wrong length or an entry of c_R that is not finite.</exception>
    let restrict (free: int[]) (theta: float[]) (oracle: Oracle) : Oracle =
        CombinedOracles.restrict free theta oracle

    /// <summary>A linear offset: y maximises ⟨y, θ⟩ + ⟨c, y⟩ over Y, so y = y*(θ + c) and F(θ) = F₀(θ + c).</summary>
    /// <param name="offset">c, of the oracle's dimension d, finite: what each coordinate earns whatever θ is.</param>
    /// <param name="oracle">The oracle, with solutions of the dimension of θ.</param>
    /// <returns>An oracle of the same cost and ties. Its Fenchel-Young losses are known up to a constant in
    /// θ.</returns>
    /// <exception cref="T:System.ArgumentException">A wrong length, NaN or ∞.</exception>
    /// <example><code>
    /// let favoured = Oracle.argmax 3 |> Oracle.withOffset [| 1.0; 0.0; 0.0 |]
    /// favoured |> Oracle.solve [| 0.2; 0.9; 0.5 |] // [|1.0; 0.0; 0.0|]
    /// </code></example>
    let withOffset (offset: float[]) (oracle: Oracle) : Oracle =
        CombinedOracles.withOffset offset oracle

    /// <summary>A finite set with an offset for each point: y is the row that maximises ⟨y_n, θ⟩ + h_n, and F(θ) that
    /// maximum.</summary>
    /// <param name="solutions">The points y_n (or their features g(y_n)), N × d, finite, at least one row.</param>
    /// <param name="offsets">h, of length N, finite.</param>
    /// <returns>An oracle of cost O(N·d). Of equal values the first row wins. Its Fenchel-Young losses are known up
    /// to a constant in θ.</returns>
    /// <exception cref="T:System.ArgumentException">No rows, a wrong number of offsets, or an entry that is not
    /// finite.</exception>
    let finiteSetWithOffsets (solutions: float[,]) (offsets: float[]) : Oracle =
        CombinedOracles.finiteSetWithOffsets solutions offsets

    /// <summary>A user's generalised maximizer: y maximises ⟨g(y), θ⟩ + h(y) over any set, and the oracle's solution
    /// is g(y) = ∇F(θ), which pairs with θ.</summary>
    /// <remarks>
    /// F(θ) = ⟨g(y), θ⟩ + h(y) is convex, so F_ε, its gradient E g(y) and the Fenchel-Young gradient E g(y) − target
    /// hold as they do for a linear program;
    /// the value of the loss is known up to a constant in θ.
    /// </remarks>
    /// <param name="dimension">d, at least 1: the length of θ and of g(y).</param>
    /// <param name="maximizer">θ ↦ y. It must be a function of θ alone and safe to call from many threads at once (or
    /// see <c>synchronized</c>).</param>
    /// <param name="g">The features of y, of length d, finite.</param>
    /// <param name="h">The offset of y, finite.</param>
    /// <returns>An oracle. A throw, a wrong length or a value that is not finite becomes an OracleException that
    /// names the row.</returns>
    /// <exception cref="T:System.ArgumentException">d &lt; 1, or a function is null.</exception>
    let generalised (dimension: int) (maximizer: float[] -> 'Y) (g: 'Y -> float[]) (h: 'Y -> float) : Oracle =
        UserOracles.generalised dimension maximizer g h

    /// <summary>The minimum instead of the maximum: θ is a cost, and the answer is −y with y = argmin over y ∈ Y of
    /// ⟨y, θ⟩.</summary>
    /// <remarks>
    /// It is the maximum over −Y, so everything said of maximisation stays true: F(θ) = −min ⟨y, θ⟩ is convex with
    /// gradient −y, F_ε(θ) = −E min ⟨y, θ + εZ⟩, the perturbed maximizer is −E y, and its Jacobian that of −E y. A
    /// Fenchel-Young target is the negated solution −y: L_ε(θ; −y) ≥ 0 falls as the cost θ makes y cheap, and its
    /// gradient in the cost is y − E y. For noise with Z and −Z of one law it is the loss of the original oracle at −θ
    /// with target y. Minimising twice gives the original oracle back.
    /// </remarks>
    /// <param name="oracle">The oracle of Y, with solutions of the dimension of θ.</param>
    /// <returns>The oracle of −Y, of the same cost; of equal costs the solution wins that the original oracle chooses
    /// at −θ.</returns>
    /// <exception cref="T:System.ArgumentException">Its k is not its d.</exception>
    /// <example><code>
    /// Oracle.argmax 3 |> Oracle.minimise |> Oracle.solve [| 0.2; 0.9; 0.5 |] // [|-1.0; 0.0; 0.0|]
    /// </code></example>
    let minimise (oracle: Oracle) : Oracle = CombinedOracles.minimise oracle

    /// <summary>Tries an oracle's contract on directions of your own: for one whose θ may not be any vector, such as
    /// costs of one sign.</summary>
    /// <param name="thetas">n × d, finite, at least one row; the more they differ, the more they show.</param>
    /// <param name="oracle">The oracle.</param>
    /// <returns>The broken promises, each with a θ that shows it: see <c>check</c>.</returns>
    /// <exception cref="T:System.ArgumentException">No rows, a wrong dimension, NaN or ∞.</exception>
    let checkOn (thetas: float[,]) (oracle: Oracle) : OracleReport =
        OracleChecks.checkOnWith CancellationToken.None thetas oracle

    /// <summary>Tries an oracle's contract on directions of your own, until a token stops it.</summary>
    /// <param name="cancellation">The token, looked at before each solve, and handed to the solvers.</param>
    /// <param name="thetas">n × d, finite, at least one row.</param>
    /// <param name="oracle">The oracle.</param>
    /// <returns>The broken promises, each with a θ that shows it.</returns>
    /// <exception cref="T:System.ArgumentException">No rows, a wrong dimension, NaN or ∞.</exception>
    /// <exception cref="T:System.OperationCanceledException">The token stopped it.</exception>
    let checkOnWith (cancellation: CancellationToken) (thetas: float[,]) (oracle: Oracle) : OracleReport =
        OracleChecks.checkOnWith cancellation thetas oracle

    /// <summary>Tries an oracle's contract as <c>check</c> does, until a token stops it: for solvers that take
    /// long.</summary>
    /// <param name="cancellation">The token, looked at before each solve, and handed to the solvers.</param>
    /// <param name="key">The key of the directions.</param>
    /// <param name="directions">How many θ, at least 1.</param>
    /// <param name="oracle">The oracle.</param>
    /// <returns>The broken promises, at most three of a kind, each with a θ that shows it.</returns>
    /// <exception cref="T:System.ArgumentException">directions &lt; 1.</exception>
    /// <exception cref="T:System.OperationCanceledException">The token stopped it.</exception>
    let checkWith (cancellation: CancellationToken) (key: Key) (directions: int) (oracle: Oracle) : OracleReport =
        OracleChecks.checkWith cancellation key directions oracle

    /// <summary>Tries an oracle's contract on random directions: that it answers, finitely, deterministically and
    /// purely, row by row, warm or cold, on many threads at once; that its value is ⟨y, θ⟩, and that no answer it
    /// gave elsewhere scores better.</summary>
    /// <remarks>
    /// It finds breaches, it proves nothing: an oracle that misses the same solutions at every θ goes undetected.
    /// Directions are Gaussian, Gaussian rounded to integers (for ties), small, 0, and badly scaled: entries spread
    /// over 1e±15, and one huge entry among small ones, which find thresholds that are scaled by the largest entry.
    /// Optimality is ⟨y, θ⟩ ≥ ⟨y', θ⟩ for the answers y' to all other directions, in compensated arithmetic, to 1e-9
    /// of the terms in which y and y' differ and the rounding of all others (where the oracle declares an offset, F(θ)
    /// ≥ F(θ') + ⟨y', θ − θ'⟩ to 1e-9 of all terms), and what the oracle states itself (<c>IOracle.Shortfall</c>).
    /// Conflicts between threads that share memory are found by chance;
    /// all else depends on the key alone.
    /// </remarks>
    /// <param name="key">The key of the directions.</param>
    /// <param name="directions">How many θ, at least 1; 30 show most faults. Cost: about 110 solves each, and O(d)
    /// for each pair.</param>
    /// <param name="oracle">The oracle.</param>
    /// <returns>The broken promises, at most three of a kind, each with a θ that shows it.</returns>
    /// <exception cref="T:System.ArgumentException">directions &lt; 1.</exception>
    /// <example><code>
    /// // Not a maximiser: at θ = (0.4, 0, 0) the solution (1, 0, 0) scores more than the answer 0.
    /// let wrong = Oracle.ofFunction 3 (Array.map (fun t -> if t > 0.5 then 1.0 else 0.0))
    /// let report = wrong |> Oracle.check (Key.create 1UL) 100
    /// report.Passed // false
    /// </code></example>
    let check (key: Key) (directions: int) (oracle: Oracle) : OracleReport =
        OracleChecks.check key directions oracle

    /// <summary>Tries an oracle's contract as <c>check</c> does, and lets the oracle through only if nothing is
    /// found.</summary>
    /// <param name="key">The key of the directions.</param>
    /// <param name="directions">How many θ, at least 1.</param>
    /// <param name="oracle">The oracle.</param>
    /// <returns>The same oracle.</returns>
    /// <exception cref="T:System.ArgumentException">directions &lt; 1.</exception>
    /// <exception cref="T:Perturbed.Functional.CSharp.OracleException">A promise is broken; the message lists what was
    /// found.</exception>
    let checkOrThrow (key: Key) (directions: int) (oracle: Oracle) : Oracle =
        OracleChecks.checkOrThrow key directions oracle

    /// <summary>The ℓ1 ball: y is ±r at the coordinate of largest |θ_i|, with its sign, and 0 elsewhere; F(θ) = r·max
    /// |θ_i|.</summary>
    /// <param name="radius">r, positive and finite.</param>
    /// <param name="dimension">d, at least 1.</param>
    /// <returns>An oracle of cost O(d). Of equal magnitudes the lowest index wins; 0 counts as positive.</returns>
    /// <exception cref="T:System.ArgumentOutOfRangeException">r is not positive and finite, or d &lt; 1.</exception>
    let l1Ball (radius: float) (dimension: int) : Oracle = BallOracles.l1Ball radius dimension

    /// <summary>A box {lower ≤ y ≤ upper}: y_i is its upper bound where θ_i &gt; 0, and its lower bound
    /// elsewhere.</summary>
    /// <param name="lower">The lower bounds, d of them, finite.</param>
    /// <param name="upper">The upper bounds, d of them, finite, none below its lower bound.</param>
    /// <returns>An oracle of cost O(d). θ_i = 0 takes the lower bound.</returns>
    /// <exception cref="T:System.ArgumentException">No bounds, lengths that disagree, or bounds out of order (the
    /// coordinate is named).</exception>
    /// <example><code>
    /// Oracle.box [| 0.0; -1.0 |] [| 2.0; 1.0 |] |> Oracle.solve [| 0.3; -0.2 |] // [|2.0; -1.0|]
    /// </code></example>
    let box (lower: float[]) (upper: float[]) : Oracle = BallOracles.box lower upper

    /// <summary>The box {0, 1}^d: y_i = 1 where θ_i &gt; 0. Under Gaussian noise y*_ε(θ)_i = Φ(θ_i/ε).</summary>
    /// <param name="dimension">d, 1 to 2^26.</param>
    /// <returns>An oracle of cost O(d). θ_i = 0 gives 0.</returns>
    /// <exception cref="T:System.ArgumentOutOfRangeException">d &lt; 1 or d &gt; 2^26.</exception>
    let unitBox (dimension: int) : Oracle = BallOracles.unitBox dimension

    /// <summary>The sign, or ℓ∞ ball: y_i = 1 where θ_i &gt; 0 and −1 elsewhere. Under Gaussian noise y*_ε(θ)_i =
    /// 2Φ(θ_i/ε) − 1.</summary>
    /// <param name="dimension">d, 1 to 2^26.</param>
    /// <returns>An oracle of cost O(d). θ_i = 0 gives −1.</returns>
    /// <exception cref="T:System.ArgumentOutOfRangeException">d &lt; 1 or d &gt; 2^26.</exception>
    let sign (dimension: int) : Oracle = BallOracles.sign dimension

    /// <summary>The ball of the group lasso {Σ_g ‖y_g‖₂ ≤ r}: y = r·θ_g/‖θ_g‖ on the group of largest norm, and 0
    /// elsewhere; F(θ) = r·max ‖θ_g‖.</summary>
    /// <param name="groups">The group of each of the d coordinates: every number from 0 to G − 1, each in use. All 0
    /// gives the Euclidean ball.</param>
    /// <param name="radius">r, positive and finite.</param>
    /// <returns>An oracle of cost O(d). Of equal norms the lowest group wins; θ = 0 gives r at the first coordinate
    /// of group 0.</returns>
    /// <exception cref="T:System.ArgumentException">No groups, a number that is negative or left out, or a bad
    /// radius.</exception>
    let groupBall (groups: int[]) (radius: float) : Oracle = BallOracles.groupBall groups radius

    /// <summary>The nuclear-norm ball of m × n matrices: y = r·u₁v₁ᵀ with the leading singular pair of θ, both
    /// row-major; F(θ) = r·σ₁(θ), to 1e-12 of it.</summary>
    /// <param name="radius">r, positive and finite.</param>
    /// <param name="rows">m, at least 1.</param>
    /// <param name="columns">n, at least 1.</param>
    /// <returns>An oracle of dimension m·n and cost O(m·n·s), s ≤ min(m, n) Lanczos steps. Where σ₁ = σ₂ one pair of
    /// their space, always the same.</returns>
    /// <exception cref="T:System.ArgumentOutOfRangeException">A size below 1, or a bad radius.</exception>
    let nuclearBall (radius: float) (rows: int) (columns: int) : Oracle =
        BallOracles.nuclearBall radius rows columns

    /// <summary>The spectraplex {Y ⪰ 0, tr Y = 1}: y = vvᵀ with the leading eigenvector of (θ + θᵀ)/2, row-major;
    /// F(θ) = λ₁, to 1e-12 of the norm of θ.</summary>
    /// <param name="size">The order n, from 1 to 4096.</param>
    /// <returns>An oracle of dimension n² and cost O(n²·s), s ≤ n Lanczos steps. Of a multiple eigenvalue one vector,
    /// always the same.</returns>
    /// <exception cref="T:System.ArgumentOutOfRangeException">n is not in 1 to 4096.</exception>
    let spectraplex (size: int) : Oracle = BallOracles.spectraplex size

    /// <summary>The assignment of rows to columns of largest total: θ is the r × c matrix of gains (minus costs),
    /// row-major, and y has a 1 where a row is matched to a column; conv(Y) is the Birkhoff polytope for r =
    /// c.</summary>
    /// <param name="rows">r, at least 1.</param>
    /// <param name="columns">c, at least 1. The smaller side is matched completely.</param>
    /// <returns>An oracle of dimension r·c, exact for any sign; cost O(n³) at worst, n the larger side. Square
    /// problems start warm. Ties break the same way every time (see <c>AssignmentOracle</c>).</returns>
    /// <exception cref="T:System.ArgumentOutOfRangeException">A side below 1, or more than 2^24 entries.</exception>
    /// <example><code>
    /// let gains = [| 1.0; 5.0; 2.0; 4.0; 3.0; 0.0; 2.0; 1.0; 3.0 |] // 3 × 3, row-major
    /// Oracle.assignment 3 3 |> Oracle.solve gains // [|0.0; 1.0; 0.0; 1.0; 0.0; 0.0; 0.0; 0.0; 1.0|]
    /// </code></example>
    let assignment (rows: int) (columns: int) : Oracle = MatchingOracles.assignment rows columns

    /// <summary>The spanning tree of largest weight (θ = −cost: of smallest cost): y marks the n − 1 edges of the
    /// tree in the order of the graph's edges.</summary>
    /// <param name="graph">The graph, connected; <c>Graph.Complete n</c> has its edges in the order of the upper
    /// triangle, row by row.</param>
    /// <returns>An oracle of one dimension an edge, exact for any sign, of cost O(edges). Of equal entries the lower
    /// index comes first.</returns>
    /// <exception cref="T:System.ArgumentException">The graph has no edge, or is not connected.</exception>
    /// <example><code>
    /// let weights = [| 3.0; 1.0; 2.0 |] // edges (0, 1), (0, 2), (1, 2)
    /// Oracle.spanningTree (Graph.Complete 3) |> Oracle.solve weights // [|1.0; 0.0; 1.0|]
    /// </code></example>
    let spanningTree (graph: Graph) : Oracle = GraphOracles.spanningTree graph

    /// <summary>The spanning forest of largest weight with k trees: y marks the n − k edges of the forest. With θ the
    /// similarities of points it is their single-linkage clustering.</summary>
    /// <param name="components">k, from the number of connected parts of the graph to the number of nodes.</param>
    /// <param name="graph">The graph, with an edge at least.</param>
    /// <returns>An oracle of one dimension an edge, exact for any sign, of cost O(edges). Of equal entries the lower
    /// index comes first.</returns>
    /// <exception cref="T:System.ArgumentException">The graph has no edge, or no forest of k trees.</exception>
    let spanningForest (components: int) (graph: Graph) : Oracle =
        GraphOracles.spanningForest components graph

    /// <summary>The spanning forest of k trees followed by its cluster matrix: a solution is (y, M), M_ij = 1 where
    /// nodes i and j are in one tree. Perturbed, M becomes the probability of being clustered together.</summary>
    /// <param name="constraints">Must-link pairs come first, by edges inside their groups, and keep the answer exact;
    /// cannot-link pairs refuse merges: up to 10 groups of linked nodes (a node by itself is one) the answer is
    /// exact, beyond it is greedy. <c>LinkConstraints.None</c> for none.</param>
    /// <param name="components">k, from the number of connected parts of the graph to the number of nodes.</param>
    /// <param name="graph">The graph, with an edge at least and 4096 nodes at most.</param>
    /// <returns>An oracle of one dimension an edge whose solutions have edges + n² entries; its value is that of the
    /// forest. Losses and duals, which need ⟨y, θ⟩, want <c>constrainedForest</c> instead.</returns>
    /// <exception cref="T:System.ArgumentException">No such forest, or constraints that contradict each other, the
    /// graph or k. An OracleException where, beyond 10 groups, the pairs leave a greedy forest with more than k
    /// trees.</exception>
    let clusters (constraints: LinkConstraints) (components: int) (graph: Graph) : Oracle =
        GraphOracles.clusters constraints components graph

    /// <summary>The spanning forest of k trees under must-link and cannot-link constraints, as y over the edges
    /// alone.</summary>
    /// <param name="constraints">Must-link pairs come first, by edges inside their groups, and keep the answer exact;
    /// cannot-link pairs refuse merges: up to 10 groups of linked nodes (a node by itself is one) the answer is
    /// exact, beyond it is greedy.</param>
    /// <param name="components">k, from the number of connected parts of the graph to the number of nodes.</param>
    /// <param name="graph">The graph, with an edge at least.</param>
    /// <returns>An oracle of one dimension an edge. Stewart et al. 2023.</returns>
    /// <exception cref="T:System.ArgumentException">No such forest, or constraints that contradict each other, the
    /// graph or k. An OracleException where, beyond 10 groups, the pairs leave a greedy forest with more than k
    /// trees.</exception>
    let constrainedForest (constraints: LinkConstraints) (components: int) (graph: Graph) : Oracle =
        GraphOracles.constrainedForest constraints components graph

    /// <summary>The 0/1 knapsack: θ is the gain of each item, and y the selection of largest gain with Σ w_i y_i ≤ c.
    /// Exact, for gains of either sign.</summary>
    /// <param name="weights">w, one for each of the d items, at least 0.</param>
    /// <param name="capacity">c, at least 0.</param>
    /// <returns>An oracle of cost O(d·c/g), g the common divisor of the weights. An item of gain ≤ 0 is never taken;
    /// of equal selections the one wins that leaves out the highest index in which they differ.</returns>
    /// <exception cref="T:System.ArgumentException">No items, a negative number, or a table of more than 2^28
    /// entries.</exception>
    /// <example><code>
    /// Oracle.knapsack [| 3; 4; 2 |] 5 |> Oracle.solve [| 4.0; 5.0; 3.0 |] // [|1.0; 0.0; 1.0|]
    /// </code></example>
    let knapsack (weights: int[]) (capacity: int) : Oracle =
        ProgramOracles.knapsack weights capacity

    /// <summary>The 0/1 knapsack of several constraints: θ is the gain of each item, and y the selection of largest
    /// gain with W y ≤ c. Exact, by branch and bound.</summary>
    /// <param name="weights">W, K × d, at least 0: the weight of each item in each constraint; d from 1 to 64.</param>
    /// <param name="capacities">c, of length K, at least 0.</param>
    /// <returns>An oracle for small sizes: its cost is exponential in d at worst. An item of gain ≤ 0 is never taken;
    /// of equal selections the first of the search wins.</returns>
    /// <exception cref="T:System.ArgumentException">Sizes out of range or that disagree, or a negative
    /// number.</exception>
    let multiKnapsack (weights: int[,]) (capacities: int[]) : Oracle =
        ProgramOracles.multiKnapsack weights capacities

    /// <summary>The travelling salesman, exact: θ = −cost of each edge of the complete graph, the upper triangle row
    /// by row ((0,1), (0,2), …, (1,2), …), and y marks the edges of the best round trip.</summary>
    /// <param name="cities">n, from 3 to 12.</param>
    /// <returns>An oracle of dimension n(n − 1)/2 and cost O(n²·2ⁿ) (Held-Karp), for costs of either sign. Ties break
    /// the same way every time (see <c>TourOracle</c>).</returns>
    /// <exception cref="T:System.ArgumentOutOfRangeException">n is not in 3 to 12.</exception>
    let tsp (cities: int) : Oracle = TourOracles.tsp cities

    /// <summary>The travelling salesman by a heuristic, for more cities: y marks the edges of a good round trip,
    /// which need not be the best; θ as in <c>tsp</c>.</summary>
    /// <remarks>
    /// Nearest neighbours from several starts, improved by 2-opt and Or-opt. There is no bound on the gap to the
    /// optimum; over 2000 instances of 12 cities in a square its mean was 0.1% with one start (worst 7%) and 0.01%
    /// with eight, and for standard normal θ 1.0% (worst 13%) and 0.06%. The answer is a function of θ, so perturbing
    /// it is sound, but F is then a lower estimate of the maximum, not convex, and its gradient identities hold only
    /// as nearly as the tours are optimal.
    /// </remarks>
    /// <param name="starts">How many cities to start from, 1 to n: the cost and the quality grow with it.</param>
    /// <param name="cities">n, from 3 to 4096.</param>
    /// <returns>An oracle of dimension n(n − 1)/2 and cost O(starts·n²) a sweep, some tens of sweeps.</returns>
    /// <exception cref="T:System.ArgumentOutOfRangeException">n is not in 3 to 4096, or starts not in 1 to
    /// n.</exception>
    let tspHeuristic (starts: int) (cities: int) : Oracle = TourOracles.tspHeuristic starts cities

    /// <summary>The global alignment of two sequences with affine gaps (Needleman-Wunsch-Gotoh): θ scores pairs, gap
    /// openings and gap extensions, and y counts those of the best alignment.</summary>
    /// <remarks>
    /// θ and y are three planes of n × m, row-major one after the other: substitution, opening, extension. Cell (i, j)
    /// of the first is the pair of letters i and j; a gap step belongs to the cell of the last letters it leaves
    /// behind, at the border to the nearest cell (<c>AlignmentOracle</c> says it in full). Scores are gains:
    /// mismatches and gaps are negative as a rule, but may have any sign. <c>Alignment.scores</c> makes θ of a score
    /// for letters, <c>Alignment.render</c> prints y.
    /// </remarks>
    /// <param name="first">n, the length of the first sequence, at least 1.</param>
    /// <param name="second">m, the length of the second, at least 1.</param>
    /// <returns>An oracle of dimension 3·n·m and cost O(n·m). Ties break the same way every time, for pairs before
    /// gaps as seen from the end.</returns>
    /// <exception cref="T:System.ArgumentOutOfRangeException">A length below 1, or n·m above 2^22.</exception>
    let alignment (first: int) (second: int) : Oracle = AlignmentOracles.alignment first second

    /// <summary>The local alignment of two sequences with affine gaps (Smith-Waterman): as <c>alignment</c>, of a
    /// contiguous part of each sequence from one pair to another, or of nothing, y = 0.</summary>
    /// <param name="first">n, the length of the first sequence, at least 1.</param>
    /// <param name="second">m, the length of the second, at least 1.</param>
    /// <returns>An oracle of dimension 3·n·m and cost O(n·m). Ties break as for <c>alignment</c>, for the shorter
    /// start and the first end.</returns>
    /// <exception cref="T:System.ArgumentOutOfRangeException">A length below 1, or n·m above 2^22.</exception>
    let localAlignment (first: int) (second: int) : Oracle =
        AlignmentOracles.localAlignment first second

    /// <summary>The semi-global alignment of two sequences with affine gaps: as <c>alignment</c>, but gaps before and
    /// after are free and have no steps, as where one sequence is a part of the other or overlaps with it.</summary>
    /// <param name="first">n, the length of the first sequence, at least 1.</param>
    /// <param name="second">m, the length of the second, at least 1.</param>
    /// <returns>An oracle of dimension 3·n·m and cost O(n·m); y = 0 where no overlap gains. Ties break as for
    /// <c>alignment</c>, for ends after all of the second sequence, the first of them.</returns>
    /// <exception cref="T:System.ArgumentOutOfRangeException">A length below 1, or n·m above 2^22.</exception>
    let semiGlobalAlignment (first: int) (second: int) : Oracle =
        AlignmentOracles.semiGlobalAlignment first second

    /// <summary>Alignments of pairs of sequences of different lengths, instance by instance: θ of each begins with its
    /// own 3·n·m scores, and what follows up to the longest is not read and 0 in y.</summary>
    /// <remarks>
    /// Rows of a batch say which pair they are by <c>Smoothed.withInstances</c> or <c>Examples.withInstances</c>. A
    /// sequence without letters has no cells: its alignment is y = 0, and all of θ is padding. Pairs of equal lengths
    /// share an oracle.
    /// </remarks>
    /// <param name="kind">Global, local or semi-global.</param>
    /// <param name="lengths">n and m of each pair, at least 0.</param>
    /// <returns>An oracle of dimension 3·n·m of the longest pair, at least 3, and cost O(n·m) for each row's own n and
    /// m.</returns>
    /// <exception cref="T:System.ArgumentException">No pairs, a negative length, or n·m above 2^22.</exception>
    /// <example><code>
    /// let pairs = Oracle.alignments AlignmentKind.Global [| struct (1, 2); struct (1, 1) |]
    /// let theta = array2D [ [ 2.0; 3.0; -1.0; -1.0; -1.0; -1.0 ]; [ 2.0; -1.0; -1.0; 9.0; 9.0; 9.0 ] ]
    /// pairs |> Oracle.solveBatch theta // [[0.0; 1.0; 1.0; 0.0; 0.0; 0.0] [1.0; 0.0; 0.0; 0.0; 0.0; 0.0]]
    /// </code></example>
    let alignments (kind: AlignmentKind) (lengths: struct (int * int)[]) : Oracle =
        AlignmentOracles.alignments kind lengths

    /// <summary>A linear program: y maximises ⟨y, θ⟩ over {A y ≤ b, y ≥ 0}, and is a vertex of it. Dense simplex, for
    /// modest sizes.</summary>
    /// <remarks>
    /// An equation is two inequalities. Each entry of the answer is the double nearest to an exact best vertex, and
    /// feasibility is decided without tolerance. Where the set is unbounded, a θ with an infinite
    /// maximum is an OracleException that names the direction; noise reaches such a θ with positive probability, so
    /// bound every entry that may grow.
    /// </remarks>
    /// <param name="a">A, M × d, finite, at least one row and one column.</param>
    /// <param name="b">b, of length M, finite, of either sign.</param>
    /// <returns>An oracle of cost O(M·d) a pivot, with no more than some M + d pivots as a rule. Of several optimal
    /// vertices the same one wins every time.</returns>
    /// <exception cref="T:System.ArgumentException">Wrong sizes, NaN or ∞, or an infeasible program.</exception>
    /// <example><code>
    /// // y₁ + y₂ ≤ 4, y₁ + 3 y₂ ≤ 6, y ≥ 0.
    /// let program = Oracle.linearProgram (array2D [ [ 1.0; 1.0 ]; [ 1.0; 3.0 ] ]) [| 4.0; 6.0 |]
    /// program |> Oracle.solve [| 1.0; 2.0 |] // [|3.0; 1.0|]
    /// </code></example>
    let linearProgram (a: float[,]) (b: float[]) : Oracle = ProgramOracles.linearProgram a b

    /// <summary>A linear program with bounds: y maximises ⟨y, θ⟩ over {A y ≤ b, l ≤ y ≤ u}, and is a vertex of it.
    /// Dense simplex, for modest sizes.</summary>
    /// <remarks>As <c>linearProgram</c>; bounds are not rows of A, so their cost is small. Where every u is
    /// finite, the program has an answer at every θ.</remarks>
    /// <param name="lower">l, of length d, finite.</param>
    /// <param name="upper">u, of length d, no entry below its lower bound; +∞ for none.</param>
    /// <param name="a">A, M × d, finite, at least one row and one column.</param>
    /// <param name="b">b, of length M, finite, of either sign.</param>
    /// <returns>An oracle of cost O(M·d) a pivot, with no more than some M + d pivots as a rule. Of several optimal
    /// vertices the same one wins every time.</returns>
    /// <exception cref="T:System.ArgumentException">Wrong sizes, NaN, bounds out of order, or an infeasible
    /// program.</exception>
    let boundedLinearProgram (lower: float[]) (upper: float[]) (a: float[,]) (b: float[]) : Oracle =
        ProgramOracles.boundedLinearProgram lower upper a b

    /// <summary>The shortest path in a directed graph: θ = −cost of each edge, and y marks the edges of the path;
    /// conv(Y) is the polytope of unit flows from source to target where no cycle helps.</summary>
    /// <param name="negativeEdges">With cycles: whether an edge of negative cost (θ &gt; 0) is an error (Dijkstra),
    /// costs 0 in the choice of the path (Dijkstra), or counts as it is (Bellman-Ford). Graphs without cycles take
    /// any sign.</param>
    /// <param name="source">Where paths start.</param>
    /// <param name="target">Where they end, another node.</param>
    /// <param name="graph">The graph, built once; the oracles of a batch, one an instance, share it.</param>
    /// <returns>An oracle of one dimension an edge. Cost O(edges) without cycles, O(edges log n) by Dijkstra, O(n ·
    /// edges) at worst by Bellman-Ford, where a negative cycle on the way is an OracleException that names its nodes,
    /// edges and cost; a cycle that costs nothing is none. Ties break the same way every time (see
    /// <c>ShortestPathOracle</c>).</returns>
    /// <exception cref="T:System.ArgumentException">An end that is no node, the same node twice, or a target out of
    /// reach.</exception>
    /// <example><code>
    /// let roads = Digraph(4, [| 0; 0; 1; 2 |], [| 1; 2; 3; 3 |])
    /// let minutes = [| 4.0; 3.0; 1.0; 3.0 |]
    /// roads
    /// |> Oracle.shortestPath NegativeEdges.Reject 0 3
    /// |> Oracle.solve (minutes |> Array.map (~-)) // [|1.0; 0.0; 1.0; 0.0|]
    /// </code></example>
    let shortestPath (negativeEdges: NegativeEdges) (source: int) (target: int) (graph: Digraph) : Oracle =
        PathOracles.shortestPath negativeEdges source target graph

    /// <summary>The shortest path of at most k edges in a directed graph without cycles: θ = −cost of each edge, of
    /// any sign, and y marks the edges of the path.</summary>
    /// <remarks>
    /// A graph with cycles is an error: there the best walk of at most k edges may take an edge twice, and the best
    /// simple path is NP-hard to find for costs of any sign.
    /// </remarks>
    /// <param name="edges">k, at least the fewest edges of a path from the source to the target.</param>
    /// <param name="source">Where paths start.</param>
    /// <param name="target">Where they end, another node.</param>
    /// <param name="graph">The graph, without cycles, built once; the oracles of a batch, one an instance, share
    /// it.</param>
    /// <returns>An oracle of one dimension an edge and cost O(k (n + edges)), by dynamic programming. Of equal paths
    /// the one of fewer edges wins, and of those the one of the first edges, seen from the target.</returns>
    /// <exception cref="T:System.ArgumentException">A graph with a cycle, an end that is no node, the same node twice,
    /// no path of at most k edges, or more than 2^22 pairs of a node and a number of edges.</exception>
    let shortestPathWithin (edges: int) (source: int) (target: int) (graph: Digraph) : Oracle =
        PathOracles.shortestPathWithin edges source target graph

    /// <summary>The shortest path on a grid with 4 or 8 neighbours whose moves have costs, from the top left to the
    /// bottom right: θ = −cost of each move in the order of <c>Digraph.Grid</c>, and y marks the moves of the
    /// path.</summary>
    /// <param name="moves">4 neighbours or 8; for right and down there is <c>rightDownEdgePath</c>.</param>
    /// <param name="negativeEdges">The policy for θ &gt; 0, as in <c>shortestPath</c>.</param>
    /// <param name="rows">Rows of the grid, at least 1.</param>
    /// <param name="columns">Columns of the grid, at least 1; the grid has two cells or more.</param>
    /// <returns>An oracle of one dimension a move: 2(2rc − r − c) for 4 neighbours.</returns>
    /// <exception cref="T:System.ArgumentException">Moves right and down, a side below 1, or a single
    /// cell.</exception>
    let gridEdgePath (moves: GridMoves) (negativeEdges: NegativeEdges) (rows: int) (columns: int) : Oracle =
        PathOracles.gridEdgePath moves negativeEdges rows columns

    /// <summary>The shortest path on a grid by moves right and down that have costs: θ = −cost of each move in the
    /// order of <c>Digraph.Grid</c>, of any sign, and y marks the moves of the path.</summary>
    /// <param name="rows">Rows of the grid, at least 1.</param>
    /// <param name="columns">Columns of the grid, at least 1; the grid has two cells or more.</param>
    /// <returns>An oracle of one dimension a move: 2rc − r − c.</returns>
    /// <exception cref="T:System.ArgumentException">A side below 1, or a single cell.</exception>
    let rightDownEdgePath (rows: int) (columns: int) : Oracle =
        PathOracles.rightDownEdgePath rows columns

    /// <summary>Optimal transport: θ = −cost, r × c, row-major, and y is the best plan with row sums a and column
    /// sums b, a vertex of the transport polytope U(a, b).</summary>
    /// <param name="rowMarginals">a, positive. Like b it is rounded to multiples of a power of two, at most 2⁻⁵⁰ of
    /// its sum, so that flows are exact.</param>
    /// <param name="columnMarginals">b, positive, with the sum of a to 1e-9 of it.</param>
    /// <returns>An oracle of dimension r·c, for θ of any sign, by the network simplex; rows start from the basis of
    /// the row before. Ties break the same way every time (see <c>TransportOracle</c>).</returns>
    /// <exception cref="T:System.ArgumentException">An empty marginal, an entry that is not positive and finite, or
    /// sums that disagree.</exception>
    /// <example><code>
    /// let costs = [| 1.0; 3.0; 2.0; 1.0 |] // 2 × 2, row-major
    /// let plans = Oracle.transport [| 3.0; 1.0 |] [| 2.0; 2.0 |]
    /// plans |> Oracle.solve (costs |> Array.map (~-)) // [|2.0; 1.0; 0.0; 1.0|]
    /// </code></example>
    let transport (rowMarginals: float[]) (columnMarginals: float[]) : Oracle =
        MatchingOracles.transport rowMarginals columnMarginals

    /// <summary>The minimum cut, and with it the maximum flow: θ = −capacity of each edge, y marks the edges of the
    /// cut, and −F(θ) is the value of the maximum flow, whose gradient in the capacities is y.</summary>
    /// <param name="negativeCosts">Whether a negative capacity (θ &gt; 0) is an error, or counts as 0 in the choice
    /// of the cut: with negative ones it would be the maximum cut, which is hard.</param>
    /// <param name="source">Where flow starts.</param>
    /// <param name="target">Where it ends, another node.</param>
    /// <param name="graph">The graph, with an edge at least, shared by any number of oracles.</param>
    /// <returns>An oracle of one dimension an edge, by Dinic's algorithm, O(n² · edges) at worst. Of several best
    /// cuts, the one nearest to the source.</returns>
    /// <exception cref="T:System.ArgumentException">An end that is no node, the same node twice, or a graph without
    /// edges.</exception>
    let minimumCut (negativeCosts: NegativeCosts) (source: int) (target: int) (graph: Digraph) : Oracle =
        GraphOracles.minimumCut negativeCosts source target graph

    /// <summary>Flows of largest gain: θ is the gain of a unit on each edge (−cost for costs), and y the best flow 0
    /// ≤ y ≤ c from source to target, a vertex of the flow polytope.</summary>
    /// <remarks>
    /// Every node but source and target conserves flow; the amount is free. With θ = 1 on the edges out of the source
    /// and 0 elsewhere y is a maximum flow; a little cost beside it gives the cheapest one. Positive cycles are
    /// saturated, too. Where capacities are what is learned or perturbed, take <c>minimumCut</c>.
    /// </remarks>
    /// <param name="capacities">c, one an edge, at least 0: whole numbers, so that flows are.</param>
    /// <param name="source">Where flow starts.</param>
    /// <param name="target">Where it ends, another node.</param>
    /// <param name="graph">The graph, with an edge at least, shared by any number of oracles.</param>
    /// <returns>An oracle of one dimension an edge, for θ of any sign, by successive shortest paths of O(edges log
    /// n). Ties break the same way every time (see <c>FlowOracle</c>).</returns>
    /// <exception cref="T:System.ArgumentException">An end that is no node, the same node twice, a graph without
    /// edges, a wrong number of capacities or a negative one.</exception>
    let flow (capacities: int[]) (source: int) (target: int) (graph: Digraph) : Oracle =
        GraphOracles.flow capacities source target graph

    /// <summary>The bipartite b-matching: θ is the r × c matrix of gains, row-major, and y, of zeros and ones, the
    /// pairs of largest total with at most a_i in row i and b_j in column j.</summary>
    /// <remarks>Limits need not be used up, and no pair with θ &lt; 0 is taken; <c>assignment</c> saturates the
    /// smaller side. conv(Y) = {0 ≤ y ≤ 1, row sums ≤ a, column sums ≤ b}.</remarks>
    /// <param name="rowLimits">a, one a row, at least 0.</param>
    /// <param name="columnLimits">b, one a column, at least 0.</param>
    /// <returns>An oracle of dimension r·c, exact for any sign, by at most r·c shortest paths. Ties break the same
    /// way every time (see <c>BMatchingOracle</c>).</returns>
    /// <exception cref="T:System.ArgumentException">No rows or no columns, a negative limit, or more than 2^24
    /// entries.</exception>
    let bMatching (rowLimits: int[]) (columnLimits: int[]) : Oracle =
        MatchingOracles.bMatching rowLimits columnLimits
