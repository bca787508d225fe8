module Perturbed.Functional.Tests.Learning.OptimizerTests

open System
open Expecto
open FsCheck.FSharp
open Perturbed.Functional
open Perturbed.Functional.Tests.Learning.Helpers
open Perturbed.Suite
open Xunit

/// The gradient of Σ ½ a w² + sin w.
let private gradient (w: float[]) : float[] =
    Array.map2 (fun a x -> a * x + cos x) [| 1.0; 4.0; 0.25 |] w

let private fiveSteps (optimizer: Optimizer) : float[] =
    let rec go n (w, state) =
        if n = 0 then
            w
        else
            go (n - 1) (Optimizer.step optimizer 0.1 (gradient w) w state)

    go 5 ([| 1.0; -0.5; 2.0 |], Optimizer.initialise 3 optimizer)

/// Five steps at rate 0.1 from (1, −0.5, 2) in double precision by torch.optim of PyTorch 1.13.
let private torch: (string * Optimizer * float[]) list =
    let penalty = Optimizer.withDecay (WeightDecay.Penalty 0.05)

    [
        "SGD", Optimizer.sgd, [| 0.27594481855745107; -0.25824240226393924; 1.9521161287872764 |]
        "SGD, weight_decay=0.05",
        penalty Optimizer.sgd,
        [| 0.26057021256987123; -0.25494124094576204; 1.8959268028843805 |]
        "momentum=0.9", Optimizer.momentum 0.9, [| -0.81076105086188999; -0.061267604605739052; 1.8714068615113937 |]
        "nesterov=True", Optimizer.nesterov 0.9, [| -1.0106267174588575; -0.21121028185147969; 1.8155420280283896 |]
        "Adam", Optimizer.adam, [| 0.50081640608291089; -0.11524303862614775; 1.5115000480374357 |]
        "Adam, weight_decay=0.05",
        penalty Optimizer.adam,
        [| 0.5009574505805664; -0.11277398768788061; 1.5009953321939757 |]
        "AdamW, weight_decay=0.05",
        Optimizer.adam |> Optimizer.withDecay (WeightDecay.Decoupled 0.05),
        [| 0.48109574274323891; -0.11240922210904311; 1.4685169375567919 |]
        "Adam, betas=(0.8, 0.95), eps=1e-3",
        Optimizer.adamWith 0.8 0.95 1e-3,
        [| 0.50162329877429612; -0.13473810854281409; 1.5051968989285214 |]
    ]

[<Tests>]
let tests =
    testList "Learning.Optimizer" [
        testCase "five steps of every rule and decay are PyTorch's" (fun () ->
            for name, optimizer, expected in torch do
                Assert.True(allNear expected (fiveSteps optimizer), $"{name}: %A{fiveSteps optimizer}"))

        property 200 "first steps follow their formulas: η g, η g, η (1 + μ) g and η g / (|g| + ε)" (fun () ->
            let generated = Gen.zip (vector 6) (vector 6)

            let first optimizer w g =
                fst (Optimizer.step optimizer 0.5 g w (Optimizer.initialise 6 optimizer))

            forAll generated (fun (w, g) ->
                let less direction =
                    Array.map2 (fun x d -> x - 0.5 * d) w direction

                first Optimizer.sgd w g = less g
                && first (Optimizer.momentum 0.9) w g = less g
                && allNear (less (Array.map (fun x -> 1.9 * x) g)) (first (Optimizer.nesterov 0.9) w g)
                && allNear (less (Array.map (fun x -> x / (abs x + 1e-8)) g)) (first Optimizer.adam w g)))

        testCase "momentum 0 is plain descent" (fun () ->
            Assert.Equal<float[]>(fiveSteps Optimizer.sgd, fiveSteps (Optimizer.momentum 0.0))
            Assert.Equal<float[]>(fiveSteps Optimizer.sgd, fiveSteps (Optimizer.nesterov 0.0)))

        testCase "a step leaves its arguments as they were" (fun () ->
            for _, optimizer, _ in torch do
                let w, g = [| 1.0; 2.0; 3.0 |], [| 0.5; -0.5; 1.0 |]
                let w1, s1 = Optimizer.step optimizer 0.1 g w (Optimizer.initialise 3 optimizer)
                let kept = Array.copy w1, Array.copy s1.First, Array.copy s1.Second
                let again = Optimizer.step optimizer 0.1 g w1 s1
                Assert.Equal(again, Optimizer.step optimizer 0.1 g w1 s1)
                Assert.Equal(kept, (w1, s1.First, s1.Second))
                Assert.Equal<float[]>([| 1.0; 2.0; 3.0 |], w)
                Assert.Equal<float[]>([| 0.5; -0.5; 1.0 |], g))

        testCase "bad numbers and lengths are named with what was expected" (fun () ->
            raises<ArgumentException> "momentum is 1; it must lie in [0, 1)." (fun () ->
                Optimizer.momentum 1.0 |> ignore)

            raises<ArgumentException> "momentum is NaN; it must lie in [0, 1)." (fun () ->
                Optimizer.nesterov nan |> ignore)

            raises<ArgumentException> "beta2 is 1; it must lie in [0, 1)." (fun () ->
                Optimizer.adamWith 0.9 1.0 1e-8 |> ignore)

            raises<ArgumentException> "epsilon is 0; it must be positive and finite." (fun () ->
                Optimizer.adamWith 0.9 0.9 0.0 |> ignore)

            raises<ArgumentException> "lambda is -1; it must be at least 0 and finite." (fun () ->
                Optimizer.sgd |> Optimizer.withDecay (WeightDecay.Penalty -1.0) |> ignore)

            let step rate g w state =
                fun () -> Optimizer.step Optimizer.adam rate g w state |> ignore

            let state = Optimizer.initialise 1 Optimizer.adam

            raises<ArgumentException>
                "learningRate is -1; it must be at least 0 and finite."
                (step -1.0 [| 1.0 |] [| 1.0 |] state)

            raises<ArgumentException>
                "gradient has length 2; the length of parameters is 1."
                (step 0.1 [| 1.0; 2.0 |] [| 1.0 |] state)

            raises<ArgumentException>
                "state.First has length 0; the length of parameters is 1."
                (step 0.1 [| 1.0 |] [| 1.0 |] (Optimizer.initialise 1 Optimizer.sgd)))
    ]
