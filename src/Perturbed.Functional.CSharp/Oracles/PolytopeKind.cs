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

    /// <summary>The matchings of rows to columns that saturate the smaller side; the Birkhoff polytope where rows = columns.</summary>
    Matchings,

    /// <summary>The edge indicators of a graph's spanning forests of some number of trees.</summary>
    SpanningForests,

    /// <summary>The edge indicators of a directed graph's paths from a source to a target: unit flows.</summary>
    Paths,

    /// <summary>The edge indicators of the paths of at most so many edges in a directed graph without cycles.</summary>
    PathsWithin,

    /// <summary>The edge indicators of a directed graph's cuts that separate a source from a target.</summary>
    Cuts,

    /// <summary>The transport plans with given row and column sums.</summary>
    TransportPlans,

    /// <summary>The flows of a directed graph within its capacities that every node but source and target passes on.</summary>
    Flows,

    /// <summary>{0 ≤ y ≤ 1} among matrices whose row and column sums are within limits.</summary>
    LimitedMatchings,

    /// <summary>The hull of given rows.</summary>
    Hull,

    /// <summary>The ℓ1 ball of a radius r; its vertices are ±r at one coordinate.</summary>
    L1Ball,

    /// <summary>{lower ≤ y ≤ upper}.</summary>
    Box,

    /// <summary>{Σ_g ‖y_g‖₂ ≤ r} for the group of each coordinate.</summary>
    GroupBall,

    /// <summary>The matrices whose singular values sum to at most r.</summary>
    NuclearBall,

    /// <summary>{Y ⪰ 0, tr Y = 1} among symmetric matrices.</summary>
    Spectraplex,

    /// <summary>The 0/1 selections that fit into the capacities of a knapsack.</summary>
    Knapsack,

    /// <summary>The edge indicators of round trips through all cities of a complete graph.</summary>
    Tours,

    /// <summary>The steps of alignments of two sequences.</summary>
    Alignments,

    /// <summary>{A y ≤ b, l ≤ y ≤ u}.</summary>
    Inequalities,

    /// <summary>The product of polytopes: a point is the concatenation of a point of each.</summary>
    Product,

    /// <summary>−C: the points of another polytope with their signs changed.</summary>
    Negated,

    /// <summary>Some coordinates of the points of another polytope.</summary>
    Projection,

    /// <summary>Nothing is known of Y: a user's own solver, or one solver for each row.</summary>
    Unknown,
}
