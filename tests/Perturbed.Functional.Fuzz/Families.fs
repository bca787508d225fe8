/// All kinds of oracles, by name.
[<RequireQualifiedAccess>]
module Perturbed.Functional.Fuzz.Families

let private family (name: string) (draw: Draw -> Outcome) : Family = { Name = name; Draw = draw }

let private plain: Family[] =
    [|
        family "argmax" Selections.argmax
        family "top-k" Selections.topK
        family "ranking" Selections.ranking
        family "box" Selections.box
        family "l1-ball" Selections.l1Ball
        family "finite-set" Selections.finiteSet
        family "group-ball" Balls.groupBall
        family "nuclear-ball" Balls.nuclearBall
        family "spectraplex" Balls.spectraplex
        family "grid-path" CellPaths.gridPath
        family "grid-edge-path" Paths.gridEdgePath
        family "shortest-path" Paths.shortestPath
        family "path-within" Paths.shortestPathWithin
        family "assignment" Matchings.assignment
        family "b-matching" Matchings.bMatching
        family "transport" Matchings.transport
        family "spanning-forest" Forests.spanningForest
        family "constrained-forest" Forests.constrainedForest
        family "minimum-cut" Flows.minimumCut
        family "flow" Flows.flow
        family "knapsack" Packings.knapsack
        family "multi-knapsack" Packings.multiKnapsack
        family "tsp" Tours.tsp
        family "tsp-heuristic" Tours.tspHeuristic
        family "alignment" Alignments.globalAlignment
        family "local-alignment" Alignments.localAlignment
        family "semi-global-alignment" Alignments.semiGlobalAlignment
        family "linear-program" Programs.linearProgram
    |]

/// Every family of the library.
let all: Family[] =
    [|
        yield! plain
        family "finite-set-offsets" Selections.finiteSetWithOffsets
        family "product" (Combinators.product plain)
        family "restrict" (Combinators.restrict plain)
        family "offset" (Combinators.withOffset plain)
        family "minimise" (Combinators.minimise plain)
    |]
