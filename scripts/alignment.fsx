// Two sequences aligned, the likeliest alignments under uncertain scores, and the probability of each pair of letters
// drawn as a map.
//     dotnet build -c Release && dotnet fsi scripts/alignment.fsx
#load "references.fsx"

open Perturbed.Functional

let first, second = "GATTACAGATTA", "GATCAGGTTTA"
let n, m = first.Length, second.Length

let theta =
    Alignment.scores (fun a b -> if a = b then 2.0 else -1.0) -2.0 -0.5 first second

let oracle = Oracle.alignment n m

printfn
    "%s"
    (oracle
     |> Oracle.solve theta
     |> Alignment.render AlignmentKind.Global first second)

let soft = perturb oracle Noise.gaussian 0.5 5000
let pairs = soft |> Smoothed.maximizer theta

printfn "\nthe probability of each pair, in tenths (# = more than 0.95)"
printfn "    %s" (second.ToCharArray() |> Array.map string |> String.concat " ")

for i in 0 .. n - 1 do
    Array.init m (fun j ->
        let p = pairs[m * i + j]

        if p > 0.95 then "#"
        elif p < 0.05 then "."
        else string (int (10.0 * p)))
    |> String.concat " "
    |> printfn "  %c %s" first[i]

printfn "\nthe likeliest alignments:"

for outcome in soft |> Smoothed.distribution theta |> Array.truncate 2 do
    printfn "%.3f ± %.3f" outcome.Probability outcome.StandardError
    printfn "%s" (Alignment.render AlignmentKind.Global first second outcome.Solution)
