namespace Perturbed.Experiments

/// Paths as lists of cells.
[<RequireQualifiedAccess>]
module PathCells =

    /// <summary>The cells of a path in order, from the indicator that the oracle gives.</summary>
    /// <param name="indicator">144 numbers, 1 on the path.</param>
    /// <returns>Row and column of each cell from the top left on; as far as a step to a neighbour leads.</returns>
    let ofIndicator (indicator: float[]) : (int * int)[] =
        let isMarked (r, c) =
            r >= 0
            && c >= 0
            && r < MapSet.Tiles
            && c < MapSet.Tiles
            && indicator[r * MapSet.Tiles + c] = 1.0

        let neighbours (r, c) =
            [
                for down in -1 .. 1 do
                    for right in -1 .. 1 do
                        if isMarked (r + down, c + right) then
                            r + down, c + right
            ]

        let rec go (visited: (int * int) list) =
            match neighbours visited.Head |> List.except visited with
            | [] -> visited
            | next :: _ -> go (next :: visited)

        if isMarked (0, 0) then
            go [ 0, 0 ] |> List.rev |> List.toArray
        else
            [||]
