// The statements of docs/theory.md, each with numbers measured here and now.
//     dotnet build -c Release && dotnet fsi scripts/theory.fsx
#load "references.fsx"

open System
open Perturbed.Functional

let samples = 200_000

let check name measured error expected =
    let distance = abs (measured - expected) / error
    printfn "  %-52s %10.5f ± %.5f   expected %10.5f   %4.1f s.e." name measured error expected distance

let dot a b = Array.sum (Array.map2 (*) a b)
let theta = [| 0.7; -0.2; 0.1 |]
let epsilon = 0.6

printfn "2.1  Gumbel noise on the simplex is softmax"
let gumbel = perturb (Oracle.argmax 3) Noise.centredGumbel epsilon samples
let exact = theta |> Array.map (fun t -> exp (t / epsilon))
let softmax = exact |> Array.map (fun e -> e / Array.sum exact)
let estimate = gumbel |> Smoothed.estimate theta

check
    "F_eps = eps log sum exp(theta/eps)"
    estimate.Maximum
    estimate.MaximumStandardError
    (epsilon * log (Array.sum exact))

for i in 0..2 do
    check $"y*_eps[{i}] = softmax[{i}]" estimate.Maximizer[i] estimate.MaximizerStandardErrors[i] softmax[i]

let y = [| 0.5; 0.2; 0.3 |]
let dual = gumbel |> Regularizer.solveAt 1e-4 y
check "Omega(y) = sum y log y" dual.Value dual.StandardError (dot y (Array.map log y))

printfn "2.2  the gradient of F_eps is y*_eps, and scales with eps"
let rank = perturb (Oracle.ranking 3) Noise.gaussian 0.5 1000

let doubled =
    rank
    |> Smoothed.withEpsilon 1.0
    |> Smoothed.maximizer (Array.map (fun t -> 2.0 * t) theta)

printfn
    "  y*_eps(theta) - y*_1(theta/eps), sample by sample:     %A"
    (Array.map2 (-) (rank |> Smoothed.maximizer theta) doubled)

let h = 1e-6

for i in 0..2 do
    let shifted by =
        rank
        |> Smoothed.maximum (theta |> Array.mapi (fun j t -> if i = j then t + by else t))

    let difference = (shifted h - shifted -h) / (2.0 * h)
    let y = rank |> Smoothed.maximizer theta
    printfn "  dF_eps/dtheta[%d] by differences %.6f, y*_eps[%d] %.6f" i difference i y[i]

printfn "2.3  limits of eps"

for e in [ 1e-3; 1e3 ] do
    printfn
        "  eps = %-7g y*_eps = %A"
        e
        (rank
         |> Smoothed.withEpsilon e
         |> Smoothed.withSamples samples
         |> Smoothed.maximizer theta)

let hard = dot (Oracle.ranking 3 |> Oracle.solve theta) theta
let gap = (rank |> Smoothed.withSamples samples |> Smoothed.maximum theta) - hard

let atZero =
    rank
    |> Smoothed.withEpsilon 1.0
    |> Smoothed.withSamples samples
    |> Smoothed.maximum [| 0.0; 0.0; 0.0 |]

printfn "  0 <= F_eps - F = %.4f <= eps F_1(0) = %.4f" gap (0.5 * atZero)

printfn "3.1  two formulas for the Jacobian, against softmax's"

for formula in [ DerivativeFormula.OfMaximizer; DerivativeFormula.OfMaximum ] do
    let j = gumbel |> Smoothed.jacobianBy formula theta
    check $"J[0, 1] {formula}" j.Value[0, 1] j.StandardErrors[0, 1] (-softmax[0] * softmax[1] / epsilon)

printfn "     Gaussian ranking: E[y_i] = 1 + sum_j Phi((theta_i - theta_j)/(eps sqrt 2))"
let ranks = rank |> Smoothed.withSamples samples |> Smoothed.estimate theta

let phi x =
    MathNet.Numerics.Distributions.Normal.CDF(0.0, 1.0, x)

for i in 0..2 do
    let expected =
        1.0
        + Seq.sum (
            seq {
                for j in 0..2 do
                    if i <> j then
                        phi ((theta[i] - theta[j]) / (0.5 * sqrt 2.0))
            }
        )

    check $"E[y_{i}]" ranks.Maximizer[i] ranks.MaximizerStandardErrors[i] expected

printfn "4.1  estimation from 2,000 solutions: intervals around the true theta (centred)"

let observed =
    gumbel
    |> Smoothed.withSamples 2000
    |> Smoothed.withKey (Key.create 5UL)
    |> Smoothed.samples theta

let fit = gumbel |> Smoothed.withSamples 50_000 |> Estimation.fit 1e-3 observed
let mean = Array.average theta

fit
|> Estimation.confidenceIntervals 0.95
|> Array.iteri (fun i (lower, upper) -> printfn "  theta[%d] = %7.4f in [%.4f, %.4f]" i (theta[i] - mean) lower upper)

printfn "4.2  one sample is enough for an unbiased gradient"
let target = [| 0.0; 1.0; 0.0 |]
let one = gumbel |> Smoothed.withSamples 1

let draws =
    Array.init 20000 (fun k ->
        one
        |> Smoothed.withKey (Key.fold k (Key.create 3UL))
        |> FenchelYoung.gradient theta target
        |> Array.head)

let average = Array.average draws

let spread =
    sqrt (draws |> Array.averageBy (fun d -> (d - average) ** 2.0)) / sqrt 20000.0

check "mean of 20,000 one-sample gradients, entry 0" average spread softmax[0]
