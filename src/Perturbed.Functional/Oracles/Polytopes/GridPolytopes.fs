namespace Perturbed.Functional

open Perturbed.Kernels

/// Paths over the cells of a grid.
module internal GridPolytopes =

    // Cells of the antidiagonal r + c = k by their rows, and their sums from row 0 on.
    let private prefix (rows: int) (columns: int) (y: float[]) (k: int) : float[] =
        Array.init rows (fun r ->
            let c = k - r
            if c >= 0 && c < columns then y[r * columns + c] else 0.0)
        |> Array.scan (+) 0.0

    let private cells (rows: int) (columns: int) (k: int) (through: int) (sign: float) : struct (int * float)[] =
        [|
            for r in 0 .. min through (rows - 1) do
                if k - r >= 0 && k - r < columns then
                    struct (r * columns + k - r, sign)
        |]

    /// Steps right and down, exactly: each antidiagonal holds 1, and what is in rows 0 to r of one is in rows 0 to r +
    /// 1 of the next, and holds what is in rows 0 to r of the next (Hall's condition for steps of one row).
    let private rightDown (rows: int) (columns: int) (y: float[]) : Requirement seq =
        let compare
            through
            (small: float)
            (large: float)
            (terms: unit -> struct (int * float)[])
            (description: unit -> string)
            =
            {
                Value = small - large
                Bound = 0.0
                Size = abs small + abs large
                Range = float (2 * through + 2)
                IsEquation = false
                Terms = ValueSome terms
                Margin = 0.0
                Description = description
            }

        seq {
            yield! LinearRequirements.unitEntries y
            let sums = Array.init (rows + columns - 1) (prefix rows columns y)

            for k in 0 .. sums.Length - 1 do
                Requirement.linear y 1.0 true (cells rows columns k rows 1.0) 1.0 (fun sum ->
                    $"the cells with row + column = {k} sum to {sum}; they must sum to 1")

            for k in 0 .. sums.Length - 2 do
                let here, next = cells rows columns k, cells rows columns (k + 1)

                for r in 0 .. rows - 2 do
                    let now, stayed, moved = sums[k][r + 1], sums[k + 1][r + 1], sums[k + 1][r + 2]

                    let description () =
                        $"rows 0 to {r} of the cells with row + column = {k} hold {now}; "
                        + $"after a step right or down these rows hold {stayed} and with row {r + 1} {moved}: no paths mix to that"

                    compare r stayed now (fun () -> Array.append (next r 1.0) (here r -1.0)) description
                    compare r now moved (fun () -> Array.append (here r 1.0) (next (r + 1) -1.0)) description
        }

    let private neighbours (rows: int) (columns: int) (isEight: bool) (cell: int) : int[] =
        let r, c = cell / columns, cell % columns

        [|
            for down in -1 .. 1 do
                for right in -1 .. 1 do
                    let isMove =
                        if isEight then
                            down <> 0 || right <> 0
                        else
                            abs down + abs right = 1

                    if
                        isMove
                        && r + down >= 0
                        && r + down < rows
                        && c + right >= 0
                        && c + right < columns
                    then
                        (r + down) * columns + c + right
        |]

    /// Steps to neighbours: a path has one neighbour of its ends and two of every other cell, since it has no chord;
    /// and cells that separate the ends hold a cell of every path.
    let private around (rows: int) (columns: int) (isEight: bool) (y: float[]) : Requirement seq =
        let last = y.Length - 1

        seq {
            for i in 0..last do
                let isEnd = i = 0 || i = last

                yield!
                    Requirement.entry
                        y
                        i
                        ((if isEnd then 1.0 else 0.0), 1.0)
                        (1.0, 1.0)
                        (if isEnd then
                             "every path visits it, so it must be 1"
                         else
                             "entries run from 0 to 1")

            if last > 0 then
                for i in 0..last do
                    let near =
                        neighbours rows columns isEight i |> Array.map (fun j -> struct (j, -1.0))

                    if i = 0 || i = last then
                        Requirement.linear y 1.0 true near -1.0 (fun sum ->
                            $"the neighbours of cell {i} sum to {0.0 - sum}; a path visits one of them, so they must sum to 1")
                    else
                        Requirement.linear y 1.0 false (Array.append near [| struct (i, 2.0) |]) 0.0 (fun sum ->
                            $"cell {i} is {y[i]} and its neighbours sum to {2.0 * y[i] - sum}; "
                            + $"a path visits two neighbours of each of its cells")

                let arcs =
                    [|
                        for i in 0..last do
                            struct (2 * i, 2 * i + 1, y[i])

                            for j in neighbours rows columns isEight i do
                                struct (2 * i + 1, 2 * j, 2.0 * float y.Length)
                    |]

                let near = GraphCuts.sourceSide (2 * y.Length) arcs 0 (2 * last + 1)

                let parting =
                    [|
                        for i in 0..last do
                            if near[2 * i] && not near[2 * i + 1] then
                                i
                    |]

                Requirement.linear y 1.0 false (parting |> Array.map (fun i -> struct (i, -1.0))) -1.0 (fun sum ->
                    $"the cells {GraphCuts.listed parting} part the ends of the grid and sum to {0.0 - sum}; "
                    + $"every path visits one of them, so they must sum to at least 1")
        }
        |> Seq.map Requirement.notOfBoundary

    let private ofFractions =
        PolytopeFacts.necessary
            "bounds of entries, sums over the neighbours of cells and one minimum cut hold; whether paths mix to it is hard to decide"

    let private withoutChords (rows: int) (columns: int) (moves: GridMoves) =
        PolytopeFacts.binaryOr
            "path without a chord from the first cell to the last"
            (fun () -> GridPathOracle(rows, columns, moves, NegativeCosts.Reject))
            ofFractions

    /// The cell indicators of paths from the first cell to the last.
    let paths (rows: int) (columns: int) (moves: GridMoves) : PolytopeFacts =
        let isRightDown = moves = GridMoves.RightDown
        let isEight = moves = GridMoves.Eight

        {
            LargestInteger = 1.0
            Ones = 0
            Requirements =
                if isRightDown then
                    rightDown rows columns
                else
                    around rows columns isEight
            AllowsUnknownEntries = false
            BeyondRequirements =
                if isRightDown then
                    PolytopeFacts.complete
                else
                    withoutChords rows columns moves
            IsVertex = PolytopeFacts.everySolution
            IsSolutionTestExact = true
            ClosedForm = ClosedForm.Unknown
        }
