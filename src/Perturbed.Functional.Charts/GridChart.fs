namespace Perturbed.Functional.Charts

open Perturbed.Functional

/// Shortest paths on grids.
[<RequireQualifiedAccess>]
module GridChart =

    // The cells of a path in order: from the first cell always to a neighbour that it has not yet seen, across an edge
    // rather than across a corner.
    let private walk (rows: int) (columns: int) (solution: float[]) : (int * int)[] =
        let isOn (r: int, c: int) =
            r >= 0 && r < rows && c >= 0 && c < columns && solution[columns * r + c] = 1.0

        let steps = [ 0, 1; 1, 0; 0, -1; -1, 0; 1, 1; 1, -1; -1, 1; -1, -1 ]

        let rec go (seen: (int * int) list) =
            let r, c = seen.Head

            steps
            |> List.map (fun (dr, dc) -> r + dr, c + dc)
            |> List.tryFind (fun cell -> isOn cell && not (List.contains cell seen))
            |> function
                | Some next -> go (next :: seen)
                | None -> seen

        let cells = if isOn (0, 0) then go [ 0, 0 ] else []
        let expected = solution |> Array.filter ((=) 1.0) |> Array.length

        if
            cells.Length <> expected
            || cells.IsEmpty
            || cells.Head <> (rows - 1, columns - 1)
        then
            invalidArg
                (nameof solution)
                $"solution is no path from cell (0, 0) to cell ({rows - 1}, {columns - 1}); its {expected} ones must be one."

        cells |> List.rev |> List.toArray

    /// <summary>The costs with the shortest path, and the probability of each cell.</summary>
    /// <param name="rows">Rows of the grid, at least 1.</param>
    /// <param name="columns">Its columns, at least 1.</param>
    /// <param name="costs">−θ, of length rows·columns, row by row, finite.</param>
    /// <param name="solution">y*(θ): the cells of the path are 1, from the first cell to the last.</param>
    /// <param name="probabilities">y*_ε(θ), of length rows·columns.</param>
    /// <returns>Two maps, for <c>MapChart.chart</c>.</returns>
    /// <exception cref="T:System.ArgumentException">A wrong length, a number that is not finite, or a solution that is
    /// no path.</exception>
    let paths (rows: int) (columns: int) (costs: float[]) (solution: float[]) (probabilities: float[]) : MapPanel list =
        Check.positiveInt (nameof rows) rows
        Check.positiveInt (nameof columns) columns

        for name, values in [ nameof costs, costs; nameof solution, solution; nameof probabilities, probabilities ] do
            Check.finiteVector name values
            Check.length name values.Length (rows * columns) $"rows·columns for a grid of {rows} × {columns}"

        let map (title: string) (name: string) (values: float[]) : MapPanel =
            {
                Title = title
                Cells = rows, columns
                Ground = MapGround.Values(name, Array2D.init rows columns (fun r c -> values[columns * r + c]))
                Paths =
                    [
                        {
                            Name = "shortest path"
                            Cells = walk rows columns solution
                        }
                    ]
            }

        [
            map "costs" "cost" costs
            { map "smoothed path" "probability" probabilities with
                Paths = []
            }
        ]
