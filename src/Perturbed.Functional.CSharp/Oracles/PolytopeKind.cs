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

    /// <summary>The hull of given rows.</summary>
    Hull,

    /// <summary>Nothing is known of Y: a user's own solver, or one solver for each row.</summary>
    Unknown,
}
