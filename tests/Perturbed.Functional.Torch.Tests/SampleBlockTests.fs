/// Samples on devices in blocks, and what a training step asks of its device.
module Perturbed.Functional.Torch.Tests.SampleBlockTests

open System
open System.IO
open System.Text.RegularExpressions
open Expecto
open TorchSharp
open Perturbed.Functional
open Perturbed.Functional.Torch.Tests.Helpers
open Xunit

// More numbers than a block has: 40 samples in 3 blocks of 17, 17 and 6.
let private rows, private d, private samples = 2400, 100, 40

let private wide = Array2D.init rows d (fun r i -> 0.1 * float ((r + 3 * i) % 7))

[<Tests>]
let tests =
    testList "SampleBlocks" [
        testCase "Samples in several blocks have the values and derivatives of softmax" (fun () ->
            // The same row again and again: as many replicates.
            let theta = Array2D.init rows d (fun _ i -> 0.05 * float (i % 7))

            let x =
                (tensor theta).to_type(torch.ScalarType.Float32).detach().requires_grad_ true

            let op = Torch.perturb TensorSolver.Argmax Noise.gumbel 1.0 samples
            let y = op |> Torch.maximizer x
            let cotangent = Array.init d (fun i -> float (i % 5) - 2.0)
            let g = torch.tensor(cotangent).to_type(torch.ScalarType.Float32)
            let gradient = pull y (g.expand_as y) x
            let single = ((tensor theta).select(0L, 0L)).detach().requires_grad_ true
            let expected = torch.nn.functional.softmax (single, 0L)
            // 200 means: five standard errors each, a false alarm below 2e-4.
            assertMeans 5.0 (values expected) (matrix y)
            assertMeans 5.0 (pull expected (torch.tensor cotangent) single |> values) (matrix gradient))

        testCase "Blocks are independent, and the same key gives the same numbers" (fun () ->
            let x = (tensor wide).to_type torch.ScalarType.Float32
            let identity = TensorSolver.OfFunction("identity", fun theta -> theta)

            let at (count: int) (key: uint64) =
                Torch.perturb identity Noise.gaussian 1.0 count
                |> Torch.withKey (Key.create key)
                |> Torch.maximizer x
                |> values

            Assert.Equal<float>(at samples 1UL, at samples 1UL)
            Assert.NotEqual<float>(at samples 1UL, at samples 2UL)
            // The mean of 40 independent numbers has a variance of 1/40; of repeated blocks it would have one of 1/17 or
            // more. The mean square of 240,000 such is right to 0.3 %.
            let mean = at samples 1UL
            let theta = flatten wide
            let square = Array.map2 (fun m t -> (m - t) * (m - t)) mean theta |> Array.average
            Assert.InRange(square * float samples, 0.98, 1.02))

        testCase "Antithetic pairs stay together in blocks" (fun () ->
            let x = (tensor wide).to_type torch.ScalarType.Float32
            let identity = TensorSolver.OfFunction("identity", fun theta -> theta)

            for count in [ samples; samples + 1 ] do
                let mean =
                    Torch.perturb identity Noise.gaussian 1.0 count
                    |> Torch.withSampling SamplingDesign.Antithetic
                    |> Torch.maximizer x
                    |> values

                let theta = flatten wide
                let square = Array.map2 (fun m t -> (m - t) * (m - t)) mean theta |> Array.average
                // Pairs cancel; what is left of an odd number is its last sample.
                if count = samples then
                    Assert.InRange(square, 0.0, 1e-10)
                else
                    Assert.InRange(square * float (count * count), 0.97, 1.03))

        testCase "The loss of several blocks has the gradient of the maximizer" (fun () ->
            let x = (tensor wide).to_type(torch.ScalarType.Float32).detach().requires_grad_ true
            let op = Torch.perturb TensorSolver.Argmax Noise.gumbel 1.0 samples
            let y = op |> Torch.maximizer (x.detach ())
            let target = TensorSolver.Argmax
            let t = Torch.perturb target Noise.gaussian 1e-6 1 |> Torch.maximizer (x.detach ())
            let losses = op |> Torch.fenchelYoung x t
            assertWithin 1e-6 ((y - t) |> values) (pull losses (torch.ones_like losses) x |> values))

        testCase "What works where θ lives asks for no number of it" (fun () ->
            // A number on the CPU waits for the device. The files that draw, solve and sum there have none of the calls
            // that make one; checks of θ are those of tensors on the CPU alone (Shapes.requireFiniteOnCpu).
            let root =
                Path.Combine(__SOURCE_DIRECTORY__, "..", "..", "src", "Perturbed.Functional.Torch")

            for file in
                [
                    "SolverOperator.fs"
                    "SampleBlocks.fs"
                    "TensorNoise.fs"
                    "TensorSolver.fs"
                    "TensorPaths.fs"
                    "Likelihood.fs"
                    "Surrogate.fs"
                    "CoreNode.fs"
                ] do
                let code = Regex.Replace(File.ReadAllText(Path.Combine(root, file)), "//[^\n]*", "")

                for call in [ ".item"; ".cpu"; ".data<"; "ToArray()"; "ToDouble"; ".nonzero"; ".ToSingle"; ".ToInt" ] do
                    Assert.False(code.Contains call, $"{file} has {call}"))

        testCase "A module's step is counted on the CPU, wherever the module goes" (fun () ->
            use layer =
                new PerturbedMaximizer(Torch.perturb TensorSolver.Argmax Noise.gaussian 1.0 3)

            layer.train ()
            use x = tensor (thetas 2 4 1UL)
            (layer.forward x).Dispose()
            let moved = layer.``to``(torch.ScalarType.Float16).``to``(torch.META)
            Assert.Same(layer, moved)
            (layer.forward x).Dispose()
            Assert.Equal(2L, layer.Step))
    ]
