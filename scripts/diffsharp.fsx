// A perturbed ranking inside a DiffSharp program: a model of scores is trained by gradient descent through y*_ε, and the
// curvature of the loss along the last step is a Hessian-vector product of the whole program. Run by
// scripts/test-diffsharp.sh, which builds Perturbed.Functional.DiffSharp.
#I "../src/Perturbed.Functional.DiffSharp/bin/Release/net10.0"
#I "../tests/Perturbed.Functional.DiffSharp.Tests/bin/Release/net10.0"
#r "DiffSharp.Core.dll"
#r "DiffSharp.Backends.Reference.dll"
#r "Perturbed.Kernels.dll"
#r "Perturbed.Functional.dll"
#r "Perturbed.Functional.DiffSharp.dll"

open DiffSharp
open Perturbed.Functional

dsharp.config (dtype = Dtype.Float64)

// 40 instances of 3 features, ranked by their products with 5 hidden weight vectors.
let instances, features, items = 40, 3, 5

let tensor (numbers: float[,]) : Tensor =
    dsharp.tensor (numbers, dtype = Dtype.Float64)

let draw rows columns key =
    Noise.sample columns rows (Key.create key) Noise.gaussian |> tensor

let number (t: Tensor) : float = System.Convert.ToDouble(t.toScalar ())
let x = draw instances features 1UL
let hidden = draw features items 2UL
let scores = x.matmul hidden

let ranks =
    Oracle.ranking items
    |> Oracle.solveBatch (Array2D.init instances items (fun r i -> number scores[r, i]))
    |> tensor

let soft = perturb (Oracle.ranking items) Noise.gaussian 0.5 20

// The squared distance of soft ranks from the ranks, of weights that stand flat; noise by the number of the step.
let loss (step: int) (weights: Tensor) : Tensor =
    let theta = x.matmul (weights.view [| features; items |])

    let y =
        soft
        |> Smoothed.withKey (Key.fold step (Key.create 7UL))
        |> Autodiff.maximizer theta

    ((y - ranks) * (y - ranks)).sum() / float instances

let rate = 0.02
let mutable weights = dsharp.zeros [| features * items |]

for step in 0..200 do
    let value, gradient = dsharp.fgrad (loss step) weights

    if step % 50 = 0 then
        printfn "step %3d   loss %.3f" step (number value)

    weights <- weights - rate * gradient

let direction = dsharp.grad (loss 201) weights

let curvature =
    (dsharp.hessianv (loss 201) weights direction * direction).sum()
    / (direction * direction).sum()

printfn "curvature along the gradient %.3f" (number curvature)
