// Round trips and packing: the likeliest tour of nine cities, drawn, and a knapsack whose gains are uncertain.
//     dotnet build -c Release && dotnet fsi scripts/tsp.fsx
#load "references.fsx"

open System
open Perturbed.Functional

let cities =
    [|
        4.0, 2.0
        20.0, 1.0
        38.0, 3.0
        52.0, 2.0
        57.0, 9.0
        44.0, 13.0
        29.0, 8.0
        16.0, 14.0
        3.0, 11.0
    |]

let graph = Graph.Complete cities.Length

// θ = −distance; a row of text is as high as two columns are wide.
let theta =
    Array.init graph.Edges (fun e ->
        let (ax, ay), (bx, by) = cities[graph.From[e]], cities[graph.To[e]]
        -sqrt((ax - bx) ** 2.0 + 4.0 * (ay - by) ** 2.0))

let draw (marks: float -> char option) (y: float[]) =
    let map = Array2D.create 16 62 ' '

    for e in 0 .. graph.Edges - 1 do
        match marks y[e] with
        | None -> ()
        | Some mark ->
            let (ax, ay), (bx, by) = cities[graph.From[e]], cities[graph.To[e]]

            for s in 0.0..0.02..1.0 do
                map[int (Math.Round((1.0 - s) * ay + s * by)), int (Math.Round((1.0 - s) * ax + s * bx))] <- mark

    cities |> Array.iteri (fun i (x, y) -> map[int y, int x] <- char (int 'A' + i))

    for row in 0..15 do
        printfn "  %s" (String(map[row, *]))

let oracle = Oracle.tsp cities.Length
let best = oracle |> Oracle.solve theta
printfn "the shortest tour:"
draw (fun p -> if p = 1.0 then Some '.' else None) best

let soft = perturb oracle Noise.gaussian 4.0 1000
printfn "perturbed: roads on more than 75%% of the tours (#), more than 40%% (+)"

soft
|> Smoothed.maximizer theta
|> draw (fun p ->
    if p > 0.75 then Some '#'
    elif p > 0.4 then Some '+'
    else None)

let nearly = Oracle.tspHeuristic 1 cities.Length |> Oracle.solve theta
let length (y: float[]) = -(Array.sum (Array.map2 (*) y theta))
printfn "length %.2f; of the heuristic's tour from one start %.2f" (length best) (length nearly)
