namespace Perturbed.Experiments

open System
open Perturbed.Functional

/// Matchings and graphs.
[<RequireQualifiedAccess>]
module GraphForms =

    let private assignment (text: string) : Oracle =
        let rows, columns =
            if text.Contains 'x' then
                NameAndParameters.sides "assignment" text
            else
                let n = NumberSyntax.count 1 "the size of assignment" text
                n, n

        Oracle.assignment rows columns

    // GRAPH/K: the last part is the number of trees.
    let private forest (name: string) (create: int -> Graph -> Oracle) (text: string) : Oracle =
        let parts = text.Split '/'

        if parts.Length < 2 then
            Input.fail
                $"oracle '{name}:{text}': a graph and a number of trees were expected, as in {name}:complete/6/2."

        let components =
            NumberSyntax.count 1 $"the number of trees of {name}" (Array.last parts)

        create components (GraphSyntax.graph name parts[.. parts.Length - 2])

    // GRAPH/K:A-B/..:A-B/..: pairs to keep together, and after a second colon pairs to part; either may be left out.
    let private constrainedForest (text: string) : Oracle =
        let forests, links = NameAndParameters.splitAt ':' text
        let together, apart = NameAndParameters.splitAt ':' links

        let pairs (text: string) =
            if text = "" then
                [||]
            else
                text.Split '/' |> Array.map (GraphSyntax.pair "constrained-forest")

        let constraints = LinkConstraints(pairs together, pairs apart)
        forest "constrained-forest" (Oracle.constrainedForest constraints) forests

    /// The policy of oracles that cannot count a negative cost as it is.
    let ofCosts (policy: NegativeEdges) : NegativeCosts =
        match policy with
        | NegativeEdges.ClampToZero -> NegativeCosts.ClampToZero
        | _ -> NegativeCosts.Reject

    // Without a policy the costs count as they are: exact, or an error that names a negative cycle.
    let private shortestPath (policy: NegativeEdges option) (source: int) (target: int) (graph: Digraph) : Oracle =
        match policy with
        | Some _ when graph.IsAcyclic ->
            Input.fail
                "--negative-costs is given and has no effect on a shortest-path without cycles: costs of any sign count as they are."
        | _ ->
            graph
            |> Oracle.shortestPath (defaultArg policy NegativeEdges.Allow) source target

    let private minimumCut (policy: NegativeEdges option) (source: int) (target: int) (graph: Digraph) : Oracle =
        let policy =
            OracleForm.requirePolicy "minimum-cut" [ NegativeEdges.Reject; NegativeEdges.ClampToZero ] policy

        graph |> Oracle.minimumCut (ofCosts policy) source target

    // A-B/../S/T: the last two parts are the source and the target.
    let private between
        (name: string)
        (create: NegativeEdges option -> int -> int -> Digraph -> Oracle)
        (policy: NegativeEdges option)
        (text: string)
        : int -> Oracle =
        let parts = text.Split '/'
        let last = parts.Length - 1

        if parts.Length < 3 then
            Input.fail
                $"oracle '{name}:{text}': edges, a source and a target were expected, as in {name}:0-1/1-2/0-2/0/2."

        let source = NumberSyntax.count 0 $"the source of {name}" parts[last - 1]
        let target = NumberSyntax.count 0 $"the target of {name}" parts[last]

        let oracle =
            GraphSyntax.digraph name parts[.. last - 2] |> create policy source target

        fun _ -> oracle

    // K:A-B/../S/T: the largest number of edges, and a graph without cycles.
    let private shortestPathWithin (text: string) : Oracle =
        let edges, path = NameAndParameters.splitAt ':' text

        let edges = NumberSyntax.count 1 "the number of edges of shortest-path-within" edges

        let create _ source target graph =
            Oracle.shortestPathWithin edges source target graph

        between "shortest-path-within" create None path 0

    // A-B-C/../S/T: edges with their capacities.
    let private flow (text: string) : Oracle =
        let parts = text.Split '/'
        let last = parts.Length - 1

        if parts.Length < 3 then
            Input.fail
                $"oracle 'flow:{text}': edges with capacities, a source and a target were expected, as in flow:0-1-2/1-2-1/0/2."

        let edges, capacities =
            parts[.. last - 2]
            |> Array.map (fun edge ->
                match edge.LastIndexOf '-' with
                | -1 ->
                    Input.fail $"an edge of flow is '{edge}'; two nodes and a capacity such as 0-1-2 were expected."
                | at -> edge[.. at - 1], NumberSyntax.count 0 "a capacity of flow" edge[at + 1 ..])
            |> Array.unzip

        let source = NumberSyntax.count 0 "the source of flow" parts[last - 1]
        let target = NumberSyntax.count 0 "the target of flow" parts[last]
        GraphSyntax.digraph "flow" edges |> Oracle.flow capacities source target

    // A/../A:B/../B: the limits of the rows, and after a second colon those of the columns.
    let private bMatching (text: string) : Oracle =
        let rows, columns = NameAndParameters.splitAt ':' text

        let limits (which: string) (text: string) =
            text.Split '/'
            |> Array.map (NumberSyntax.count 0 $"the limit of a {which} of b-matching")

        Oracle.bMatching (limits "row" rows) (limits "column" columns)

    // A/../A:B/../B: the sums of the rows, and after a second colon those of the columns.
    let private transport (text: string) : Oracle =
        let rows, columns = NameAndParameters.splitAt ':' text

        let sums (which: string) (text: string) =
            text.Split '/'
            |> Array.map (NumberSyntax.positive $"a {which} sum of transport")

        Oracle.transport (sums "row" rows) (sums "column" columns)

    let private grid (name: string) (meaning: string) (moves: GridMoves) : OracleForm =
        OracleForm.withPolicy name "RxC" meaning (fun policy text ->
            let rows, columns = NameAndParameters.sides name text

            let policy =
                OracleForm.requirePolicy name (OracleForm.policies |> List.map snd) policy

            let oracle = Oracle.gridEdgePath moves policy rows columns
            fun _ -> oracle)

    /// The forms, in the order of the help.
    let all: OracleForm list =
        [
            OracleForm.ofOwnDimension
                "assignment"
                "N or RxC"
                "rows matched to columns; theta = gains, row by row"
                assignment
            OracleForm.ofOwnDimension
                "spanning-tree"
                "GRAPH"
                "the tree of largest weight; GRAPH is complete/N (theta = upper triangle, row by row) or 0-1/1-2/0-2"
                (fun text -> Oracle.spanningTree (GraphSyntax.graph "spanning-tree" (text.Split '/')))
            OracleForm.ofOwnDimension
                "forest"
                "GRAPH/K"
                "the forest of K trees, as forest:complete/6/2"
                (forest "forest" Oracle.spanningForest)
            OracleForm.ofOwnDimension
                "clusters"
                "GRAPH/K"
                "that forest, and after it the N x N matrix of who is in one tree"
                (forest "clusters" (Oracle.clusters LinkConstraints.None))
            OracleForm.ofOwnDimension
                "constrained-forest"
                "GRAPH/K[:A-B/..[:A-B/..]]"
                "the forest with pairs kept together by edges inside their group, then pairs kept apart, as \
                  constrained-forest:complete/6/2:0-1:2-3"
                constrainedForest
            OracleForm.withPolicy
                "shortest-path"
                "A-B/../S/T"
                "the path from S to T over directed edges, as shortest-path:0-1/1-2/0-2/0/2; theta = -cost of each edge"
                (between "shortest-path" shortestPath)
            OracleForm.ofOwnDimension
                "shortest-path-within"
                "K:A-B/../S/T"
                "the same with at most K edges and without cycles, as shortest-path-within:2:0-1/1-2/0-2/0/2; costs of any sign"
                shortestPathWithin
            grid
                "grid-moves"
                "the path on a grid with 8 neighbours; theta = -cost of each move, cell by cell"
                GridMoves.Eight
            grid "grid-moves4" "the same with 4 neighbours" GridMoves.Four
            OracleForm.ofOwnDimension
                "grid-moves-rd"
                "RxC"
                "the same, right and down only; costs of any sign"
                (fun text -> NameAndParameters.sides "grid-moves-rd" text ||> Oracle.rightDownEdgePath)
            OracleForm.withPolicy
                "minimum-cut"
                "A-B/../S/T"
                "the edges that part S from T, as minimum-cut:0-1/1-2/0-2/0/2; theta = -capacity of each edge"
                (between "minimum-cut" minimumCut)
            OracleForm.ofOwnDimension
                "flow"
                "A-B-C/../S/T"
                "the flow from S to T of largest gain, C the capacity of each edge, as flow:0-1-2/1-2-1/0/2"
                flow
            OracleForm.ofOwnDimension
                "transport"
                "A/../A:B/../B"
                "the plan with row sums A and column sums B, as transport:2/1:1/1/1; theta = -cost, row by row"
                transport
            OracleForm.ofOwnDimension
                "b-matching"
                "A/../A:B/../B"
                "pairs of rows and columns, at most A in each row and B in each column; theta = gains, row by row"
                bMatching
        ]
