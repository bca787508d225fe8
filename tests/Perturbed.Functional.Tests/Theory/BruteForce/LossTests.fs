/// Tier (b): Fenchel-Young losses against their definition over enumerated samples.
module Perturbed.Functional.Tests.Theory.BruteForce.LossTests

open System
open Expecto
open Perturbed.Functional
open Perturbed.Functional.Tests.Theory
open Perturbed.Functional.Tests.Theory.BruteForce.Settings
open Xunit

/// εΩ(y) at a solution, by definition the supremum of ⟨θ, y⟩ − F_ε(θ): −⟨ε E Z, y⟩, reached where θ goes to infinity in a direction of y's cone.
let private regularizer (case: Instance) (y: float[]) : float =
    match case.Setting.Smoothed.Perturbation with
    | Perturbation.Multiplicative -> 0.0
    | Perturbation.Additive ->
        let mean = (Laws.ofNoise case.Setting.Smoothed.Noise).Mean
        -Array.sum(Array.mapi (fun i yi -> Naive.epsilonOf case.Setting i * mean * yi) y)

let private targetOf (case: Instance) =
    case.Vertices[case.Setting.Smoothed.Samples % case.Vertices.Length]

let tests: Test list =
    [
        testCase
            "The Fenchel-Young value is the enumerated F_eps + eps Omega - <theta, y>, where Omega is known"
            (fun () ->
                each instances (fun case ->
                    let op = case.Setting.Smoothed
                    let y = targetOf case
                    let value = Naive.draws case.Setting case.Theta |> Array.map _.Value |> Naive.meanOf
                    let loss = FenchelYoung.value case.Theta y op
                    let product = Vertices.dot case.Theta y

                    let size =
                        value.Size + Array.fold2 (fun sum t yi -> sum + abs (t * yi)) 0.0 case.Theta y

                    if loss.IsTrueLoss then
                        near size (regularizer case y) loss.Regularizer
                        near size (value.Value + regularizer case y - product) loss.Value
                    else
                        near size (value.Value - product) loss.Value

                    if op.Samples > 1 then
                        let square = value.Size * value.Size / float (op.Samples - 1)
                        near square (value.Error * value.Error) (loss.StandardError * loss.StandardError)))

        testCase
            "Omega is known at every solution of argmax, top k, ranking and grid paths under additive noise with a mean"
            (fun () ->
                each instances (fun case ->
                    match case.Setting.Smoothed.Oracle.Polytope, case.Setting.Smoothed.Perturbation with
                    | (Polytope.Simplex _ | Polytope.Hypersimplex _ | Polytope.Permutahedron _ | Polytope.GridPaths _),
                      Perturbation.Additive ->
                        let loss = FenchelYoung.value case.Theta (targetOf case) case.Setting.Smoothed
                        Assert.True loss.IsTrueLoss
                    | _ -> ()))

        testCase
            "The Fenchel-Young gradient is the enumerated mean of the gradients of F less the target: y, or y times the factor"
            (fun () ->
                each instances (fun case ->
                    let op = case.Setting.Smoothed
                    let y = targetOf case
                    let draws = Naive.draws case.Setting case.Theta
                    let _, both = FenchelYoung.valueAndGradient case.Theta y op
                    let alone = FenchelYoung.gradient case.Theta y op

                    for i in 0 .. y.Length - 1 do
                        let slopes =
                            draws
                            |> Array.map (fun s ->
                                match op.Perturbation with
                                | Perturbation.Additive -> s.Solution[i]
                                | Perturbation.Multiplicative -> s.Solution[i] * s.Factor[i])
                            |> Naive.meanOf

                        near (slopes.Size + abs y[i]) (slopes.Value - y[i]) both[i]
                        near (slopes.Size + abs y[i]) (slopes.Value - y[i]) alone[i]))

        testCase "Inside the simplex Omega is known under Gumbel noise: eps sum of y log y, less the mean" (fun () ->
            let theta, y = [| 0.3; -0.8; 1.2 |], [| 0.2; 0.5; 0.3 |]
            let entropy = y |> Array.sumBy (fun p -> p * log p)

            for law in [ Laws.gumbel; Laws.centredGumbel ] do
                let op = perturb (Oracle.argmax 3) law.Noise 0.4 300
                let setting = Naive.ofVertices (Vertices.simplex 3) op
                let maximum = Naive.draws setting theta |> Array.averageBy _.Value
                let loss = FenchelYoung.value theta y op
                Assert.True loss.IsTrueLoss
                near 5.0 (maximum + 0.4 * (entropy - law.Mean) - Vertices.dot theta y) loss.Value

            let unknown =
                FenchelYoung.value theta y (perturb (Oracle.argmax 3) Noise.gaussian 0.4 300)

            Assert.False unknown.IsTrueLoss
            Assert.True(Double.IsNaN unknown.Regularizer))
    ]
