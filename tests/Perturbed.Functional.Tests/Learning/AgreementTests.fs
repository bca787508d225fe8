/// Rows whose samples all have one solution: counted by the losses, and told by the epochs.
module Perturbed.Functional.Tests.Learning.AgreementTests

open Expecto
open Perturbed.Functional
open Xunit

let private key = Key.create 3UL

/// Row r has gaps of 10^-r.
let private thetas =
    Array2D.init 6 3 (fun r c -> 10.0 ** float -r * float ((2 * c + r) % 3 + 1))

let private hull =
    array2D [ [ 0.1; 0.7; 0.3 ]; [ 0.6; -0.2; 0.9 ]; [ -0.4; 0.2; 0.7 ] ]

let private oracles: Oracle list =
    [
        Oracle.argmax 3
        Oracle.topK 2 3
        Oracle.ranking 3
        Oracle.finiteSet hull
        Oracle.ofFunction 3 (fun theta -> theta |> Array.map (fun t -> if t > 0.5 then 0.3 else -0.0))
        Oracle.linearProgram (array2D [ [ 1.0; 1.0; 1.0 ]; [ 1.0; 3.0; 0.5 ] ]) [| 1.0; 0.7 |]
    ]

let private designs: (string * (Smoothed -> Smoothed)) list =
    [
        "independent", id
        "one thread", Smoothed.withThreads 1
        "antithetic", Smoothed.withSampling SamplingDesign.Antithetic
        "multiplicative", Smoothed.withPerturbation Perturbation.Multiplicative
        "weak", Smoothed.withEpsilon 1e-3
        "few", Smoothed.withSamples 2
        "many", Smoothed.withSamples 20000
    ]

let private agreements (op: Smoothed) : bool[] =
    let samples = Batch.samples thetas op
    let m, k = Array3D.length2 samples, Array3D.length3 samples

    Array.init (Array2D.length1 thetas) (fun r ->
        Seq.forall
            (fun s -> Seq.forall (fun i -> samples[r, s, i] = samples[r, 0, i]) (seq { 0 .. k - 1 }))
            (seq { 0 .. m - 1 }))

let private countBy (loss: Smoothed -> Loss) (op: Smoothed) : int =
    let mutable told = -1
    let targets = Oracle.solveBatch thetas op.Oracle

    loss op
    |> Loss.evaluate
        { LossBatch.create key thetas targets with
            OnSamplesAgree = fun rows -> told <- rows
        }
    |> ignore

    told

[<Tests>]
let tests =
    testList "Learning.Agreement" [
        testCase "Losses tell of exactly the rows whose samples all agree, for every oracle and design" (fun () ->
            let mutable some, all = 0, 0

            for oracle in oracles do
                for name, design in designs do
                    let op = perturb oracle Noise.gaussian 1e-2 50 |> Smoothed.withKey key |> design

                    let expected = agreements op
                    let count = expected |> Array.filter id |> Array.length
                    some <- some + count
                    all <- all + expected.Length
                    let told = countBy Loss.fenchelYoung op
                    Assert.True((count = told), $"{oracle.Name}, {name}: {told} rows, {count} expected")
                    let told = countBy Loss.smoothedSquared op
                    Assert.True((count = told), $"{oracle.Name}, {name}, squared: {told} rows, {count} expected")

                    let targets = Oracle.solveBatch thetas oracle
                    let losses, gradients = op |> FenchelYoung.valueAndGradientBatch thetas targets
                    let unchecked, same = op |> FenchelYoung.valueAndGradientUnchecked thetas targets
                    Assert.Equal<LossValue[]>(losses, unchecked)
                    Assert.Equal<float[,]>(gradients, same)

                    let value, agree, pullback = op |> Batch.pullbackWithAgreement thetas
                    let value', pullback' = op |> Batch.pullback thetas
                    Assert.Equal<bool[]>(expected, agree)
                    Assert.Equal<float[,]>(value', value)
                    Assert.Equal<float[,]>(pullback' gradients, pullback gradients)

                    Assert.Equal<bool[]>(expected, losses |> Array.map _.SamplesAgree)

                    // An estimate says the same, and has no error then, though a mean of equal numbers may round.
                    let estimates = Batch.estimate thetas op
                    Assert.Equal<bool[]>(expected, estimates |> Array.map _.SamplesAgree)

                    for estimate in estimates do
                        if estimate.SamplesAgree then
                            Assert.All(estimate.MaximizerStandardErrors, fun error -> Assert.Equal(0.0, error))

            Assert.InRange(some, all / 10, 9 * all / 10))

        testCase "One sample and an exact operator tell nothing" (fun () ->
            let op = perturb (Oracle.ranking 3) Noise.gaussian 1e-3 1

            for loss in [ Loss.fenchelYoung; Loss.smoothedSquared ] do
                Assert.Equal(-1, countBy loss op)
                Assert.Equal(-1, countBy loss (Smoothed.exact op)))

        testCase
            "An epoch counts the rows of all of its steps, through losses made of losses, and rows of weight 0 are absent"
            (fun () ->
                let op = perturb (Oracle.ranking 3) Noise.gaussian 1e-9 10
                let inputs = Array2D.init 7 2 (fun r c -> float (r + 3 * c) + 0.5)
                let targets = Array2D.init 7 3 (fun _ c -> float (c + 1))

                let examples =
                    Examples.create inputs targets
                    |> Examples.withWeights [| 1.0; 2.0; 0.0; 1.0; 0.5; 1.0; 1.0 |]

                let model = Model.affine 2 3 |> Model.withNormalInitial 1.0
                let config = Training.config 2 4 Optimizer.sgd (Schedule.constant 1e-3) key

                let counts (epsilon: float) (samples: int) (change: Loss -> Loss) =
                    let loss =
                        op
                        |> Smoothed.withEpsilon epsilon
                        |> Smoothed.withSamples samples
                        |> Loss.fenchelYoung
                        |> change

                    (examples |> Training.run config model loss).History
                    |> Array.map _.RowsWhereSamplesAgree

                Assert.Equal<int option[]>([| Some 6; Some 6 |], counts 1e-9 10 id)

                Assert.Equal<int option[]>(
                    [| Some 6; Some 6 |],
                    counts 1e-9 10 (fun loss -> Loss.create loss.Evaluate)
                )

                Assert.Equal<int option[]>([| Some 0; Some 0 |], counts 1e3 50 id)
                Assert.Equal<int option[]>([| None; None |], counts 1e-9 1 id)
                Assert.Equal<int option[]>([| None; None |], counts 1e-9 10 (fun _ -> Loss.squared)))
    ]
