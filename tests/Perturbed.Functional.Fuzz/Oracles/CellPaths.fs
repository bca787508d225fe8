/// Paths over the cells of a grid, by listing all of them.
[<RequireQualifiedAccess>]
module Perturbed.Functional.Fuzz.CellPaths

open System.Collections.Concurrent
open Perturbed.Functional

let private cellSolutions =
    let known = ConcurrentDictionary<struct (int * int * GridMoves), float[][]>()

    fun (rows: int) (columns: int) (moves: GridMoves) ->
        known.GetOrAdd(
            struct (rows, columns, moves),
            fun _ ->
                let graph = Digraph.Grid(rows, columns, moves)
                let edges = Seq.zip (graph.From.ToArray()) (graph.To.ToArray()) |> set
                let cells = rows * columns

                // Without a chord: no two cells are neighbours but consecutive ones.
                let isPlain (path: Routes.Path) =
                    moves = GridMoves.RightDown
                    || (let nodes = Array.ofList path.Nodes

                        Seq.allPairs [ 0 .. nodes.Length - 1 ] [ 0 .. nodes.Length - 1 ]
                        |> Seq.forall (fun (i, j) -> j < i + 2 || not (edges.Contains(nodes[i], nodes[j]))))

                if cells = 1 then
                    [| [| 1.0 |] |]
                else
                    Routes.simplePaths graph 0 (cells - 1)
                    |> Array.filter isPlain
                    |> Array.map (fun path -> Routes.indicator cells path.Nodes)
        )

// Right/down paths walked back from the end: at the first difference the one that came from above is first.
let private fromAbove (columns: int) (a: float[]) (b: float[]) : int =
    let rec back (cell: int) =
        if cell = 0 then
            0
        else
            let above = cell - columns
            let comesFromAbove (y: float[]) = above >= 0 && y[above] = 1.0

            match comesFromAbove a, comesFromAbove b with
            | true, false -> -1
            | false, true -> 1
            | true, true -> back above
            | false, false -> back (cell - 1)

    back (a.Length - 1)

let gridPath (draw: Draw) : Outcome =
    let moves = draw.Of [| GridMoves.RightDown; GridMoves.Four; GridMoves.Eight |]
    let policy = draw.Of [| NegativeCosts.Reject; NegativeCosts.ClampToZero |]

    let rows, columns =
        if draw.Chance 0.7 then
            draw.Int 1 3, draw.Int 1 3
        else
            draw.Int 1 4, draw.Int 1 3

    let isFree = moves = GridMoves.RightDown

    let form, oracle =
        if isFree then
            $"Oracle.rightDownPath {rows} {columns}", Oracle.rightDownPath rows columns
        else
            $"Oracle.gridPath GridMoves.{moves} NegativeCosts.{policy} {rows} {columns}",
            Oracle.gridPath moves policy rows columns

    let solutions = cellSolutions rows columns moves

    let judge =
        if isFree then
            Judge.listed Judge.OfTerms (Judge.FirstBy(fromAbove columns)) solutions id
        elif policy = NegativeCosts.ClampToZero then
            Judge.listed Judge.OfTerms Judge.AnyOf solutions Routes.clamp
        else
            Judge.refusing (Array.exists (fun t -> t > 0.0)) (Judge.listed Judge.OfTerms Judge.AnyOf solutions id)

    Made
        {
            Form = form
            Oracle = oracle
            Theta =
                fun draw ->
                    if isFree || draw.Chance 0.2 then
                        Vectors.any draw oracle.Dimension
                    else
                        Vectors.costs draw oracle.Dimension
            Judge = judge
        }
