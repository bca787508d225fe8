// Routes of two vans with time windows, when driving times are uncertain: how likely each way is driven. OR-Tools'
// routing is a heuristic; the tour of one van without windows is compared with exact ones.
//     dotnet build -c Release && dotnet fsi scripts/vehicle-routing.fsx
#load "ortools-references.fsx"

open System
open System.Diagnostics
open Google.OrTools.ConstraintSolver
open Perturbed.Functional

let places = [| 0, 0; 2, 3; 5, 1; 4, 4; 1, 6; 6, 5; 3, -2; -2, 2 |]
let windows = [| 0, 40; 0, 10; 4, 14; 5, 20; 6, 22; 10, 30; 0, 12; 0, 9 |]
let n = places.Length

let minutes (i: int) (j: int) =
    let (x, y), (x', y') = places[i], places[j]
    int64 (abs (x - x') + abs (y - y'))

// Row i of the matrix without its diagonal, as the oracle has it.
let pairs =
    [|
        for i in 0 .. n - 1 do
            for j in 0 .. n - 1 do
                if i <> j then
                    i, j
    |]

let theta = pairs |> Array.map (fun (i, j) -> -(float (minutes i j)))

let routes () =
    let manager = new RoutingIndexManager(n, 2, 0)
    let model = new RoutingModel(manager)
    let times = Array.init n (fun i -> Array.init n (fun j -> minutes i j))

    model.AddDimension(model.RegisterTransitMatrix times, 30L, 60L, false, "time")
    |> ignore

    let clock = model.GetMutableDimension "time"

    for place in 1 .. n - 1 do
        let opens, closes = windows[place]
        clock.CumulVar(manager.NodeToIndex place).SetRange(int64 opens, int64 closes)

    manager, model

let oracle = OrToolsOracle.ofRouting routes

let show (y: float[]) =
    Array.zip pairs y |> Array.filter (fun (_, p) -> p > 0.5) |> Array.map fst

let watch = Stopwatch.StartNew()
let y = oracle |> Oracle.solve theta
printfn "two vans with windows: %.0f minutes, ways %A" -(Array.map2 (*) theta y |> Array.sum) (show y)
let soft = perturb oracle Noise.gaussian 1.0 50
let probability = soft |> Smoothed.maximizer theta
printfn "ways by their probability (50 samples, %.0f ms)" watch.Elapsed.TotalMilliseconds

for (i, j), p in Array.zip pairs probability |> Array.sortByDescending snd |> Array.truncate 10 do
    printfn "  %d -> %d  %.2f" i j p

// One van, no windows: a travelling salesman.
let one () =
    let manager = new RoutingIndexManager(n, 1, 0)
    manager, new RoutingModel(manager)

let edges =
    [|
        for i in 0 .. n - 1 do
            for j in i + 1 .. n - 1 -> -(float (minutes i j))
    |]

printfn "\n%-28s %8s %10s" "one van" "minutes" "ms"

let row (name: string) (oracle: Oracle) (theta: float[]) =
    oracle |> Oracle.solve theta |> ignore
    let watch = Stopwatch.StartNew()
    let y = oracle |> Oracle.solve theta
    printfn "%-28s %8.0f %10.2f" name -(Array.map2 (*) theta y |> Array.sum) watch.Elapsed.TotalMilliseconds

row "routing (heuristic)" (OrToolsOracle.ofRouting one) theta
row "CP-SAT circuit, directed" (OrToolsOracle.asymmetricTsp OrToolsOptions.Default n) theta
row "CP-SAT circuit" (OrToolsOracle.tsp OrToolsOptions.Default n) edges
row "core's dynamic program" (Oracle.tsp n) edges
