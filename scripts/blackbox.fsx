// Any solver can be smoothed: here a user's own knapsack, by brute force, in ten lines. It is never differentiated,
// only called.
//     dotnet build -c Release && dotnet fsi scripts/blackbox.fsx
#load "references.fsx"

open Perturbed.Functional

let weights = [| 3; 4; 2; 5; 6 |]
let capacity = 10

let knapsack (values: float[]) =
    let chosen (set: int) =
        Array.init 5 (fun i -> float ((set >>> i) &&& 1))

    let fits (y: float[]) =
        Array.sum (Array.map2 (fun w t -> float w * t) weights y) <= float capacity

    Seq.init 32 chosen
    |> Seq.filter fits
    |> Seq.maxBy (fun y -> Array.sum (Array.map2 (*) values y))

let oracle = Oracle.ofFunction 5 knapsack |> Oracle.withName "knapsack"
let soft = perturb oracle Noise.gaussian 0.5 2000
let values = [| 2.0; 3.1; 1.4; 3.9; 4.2 |]

printfn "values          %A" values
printfn "hard choice     %A" (oracle |> Oracle.solve values)
printfn "smoothed choice %A" (soft |> Smoothed.maximizer values)
printfn "the best sets, by probability:"

for outcome in soft |> Smoothed.distribution values |> Array.truncate 3 do
    printfn "  %A  %.3f ± %.3f" outcome.Solution outcome.Probability outcome.StandardError

// Learn values under which a wanted choice is the best one: gradient steps on the Fenchel-Young loss, whose gradient
// is prediction − target.
let wanted = [| 1.0; 1.0; 1.0; 0.0; 0.0 |]

let step (values: float[]) (k: int) =
    let gradient =
        soft
        |> Smoothed.withSamples 100
        |> Smoothed.withKey (Key.fold k (Key.create 7UL))
        |> FenchelYoung.gradient values wanted

    Array.map2 (fun v g -> v - 0.2 * g) values gradient

let learned = List.fold step values [ 1..100 ]
printfn "learned values  %A" (learned |> Array.map (fun v -> System.Math.Round(v, 2)))
printfn "their choice    %A" (oracle |> Oracle.solve learned)
