// The example of the README: a ranking that can be differentiated.
//     dotnet build -c Release && dotnet fsi scripts/quickstart.fsx
#load "references.fsx"

open Perturbed.Functional

let softRank = perturb (Oracle.ranking 5) Noise.gaussian 0.5 1000
let theta = [| 2.0; -1.0; 0.3; 4.1; 0.9 |]

let y = softRank |> Smoothed.maximizer theta // y*_ε(θ), inside the permutahedron
let f = softRank |> Smoothed.maximum theta // F_ε(θ)
let j = softRank |> Smoothed.jacobian theta // ∂y*_ε/∂θ
let y', pullback = softRank |> Smoothed.pullback theta // value and vector-Jacobian product, from one set of solves

let loss, gradient =
    softRank |> FenchelYoung.valueAndGradient theta [| 4.0; 1.0; 2.0; 5.0; 3.0 |]

let show (values: float[]) =
    values |> Array.map (sprintf "%7.3f") |> String.concat " "

printfn "theta             %s" (show theta)
printfn "smoothed ranks    %s" (show y)
printfn "perturbed maximum %7.3f" f
printfn "row 3 of J        %s" (show j[2, *])
printfn "pullback of ranks %s" (show (pullback y'))
printfn "loss              %7.3f ± %.3f" loss.Value loss.StandardError
printfn "gradient          %s" (show gradient)
