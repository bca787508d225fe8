// The shortest path over a map of characters, and the probability that it crosses each cell once the costs are
// uncertain.
//     dotnet build -c Release && dotnet fsi scripts/grid-path.fsx
#load "references.fsx"

open System
open Perturbed.Functional

// Meadow costs 1, forest 2.5, water 9; the path goes from the top left to the bottom right.
let map =
    [|
        "......ffffff............"
        ".....fffffff....fff....."
        "....fff..ff....fffff...."
        "...ff..........ffff.~~.."
        "..........~~~~.....~~~.."
        "....ff...~~~~~~~..~~~..."
        "...ffff..~~~~~~~~~~~...."
        "..fffff....~~~~~~~......"
        "...fff......~~~~........"
        "............~~~....ff..."
        "....~~~.....fff...fff..."
        "...~~~~~...fffff........"
    |]

let rows, columns = map.Length, map[0].Length

let cost (c: char) =
    if c = '~' then 9.0
    elif c = 'f' then 2.5
    else 1.0

let costs = map |> Array.collect (fun line -> line.ToCharArray() |> Array.map cost)
let theta = costs |> Array.map (fun c -> -c)

let draw (cell: int -> char) =
    for r in 0 .. rows - 1 do
        printfn "  %s" (String(Array.init columns (fun c -> cell (columns * r + c))))

let ground (i: int) = map[i / columns][i % columns]

// A step may cost nothing under the noise, never less.
let oracle = Oracle.gridPath GridMoves.Eight NegativeCosts.ClampToZero rows columns
let path = oracle |> Oracle.solve theta

printfn "the map (. meadow 1, f forest 2.5, ~ water 9) and its cheapest path (#):"
draw (fun i -> if path[i] = 1.0 then '#' else ground i)

let soft = perturb oracle Noise.gaussian 0.5 4000
let probability = soft |> Smoothed.maximizer theta

printfn "with noise of 0.5 on each cell: the probability of crossing a cell, in tenths"

draw (fun i ->
    if probability[i] > 0.995 then
        '#'
    elif probability[i] >= 0.1 then
        char (int '0' + int (10.0 * probability[i]))
    elif probability[i] >= 0.01 then
        '+'
    else
        ground i)

let estimate = soft |> Smoothed.estimate theta

printfn
    "cost of the cheapest path %.2f; its mean under the noise %.2f ± %.2f"
    -(Array.sum (Array.map2 (*) path theta))
    -estimate.Maximum
    estimate.MaximumStandardError

// The pullback answers: whose cost decides on which side the path passes the lake? It comes from calls of the solver
// alone.
let middle =
    Array.init (rows * columns) (fun i -> if i / columns = 5 && i % columns < 9 then 1.0 else 0.0)

let _, pullback = soft |> Smoothed.pullback theta
let sensitivity = pullback middle

printfn "passing the lake on its left: + where a lower cost makes it likelier, - where it makes it less likely"

let scale = sensitivity |> Array.map abs |> Array.max

draw (fun i ->
    if sensitivity[i] > 0.25 * scale then '+'
    elif sensitivity[i] < -0.25 * scale then '-'
    elif ground i = '~' then '~'
    else '.')
