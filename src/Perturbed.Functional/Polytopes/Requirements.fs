namespace Perturbed.Functional

/// What every point of a polytope satisfies, polytope by polytope: the one description that membership and interior share.
module internal Requirements =

    /// Where each factor of a product starts.
    let starts (dimensions: int[]) : int[] = Array.scan (+) 0 dimensions

    /// The point of a whole polytope of which some coordinates are given; NaN at the others.
    let extend (dimension: int) (coordinates: int[]) (y: float[]) : float[] =
        let whole = Array.create dimension nan
        coordinates |> Array.iteri (fun i coordinate -> whole[coordinate] <- y[i])
        whole

    let negated (y: float[]) : float[] =
        y |> Array.map (fun entry -> 0.0 - entry)

    let negatedPrefix = "with its sign changed, "

    let factorPrefix (k: int) : string = $"of factor {k}, "

    // Each coordinate of a hull of rows lies between the least and the largest of the rows.
    let private betweenRows (solutions: float[,]) (y: float[]) : Requirement seq =
        MatrixRequirements.entriesWithin y (fun i ->
            let column = solutions[*, i]
            struct (Array.min column, Array.max column))

    /// The requirements at a point, in the order in which messages name them; those of cuts and eigenvalues are computed when they are reached.
    let rec ofPolytope (polytope: Polytope) (y: float[]) : Requirement seq =
        match polytope with
        | Polytope.Simplex _ -> Seq.append (MatrixRequirements.unitEntries y) [ MatrixRequirements.total y 1.0 1.0 ]
        | Polytope.Hypersimplex(_, k) ->
            Seq.append (MatrixRequirements.unitEntries y) [ MatrixRequirements.total y 1.0 (float k) ]
        | Polytope.Permutahedron v -> CurvedRequirements.permutahedron v y
        | Polytope.GridPaths(rows, columns, moves) -> GridRequirements.paths rows columns moves y
        | Polytope.Matchings(rows, columns) -> MatrixRequirements.matchings rows columns y
        | Polytope.SpanningForests(graph, components) -> ForestRequirements.forests graph components y
        | Polytope.Paths(graph, source, target) -> FlowRequirements.paths graph source target y
        | Polytope.Cuts(graph, source, target) -> FlowRequirements.cuts graph source target y
        | Polytope.TransportPlans(rows, columns) -> MatrixRequirements.plans rows columns y
        | Polytope.Flows(graph, capacities, source, target) -> FlowRequirements.flows graph capacities source target y
        | Polytope.LimitedMatchings(rows, columns) ->
            Seq.append
                (MatrixRequirements.unitEntries y)
                (MatrixRequirements.sums y 1.0 (false, false) (Array.map float rows) (Array.map float columns))
        | Polytope.Hull solutions -> betweenRows solutions y
        | Polytope.L1Ball(_, radius) -> CurvedRequirements.l1Ball radius y
        | Polytope.Box(lower, upper) -> MatrixRequirements.entriesWithin y (fun i -> struct (lower[i], upper[i]))
        | Polytope.GroupBall(groups, radius) -> CurvedRequirements.groupBall groups radius y
        | Polytope.NuclearBall(rows, columns, radius) -> CurvedRequirements.nuclearBall rows columns radius y
        | Polytope.Spectraplex size -> CurvedRequirements.spectraplex size y
        | Polytope.Knapsack(weights, capacities) -> MatrixRequirements.knapsack weights capacities y
        | Polytope.Tours cities -> ForestRequirements.tours cities y
        | Polytope.Alignments(first, second, kind) -> MatrixRequirements.alignments first second kind y
        | Polytope.Inequalities(a, b, lower, upper) -> MatrixRequirements.inequalities a b lower upper y
        | Polytope.Product(factors, dimensions) ->
            seq {
                let start = starts dimensions

                for k in 0 .. factors.Length - 1 do
                    for r in ofPolytope factors[k] (Array.sub y start[k] dimensions[k]) do
                        Requirement.mapTerms ((+) start[k]) 1.0 (factorPrefix k) r
            }
        | Polytope.Negated inner ->
            ofPolytope inner (negated y)
            |> Seq.map (Requirement.mapTerms id -1.0 negatedPrefix)
        | Polytope.Projection(inner, dimension, coordinates) -> projected inner dimension coordinates y
        | Polytope.Unknown _ -> Seq.empty

    // Of the whole polytope, what names the given coordinates alone: bounds of entries and sums of kinds that are lists of inequalities.
    and private projected (inner: Polytope) (dimension: int) (coordinates: int[]) (y: float[]) : Requirement seq =
        let whole = extend dimension coordinates y

        let isList =
            match inner with
            | Polytope.Simplex _
            | Polytope.Hypersimplex _
            | Polytope.Matchings _
            | Polytope.TransportPlans _
            | Polytope.Flows _
            | Polytope.LimitedMatchings _
            | Polytope.Box _
            | Polytope.Alignments _ -> true
            | _ -> false

        if isList then
            ofPolytope inner whole
            |> Seq.filter (fun r -> not (System.Double.IsNaN r.Value))
            |> Seq.map (fun r ->
                { r with
                    Words = fun () -> "of the whole point, " + r.Words()
                }
                |> Requirement.notOfBoundary)
        else
            Seq.empty
