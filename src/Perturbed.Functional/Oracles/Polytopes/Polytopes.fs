namespace Perturbed.Functional

open Perturbed.Kernels

/// The facts of every polytope, and the polytopes of combinators.
module internal Polytopes =

    /// What is known of a polytope: the one match over all cases, without a default, so that the compiler reports a
    /// new case without facts.
    let rec facts (polytope: Polytope) : PolytopeFacts =
        match polytope with
        | Polytope.Simplex _ -> OrderPolytopes.simplex
        | Polytope.Hypersimplex(dimension, k) -> OrderPolytopes.hypersimplex dimension k
        | Polytope.Permutahedron v -> OrderPolytopes.permutahedron v
        | Polytope.GridPaths(rows, columns, moves) -> GridPolytopes.paths rows columns moves
        | Polytope.Matchings(rows, columns) -> MatrixPolytopes.matchings rows columns
        | Polytope.SpanningForests(graph, components) -> ForestPolytopes.spanningForests graph components
        | Polytope.Paths(graph, source, target) -> PathPolytopes.paths graph source target
        | Polytope.PathsWithin(graph, source, target, edges) -> PathPolytopes.pathsWithin graph source target edges
        | Polytope.Cuts(graph, source, target) -> FlowPolytopes.cuts graph source target
        | Polytope.TransportPlans(rows, columns) -> MatrixPolytopes.transportPlans rows columns
        | Polytope.Flows(graph, capacities, source, target) -> FlowPolytopes.flows graph capacities source target
        | Polytope.LimitedMatchings(rows, columns) -> MatrixPolytopes.limitedMatchings rows columns
        | Polytope.Hull solutions -> HullPolytopes.hull solutions
        | Polytope.L1Ball(_, radius) -> BallPolytopes.l1Ball radius
        | Polytope.Box(lower, upper) -> ProgramPolytopes.box lower upper
        | Polytope.GroupBall(groups, radius) -> BallPolytopes.groupBall groups radius
        | Polytope.NuclearBall(rows, columns, radius) -> BallPolytopes.nuclearBall rows columns radius
        | Polytope.Spectraplex size -> BallPolytopes.spectraplex size
        | Polytope.Knapsack(weights, capacities) -> ProgramPolytopes.knapsack weights capacities
        | Polytope.Tours cities -> ForestPolytopes.tours cities
        | Polytope.Alignments(first, second, kind) -> AlignmentPolytopes.alignments first second kind
        | Polytope.Inequalities(a, b, lower, upper) -> ProgramPolytopes.inequalities a b lower upper
        | Polytope.Product(factors, dimensions) -> CombinedPolytopes.product (Array.map facts factors) dimensions
        | Polytope.Negated inner -> CombinedPolytopes.negated (facts inner)
        | Polytope.Projection(inner, dimension, coordinates) ->
            CombinedPolytopes.projection (facts inner) dimension coordinates
        | Polytope.Unknown _ -> CombinedPolytopes.unknown

    /// How the solutions are encoded between two passes.
    let encoding (facts: PolytopeFacts) : SolutionEncoding =
        if facts.Ones > 0 then
            SolutionEncoding.Indices
        elif facts.LargestInteger <= 1.0 then
            SolutionEncoding.Bits
        elif facts.LargestInteger <= float System.UInt16.MaxValue then
            SolutionEncoding.Integers
        else
            SolutionEncoding.Numbers

    /// −C; twice is C.
    let negate (polytope: Polytope) : Polytope =
        match polytope with
        | Polytope.Negated inner -> inner
        | other -> Polytope.Negated other

    /// The hull of some coordinates of the solutions; rows and bounds of the whole give those of the part.
    let project (dimension: int) (coordinates: int[]) (polytope: Polytope) : Polytope =
        match polytope with
        | Polytope.Unknown _ -> Polytope.Unknown coordinates.Length
        | Polytope.Hull rows ->
            Polytope.Hull(Array2D.init (Array2D.length1 rows) coordinates.Length (fun r i -> rows[r, coordinates[i]]))
        | Polytope.Box(lower, upper) ->
            Polytope.Box(coordinates |> Array.map (fun i -> lower[i]), coordinates |> Array.map (fun i -> upper[i]))
        | whole -> Polytope.Projection(whole, dimension, Array.copy coordinates)
