namespace Perturbed.Experiments

open System
open Perturbed.Functional

/// How far clusters are from classes.
type ClusterScore =
    {
        /// The share of points outside of their class's cluster, under the best matching of clusters to classes.
        Unmatched: float
        /// The share of pairs of points that are together in one of the two and apart in the other.
        WrongPairs: float
    }

/// Scores of clusters, and k-means.
[<RequireQualifiedAccess>]
module ClusterScore =

    /// <summary>Scores clusters.</summary>
    /// <param name="classes">The class of each point, from 0.</param>
    /// <param name="clusters">The cluster of each point, from 0.</param>
    /// <returns>Both shares.</returns>
    let create (classes: int[]) (clusters: int[]) : ClusterScore =
        let n = classes.Length
        let rows, columns = 1 + Array.max classes, 1 + Array.max clusters
        let counts = Array.zeroCreate<float>(rows * columns)

        Array.iter2 (fun c k -> counts[c * columns + k] <- counts[c * columns + k] + 1.0) classes clusters

        let matching = Oracle.assignment rows columns |> Oracle.solve counts
        let matched = Array.map2 (*) matching counts |> Array.sum

        let mutable wrong = 0

        for i in 0 .. n - 1 do
            for j in 0 .. i - 1 do
                if (classes[i] = classes[j]) <> (clusters[i] = clusters[j]) then
                    wrong <- wrong + 1

        {
            Unmatched = 1.0 - matched / float n
            WrongPairs = float wrong / float (n * (n - 1) / 2)
        }

    /// <summary>The means of scores.</summary>
    /// <param name="scores">One score or more.</param>
    /// <returns>The mean of each share.</returns>
    let mean (scores: ClusterScore[]) : ClusterScore =
        {
            Unmatched = scores |> Array.averageBy _.Unmatched
            WrongPairs = scores |> Array.averageBy _.WrongPairs
        }

    let private distance (a: float[]) (b: float[]) : float =
        Numerics.Tensors.TensorPrimitives.Distance(ReadOnlySpan a, ReadOnlySpan b)
        ** 2.0

    // One run: k-means++ (Arthur and Vassilvitskii 2007), then at most 30 steps of Lloyd's algorithm.
    let private lloyd (k: int) (points: float[][]) (key: Key) : struct (float * int[]) =
        let draws = Noise.gaussian |> Noise.sample k 1 key
        // Uniform numbers out of normal ones.
        let uniform i =
            0.5 * (1.0 + MathNet.Numerics.SpecialFunctions.Erf(draws[0, i] / sqrt 2.0))

        let centres = Array.zeroCreate<float[]> k
        centres[0] <- points[min (points.Length - 1) (int (uniform 0 * float points.Length))]
        let nearest = points |> Array.map (distance centres[0])

        for c in 1 .. k - 1 do
            let target = uniform c * Array.sum nearest
            let sums = nearest |> Array.scan (+) 0.0 |> Array.tail
            let chosen = sums |> Array.tryFindIndex (fun sum -> sum >= target)
            centres[c] <- points[defaultArg chosen (points.Length - 1)]

            for i in 0 .. points.Length - 1 do
                nearest[i] <- min nearest[i] (distance centres[c] points[i])

        let assign () =
            points
            |> Array.map (fun p ->
                let distances = centres |> Array.map (distance p)
                Array.IndexOf(distances, Array.min distances))

        let mutable clusters = assign ()
        let mutable step = 0
        let mutable isSettled = false

        while step < 30 && not isSettled do
            for c in 0 .. k - 1 do
                let members = Array.zip clusters points |> Array.filter (fun (o, _) -> o = c)

                if members.Length > 0 then
                    centres[c] <- Array.init points[0].Length (fun f -> members |> Array.averageBy (fun (_, p) -> p[f]))

            let next = assign ()
            isSettled <- next = clusters
            clusters <- next
            step <- step + 1

        struct (Array.map2 (fun p c -> distance p centres[c]) points clusters |> Array.sum, clusters)

    /// <summary>k-means: the best of five starts by k-means++.</summary>
    /// <param name="k">The number of clusters, at most that of points.</param>
    /// <param name="key">The key of the starts.</param>
    /// <param name="points">[n × dimension].</param>
    /// <returns>The cluster of each point.</returns>
    let kMeans (k: int) (key: Key) (points: float[,]) : int[] =
        let rows = Array.init (Array2D.length1 points) (fun i -> points[i, *])

        let struct (_, clusters) =
            Seq.init 5 (fun start -> lloyd k rows (Key.fold start key))
            |> Seq.minBy (fun struct (inertia, _) -> inertia)

        clusters
