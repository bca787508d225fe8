namespace Perturbed.Functional

open Perturbed.Kernels

/// Tours of cities.
module internal TourOracles =

    let tsp (cities: int) : Oracle =
        TourOracle cities |> Construct.builtInSlow (Polytope.Tours cities)

    let tspHeuristic (starts: int) (cities: int) : Oracle =
        TourHeuristicOracle(cities, starts)
        |> Construct.builtInSlow (Polytope.Tours cities)
