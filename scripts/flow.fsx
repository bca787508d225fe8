// Flows within capacities, and reviewers matched to papers: how likely each pipe and each pair is when gains are
// uncertain.
//     dotnet build -c Release && dotnet fsi scripts/flow.fsx
#load "references.fsx"

open Perturbed.Functional

let stations = [| "well"; "hill"; "dam"; "mill"; "town" |]

// From, to, capacity, and the loss of a unit on the way.
let pipes =
    [|
        0, 1, 4, 1.0
        0, 2, 3, 0.5
        1, 2, 2, 0.2
        1, 3, 3, 1.5
        2, 3, 2, 0.6
        2, 4, 2, 2.0
        3, 4, 4, 0.5
    |]

let graph =
    Digraph(5, pipes |> Array.map (fun (a, _, _, _) -> a), pipes |> Array.map (fun (_, b, _, _) -> b))

let oracle = graph |> Oracle.flow (pipes |> Array.map (fun (_, _, c, _) -> c)) 0 4

// A unit that leaves the well is worth 3.5, less what it loses on each pipe: some flow, but not all that fits.
let theta =
    pipes |> Array.map (fun (a, _, _, loss) -> (if a = 0 then 3.5 else 0.0) - loss)

let flow = oracle |> Oracle.solve theta
let soft = perturb oracle Noise.gaussian 0.5 5000
let estimate = soft |> Smoothed.estimate theta
printfn "pipe          capacity  best  mean"

pipes
|> Array.iteri (fun e (a, b, capacity, _) ->
    let bar = String.replicate (int (round (6.0 * estimate.Maximizer[e]))) "#"
    let rest = String.replicate (6 * capacity - bar.Length) "."
    printfn "%-4s -> %-4s %9d %5.0f %5.2f %s%s" stations[a] stations[b] capacity flow[e] estimate.Maximizer[e] bar rest)

// A gain of one on each pipe of the well alone: the maximum flow, which is the minimum cut.
let most = pipes |> Array.map (fun (a, _, _, _) -> if a = 0 then 1.0 else 0.0)
let largest = Array.map2 (*) most (oracle |> Oracle.solve most) |> Array.sum

let capacities = pipes |> Array.map (fun (_, _, c, _) -> -float c)

let cut =
    graph |> Oracle.minimumCut NegativeCosts.Reject 0 4 |> Oracle.solve capacities

printfn "maximum flow %.0f, minimum cut %.0f" largest -(Array.map2 (*) capacities cut |> Array.sum)

// Each paper needs two reviewers, and each reviewer reads at most two: a b-matching. The scores are guesses.
let reviewers = [| "Ada"; "Ben"; "Cem"; "Dia" |]
let papers = [| "graphs"; "logic"; "noise" |]

let scores =
    [| [| 0.9; 0.1; 0.6 |]; [| 0.8; 0.7; 0.2 |]; [| 0.3; 0.6; 0.5 |]; [| 0.4; 0.5; -0.2 |] |]
    |> Array.concat

let matching = Oracle.bMatching (Array.create 4 2) (Array.create 3 2)
let best = matching |> Oracle.solve scores

let likely = perturb matching Noise.gaussian 0.2 5000 |> Smoothed.maximizer scores

printfn "%-8s%s" "" (papers |> Array.map (sprintf "%12s") |> String.concat "")

for i in 0..3 do
    Array.init 3 (fun j -> sprintf "%6.2f %s" likely[3 * i + j] (if best[3 * i + j] = 1.0 then "[yes]" else "     "))
    |> String.concat ""
    |> printfn "%-8s%s" reviewers[i]
