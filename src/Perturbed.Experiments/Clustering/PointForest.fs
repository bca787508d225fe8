namespace Perturbed.Experiments

open Perturbed.Functional
open Perturbed.Kernels

/// Forests on points in a space: θ of a pair is minus its squared distance.
[<RequireQualifiedAccess>]
module PointForest =

    /// <summary>θ_ij = −‖v_i − v_j‖² of the pairs of points of each row, the upper triangle row by row, as a
    /// differentiable map.</summary>
    /// <param name="graph">The complete graph of n points.</param>
    /// <param name="points">[rows · n × dimension]: n points a row.</param>
    /// <returns>θ [rows × n(n − 1)/2] and its pullback; O(rows · n² · dimension) each.</returns>
    let similarities (graph: Graph) : Differentiable<float[,], float[,]> =
        fun points ->
            let n, pairs, dimension = graph.Nodes, graph.Edges, Array2D.length2 points
            let rows = Array2D.length1 points / n
            let theta = Array2D.zeroCreate<float> rows pairs

            for r in 0 .. rows - 1 do
                for e in 0 .. pairs - 1 do
                    let i, j = r * n + graph.From[e], r * n + graph.To[e]
                    let mutable sum = 0.0

                    for k in 0 .. dimension - 1 do
                        let difference = points[i, k] - points[j, k]
                        sum <- sum + difference * difference

                    theta[r, e] <- -sum

            let back (cotangent: float[,]) : float[,] =
                let gradient = Array2D.zeroCreate<float> (rows * n) dimension

                for r in 0 .. rows - 1 do
                    for e in 0 .. pairs - 1 do
                        // Most edges are in no forest.
                        if cotangent[r, e] <> 0.0 then
                            let i, j = r * n + graph.From[e], r * n + graph.To[e]

                            for k in 0 .. dimension - 1 do
                                let slope = -2.0 * cotangent[r, e] * (points[i, k] - points[j, k])
                                gradient[i, k] <- gradient[i, k] + slope
                                gradient[j, k] <- gradient[j, k] - slope

                gradient

            theta, back

    /// <summary>The clusters of the best forest of k trees.</summary>
    /// <param name="clusters">k.</param>
    /// <param name="points">[n × dimension].</param>
    /// <returns>The cluster of each point, from 0.</returns>
    let clusters (clusters: int) (points: float[,]) : int[] =
        let n = Array2D.length1 points
        let graph = Graph.Complete n
        let theta = (fst (similarities graph points))[0, *]

        let solution =
            graph |> Oracle.clusters LinkConstraints.None clusters |> Oracle.solve theta
        // The first point of each point's tree.
        let first =
            Array.init n (fun i ->
                let row = System.ReadOnlySpan(solution, graph.Edges + n * i, n)
                System.MemoryExtensions.IndexOf(row, 1.0))

        let numbers = first |> Array.distinct
        first |> Array.map (fun point -> System.Array.IndexOf(numbers, point))
