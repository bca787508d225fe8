/// Random operators, and all that they answer, as bits.
module Perturbed.Functional.Cluster.Tests.Operators

open System
open Perturbed.Functional
open Perturbed.Functional.Cluster

let private oracles: Lazy<Oracle[]> =
    lazy
        ([|
            Oracle.argmax 7
            Oracle.argmax 150
            Oracle.ranking 7
            Oracle.rankingOf [| 3.0; 1.0; 4.0; 1.5; 9.0; 2.0; 6.0 |]
            Oracle.topK 3 7
            Oracle.assignment 3 3
            Oracle.knapsack [| 3; 4; 2; 5; 1; 2; 7 |] 9
            Oracle.unitBox 7
            Oracle.l1Ball 2.0 7
            Oracle.finiteSet (Array2D.init 4 7 (fun i j -> float ((i * 5 + j * 3) % 7)))
            Oracle.tsp 4
            TestOracles.registry.Oracle("signs", [||])
            TestOracles.registry.Oracle("forest", 4.0)
        |])

let private noises: INoise[] =
    [|
        Noise.gaussian
        Noise.gumbel
        Noise.centredGumbel
        Noise.logistic
        Noise.laplace
        Noise.studentT 3.0
        Noise.sumOfGamma 2.0 5 1.0
        TestOracles.ownNoise
    |]

/// An operator that a number decides, with how many rows to ask it at.
let operator (number: int) : Smoothed * int =
    let random = Random(number)
    let pick (choices: 'a[]) : 'a = choices[random.Next choices.Length]
    let oracle = pick oracles.Value
    let noise = pick noises
    let isUser = oracle.Name = "function"

    let samples = pick [| 1; 2; 17; 100; 700; 2500; (if isUser then 300 else 12_345) |]

    let op =
        perturb oracle noise (0.3 + random.NextDouble()) samples
        |> Smoothed.withKey (Key.create (uint64 number))
        |> Smoothed.withFirstRow (int64 (random.Next 5))
        |> Smoothed.withVarianceReduction (
            pick [|
                VarianceReduction.LeaveOneOut
                VarianceReduction.LeaveOneOut
                VarianceReduction.None
                VarianceReduction.Baseline
            |]
        )

    let op =
        match random.Next 4 with
        | 0 ->
            op
            |> Smoothed.withEpsilons (Array.init oracle.Dimension (fun _ -> 0.2 + random.NextDouble()))
        | 1 when noise.Name = "gaussian" && samples > 1 ->
            op
            |> Smoothed.withSampling (
                pick [|
                    SamplingDesign.Antithetic
                    SamplingDesign.Orthogonal
                    SamplingDesign.LatinHypercube 3
                    SamplingDesign.Sobol 2
                |]
            )
        | 2 when noise.Name = "gaussian" -> op |> Smoothed.withPerturbation Perturbation.Multiplicative
        | _ -> op

    op, random.Next(1, 5)

let random (rows: int) (columns: int) (seed: int) : float[,] =
    Noise.gaussian |> Noise.sample columns rows (Key.create (uint64 (1000 + seed)))

/// What an operator answers to a batch, by name, as bits.
let answers (op: Smoothed) (rows: int) (seed: int) : (string * int64[]) list =
    let d, k = op.Oracle.Dimension, op.Oracle.SolutionDimension
    let thetas = random rows d seed
    let cotangents, tangents = random rows k (seed + 1), random rows d (seed + 2)

    let numbers (values: Array) =
        values |> Seq.cast<float> |> Array.ofSeq

    let both (answer: Uncertain<float[,]>) =
        Array.append (numbers answer.Value) (numbers answer.StandardErrors)

    [
        "maximizer", (fun () -> op |> Batch.maximizer thetas |> numbers)
        "estimate",
        (fun () ->
            op
            |> Batch.estimate thetas
            |> Array.collect (fun e ->
                Array.concat [
                    e.Maximizer
                    e.MaximizerStandardErrors
                    [| e.Maximum; e.MaximumStandardError; (if e.SamplesAgree then 1.0 else 0.0) |]
                ]))
        "Jacobian", (fun () -> op |> Smoothed.jacobian thetas[0, *] |> numbers)
        "vector-Jacobian product", (fun () -> op |> Batch.vectorJacobian cotangents thetas |> both)
        "Jacobian-vector product", (fun () -> op |> Batch.jacobianVector tangents thetas |> both)
        "pullback",
        (fun () ->
            let y, agree, back = op |> Batch.pullbackWithAgreement thetas
            Array.concat [ numbers y; agree |> Array.map (fun a -> if a then 1.0 else 0.0); numbers (back cotangents) ])
        if d = k then
            "Fenchel-Young gradient",
            fun () ->
                let target = op.Oracle |> Oracle.solve (tangents[0, *])
                op |> FenchelYoung.gradient thetas[0, *] target
    ]
    |> List.map (fun (name, ask) ->
        try
            name, ask () |> Array.map BitConverter.DoubleToInt64Bits
        with :? ArgumentException as error ->
            // What is refused is refused alike.
            name, error.Message |> Seq.map int64 |> Array.ofSeq)

/// What differs between one machine and a cluster; nothing.
let differences (client: PerturbedClient) (op: Smoothed) (rows: int) (seed: int) : string list =
    [
        for (name, expected), (_, actual) in
            List.zip (answers op rows seed) (answers (op |> Smoothed.onCluster client) rows seed) do
            if expected <> actual then
                $"{op}, {op.VarianceReduction}, {rows} rows: {name}"
    ]
