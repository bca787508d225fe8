// What to pack when the worth of things is only known roughly: probabilities of items, and the loss that learns worths
// from packed bags.
//     dotnet build -c Release && dotnet fsi scripts/knapsack.fsx
#load "references.fsx"

open Perturbed.Functional

let items = [| "tent"; "stove"; "rope"; "book"; "coat"; "lamp"; "map" |]
let weights = [| 30; 14; 11; 6; 16; 5; 1 |]
let worths = [| 9.0; 5.0; 3.0; 2.0; 6.0; 2.5; 1.0 |]

let oracle = Oracle.knapsack weights 50
let packed = oracle |> Oracle.solve worths
let soft = perturb oracle Noise.gaussian 1.0 5000
let estimate = soft |> Smoothed.estimate worths

printfn "item    weight  worth  best  probability"

for i in 0 .. items.Length - 1 do
    let bar = String.replicate (int (30.0 * estimate.Maximizer[i])) "#"
    printfn "%-7s %6d %6.1f %5.0f  %.3f %s" items[i] weights[i] worths[i] packed[i] estimate.Maximizer[i] bar

// A bag that someone packed; gradient steps on the Fenchel-Young loss find worths that explain it.
let seen = [| 0.0; 1.0; 1.0; 1.0; 1.0; 0.0; 1.0 |]

let step (theta: float[]) (k: int) =
    let gradient =
        soft
        |> Smoothed.withSamples 200
        |> Smoothed.withKey (Key.fold k (Key.create 7UL))
        |> FenchelYoung.gradient theta seen

    Array.map2 (fun t g -> t - 0.5 * g) theta gradient

let learned = List.fold step worths [ 1..60 ]
printfn "the bag seen    %A" seen
printfn "worths learned  %A" (learned |> Array.map (fun w -> System.Math.Round(w, 1)))
printfn "their best bag  %A" (oracle |> Oracle.solve learned)
