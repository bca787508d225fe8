// Clusters learned from constraints: two moons and a ring, of which some pairs of points are known to be together or
// apart. A network is trained by the partial Fenchel-Young loss of the best forest (Stewart et al. 2023).
//     dotnet build -c Release && dotnet fsi scripts/clustering.fsx [FOLDER for the pictures]
#load "references.fsx"

open System
open System.IO
open Perturbed.Functional
open Perturbed.Functional.Charts

let n, clusters, keys = 60, 3, 5
let graph = Graph.Complete n
let pairs = Array.init graph.Edges (fun e -> graph.From[e], graph.To[e])
let classOf i = i * clusters / n

// Point i is on the upper moon, the lower moon or the ring around them, with noise.
let cloud (key: Key) : float[] =
    let z = Noise.gaussian |> Noise.sample (2 * n) 1 (Key.fold 0 key)
    let u = Noise.logistic |> Noise.sample n 1 (Key.fold 1 key)

    Array.init (2 * n) (fun at ->
        let i, coordinate = at / 2, at % 2
        let share = 1.0 / (1.0 + exp -u[0, i])
        let angle = Math.PI * share

        let x, y =
            match classOf i with
            | 0 -> cos angle, sin angle
            | 1 -> 1.0 - cos angle, 0.5 - sin angle
            | _ -> 0.5 + 2.3 * cos (2.0 * angle), 0.25 + 2.3 * sin (2.0 * angle)

        (if coordinate = 0 then x else y) + 0.17 * z[0, at])

let pointsOf (row: float[]) : float[,] =
    Array2D.init n 2 (fun i c -> row[2 * i + c])

// θ of a pair is minus the squared distance of its points.
let similarities: Differentiable<float[,], float[,]> =
    fun v ->
        let dimension, rows = Array2D.length2 v, Array2D.length1 v / n

        let theta =
            Array2D.init rows pairs.Length (fun r e ->
                let i, j = pairs[e]
                -(Seq.sum (seq { for k in 0 .. dimension - 1 -> (v[r * n + i, k] - v[r * n + j, k]) ** 2.0 })))

        let back (cotangent: float[,]) =
            let gradient = Array2D.zeroCreate (rows * n) dimension

            for r in 0 .. rows - 1 do
                pairs
                |> Array.iteri (fun e (i, j) ->
                    for k in 0 .. dimension - 1 do
                        let slope = -2.0 * cotangent[r, e] * (v[r * n + i, k] - v[r * n + j, k])
                        gradient[r * n + i, k] <- gradient[r * n + i, k] + slope
                        gradient[r * n + j, k] <- gradient[r * n + j, k] - slope)

            gradient

        theta, back

let network = Perceptron.model 1 [| 2; 64; 64; 4 |]

let model =
    { network with
        Form = ModelForm.Own
        InputDimension = 2 * n
        OutputDimension = pairs.Length
        Apply =
            fun rows ->
                let points =
                    Array2D.init (Array2D.length1 rows * n) 2 (fun i c -> rows[i / n, 2 * (i % n) + c])

                network.Apply points >-> similarities
    }

// Of each training cloud every third point has a label, and so pairs of them are linked or kept apart.
let known =
    LinkConstraints.OfLabels(Array.init n (fun i -> if i % 3 = 0 then classOf i else -1))

let loss =
    perturb (Oracle.spanningForest clusters graph) Noise.gaussian 1.0 20
    |> Loss.partialFenchelYoung (Oracle.constrainedForest known clusters graph)

let train (key: Key) : float[] =
    let clouds = Array.init 100 (fun b -> cloud (key |> Key.fold 0 |> Key.fold b))
    let examples = Examples.create (array2D clouds) (Array2D.zeroCreate clouds.Length 1)
    let config = Training.config 8 1 Optimizer.adam (Schedule.constant 3e-3) key
    (examples |> Training.run config model loss).Parameters

let forest (v: float[,]) : float[] =
    let theta, _ = similarities v

    graph
    |> Oracle.clusters LinkConstraints.None clusters
    |> Oracle.solve theta[0, *]

// The first point of each point's tree is the name of its cluster.
let namesOf (solution: float[]) : int[] =
    Array.init n (fun i -> Array.IndexOf(solution, 1.0, graph.Edges + n * i, n) - graph.Edges - n * i)

// The share of points outside of their class's cluster under the best matching.
let error (names: int[]) : float =
    let places = Array.distinct names
    let counts = Array.zeroCreate (clusters * places.Length)

    names
    |> Array.iteri (fun i name ->
        let at = classOf i * places.Length + Array.IndexOf(places, name)
        counts[at] <- counts[at] + 1.0)

    let matching = Oracle.assignment clusters places.Length |> Oracle.solve counts
    1.0 - Array.sum (Array.map2 (*) matching counts) / float n

let kMeans (points: float[,]) : int[] =
    let rows = Array.init n (fun i -> points[i, *])

    let distance (a: float[]) (b: float[]) =
        Array.fold2 (fun s x y -> s + (x - y) ** 2.0) 0.0 a b

    let run (start: int) =
        let mutable centres = Array.init clusters (fun c -> rows[(7 * start + 23 * c) % n])

        let nearest p =
            centres |> Array.indexed |> Array.minBy (fun (_, c) -> distance c p) |> fst

        for _ in 1..30 do
            let groups = rows |> Array.groupBy nearest

            centres <-
                groups
                |> Array.map (fun (_, g) -> Array.init 2 (fun k -> g |> Array.averageBy (fun p -> p[k])))

        rows |> Array.sumBy (fun p -> distance centres[nearest p] p), rows |> Array.map nearest

    Seq.init 10 run |> Seq.minBy fst |> snd

let results =
    [
        for key in 0 .. keys - 1 do
            let parameters = train (Key.create (uint64 key))

            let test =
                Array.init 20 (fun b -> pointsOf (cloud (Key.create 99UL |> Key.fold key |> Key.fold b)))

            let mean (cluster: float[,] -> int[]) =
                test |> Array.averageBy (cluster >> error)

            let learned points =
                network |> Model.predict parameters points |> forest

            if key = 0 && fsi.CommandLineArgs.Length > 1 then
                for name, solution in [ "coordinates", forest test[0]; "learned", learned test[0] ] do
                    let names = namesOf solution
                    let edges = solution[.. graph.Edges - 1]

                    { GraphChart.ofGraph (Array.init n (fun i -> test[0][i, 0], -test[0][i, 1])) graph edges edges with
                        Title = $"Trees of the best forest, {name}: error {100.0 * error names:F0}%%"
                        Groups = names |> Array.map (fun name -> Array.IndexOf(Array.distinct names, name))
                        Edges = [||]
                    }
                    |> GraphChart.chart
                    |> Chart.save (Path.Combine(fsi.CommandLineArgs[1], $"clustering-{name}.svg"))

            mean kMeans, mean (forest >> namesOf), mean (learned >> namesOf)
    ]

let report (name: string) (values: float list) =
    let mean = List.average values
    let deviation = values |> List.sumBy (fun v -> (v - mean) ** 2.0)
    printfn "%-32s %5.1f ± %.1f%%" name (100.0 * mean) (100.0 * sqrt (deviation / float (keys * (keys - 1))))

printfn "points outside of their class's cluster, of 20 clouds of %d points, over %d keys:" n keys
report "k-means on coordinates" [ for m, _, _ in results -> m ]
report "best forest on coordinates" [ for _, f, _ in results -> f ]
report "best forest on learned points" [ for _, _, l in results -> l ]
