// A road network with uncertain times: the fastest way, how often each road is on it, and which roads limit the
// traffic.
//     dotnet build -c Release && dotnet fsi scripts/shortest-path.fsx
#load "references.fsx"

open Perturbed.Functional

let towns = [| "Arn"; "Bel"; "Cor"; "Dun"; "Elm"; "Fay" |]

let roads =
    [|
        0, 1, 4.0
        0, 2, 3.0
        1, 3, 5.0
        2, 1, 1.5
        2, 4, 6.0
        1, 4, 4.5
        3, 5, 4.0
        4, 3, 1.0
        4, 5, 4.5
    |]

let graph =
    Digraph(6, roads |> Array.map (fun (a, _, _) -> a), roads |> Array.map (fun (_, b, _) -> b))

let theta = roads |> Array.map (fun (_, _, minutes) -> -minutes)
let oracle = graph |> Oracle.shortestPath NegativeEdges.Reject 0 5
let fastest = oracle |> Oracle.solve theta
let soft = perturb oracle Noise.gaussian 1.0 5000
let estimate = soft |> Smoothed.estimate theta

// How much the mean time grows with a minute on each road is the probability of the road.
printfn "road         minutes  fastest  probability"

roads
|> Array.iteri (fun e (a, b, minutes) ->
    let bar = String.replicate (int (30.0 * estimate.Maximizer[e])) "#"
    printfn "%s -> %s %10.1f %8.0f  %.3f %s" towns[a] towns[b] minutes fastest[e] estimate.Maximizer[e] bar)

printfn "mean of the fastest time %.2f ± %.2f" -estimate.Maximum estimate.MaximumStandardError

// The same roads with capacities: the probability of a road to be in the minimum cut is the gain of a little more
// capacity there.
let capacities = [| 5.0; 4.0; 3.0; 2.0; 3.0; 3.0; 4.0; 1.0; 4.0 |]
let cut = graph |> Oracle.minimumCut NegativeCosts.ClampToZero 0 5

let bottleneck =
    perturb cut Noise.gaussian 0.5 5000
    |> Smoothed.maximizer (capacities |> Array.map (fun c -> -c))

printfn "road         capacity  probability of limiting the flow"

roads
|> Array.iteri (fun e (a, b, _) ->
    printfn
        "%s -> %s %10.1f  %.3f %s"
        towns[a]
        towns[b]
        capacities[e]
        bottleneck[e]
        (String.replicate (int (30.0 * bottleneck[e])) "#"))
