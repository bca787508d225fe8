namespace Perturbed.Functional

open System
open Perturbed.Kernels

/// <summary>Where a point lies with respect to conv(Y), the hull of an oracle's solutions.</summary>
[<RequireQualifiedAccess>]
type Membership =
    /// In conv(Y), to the rounding of means computed in double precision.
    | Inside
    /// Outside of conv(Y), where εΩ is +∞, and the inequality that says so.
    | Outside of reason: string
    /// Nothing that was tried puts it outside: what that was.
    | Undecided of tried: string

/// Membership of points in polytopes that are known by name.
module internal Memberships =

    let private isBinary (y: float[]) : bool =
        y |> Array.forall (fun entry -> entry = 0.0 || entry = 1.0)

    // A 0/1 point in a hull of 0/1 points is one of them, so the solver's own test decides it.
    let private ofSolutions (what: string) (oracle: IOracle) (y: float[]) : Membership =
        if oracle.IsSolution(ReadOnlySpan y) then
            Membership.Inside
        else
            Membership.Outside $"its entries are whole numbers, but they mark no {what}"

    // Where the requirements hold: whether that decides it.
    let rec private beyondRequirements (allowance: Allowance) (polytope: Polytope) (y: float[]) : Membership =
        match polytope with
        | Polytope.GridPaths(rows, columns, moves) when moves <> GridMoves.RightDown ->
            if isBinary y then
                ofSolutions
                    "path without a chord from the first cell to the last"
                    (GridPathOracle(rows, columns, moves, NegativeCosts.Reject))
                    y
            else
                Membership.Undecided
                    "bounds of entries, sums over the neighbours of cells and one minimum cut hold; whether paths mix to it is hard to decide"
        | Polytope.SpanningForests(graph, _) when not (ForestRequirements.areForestsSearched graph) ->
            Membership.Undecided
                "bounds and the sum of entries hold; the graph is too large to look into every set of nodes"
        | Polytope.Paths(graph, source, target) when not graph.IsAcyclic ->
            if isBinary y then
                ofSolutions
                    "path from the source to the target"
                    (ShortestPathOracle(graph, source, target, NegativeEdges.Reject))
                    y
            elif FlowRequirements.isAcyclicWhere graph (fun e -> y[e] > allowance.OfRange) then
                Membership.Inside
            else
                Membership.Undecided
                    "bounds of entries, the balance of nodes and what can come from the source hold; whether paths mix to a flow with cycles is hard to decide"
        | Polytope.Cuts(graph, source, target) ->
            if isBinary y then
                ofSolutions
                    "cut between source and target"
                    (MinimumCutOracle(graph, source, target, NegativeCosts.Reject))
                    y
            else
                Membership.Undecided
                    "bounds of entries and how often each node may be with the source hold; whether cuts mix to it is hard to decide"
        | Polytope.Hull solutions ->
            if not (HullSeparation.isTried solutions) then
                Membership.Undecided
                    "each entry is between the least and the largest of the rows; there are too many for more"
            else
                try
                    match HullSeparation.outsideReason allowance solutions y with
                    | Some reason -> Membership.Outside reason
                    | None -> Membership.Inside
                with
                | :? OracleException
                | :? ArgumentException ->
                    Membership.Undecided
                        "each entry is between the least and the largest of the rows; the linear program for more was not solved"
        | Polytope.Knapsack _ when not (isBinary y) ->
            Membership.Undecided
                "bounds of entries and the capacities hold; whether selections of whole items mix to it is hard to decide"
        | Polytope.Tours cities ->
            if isBinary y then
                // The requirements leave it two edges at every city.
                ofSolutions "round trip through all cities" (TourHeuristicOracle(cities, 1)) y
            elif cities <= 5 then
                Membership.Inside
            elif ForestRequirements.areToursSearched cities then
                Membership.Undecided
                    "bounds of entries, the edges at each city and the edges out of sets of cities hold; whether tours mix to it is hard to decide"
            else
                Membership.Undecided
                    "bounds of entries and the edges at each city hold; there are too many cities for more"
        | Polytope.Alignments(first, second, kind) ->
            if y |> Array.forall (fun entry -> entry = Math.Floor entry) then
                ofSolutions "alignment" (AlignmentOracle(first, second, kind)) y
            else
                Membership.Undecided
                    "bounds of entries and how often each letter is used hold; whether alignments mix to it was not tried"
        | Polytope.Product(factors, dimensions) ->
            let starts = Requirements.starts dimensions

            let ofFactor (k: int) =
                match beyondRequirements allowance factors[k] (Array.sub y starts[k] dimensions[k]) with
                | Membership.Outside reason -> Membership.Outside(Requirements.factorPrefix k + reason)
                | Membership.Undecided tried -> Membership.Undecided(Requirements.factorPrefix k + tried)
                | Membership.Inside -> Membership.Inside

            let all = Seq.init factors.Length ofFactor |> Seq.cache

            all
            |> Seq.tryFind _.IsOutside
            |> Option.orElseWith (fun () -> all |> Seq.tryFind _.IsUndecided)
            |> Option.defaultValue Membership.Inside
        | Polytope.Negated inner ->
            match beyondRequirements allowance inner (Requirements.negated y) with
            | Membership.Outside reason -> Membership.Outside(Requirements.negatedPrefix + reason)
            | other -> other
        | Polytope.Projection _ ->
            Membership.Undecided
                "bounds and sums of the coordinates at hand hold; whether the others can be chosen to them was not tried"
        | Polytope.Unknown _ -> Membership.Undecided "nothing is known of the hull of the oracle's solutions"
        | _ -> Membership.Inside

    /// Where a point, finite and of the polytope's dimension, lies.
    let ofPoint (allowance: Allowance) (polytope: Polytope) (y: float[]) : Membership =
        match
            Requirements.ofPolytope polytope y
            |> Seq.tryFind (Requirement.isBroken allowance)
        with
        | Some broken -> Membership.Outside(broken.Words())
        | None -> beyondRequirements allowance polytope y

    // The vertex test of linear programs allows for more rounding than the requirements do.
    let rec private isTestExact (polytope: Polytope) : bool =
        match polytope with
        | Polytope.Inequalities _ -> false
        | Polytope.Product(factors, _) -> Array.forall isTestExact factors
        | Polytope.Negated inner -> isTestExact inner
        | _ -> true

    /// Where a point lies for an oracle, which may know its solutions.
    let ofOracle (allowance: Allowance) (oracle: Oracle) (y: float[]) : Membership =
        if isTestExact oracle.Polytope && oracle.Implementation.IsSolution(ReadOnlySpan y) then
            Membership.Inside
        else
            ofPoint allowance oracle.Polytope y

    /// An error for the first row that is outside; `oracleOf` is the oracle of each row, `isChecked` whether its target counts.
    let checkTargets
        (allowance: Allowance)
        (name: string)
        (oracleOf: int -> Oracle)
        (isChecked: int -> bool)
        (targets: float[][])
        : unit =
        for row in 0 .. targets.Length - 1 do
            if isChecked row then
                let target, oracle = targets[row], oracleOf row

                Check.length
                    name
                    target.Length
                    oracle.SolutionDimension
                    $"the solution dimension of oracle '{oracle.Name}'"

                match ofOracle allowance oracle target with
                | Membership.Outside reason ->
                    let place = if targets.Length = 1 then name else $"{name}, row {row},"
                    invalidArg name $"{place} is outside the hull of the solutions of oracle '{oracle.Name}': {reason}."
                | _ -> ()
