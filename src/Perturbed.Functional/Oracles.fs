namespace Perturbed.Functional

open System
open Perturbed.Kernels

/// <summary>Discrete solvers: the problems that come with the library, and a user's own.</summary>
/// <remarks>Each is y*(θ) = argmax over y ∈ Y of ⟨y, θ⟩, deterministic on ties. Berthet et al. 2020, Appendix B.</remarks>
[<RequireQualifiedAccess; CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module Oracle =

    let private builtIn (polytope: Polytope) (implementation: IOracle) : Oracle =
        Oracle(implementation, polytope, false)

    /// <summary>The maximum: y is the one-hot vector of the largest entry; Y is the vertices of the simplex.</summary>
    /// <param name="dimension">d, at least 1.</param>
    /// <returns>An oracle of cost O(d). Of equal entries the lowest index wins.</returns>
    /// <exception cref="T:System.ArgumentOutOfRangeException">d &lt; 1.</exception>
    let argmax (dimension: int) : Oracle =
        ArgmaxOracle dimension |> builtIn (Polytope.Simplex dimension)

    /// <summary>The top k: y has 1 at the k largest entries and 0 elsewhere; conv(Y) = {0 ≤ y ≤ 1, Σy = k}.</summary>
    /// <param name="k">How many, 0 to d.</param>
    /// <param name="dimension">d, at least 1.</param>
    /// <returns>An oracle of cost O(d). Of equal entries the lowest indices win.</returns>
    /// <exception cref="T:System.ArgumentOutOfRangeException">k is not in 0 to d, or d &lt; 1.</exception>
    let topK (k: int) (dimension: int) : Oracle =
        TopKOracle(dimension, k) |> builtIn (Polytope.Hypersimplex(dimension, k))

    /// <summary>The ranking of a reference vector: y is the permutation of v with the largest entry of v where θ is largest, and so on down.</summary>
    /// <param name="reference">v, finite, at least one entry, in any order (ascending or descending: the polytope is the same).</param>
    /// <returns>An oracle of cost O(d log d). Of equal entries of θ the lower index counts as smaller.</returns>
    /// <exception cref="T:System.ArgumentException">v is empty or not finite.</exception>
    let rankingOf (reference: float[]) : Oracle =
        Check.finiteVector (nameof reference) reference

        RankingOracle reference
        |> builtIn (Polytope.Permutahedron(Array.sort reference))

    /// <summary>The ranking: y_i is the rank number of θ_i, 1 for the smallest and d for the largest; Y is the permutations of (1..d).</summary>
    /// <param name="dimension">d, at least 1.</param>
    /// <returns>An oracle of cost O(d log d). Of equal entries of θ the lower index counts as smaller.</returns>
    /// <exception cref="T:System.ArgumentOutOfRangeException">d &lt; 1.</exception>
    let ranking (dimension: int) : Oracle =
        Check.positiveInt (nameof dimension) dimension
        rankingOf (Array.init dimension (fun i -> float (i + 1)))

    /// <summary>The shortest path over the cells of a grid from the top left to the bottom right: θ = −cost of each cell, row-major, and y marks the cells of the path, both ends included.</summary>
    /// <param name="moves">Right and down; 4 neighbours; or 8 neighbours.</param>
    /// <param name="negativeCosts">With 4 or 8 neighbours: whether a cell of negative cost (θ &gt; 0) is an error, or costs 0 in the choice of the path. Right/down paths take any sign.</param>
    /// <param name="rows">Rows of the grid, at least 1.</param>
    /// <param name="columns">Columns of the grid, at least 1.</param>
    /// <returns>An oracle of dimension rows × columns. Ties break the same way every time (see <c>GridPathOracle</c>).</returns>
    /// <exception cref="T:System.ArgumentOutOfRangeException">A side below 1.</exception>
    let gridPath (moves: GridMoves) (negativeCosts: NegativeCosts) (rows: int) (columns: int) : Oracle =
        GridPathOracle(rows, columns, moves, negativeCosts)
        |> builtIn (Polytope.GridPaths(rows, columns))

    /// <summary>A finite set: y is the row of largest inner product with θ.</summary>
    /// <param name="solutions">N × d, finite, at least one row.</param>
    /// <returns>An oracle of cost O(N·d). Of equal values the first row wins.</returns>
    /// <exception cref="T:System.ArgumentException">No rows, or an entry that is not finite.</exception>
    let finiteSet (solutions: float[,]) : Oracle =
        Check.finiteMatrix (nameof solutions) solutions
        FiniteSetOracle solutions |> builtIn (Polytope.Hull(Array2D.copy solutions))

    let private userDefined
        (name: string)
        (dimension: int)
        (isSolution: float[] -> bool)
        (call: Action<ReadOnlyMemory<float>, Memory<float>, int>)
        : Oracle =
        let implementation =
            FunctionOracle(name, dimension, dimension, true, isSolution, call) :> IOracle

        Oracle(implementation, Polytope.Unknown dimension, true)

    /// <summary>A user's own solver as a function of one θ.</summary>
    /// <param name="dimension">d, at least 1: the length of θ and of the answer.</param>
    /// <param name="solver">θ ↦ y*(θ) = argmax ⟨y, θ⟩. It must be a function of θ alone and safe to call from many threads at once (or see <c>synchronized</c>). It gets an array of its own.</param>
    /// <returns>An oracle. A throw, a wrong length or a value that is not finite becomes an OracleException that names the row.</returns>
    /// <exception cref="T:System.ArgumentException">d &lt; 1, or the solver is null.</exception>
    let ofFunction (dimension: int) (solver: float[] -> float[]) : Oracle =
        Check.positiveInt (nameof dimension) dimension
        Check.notNull (nameof solver) solver

        FunctionOracle.Rows(dimension, solver)
        |> userDefined "function" dimension (fun _ -> false)

    /// <summary>A user's own solver that answers many rows in one call.</summary>
    /// <param name="dimension">d, at least 1.</param>
    /// <param name="solver">n × d ↦ n × d, row by row y*(θ). Safe to call from many threads at once (or see <c>synchronized</c>).</param>
    /// <returns>An oracle. A throw, a wrong shape or a value that is not finite becomes an OracleException that names the row.</returns>
    /// <exception cref="T:System.ArgumentException">d &lt; 1, or the solver is null.</exception>
    let ofBatchFunction (dimension: int) (solver: float[,] -> float[,]) : Oracle =
        Check.positiveInt (nameof dimension) dimension
        Check.notNull (nameof solver) solver

        FunctionOracle.Batch(dimension, dimension, solver)
        |> userDefined "batch function" dimension (fun _ -> false)

    /// <summary>A user's own solver on spans, which need not allocate.</summary>
    /// <param name="dimension">d, at least 1.</param>
    /// <param name="solver">Writes y*(θ) into its second span. Safe to call from many threads at once (or see <c>synchronized</c>).</param>
    /// <returns>An oracle. A throw, or an entry that is unwritten or not finite, becomes an OracleException that names the row.</returns>
    /// <exception cref="T:System.ArgumentException">d &lt; 1, or the solver is null.</exception>
    let ofSpanFunction (dimension: int) (solver: SpanFunction) : Oracle =
        Check.positiveInt (nameof dimension) dimension
        Check.notNull (nameof solver) solver

        FunctionOracle.Spans(dimension, dimension, solver)
        |> userDefined "span function" dimension (fun _ -> false)

    /// <summary>An oracle out of the span contract, for solvers with scratch memory, warm starts or values of their own.</summary>
    /// <param name="implementation">The contract; safe to call from many threads, its solvers one thread each.</param>
    /// <returns>An oracle; its answers are trusted, not checked.</returns>
    /// <exception cref="T:System.ArgumentException">It is null, or a dimension of it is below 1.</exception>
    let create (implementation: IOracle) : Oracle =
        Check.notNull (nameof implementation) implementation
        Check.positiveInt "implementation.Dimension" implementation.Dimension
        Check.positiveInt "implementation.SolutionDimension" implementation.SolutionDimension
        Oracle(implementation, Polytope.Unknown implementation.SolutionDimension, true)

    /// <summary>An oracle under another name, as messages and reports show it.</summary>
    /// <param name="name">The name, not empty.</param>
    /// <param name="oracle">The oracle.</param>
    /// <returns>An oracle with the same answers.</returns>
    /// <exception cref="T:System.ArgumentException">The name is empty.</exception>
    let withName (name: string) (oracle: Oracle) : Oracle =
        if String.IsNullOrWhiteSpace name then
            invalidArg (nameof name) "name is empty; an oracle needs a name for its messages."

        Oracle(RenamedOracle(name, oracle.Implementation), oracle.Polytope, oracle.IsExpensive)

    /// <summary>An oracle that can tell which points are its solutions, so that Fenchel-Young losses at them are true losses.</summary>
    /// <param name="isSolution">Whether a point of the dimension k is a vertex of conv(Y).</param>
    /// <param name="oracle">The oracle.</param>
    /// <returns>An oracle with the same answers.</returns>
    let withSolutions (isSolution: float[] -> bool) (oracle: Oracle) : Oracle =
        Check.notNull (nameof isSolution) isSolution
        Oracle(MembershipOracle(isSolution, oracle.Implementation), oracle.Polytope, oracle.IsExpensive)

    /// <summary>An oracle that is called by one thread at a time, for a solver that is not safe to call concurrently.</summary>
    /// <param name="oracle">The oracle.</param>
    /// <returns>An oracle with the same answers; noise and sums still use every thread.</returns>
    let synchronized (oracle: Oracle) : Oracle =
        Oracle(SynchronizedOracle oracle.Implementation, oracle.Polytope, oracle.IsExpensive)

    /// <summary>A different oracle for each batch row: row r (counted from the operator's first row) is solved by oracle number r.</summary>
    /// <param name="oracles">At least one; all of one dimension d and one solution dimension k.</param>
    /// <returns>An oracle; a batch with more rows than oracles is an error.</returns>
    /// <exception cref="T:System.ArgumentException">No oracles, or dimensions that disagree (the index is named).</exception>
    let perInstance (oracles: Oracle[]) : Oracle =
        Check.notNull (nameof oracles) oracles

        if oracles.Length = 0 then
            invalidArg (nameof oracles) "oracles is empty; each batch row needs one."

        oracles
        |> Array.iteri (fun i oracle ->
            let first = oracles[0]

            if
                oracle.Dimension <> first.Dimension
                || oracle.SolutionDimension <> first.SolutionDimension
            then
                invalidArg
                    (nameof oracles)
                    $"oracles[{i}] maps dimension {oracle.Dimension} to {oracle.SolutionDimension}; oracles[0] maps {first.Dimension} to {first.SolutionDimension}.")

        let oracles = Array.copy oracles

        Oracle(
            PerInstanceOracle oracles,
            Polytope.Unknown oracles[0].SolutionDimension,
            oracles |> Array.exists _.IsExpensive
        )

    /// <summary>The unperturbed solution y*(θ).</summary>
    /// <param name="theta">θ, of the oracle's dimension d, finite.</param>
    /// <param name="oracle">The oracle.</param>
    /// <returns>y*(θ), of the dimension k.</returns>
    /// <exception cref="T:System.ArgumentException">A wrong length, NaN or ∞ in θ.</exception>
    /// <exception cref="T:Perturbed.Functional.OracleException">The oracle threw or answered nonsense.</exception>
    let solve (theta: float[]) (oracle: Oracle) : float[] =
        Check.notNull (nameof theta) theta
        Check.length (nameof theta) theta.Length oracle.Dimension $"the dimension of oracle '{oracle.Name}'"
        SmoothedChecks.theta (nameof theta) -1L (ReadOnlySpan theta)
        let struct (solutions, _) = Engine.solve oracle 0L theta 1
        solutions

    /// <summary>The unperturbed solutions of a batch.</summary>
    /// <param name="thetas">B × d, finite; B = 0 is legal.</param>
    /// <param name="oracle">The oracle.</param>
    /// <returns>B × k.</returns>
    /// <exception cref="T:System.ArgumentException">A wrong shape, NaN or ∞ (the row is named).</exception>
    let solveBatch (thetas: float[,]) (oracle: Oracle) : float[,] =
        Check.finiteMatrix (nameof thetas) thetas
        let rows = Array2D.length1 thetas

        if rows > 0 then
            Check.length
                (nameof thetas)
                (Array2D.length2 thetas)
                oracle.Dimension
                $"the dimension of oracle '{oracle.Name}'"

        let struct (solutions, _) = Engine.solve oracle 0L (Rows.flatten thetas) rows
        Rows.shape rows oracle.SolutionDimension solutions

    /// <summary>The assignment of rows to columns of largest total: θ is the r × c matrix of gains (minus costs), row-major, and y has a 1 where a row is matched to a column; conv(Y) is the Birkhoff polytope for r = c.</summary>
    /// <param name="rows">r, at least 1.</param>
    /// <param name="columns">c, at least 1. The smaller side is matched completely.</param>
    /// <returns>An oracle of dimension r·c, exact for any sign; cost O(n³) at worst, n the larger side. Square problems start warm. Ties break the same way every time (see <c>AssignmentOracle</c>).</returns>
    /// <exception cref="T:System.ArgumentOutOfRangeException">A side below 1, or more than 2^24 entries.</exception>
    let assignment (rows: int) (columns: int) : Oracle =
        AssignmentOracle(rows, columns) |> builtIn (Polytope.Matchings(rows, columns))

    /// <summary>The spanning tree of largest weight (θ = −cost: of smallest cost): y marks the n − 1 edges of the tree in the order of the graph's edges.</summary>
    /// <param name="graph">The graph, connected; <c>Graph.Complete n</c> has its edges in the order of the upper triangle, row by row.</param>
    /// <returns>An oracle of one dimension an edge, exact for any sign, of cost O(edges). Of equal entries the lower index comes first.</returns>
    /// <exception cref="T:System.ArgumentException">The graph has no edge, or is not connected.</exception>
    let spanningTree (graph: Graph) : Oracle =
        Check.notNull (nameof graph) graph

        SpanningForestOracle(graph, 1, ForestOutput.Edges, LinkConstraints.None)
        |> builtIn (Polytope.SpanningForests(graph, 1))

    /// <summary>The spanning forest of largest weight with k trees: y marks the n − k edges of the forest. With θ the similarities of points it is their single-linkage clustering.</summary>
    /// <param name="components">k, from the number of connected parts of the graph to the number of nodes.</param>
    /// <param name="graph">The graph, with an edge at least.</param>
    /// <returns>An oracle of one dimension an edge, exact for any sign, of cost O(edges). Of equal entries the lower index comes first.</returns>
    /// <exception cref="T:System.ArgumentException">The graph has no edge, or no forest of k trees.</exception>
    let spanningForest (components: int) (graph: Graph) : Oracle =
        Check.notNull (nameof graph) graph

        SpanningForestOracle(graph, components, ForestOutput.Edges, LinkConstraints.None)
        |> builtIn (Polytope.SpanningForests(graph, components))

    /// <summary>The spanning forest of k trees followed by its cluster matrix: a solution is (y, M), M_ij = 1 where nodes i and j are in one tree. Perturbed, M becomes the probability of being clustered together.</summary>
    /// <param name="constraints">Must-link pairs come first, by edges inside their groups, and keep the answer exact; cannot-link pairs refuse merges, which makes it greedy. <c>LinkConstraints.None</c> for none.</param>
    /// <param name="components">k, from the number of connected parts of the graph to the number of nodes.</param>
    /// <param name="graph">The graph, with an edge at least and 4096 nodes at most.</param>
    /// <returns>An oracle of one dimension an edge whose solutions have edges + n² entries; its value is that of the forest. Losses and duals, which need ⟨y, θ⟩, want <c>constrainedForest</c> instead.</returns>
    /// <exception cref="T:System.ArgumentException">No such forest, or constraints that contradict each other, the graph or k. An OracleException where the pairs leave a greedy forest with more than k trees.</exception>
    let clusters (constraints: LinkConstraints) (components: int) (graph: Graph) : Oracle =
        Check.notNull (nameof graph) graph
        Check.notNull (nameof constraints) constraints

        let implementation =
            SpanningForestOracle(graph, components, ForestOutput.EdgesAndClusters, constraints)

        builtIn (Polytope.Unknown (implementation :> IOracle).SolutionDimension) implementation

    /// <summary>The spanning forest of k trees under must-link and cannot-link constraints, as y over the edges alone.</summary>
    /// <param name="constraints">Must-link pairs come first, by edges inside their groups, and keep the answer exact; cannot-link pairs refuse merges, which makes it greedy.</param>
    /// <param name="components">k, from the number of connected parts of the graph to the number of nodes.</param>
    /// <param name="graph">The graph, with an edge at least.</param>
    /// <returns>An oracle of one dimension an edge. Stewart et al. 2023.</returns>
    /// <exception cref="T:System.ArgumentException">No such forest, or constraints that contradict each other, the graph or k. An OracleException where the pairs leave a greedy forest with more than k trees.</exception>
    let constrainedForest (constraints: LinkConstraints) (components: int) (graph: Graph) : Oracle =
        Check.notNull (nameof graph) graph
        Check.notNull (nameof constraints) constraints

        SpanningForestOracle(graph, components, ForestOutput.Edges, constraints)
        |> builtIn (Polytope.Unknown graph.Edges)

    /// <summary>The shortest path in a directed graph: θ = −cost of each edge, and y marks the edges of the path; conv(Y) is the polytope of unit flows from source to target where no cycle helps.</summary>
    /// <param name="negativeEdges">With cycles: whether an edge of negative cost (θ &gt; 0) is an error (Dijkstra), costs 0 in the choice of the path (Dijkstra), or counts as it is (Bellman-Ford). Graphs without cycles take any sign.</param>
    /// <param name="source">Where paths start.</param>
    /// <param name="target">Where they end, another node.</param>
    /// <param name="graph">The graph, built once; the oracles of a batch, one an instance, share it.</param>
    /// <returns>An oracle of one dimension an edge. Cost O(edges) without cycles, O(edges log n) by Dijkstra, O(n · edges) at worst by Bellman-Ford, where a negative cycle on the way is an OracleException that names its nodes. Ties break the same way every time (see <c>ShortestPathOracle</c>).</returns>
    /// <exception cref="T:System.ArgumentException">An end that is no node, the same node twice, or a target out of reach.</exception>
    let shortestPath (negativeEdges: NegativeEdges) (source: int) (target: int) (graph: Digraph) : Oracle =
        Check.notNull (nameof graph) graph

        ShortestPathOracle(graph, source, target, negativeEdges)
        |> builtIn (Polytope.Paths(graph, source, target))

    /// <summary>The shortest path on a grid whose moves have costs, from the top left to the bottom right: θ = −cost of each move in the order of <c>Digraph.Grid</c>, and y marks the moves of the path.</summary>
    /// <param name="moves">Right and down; 4 neighbours; or 8 neighbours.</param>
    /// <param name="negativeEdges">The policy for θ &gt; 0, as in <c>shortestPath</c>. Right/down paths take any sign.</param>
    /// <param name="rows">Rows of the grid, at least 1.</param>
    /// <param name="columns">Columns of the grid, at least 1; the grid has two cells or more.</param>
    /// <returns>An oracle of one dimension a move: 2rc − r − c for right/down, twice that for 4 neighbours.</returns>
    /// <exception cref="T:System.ArgumentException">A side below 1, or a single cell.</exception>
    let gridEdgePath (moves: GridMoves) (negativeEdges: NegativeEdges) (rows: int) (columns: int) : Oracle =
        Digraph.Grid(rows, columns, moves)
        |> shortestPath negativeEdges 0 (rows * columns - 1)
