namespace Perturbed.Functional.CSharp;

/// <summary>The convex hulls of solutions that are known by name. Berthet et al. 2020, Appendix B.</summary>
public enum PolytopeKind
{
    /// <summary>The probability simplex in R^d; its vertices are the one-hot vectors.</summary>
    Simplex,

    /// <summary>{0 ≤ y ≤ 1, Σy = k} in R^d; its vertices are the k-hot vectors.</summary>
    Hypersimplex,

    /// <summary>The permutahedron of a vector v: the hull of v's permutations.</summary>
    Permutahedron,

    /// <summary>The hull of the vertex indicators of paths on a grid.</summary>
    GridPaths,

    /// <summary>The matchings of rows to columns that saturate the smaller side; the Birkhoff polytope where rows =
    /// columns.</summary>
    Matchings,

    /// <summary>The edge indicators of a graph's spanning forests of k trees.</summary>
    SpanningForests,

    /// <summary>The edge indicators of a directed graph's paths from a source to a target: unit flows.</summary>
    Paths,

    /// <summary>The edge indicators of the paths of at most so many edges from a source to a target, in a directed
    /// graph without cycles.</summary>
    PathsWithin,

    /// <summary>The edge indicators of a directed graph's cuts that separate a source from a target.</summary>
    Cuts,

    /// <summary>The transport polytope of the plans with the given row and column sums.</summary>
    TransportPlans,

    /// <summary>{0 ≤ y ≤ capacities} of a directed graph's edges, with conservation at every node but source and
    /// target.</summary>
    Flows,

    /// <summary>{0 ≤ y ≤ 1} among matrices whose row and column sums are within limits.</summary>
    LimitedMatchings,

    /// <summary>The hull of the given rows.</summary>
    Hull,

    /// <summary>The ℓ1 ball of a radius; its vertices are ±r at one coordinate.</summary>
    L1Ball,

    /// <summary>{lower ≤ y ≤ upper}.</summary>
    Box,

    /// <summary>{Σ_g ‖y_g‖₂ ≤ r} for the group of each coordinate.</summary>
    GroupBall,

    /// <summary>{Y ∈ R^{rows × columns} : Σσ_i(Y) ≤ r}.</summary>
    NuclearBall,

    /// <summary>{Y ⪰ 0, tr Y = 1} among symmetric matrices of the given order.</summary>
    Spectraplex,

    /// <summary>The hull of the 0/1 selections y with W y ≤ c, W one row for each constraint.</summary>
    Knapsack,

    /// <summary>The hull of the edge indicators of round trips through all cities, over the upper triangle row by
    /// row.</summary>
    Tours,

    /// <summary>The hull of the step counts of alignments of two sequences of n and m letters, 3·n·m
    /// entries.</summary>
    Alignments,

    /// <summary>{A y ≤ b, lower ≤ y ≤ upper}; an upper bound may be +∞.</summary>
    Inequalities,

    /// <summary>The product of polytopes: y is the concatenation of a point of each, of the given
    /// dimensions.</summary>
    Product,

    /// <summary>−C, the points of another polytope with their signs changed.</summary>
    Negated,

    /// <summary>Some coordinates of the points of another polytope of the given dimension.</summary>
    Projection,

    /// <summary>Nothing is known of Y: a user's own solver.</summary>
    Unknown,
}
