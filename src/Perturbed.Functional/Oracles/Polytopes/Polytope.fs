namespace Perturbed.Functional

open Perturbed.Kernels

/// <summary>The convex hull C = conv(Y) of an oracle's solutions, where it is known by name. Berthet et al. 2020,
/// Appendix B.</summary>
/// <remarks>It decides where Ω and exact expectations have closed forms.</remarks>
[<RequireQualifiedAccess>]
type Polytope =
    /// The probability simplex in R^d; its vertices are the one-hot vectors.
    | Simplex of dimension: int
    /// {0 ≤ y ≤ 1, Σy = k} in R^d; its vertices are the k-hot vectors.
    | Hypersimplex of dimension: int * k: int
    /// The permutahedron of a vector v: the hull of v's permutations.
    | Permutahedron of v: float[]
    /// The hull of the vertex indicators of paths on a grid.
    | GridPaths of rows: int * columns: int * moves: GridMoves
    /// The matchings of rows to columns that saturate the smaller side; the Birkhoff polytope where rows = columns.
    | Matchings of rows: int * columns: int
    /// The edge indicators of a graph's spanning forests of k trees.
    | SpanningForests of graph: Graph * components: int
    /// The edge indicators of a directed graph's paths from a source to a target: unit flows.
    | Paths of graph: Digraph * source: int * target: int
    /// The edge indicators of the paths of at most so many edges from a source to a target, in a directed graph
    /// without cycles.
    | PathsWithin of graph: Digraph * source: int * target: int * edges: int
    /// The edge indicators of a directed graph's cuts that separate a source from a target.
    | Cuts of graph: Digraph * source: int * target: int
    /// The transport polytope of the plans with the given row and column sums.
    | TransportPlans of rowMarginals: float[] * columnMarginals: float[]
    /// {0 ≤ y ≤ capacities} of a directed graph's edges, with conservation at every node but source and target.
    | Flows of graph: Digraph * capacities: int[] * source: int * target: int
    /// {0 ≤ y ≤ 1} among matrices whose row and column sums are within limits.
    | LimitedMatchings of rowLimits: int[] * columnLimits: int[]
    /// The hull of the given rows.
    | Hull of solutions: float[,]
    /// The ℓ1 ball of a radius; its vertices are ±r at one coordinate.
    | L1Ball of dimension: int * radius: float
    /// {lower ≤ y ≤ upper}.
    | Box of lower: float[] * upper: float[]
    /// {Σ_g ‖y_g‖₂ ≤ r} for the group of each coordinate.
    | GroupBall of groups: int[] * radius: float
    /// {Y ∈ R^{rows × columns} : Σσ_i(Y) ≤ r}.
    | NuclearBall of rows: int * columns: int * radius: float
    /// {Y ⪰ 0, tr Y = 1} among symmetric matrices of the given order.
    | Spectraplex of size: int
    /// The hull of the 0/1 selections y with W y ≤ c, W one row for each constraint.
    | Knapsack of weights: int[,] * capacities: int[]
    /// The hull of the edge indicators of round trips through all cities, over the upper triangle row by row.
    | Tours of cities: int
    /// The hull of the step counts of alignments of two sequences of n and m letters, 3·n·m entries.
    | Alignments of first: int * second: int * kind: AlignmentKind
    /// {A y ≤ b, lower ≤ y ≤ upper}; an upper bound may be +∞.
    | Inequalities of a: float[,] * b: float[] * lower: float[] * upper: float[]
    /// The product of polytopes: y is the concatenation of a point of each, of the given dimensions.
    | Product of factors: Polytope[] * dimensions: int[]
    /// −C, the points of another polytope with their signs changed.
    | Negated of polytope: Polytope
    /// Some coordinates of the points of another polytope of the given dimension.
    | Projection of polytope: Polytope * dimension: int * coordinates: int[]
    /// Nothing is known of Y: a user's own solver.
    | Unknown of dimension: int
