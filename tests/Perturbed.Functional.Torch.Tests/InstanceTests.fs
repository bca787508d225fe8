/// Rows of a shuffled batch are solved by the oracle of their instance.
module Perturbed.Functional.Torch.Tests.InstanceTests

open System
open Expecto
open TorchSharp
open Perturbed.Functional
open Perturbed.Functional.Torch.Tests.Helpers
open Xunit

let private oracles =
    [| Oracle.ranking 3; Oracle.rankingOf [| 0.0; 0.0; 5.0 |]; Oracle.rankingOf [| -1.0; 2.0; 9.0 |] |]

let private many = perturb (Oracle.perInstance oracles) Noise.gaussian 0.7 20

let private instances = [| 2; 0; 2; 1 |]

let private theta = thetas 4 3 3UL

let private targets =
    array2D [ [ -1.0; 2.0; 9.0 ]; [ 1.0; 2.0; 3.0 ]; [ 9.0; 2.0; -1.0 ]; [ 0.0; 5.0; 0.0 ] ]

// The losses and gradients of the core, each row under its own oracle alone, with the noise of its place and of a step.
let private alone (step: int) : (LossValue * float[])[] =
    Array.init 4 (fun r ->
        perturb oracles[instances[r]] Noise.gaussian 0.7 20
        |> Smoothed.withKey (Key.fold step (Key.create 0UL))
        |> Smoothed.withFirstRow (int64 r)
        |> FenchelYoung.valueAndGradient theta[r, *] targets[r, *])

[<Tests>]
let tests =
    testList "Instance" [
        testCase "The loss of a shuffled batch is that of each row under the oracle of its instance" (fun () ->
            use rows = new FenchelYoungLoss(TensorOperator.Of many, torch.nn.Reduction.None)
            use input = leaf theta
            use losses = rows.forward (input, tensor targets, instances)
            let expected = alone 0
            assertWithin 1e-12 (expected |> Array.map (fun (loss, _) -> loss.Value)) (values losses)
            use gradient = torch.autograd.grad([| losses.sum () |], [| input |])[0]
            assertWithin 1e-12 (expected |> Array.collect snd) (values gradient))

        testCase "Weights weigh the mean" (fun () ->
            use mean = new FenchelYoungLoss(TensorOperator.Of many)
            use weights = torch.tensor ([| 1.0; 0.0; 2.0; 1.0 |], dtype = float64)
            use loss = mean.forward (tensor theta, tensor targets, instances, weights)
            let each = alone 0 |> Array.map (fun (loss, _) -> loss.Value)
            assertWithin 1e-12 [| (each[0] + 2.0 * each[2] + each[3]) / 4.0 |] (values loss)

            Assert.Throws<ArgumentException>(fun () ->
                mean.forward (tensor theta, tensor targets, instances, torch.tensor ([| 1.0 |], dtype = float64))
                |> ignore)
            |> ignore)

        testCase "The layer solves each row by the oracle of its instance" (fun () ->
            use layer = new PerturbedMaximizer(many)
            layer.eval ()

            let expected =
                many |> Smoothed.withInstances instances |> Batch.maximizer theta |> flatten

            Assert.Equal<float[]>(expected, layer.forward (tensor theta, instances) |> values))

        testCase "Modules of many problems are not used without instances, and count no step then" (fun () ->
            use layer = new PerturbedMaximizer(many)
            use loss = new FenchelYoungLoss(many)
            let short = theta[..2, *]

            Assert.Throws<ArgumentException>("instances", (fun () -> layer.forward (tensor short) |> ignore))
            |> ignore

            Assert.Throws<ArgumentException>(
                "instances",
                (fun () -> loss.forward (tensor short, tensor targets[..2, *]) |> ignore)
            )
            |> ignore

            Assert.Equal(0L, layer.Step + loss.Step))

        testCase "A target is refused by the oracle of its row's instance, unless its row weighs nothing" (fun () ->
            use loss = new FenchelYoungLoss(TensorOperator.Of many)
            use _ = loss.forward (tensor theta, tensor targets, instances)

            let e =
                // Row 1 has a solution of instance 0, and is now said to be instance 1.
                Assert.Throws<ArgumentException>(
                    "target",
                    fun () -> loss.forward (tensor theta, tensor targets, [| 2; 1; 2; 1 |]) |> ignore
                )

            Assert.Contains("target, row 1, is outside", e.Message)
            use weights = torch.tensor ([| 1.0; 0.0; 2.0; 1.0 |], dtype = float64)

            use weighted =
                loss.forward (tensor theta, tensor targets, [| 2; 1; 2; 1 |], weights)

            Assert.True(Double.IsFinite((values weighted)[0])))
    ]
