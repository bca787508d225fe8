namespace Perturbed.Functional

open Perturbed.Kernels

/// Paths on grids and in directed graphs.
module internal PathOracles =

    // Right and down leads through no cycle, so any sign is solved exactly and no policy acts.
    let private requireCycles (moves: GridMoves) (instead: string) : unit =
        if moves = GridMoves.RightDown then
            invalidArg
                (nameof moves)
                $"moves is RightDown, which takes costs of any sign and no policy; Four or Eight was expected, or {instead}."

    let gridPath (moves: GridMoves) (negativeCosts: NegativeCosts) (rows: int) (columns: int) : Oracle =
        requireCycles moves "the oracle rightDownPath"

        GridPathOracle(rows, columns, moves, negativeCosts)
        |> Construct.builtIn (Polytope.GridPaths(rows, columns, moves))

    let rightDownPath (rows: int) (columns: int) : Oracle =
        GridPathOracle(rows, columns, GridMoves.RightDown, NegativeCosts.Reject)
        |> Construct.builtIn (Polytope.GridPaths(rows, columns, GridMoves.RightDown))

    let shortestPath (negativeEdges: NegativeEdges) (source: int) (target: int) (graph: Digraph) : Oracle =
        Check.notNull (nameof graph) graph

        ShortestPathOracle(graph, source, target, negativeEdges)
        |> Construct.builtInSlow (Polytope.Paths(graph, source, target))

    let shortestPathWithin (edges: int) (source: int) (target: int) (graph: Digraph) : Oracle =
        Check.notNull (nameof graph) graph

        LimitedPathOracle(graph, source, target, edges)
        |> Construct.builtInSlow (Polytope.PathsWithin(graph, source, target, edges))

    let gridEdgePath (moves: GridMoves) (negativeEdges: NegativeEdges) (rows: int) (columns: int) : Oracle =
        requireCycles moves "the oracle rightDownEdgePath"

        let name =
            if moves = GridMoves.Four then
                "grid-moves4"
            else
                "grid-moves"

        Digraph.Grid(rows, columns, moves)
        |> shortestPath negativeEdges 0 (rows * columns - 1)
        |> UserOracles.withName name

    let rightDownEdgePath (rows: int) (columns: int) : Oracle =
        Digraph.Grid(rows, columns, GridMoves.RightDown)
        |> shortestPath NegativeEdges.Reject 0 (rows * columns - 1)
        |> UserOracles.withName "grid-moves-rd"
