// Gumbel noise on the simplex: the perturbed argmax is softmax, the perturbed maximum is log-sum-exp. Sampling p_θ is
// the Gumbel-max trick.
//     dotnet build -c Release && dotnet fsi scripts/gumbel-softmax.fsx
#load "references.fsx"

open Perturbed.Functional

let theta = [| 1.0; 0.2; -0.5; 2.1 |]
let epsilon = 0.8

let softmax =
    let weights = theta |> Array.map (fun t -> exp (t / epsilon))
    weights |> Array.map (fun w -> w / Array.sum weights)

let logSumExp = epsilon * log (theta |> Array.sumBy (fun t -> exp (t / epsilon)))
let op = perturb (Oracle.argmax 4) Noise.centredGumbel epsilon 100_000
let estimate = op |> Smoothed.estimate theta

printfn "entry   softmax   perturbed argmax"

for i in 0..3 do
    printfn "%5d   %.5f   %.5f ± %.5f" i softmax[i] estimate.Maximizer[i] estimate.MaximizerStandardErrors[i]

printfn "log-sum-exp %.5f, perturbed maximum %.5f ± %.5f" logSumExp estimate.Maximum estimate.MaximumStandardError

// The Jacobian of softmax is (diag p − p pᵀ)/ε; the estimate comes from solutions and scores alone.
let jacobian = op |> Smoothed.jacobianBy DerivativeFormula.OfMaximizer theta

let worst =
    [
        for i in 0..3 do
            for j in 0..3 do
                let exact = softmax[i] * ((if i = j then 1.0 else 0.0) - softmax[j]) / epsilon

                abs (jacobian.Value[i, j] - exact) / jacobian.StandardErrors[i, j]
    ]
    |> List.max

printfn "Jacobian: the worst of 16 entries is %.1f standard errors from softmax's" worst

// The Fenchel-Young loss under Gumbel noise is the logistic loss, also at soft targets.
let target = [| 0.1; 0.2; 0.1; 0.6 |]
let loss = op |> FenchelYoung.value theta target

let logistic =
    logSumExp + epsilon * Array.sumBy (fun y -> y * log y) target
    - Array.sum (Array.map2 (*) theta target)

printfn "Fenchel-Young loss %.5f ± %.5f, logistic loss %.5f" loss.Value loss.StandardError logistic

printfn "most frequent samples:"

for outcome in op |> Smoothed.distribution theta do
    printfn "  class %d: %.4f" (Array.findIndex ((=) 1.0) outcome.Solution) outcome.Probability
