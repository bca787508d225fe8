namespace Perturbed.Experiments

/// Which terrain each tile of a generated map has: regions that hang together.
[<RequireQualifiedAccess>]
module TerrainLayout =

    /// The costs of the five terrains, those of the public set.
    let costs: float[] = [| 0.8; 1.2; 5.3; 7.7; 9.2 |]

    let private coarse, private fine = 4, 7

    /// Normals that a layout takes.
    let normals: int = costs.Length * (coarse * coarse + fine * fine)

    // A square lattice of normals, stretched over the tiles and interpolated.
    let private smooth (points: int) (lattice: System.ArraySegment<float>) (row: int) (column: int) : float =
        let place (tile: int) =
            let at = float (tile * (points - 1)) / float (MapSet.Tiles - 1)
            let first = min (int at) (points - 2)
            first, at - float first

        let r, down = place row
        let c, right = place column
        let at i j = lattice[(r + i) * points + c + j]

        (1.0 - down) * ((1.0 - right) * at 0 0 + right * at 0 1)
        + down * ((1.0 - right) * at 1 0 + right * at 1 1)

    /// <summary>The terrain of every tile: that whose smooth random field is highest there.</summary>
    /// <param name="drawn">Standard normals, the first of which are taken.</param>
    /// <returns>144 numbers of terrains, row by row.</returns>
    let create (drawn: float[]) : int[] =
        let each = coarse * coarse + fine * fine

        let height (terrain: int) (row: int) (column: int) =
            let first = terrain * each

            smooth coarse (System.ArraySegment(drawn, first, coarse * coarse)) row column
            + 0.7
              * smooth fine (System.ArraySegment(drawn, first + coarse * coarse, fine * fine)) row column

        Array.init MapSet.Cells (fun cell ->
            let row, column = cell / MapSet.Tiles, cell % MapSet.Tiles
            costs |> Array.indexed |> Array.maxBy (fun (t, _) -> height t row column) |> fst)
