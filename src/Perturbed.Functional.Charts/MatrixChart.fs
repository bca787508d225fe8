namespace Perturbed.Functional.Charts

open Perturbed.Functional

/// Matrices of assignments and rankings.
[<RequireQualifiedAccess>]
module MatrixChart =

    // Row and column of the ones of a solution.
    let private ones (solution: float[,]) : (int * int)[] =
        [|
            for r in 0 .. Array2D.length1 solution - 1 do
                for c in 0 .. Array2D.length2 solution - 1 do
                    if solution[r, c] = 1.0 then
                        r, c
        |]

    let private matrix (name: string) (rows: int) (columns: int) (values: float[]) : float[,] =
        Check.finiteVector name values
        Check.length name values.Length (rows * columns) $"rows·columns for a matrix of {rows} × {columns}"
        Array2D.init rows columns (fun r c -> values[columns * r + c])

    /// <summary>Who is assigned to whom: the probabilities, and frames around the assignment without noise.</summary>
    /// <param name="rows">The number of rows, at least 1.</param>
    /// <param name="columns">The number of columns, at least 1.</param>
    /// <param name="solution">y*(θ), of length rows·columns, row by row.</param>
    /// <param name="probabilities">y*_ε(θ), of length rows·columns, row by row.</param>
    /// <returns>A heat map; names of rows and columns are its fields.</returns>
    /// <exception cref="T:System.ArgumentException">A wrong length, or a value that is not finite.</exception>
    let assignment (rows: int) (columns: int) (solution: float[]) (probabilities: float[]) : HeatMap =
        Check.positiveInt (nameof rows) rows
        Check.positiveInt (nameof columns) columns

        { HeatMap.create "Assignment" "probability" (matrix (nameof probabilities) rows columns probabilities) with
            RowTitle = "row"
            ColumnTitle = "assigned to"
            Framed = ones (matrix (nameof solution) rows columns solution)
        }

    /// <summary>How often each item has each rank, from the distribution of a ranking operator.</summary>
    /// <remarks>Rows are items, columns the entries of the reference vector from the least to the greatest: of
    /// <c>Oracle.ranking n</c> the ranks 1 … n, n for the largest θ. The most frequent ranking has frames.</remarks>
    /// <param name="distribution">The solutions with their probabilities, one or more, the most frequent first.</param>
    /// <returns>A heat map.</returns>
    /// <exception cref="T:System.ArgumentException">No solution, or solutions of different lengths.</exception>
    let rankings (distribution: SolutionFrequency[]) : HeatMap =
        Check.notNull (nameof distribution) distribution

        if distribution.Length = 0 then
            invalidArg (nameof distribution) "distribution has no solution; one or more were expected."

        let n = distribution[0].Solution.Length

        for i, found in Array.indexed distribution do
            Check.length $"distribution[{i}].Solution" found.Solution.Length n "that of the first solution"

        let ranks = distribution |> Array.collect _.Solution |> Array.distinct |> Array.sort

        let place = ranks |> Array.mapi (fun i rank -> rank, i) |> Map.ofArray
        let shares = Array2D.zeroCreate n ranks.Length

        for found in distribution do
            for item in 0 .. n - 1 do
                let at = place[found.Solution[item]]
                shares[item, at] <- shares[item, at] + found.Probability

        { HeatMap.create "Rankings" "probability" shares with
            RowTitle = "item"
            ColumnTitle = "rank"
            Columns = ranks |> Array.map Labels.number
            Framed = distribution[0].Solution |> Array.mapi (fun item rank -> item, place[rank])
        }
