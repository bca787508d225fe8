namespace Perturbed.Functional

open Perturbed.Kernels

/// Spanning forests and tours: edges of an undirected graph.
module internal ForestPolytopes =

    // The edges between the nodes of a set, as terms of a sum.
    let private inside (graph: Graph) (isIn: bool[]) : struct (int * float)[] =
        [|
            for e in 0 .. graph.Edges - 1 do
                if isIn[graph.From[e]] && isIn[graph.To[e]] then
                    struct (e, 1.0)
        |]

    // The set S with the root for which y(E[S]) − |S| is largest: a minimum cut in a network with half of y on each
    // edge and what a node costs more, or less, than half of its edges at its two ends.
    let private densestWith (graph: Graph) (y: float[]) (root: int) : bool[] =
        let n = graph.Nodes
        let degree = Array.zeroCreate<float> n

        for e in 0 .. graph.Edges - 1 do
            degree[graph.From[e]] <- degree[graph.From[e]] + max 0.0 y[e]
            degree[graph.To[e]] <- degree[graph.To[e]] + max 0.0 y[e]

        let arcs =
            [|
                for e in 0 .. graph.Edges - 1 do
                    struct (graph.From[e], graph.To[e], 0.5 * y[e])
                    struct (graph.To[e], graph.From[e], 0.5 * y[e])

                for node in 0 .. n - 1 do
                    let cost = 1.0 - 0.5 * degree[node]

                    if node = root then
                        struct (n, node, Array.sum degree + float n)
                    elif cost < 0.0 then
                        struct (n, node, -cost)

                    struct (node, n + 1, cost)
            |]

        GraphCuts.sourceSide (n + 2) arcs n (n + 1) |> Array.truncate n

    let private nodesOf (isIn: bool[]) : int[] =
        [|
            for node in 0 .. isIn.Length - 1 do
                if isIn[node] then
                    node
        |]

    // Whether sets of nodes are searched: then the requirements describe the forests' hull completely.
    let private areForestsSearched (graph: Graph) : bool =
        GraphCuts.isSearched graph.Nodes graph.Edges

    // 0 ≤ y ≤ 1, n − k edges, and among any set S of nodes at most |S| − 1: the bases of a matroid (Edmonds 1970).
    let private independent (graph: Graph) (components: int) (y: float[]) : Requirement seq =
        let edges = graph.Nodes - components

        seq {
            yield! LinearRequirements.unitEntries y
            LinearRequirements.total y 1.0 (float edges)

            if areForestsSearched graph then
                for root in 0 .. graph.Nodes - 1 do
                    let set = densestWith graph y root
                    let nodes = nodesOf set

                    if nodes.Length > 1 then
                        Requirement.linear y 1.0 false (inside graph set) (float (nodes.Length - 1)) (fun sum ->
                            $"the edges among nodes {GraphCuts.listed nodes} sum to {sum}; a forest has at most {nodes.Length - 1} there")
        }

    let private bySize (graph: Graph) (_: Allowance) (_: float[]) : Membership =
        if areForestsSearched graph then
            Membership.Inside
        else
            Membership.Undecided
                "bounds and the sum of entries hold; the graph is too large to look into every set of nodes"

    /// The edge indicators of forests of k trees.
    let spanningForests (graph: Graph) (components: int) : PolytopeFacts =
        { PolytopeFacts.describedBy (independent graph components) with
            LargestInteger = 1.0
            BeyondRequirements = bySize graph
        }

    // Whether sets of cities are searched.
    let private areToursSearched (cities: int) : bool =
        GraphCuts.isSearched cities (cities * (cities - 1) / 2) && cities <= 256

    // 0 ≤ y ≤ 1, two edges at every city, and at least two out of every set of cities (Dantzig, Fulkerson and Johnson
    // 1954).
    let private connected (cities: int) (y: float[]) : Requirement seq =
        let graph = Graph.Complete cities

        let boundary (isIn: bool[]) =
            [|
                for e in 0 .. graph.Edges - 1 do
                    if isIn[graph.From[e]] <> isIn[graph.To[e]] then
                        struct (e, 1.0)
            |]

        seq {
            yield! LinearRequirements.unitEntries y

            for city in 0 .. cities - 1 do
                Requirement.linear y 1.0 true (boundary (Array.init cities ((=) city))) 2.0 (fun sum ->
                    $"the edges at city {city} sum to {sum}; they must sum to 2")

            if areToursSearched cities then
                let arcs =
                    [|
                        for e in 0 .. graph.Edges - 1 do
                            struct (graph.From[e], graph.To[e], y[e])
                            struct (graph.To[e], graph.From[e], y[e])
                    |]

                for city in 1 .. cities - 1 do
                    let set = GraphCuts.sourceSide cities arcs 0 city
                    let nodes = nodesOf set

                    let out = boundary set |> Array.map (fun struct (e, _) -> struct (e, -1.0))

                    if nodes.Length > 1 && nodes.Length < cities - 1 then
                        Requirement.linear y 1.0 false out -2.0 (fun sum ->
                            $"the edges out of cities {GraphCuts.listed nodes} sum to {0.0 - sum}; a tour has at least 2 there")
        }

    let private ofFractions (cities: int) (_: Allowance) (_: float[]) : Membership =
        if cities <= 5 then
            Membership.Inside
        elif areToursSearched cities then
            Membership.Undecided(
                "bounds of entries, the edges at each city and the edges out of sets of cities hold; "
                + "whether tours mix to it is hard to decide"
            )
        else
            Membership.Undecided "bounds of entries and the edges at each city hold; there are too many cities for more"

    // The requirements leave a 0/1 point two edges at every city.
    let private ofCycles (cities: int) =
        PolytopeFacts.binaryOr
            "round trip through all cities"
            (fun () -> TourHeuristicOracle(cities, 1))
            (ofFractions cities)

    /// The edge indicators of round trips.
    let tours (cities: int) : PolytopeFacts =
        { PolytopeFacts.describedBy (connected cities) with
            LargestInteger = 1.0
            BeyondRequirements = ofCycles cities
        }
