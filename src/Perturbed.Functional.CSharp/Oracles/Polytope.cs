using System;
using System.Collections.Generic;
using System.Diagnostics;

namespace Perturbed.Functional.CSharp;

/// <summary>The convex hull C = conv(Y) of an oracle's solutions, where it is known by name. Berthet et al. 2020,
/// Appendix B.</summary>
/// <remarks>It decides where Ω and exact expectations have closed forms. A property that a kind does not have is
/// null.</remarks>
public sealed record Polytope
{
    private Polytope()
    {
    }

    /// <summary>Which hull it is.</summary>
    public PolytopeKind Kind { get; private init; }

    /// <summary>The k of a hypersimplex: how many entries of a solution are one.</summary>
    public int? K { get; private init; }

    /// <summary>The vector v of a permutahedron, ascending.</summary>
    public double[]? Reference { get; private init; }

    /// <summary>The rows of a grid, of a matching or of a matrix; the letters of the first sequence of an
    /// alignment.</summary>
    public int? Rows { get; private init; }

    /// <summary>The columns of a grid, of a matching or of a matrix; the letters of the second sequence of an
    /// alignment.</summary>
    public int? Columns { get; private init; }

    /// <summary>The moves of paths on a grid.</summary>
    public GridMoves? Moves { get; private init; }

    /// <summary>The graph of spanning forests.</summary>
    public Graph? Graph { get; private init; }

    /// <summary>The directed graph of paths, cuts or flows.</summary>
    public Digraph? Digraph { get; private init; }

    /// <summary>The node where paths or flows start, or that a cut parts from the target.</summary>
    public int? Source { get; private init; }

    /// <summary>The node where paths or flows end, or that a cut parts from the source.</summary>
    public int? Target { get; private init; }

    /// <summary>The largest number of edges of a path, where it is limited.</summary>
    public int? Edges { get; private init; }

    /// <summary>The row sums of transport plans.</summary>
    public double[]? RowMarginals { get; private init; }

    /// <summary>The column sums of transport plans.</summary>
    public double[]? ColumnMarginals { get; private init; }

    /// <summary>The number of trees of a spanning forest.</summary>
    public int? Components { get; private init; }

    /// <summary>The radius r of a ball.</summary>
    public double? Radius { get; private init; }

    /// <summary>The limits of the row sums of matchings.</summary>
    public int[]? RowLimits { get; private init; }

    /// <summary>The limits of the column sums of matchings.</summary>
    public int[]? ColumnLimits { get; private init; }

    /// <summary>The lower bounds of a box or beside inequalities.</summary>
    public double[]? Lower { get; private init; }

    /// <summary>The upper bounds of a box or beside inequalities; +∞ for none.</summary>
    public double[]? Upper { get; private init; }

    /// <summary>The group of each coordinate of a group-lasso ball.</summary>
    public int[]? Groups { get; private init; }

    /// <summary>The weights of a knapsack, one row a constraint.</summary>
    public int[,]? Weights { get; private init; }

    /// <summary>The capacities of a knapsack, one a constraint, or of a flow, one an edge.</summary>
    public int[]? Capacities { get; private init; }

    /// <summary>The number of cities of round trips.</summary>
    public int? Cities { get; private init; }

    /// <summary>Whether alignments are global or local; their lengths are <see cref="Rows"/> and
    /// <see cref="Columns"/>.</summary>
    public AlignmentKind? Alignment { get; private init; }

    /// <summary>The matrix A of inequalities.</summary>
    public double[,]? A { get; private init; }

    /// <summary>The right-hand side b of inequalities.</summary>
    public double[]? B { get; private init; }

    /// <summary>The polytopes of a product, or the one that is negated or projected.</summary>
    public IReadOnlyList<Polytope>? Factors { get; private init; }

    /// <summary>The dimension of each factor of a product.</summary>
    public int[]? Dimensions { get; private init; }

    /// <summary>The coordinates that a projection keeps, in their order.</summary>
    public int[]? Coordinates { get; private init; }

    /// <summary>The given solutions of a hull, one a row.</summary>
    public double[,]? Solutions { get; private init; }

    internal static Polytope Of(Functional.Polytope core) => core switch
    {
        Functional.Polytope.Simplex => new() { Kind = PolytopeKind.Simplex },
        Functional.Polytope.Hypersimplex p => new() { Kind = PolytopeKind.Hypersimplex, K = p.k },
        Functional.Polytope.Permutahedron p => new() { Kind = PolytopeKind.Permutahedron, Reference = [.. p.v] },
        Functional.Polytope.GridPaths p => new() { Kind = PolytopeKind.GridPaths, Rows = p.rows, Columns = p.columns, Moves = p.moves },
        Functional.Polytope.Matchings p => new() { Kind = PolytopeKind.Matchings, Rows = p.rows, Columns = p.columns },
        Functional.Polytope.SpanningForests p => new() { Kind = PolytopeKind.SpanningForests, Graph = p.graph, Components = p.components },
        Functional.Polytope.Paths p => new() { Kind = PolytopeKind.Paths, Digraph = p.graph, Source = p.source, Target = p.target },
        Functional.Polytope.PathsWithin p =>
            new() { Kind = PolytopeKind.PathsWithin, Digraph = p.graph, Source = p.source, Target = p.target, Edges = p.edges },
        Functional.Polytope.Cuts p => new() { Kind = PolytopeKind.Cuts, Digraph = p.graph, Source = p.source, Target = p.target },
        Functional.Polytope.TransportPlans p =>
            new() { Kind = PolytopeKind.TransportPlans, RowMarginals = [.. p.rowMarginals], ColumnMarginals = [.. p.columnMarginals] },
        Functional.Polytope.Flows p =>
            new() { Kind = PolytopeKind.Flows, Digraph = p.graph, Capacities = [.. p.capacities], Source = p.source, Target = p.target },
        Functional.Polytope.LimitedMatchings p =>
            new() { Kind = PolytopeKind.LimitedMatchings, RowLimits = [.. p.rowLimits], ColumnLimits = [.. p.columnLimits] },
        Functional.Polytope.L1Ball p => new() { Kind = PolytopeKind.L1Ball, Radius = p.radius },
        Functional.Polytope.Box p => new() { Kind = PolytopeKind.Box, Lower = [.. p.lower], Upper = [.. p.upper] },
        Functional.Polytope.GroupBall p => new() { Kind = PolytopeKind.GroupBall, Groups = [.. p.groups], Radius = p.radius },
        Functional.Polytope.NuclearBall p =>
            new() { Kind = PolytopeKind.NuclearBall, Rows = p.rows, Columns = p.columns, Radius = p.radius },
        Functional.Polytope.Spectraplex p => new() { Kind = PolytopeKind.Spectraplex, Rows = p.size, Columns = p.size },
        Functional.Polytope.Knapsack p =>
            new() { Kind = PolytopeKind.Knapsack, Weights = (int[,])p.weights.Clone(), Capacities = [.. p.capacities] },
        Functional.Polytope.Tours p => new() { Kind = PolytopeKind.Tours, Cities = p.cities },
        Functional.Polytope.Alignments p =>
            new() { Kind = PolytopeKind.Alignments, Rows = p.first, Columns = p.second, Alignment = p.kind },
        Functional.Polytope.Inequalities p =>
            new()
            {
                Kind = PolytopeKind.Inequalities,
                A = (double[,])p.a.Clone(),
                B = [.. p.b],
                Lower = [.. p.lower],
                Upper = [.. p.upper],
            },
        Functional.Polytope.Product p =>
            new() { Kind = PolytopeKind.Product, Factors = Array.ConvertAll(p.factors, Of), Dimensions = [.. p.dimensions] },
        Functional.Polytope.Negated p => new() { Kind = PolytopeKind.Negated, Factors = [Of(p.polytope)] },
        Functional.Polytope.Projection p =>
            new() { Kind = PolytopeKind.Projection, Factors = [Of(p.polytope)], Coordinates = [.. p.coordinates] },
        Functional.Polytope.Hull p => new() { Kind = PolytopeKind.Hull, Solutions = (double[,])p.solutions.Clone() },
        Functional.Polytope.Unknown => new() { Kind = PolytopeKind.Unknown },
        _ => throw new UnreachableException($"The polytope {core} has no kind."),
    };
}
