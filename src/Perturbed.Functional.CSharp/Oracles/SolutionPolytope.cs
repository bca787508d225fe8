namespace Perturbed.Functional.CSharp;

/// <summary>The convex hull C = conv(Y) of an oracle's solutions, where it is known by name. Berthet et al. 2020, Appendix B.</summary>
/// <remarks>It decides where Ω and exact expectations have closed forms. A property that a kind does not have is null.</remarks>
public sealed record SolutionPolytope
{
    private SolutionPolytope()
    {
    }

    /// <summary>Which hull it is.</summary>
    public PolytopeKind Kind { get; private init; }

    /// <summary>The k of a hypersimplex: how many entries of a solution are one.</summary>
    public int? K { get; private init; }

    /// <summary>The vector v of a permutahedron, ascending.</summary>
    public double[]? Reference { get; private init; }

    /// <summary>The rows of a grid.</summary>
    public int? Rows { get; private init; }

    /// <summary>The columns of a grid.</summary>
    public int? Columns { get; private init; }

    /// <summary>The given solutions of a hull, one a row.</summary>
    public double[,]? Solutions { get; private init; }

    internal static SolutionPolytope Of(Polytope core) => core switch
    {
        Polytope.Simplex => new() { Kind = PolytopeKind.Simplex },
        Polytope.Hypersimplex p => new() { Kind = PolytopeKind.Hypersimplex, K = p.k },
        Polytope.Permutahedron p => new() { Kind = PolytopeKind.Permutahedron, Reference = [.. p.v] },
        Polytope.GridPaths p => new() { Kind = PolytopeKind.GridPaths, Rows = p.rows, Columns = p.columns },
        Polytope.Hull p => new() { Kind = PolytopeKind.Hull, Solutions = (double[,])p.solutions.Clone() },
        _ => new() { Kind = PolytopeKind.Unknown },
    };
}
