/// Training of networks in the experiments.
module Perturbed.Functional.Torch.Tests.NetworkTrainingTests

open System
open System.Threading
open Expecto
open TorchSharp
open Perturbed.Functional
open Perturbed.Experiments
open Perturbed.Experiments.Torch
open Perturbed.Functional.Torch.Tests.Helpers
open Xunit

let private images () : ImageSet =
    use pixels =
        torch
            .arange(0, 6 * 3 * 32 * 32)
            .remainder(torch.tensor 251)
            .to_type(torch.ScalarType.Byte)
            .reshape(6L, 3L, 32L, 32L)

    let targets = Array.init 60 (fun i -> if i % 10 = i / 10 then 1.0f else 0.0f)
    ImageSet.create pixels targets 10 (ImageSet.statistics pixels) torch.CPU

let private settings: NetworkTrainingSettings =
    {
        Epochs = 4
        BatchSize = 4
        LearningRate = 1e-3
        Drops = [ 3 ]
        Key = Key.create 3UL
    }

// Cancelled when so many checkpoints are taken; what was saved last is left behind.
let private run (saved: byte[] option ref) (cancelAfter: int) : NetworkTrained =
    use source = new CancellationTokenSource()
    let mutable saves = 0

    let context: PieceContext =
        {
            Cancellation = source.Token
            Threads = 1
            Report = fun _ _ -> ()
            Checkpoint =
                {
                    Load = fun () -> saved.Value
                    Save =
                        fun state ->
                            saved.Value <- Some state
                            saves <- saves + 1

                            if saves = cancelAfter then
                                source.Cancel()
                    IsDue = fun () -> true
                }
        }

    let operator = perturb (Oracle.argmax 10) Noise.gaussian 1.0 2 |> Torch.ofSmoothed

    let loss: NetworkTraining.Loss =
        fun key theta target -> (operator |> Torch.withKey key |> Torch.fenchelYoung theta target).mean()

    use set = images ()

    use network =
        NetworkTraining.network (Key.create 5UL) torch.CPU (fun () -> new ClassNetwork())

    NetworkTraining.run context settings network loss set (fun () ->
        [ "sum", Json.Number((network.parameters () |> Seq.sumBy (fun p -> Array.sum (values p)))) ])

[<Tests>]
let tests =
    testList "NetworkTraining" [
        testCase "Mean and deviation of a channel are those of all its bytes" (fun () ->
            // More images than one part of the sums.
            use pixels =
                torch
                    .arange(0, 1203 * 2 * 3 * 2)
                    .remainder(torch.tensor 251)
                    .to_type(torch.ScalarType.Byte)
                    .reshape(1203L, 2L, 3L, 2L)

            let means, deviations = ImageSet.statistics pixels

            for channel in 0..1 do
                let bytes = pixels.select (1L, int64 channel) |> values
                let mean = Array.average bytes
                let variance = bytes |> Array.averageBy (fun b -> (b - mean) * (b - mean))
                // The answers are in single precision.
                assertWithin (1e-7 * mean) [| mean |] [| float means[channel] |]
                assertWithin (1e-6 * mean) [| sqrt variance |] [| float deviations[channel] |])

        testCase "A training that is interrupted and resumed has the numbers of one that was not" (fun () ->
            let texts (trained: NetworkTrained) = trained.Epochs |> Array.map Json.text
            let whole = run (ref None) 0 |> texts
            let saved = ref None

            Assert.Throws<OperationCanceledException>(fun () -> run saved 1 |> ignore)
            |> ignore

            Assert.Throws<OperationCanceledException>(fun () -> run saved 2 |> ignore)
            |> ignore

            Assert.Equal<string[]>(whole, run saved 0 |> texts)
            Assert.Equal(4, whole.Length))

        testCase "The options of networks are taken out of the arguments and nothing else" (fun () ->
            let options, rest =
                TorchOptions.take [| "a"; "--epochs"; "3"; "--quick"; "--device"; "cuda:1"; "--train"; "70" |]

            Assert.Equal<string[]>([| "a"; "--quick" |], rest)
            Assert.Equal("cuda:1", options.Device)
            Assert.Equal(Some 3, options.Epochs)
            Assert.Equal(Some 70, options.Train)
            Assert.Equal(None, options.Test)

            let e =
                Assert.Throws<InputException>(fun () -> TorchOptions.take [| "--epochs"; "none" |] |> ignore)

            Assert.Contains("--epochs", e.Message)

            Assert.Equal<string list>(
                [ "--device"; "cuda:1"; "--epochs"; "3"; "--train"; "70" ],
                TorchOptions.given options
            ))

        testCase "The document of results has a place for both experiments" (fun () ->
            let options, _ = TorchOptions.take [||]

            for experiment in [ ClassNetworkExperiment.create options; PathNetworkExperiment.create options ] do
                Assert.Contains(experiment.Name, ResultsDocument.order))

        testCase "The tile network answers a cost of at least 0 for each of 144 tiles" (fun () ->
            use network =
                NetworkTraining.network (Key.create 5UL) torch.CPU (fun () -> new TileNetwork(ValueSome 2.0))

            use theta = network.forward (torch.randn [| 2L; 3L; 96L; 96L |])
            Assert.Equal<int64[]>([| 2L; 144L |], theta.shape)
            Assert.All(values theta, fun t -> Assert.True(t <= 0.0))
            // The mean of 144 numbers in single precision.
            assertWithin 1e-5 [| -2.0; -2.0 |] (theta.mean [| 1L |] |> values))

        testCase "Losses on paths have the values and gradients of the core's" (fun () ->
            let theta = thetas 3 144 1UL |> Array2D.map (fun t -> -abs t)

            let paths =
                TerrainGenerator.oracle NegativeCosts.Reject
                |> Oracle.solveBatch (thetas 3 144 2UL |> Array2D.map (fun t -> -abs t))

            let key = Key.create 8UL

            let settings =
                WarcraftSettings.ofRequest
                    {
                        IsQuick = true
                        Key = 0UL
                        Data = None
                    }

            for loss in [ PathLoss.FenchelYoung; PathLoss.BlackBox 20.0; PathLoss.Squared ] do
                let value, gradient =
                    WarcraftTraining.loss settings 1 loss
                    |> Loss.evaluate (LossBatch.create key theta paths)

                let x = leaf theta
                let y = PathLosses.create settings loss key x (tensor paths)
                // Gradients of the black box pass through single precision: 24 bits.
                assertWithin (1e-6 * abs value) [| value |] (values y)
                assertWithin 1e-6 (flatten gradient) (pull y (torch.ones_like y) x |> values))
    ]
