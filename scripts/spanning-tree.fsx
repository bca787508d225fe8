// Clustering with derivatives: points in the plane, the tree and the forest of shortest edges, and the probability
// that two points belong together.
//     dotnet build -c Release && dotnet fsi scripts/spanning-tree.fsx
#load "references.fsx"

open System
open Perturbed.Functional

// Three groups of six points and one point between two of them, on a map of 64 × 20 characters.
let centres = [| 12.0, 5.0; 50.0, 5.0; 30.0, 16.0 |]
let spread = Noise.gaussian |> Noise.sample 36 1 (Key.create 3UL)

let points =
    [|
        for i in 0..17 do
            let x, y = centres[i / 6]
            x + 4.0 * spread[0, 2 * i], y + 1.6 * spread[0, 2 * i + 1]
        31.0, 6.0
    |]

let n = points.Length
let graph = Graph.Complete n

// θ = −distance of each pair, the upper triangle row by row; a row of text is as high as two columns are wide.
let theta =
    [|
        for i in 0 .. n - 1 do
            for j in i + 1 .. n - 1 do
                let dx, dy = fst points[i] - fst points[j], 2.0 * (snd points[i] - snd points[j])
                -sqrt(dx * dx + dy * dy)
    |]

let draw (edges: (int * int) seq) (label: int -> char) =
    let map = Array2D.create 20 64 ' '

    let put (x: float) (y: float) (c: char) =
        map[y |> Math.Round |> int |> max 0 |> min 19, x |> Math.Round |> int |> max 0 |> min 63] <- c

    for i, j in edges do
        for s in 0.02..0.02..0.98 do
            put ((1.0 - s) * fst points[i] + s * fst points[j]) ((1.0 - s) * snd points[i] + s * snd points[j]) '.'

    points |> Array.iteri (fun i (x, y) -> put x y (label i))

    for row in 0..19 do
        printfn "  |%s|" (String(map[row, *]))

let edgesOf (y: float[]) : (int * int) list =
    [
        for e in 0 .. graph.Edges - 1 do
            if y[e] = 1.0 then
                graph.From[e], graph.To[e]
    ]

printfn "the spanning tree of smallest length:"
draw (Oracle.spanningTree graph |> Oracle.solve theta |> edgesOf) (fun _ -> 'o')

// A solution of `clusters` is the forest's edges and then the n × n matrix of who is in one tree.
let clusters = Oracle.clusters LinkConstraints.None 3 graph

let matrixOf (solution: float[]) =
    Array2D.init n n (fun i j -> solution[graph.Edges + n * i + j])

let letters (together: float[,]) (i: int) =
    let first = Array.findIndex (fun t -> t > 0.5) together[i, *]
    char (int 'a' + first)

let forest = clusters |> Oracle.solve theta
printfn "the forest of 3 trees; one letter a cluster:"
draw (edgesOf forest) (letters (matrixOf forest))

let soft = perturb clusters Noise.gaussian 4.0 2000
let together = soft |> Smoothed.maximizer theta |> matrixOf

printfn
    "perturbed: the probability, in tenths, that two points are in one cluster (* = always; the last point is the one between):"

for i in 0 .. n - 1 do
    together[i, *]
    |> Array.map (fun p ->
        if p > 0.995 then "*"
        elif p < 0.05 then "."
        else string (int (10.0 * p)))
    |> String.concat " "
    |> printfn "  %s"

// Knowing that the point between belongs to the third group changes the clusters.
let known =
    Oracle.clusters (LinkConstraints([| struct (12, 18) |], [| struct (0, 6) |])) 3 graph

let informed =
    perturb known Noise.gaussian 4.0 2000 |> Smoothed.maximizer theta |> matrixOf

printfn "the last point is with point 0, 6, 12 with probability"
printfn "  %.2f, %.2f, %.2f" together[18, 0] together[18, 6] together[18, 12]
printfn "and where it is known to be with 12, and 0 not with 6:"
printfn "  %.2f, %.2f, %.2f" informed[18, 0] informed[18, 6] informed[18, 12]
