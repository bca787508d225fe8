namespace Perturbed.Experiments

open Perturbed.Functional

/// How good predicted paths are under the true costs.
type PathScore =
    {
        /// The share of maps whose path is as cheap as the shortest one; ties count.
        Optimal: float
        /// The cost of the paths over that of the shortest ones, mean over maps; 1 is the best.
        CostRatio: float
        /// The share of maps whose path is the given one, tile by tile.
        Exact: float
    }

/// Scores of predicted paths.
[<RequireQualifiedAccess>]
module PathMetrics =

    // Sums of some tens of costs err by less than this, and two costs of paths differ by more.
    let private tolerance = 1e-9

    /// <summary>The paths of the given θ, unperturbed; costs below 0 count as 0.</summary>
    /// <param name="theta">θ = −cost, [maps × 144].</param>
    /// <returns>Paths, [maps × 144].</returns>
    let paths (theta: float[,]) : float[,] =
        TerrainGenerator.oracle NegativeCosts.ClampToZero |> Oracle.solveBatch theta

    /// <summary>The scores of predicted paths.</summary>
    /// <param name="set">The maps.</param>
    /// <param name="paths">Paths, [maps × 144].</param>
    /// <returns>The scores; a map whose shortest path is free counts with ratio 1 where the path is free too, and is
    /// left out of the ratio otherwise.</returns>
    let score (set: MapSet) (paths: float[,]) : PathScore =
        let cost (path: float[,]) map =
            Seq.sum (seq { for cell in 0 .. MapSet.Cells - 1 -> path[map, cell] * set.Costs[map, cell] })

        let maps = [| 0 .. set.Count - 1 |]
        let costs = maps |> Array.map (fun map -> cost paths map, cost set.Paths map)
        let share (count: int) = float count / float set.Count

        let isOptimal (found: float, best: float) =
            found <= best + tolerance * (1.0 + best)

        let isExact map =
            Seq.forall (fun cell -> paths[map, cell] = set.Paths[map, cell]) (seq { 0 .. MapSet.Cells - 1 })

        let ratios =
            costs
            |> Array.choose (fun (found, best) ->
                if best > 0.0 then Some(found / best)
                elif isOptimal (found, best) then Some 1.0
                else None)

        {
            Optimal = costs |> Array.filter isOptimal |> Array.length |> share
            CostRatio = if ratios.Length = 0 then nan else Array.average ratios
            Exact = maps |> Array.filter isExact |> Array.length |> share
        }
