/// The operators as modules of networks.
module Perturbed.Functional.Torch.Tests.ModuleTests

open System
open System.IO
open Expecto
open TorchSharp
open Perturbed.Functional
open Perturbed.Functional.Torch.Tests.Helpers
open Xunit

let private ranking =
    perturb (Oracle.ranking 3) Noise.gaussian 0.5 10
    |> Smoothed.withKey (Key.create 9UL)

let private network () =
    torch.manual_seed 1L |> ignore

    torch.nn.Sequential(
        struct ("linear", torch.nn.Linear(4L, 3L) :> torch.nn.Module<Tensor, Tensor>),
        struct ("rank", new PerturbedMaximizer(ranking) :> torch.nn.Module<Tensor, Tensor>)
    )

let private input () =
    (tensor (thetas 6 4 1UL)).to_type torch.ScalarType.Float32

[<Tests>]
let tests =
    testList "Module" [
        testCase "A layer sits in a Sequential, and gradients reach the layers before it" (fun () ->
            use model = network ()
            use y = model.forward (input ())
            Assert.Equal<int64[]>([| 6L; 3L |], y.shape)
            use loss = (y * y).sum()

            let parameters =
                model.parameters () |> Seq.map (fun p -> p :> Tensor) |> Array.ofSeq

            for gradient in torch.autograd.grad ([| loss |], parameters) do
                Assert.True(values gradient |> Array.exists (fun g -> g <> 0.0)))

        testCase "Training steps have noise of their own, evaluation always the same" (fun () ->
            use layer = new PerturbedMaximizer(ranking)
            let theta = tensor (thetas 2 3 1UL)

            let step n =
                Batch.maximizer (thetas 2 3 1UL) (ranking |> Smoothed.withKey (Key.fold n (Key.create 9UL)))
                |> flatten

            layer.train ()
            Assert.Equal<float[]>(step 0, layer.forward theta |> values)
            Assert.Equal<float[]>(step 1, layer.forward theta |> values)
            layer.eval ()
            let own = Batch.maximizer (thetas 2 3 1UL) ranking |> flatten
            Assert.Equal<float[]>(own, layer.forward theta |> values)
            Assert.Equal<float[]>(own, layer.forward theta |> values)
            Assert.Equal(2L, layer.Step)
            layer.train ()
            Assert.Equal<float[]>(step 2, layer.forward theta |> values))

        testCase "A model that is saved and loaded goes on with the same noise" (fun () ->
            let file = Path.GetTempFileName()
            use first = network ()
            first.train ()

            for _ in 1..3 do
                first.forward(input ()).Dispose()

            first.save file |> ignore
            use second = network ()
            second.load file |> ignore
            second.train ()
            Assert.Equal<float[]>(first.forward (input ()) |> values, second.forward (input ()) |> values)
            File.Delete file)

        testCase "A loss that is saved and loaded goes on with the same noise" (fun () ->
            let file = Path.GetTempFileName()
            use first = new FenchelYoungLoss(ranking)

            let theta, target =
                tensor (thetas 2 3 1UL), tensor (Oracle.solveBatch (thetas 2 3 2UL) (Oracle.ranking 3))

            for _ in 1..300 do
                first.forward(theta, target).Dispose()

            first.save file |> ignore
            use second = new FenchelYoungLoss(ranking)
            second.load file |> ignore
            File.Delete file
            Assert.Equal(300L, second.Step)
            let goesOn = first.forward (theta, target) |> values
            Assert.Equal<float[]>(goesOn, second.forward (theta, target) |> values)
            // The noise of step 300, and of no other.
            use third = new FenchelYoungLoss(ranking)
            Assert.NotEqual<float[]>(goesOn, third.forward (theta, target) |> values))

        testCase "A module moves to a device and a type, and keeps its count" (fun () ->
            use layer = new PerturbedMaximizer(ranking)
            layer.train ()
            let theta = tensor (thetas 2 3 1UL)

            for _ in 1..300 do
                layer.forward(theta).Dispose()

            let devices =
                if torch.cuda.is_available () then
                    [ "cpu"; "cuda" ]
                else
                    [ "cpu" ]

            for device in devices do
                for dtype in [ torch.ScalarType.Float16; torch.ScalarType.BFloat16; torch.ScalarType.Float64 ] do
                    layer.``to`` (torch.device device, dtype) |> ignore
                    Assert.Equal(300L, layer.Step)

            layer.``to`` (torch.CPU) |> ignore
            layer.forward(theta.to_type torch.ScalarType.Float16).Dispose()
            Assert.Equal(301L, layer.Step))

        testCase "The loss module reduces as TorchSharp's own do, with gradients ȳ − y" (fun () ->
            let theta, target =
                thetas 4 3 1UL, Oracle.solveBatch (thetas 4 3 2UL) (Oracle.ranking 3)

            let step = ranking |> Smoothed.withKey (Key.fold 0 (Key.create 9UL))
            let losses, gradient = FenchelYoung.valueAndGradientBatch theta target step
            let losses, gradient = losses |> Array.map _.Value, flatten gradient

            let of' (reduction: torch.nn.Reduction) =
                use loss = new FenchelYoungLoss(TensorOperator.Of ranking, reduction)
                let x = leaf theta
                let y = loss.forward (x, tensor target)
                values y, pull y (torch.ones_like y) x |> values

            // Means and sums of four numbers: a few roundings.
            let check (factor: float) (expected: float[]) (actual: float[], slope: float[]) =
                assertWithin (1e-14 * size expected) expected actual
                assertWithin (1e-14 * size gradient) (gradient |> Array.map ((*) factor)) slope

            check 1.0 losses (of' torch.nn.Reduction.None)
            check 1.0 [| Array.sum losses |] (of' torch.nn.Reduction.Sum)
            check 0.25 [| Array.average losses |] (of' torch.nn.Reduction.Mean))

        testCase "A network learns a ranking through the loss" (fun () ->
            // Targets are ranks of a linear map, so that the loss can be driven near 0: in 300 steps of Adam from ln-scale values it falls tenfold.
            torch.manual_seed 2L |> ignore
            let x = torch.randn [| 64L; 5L |]

            let target =
                (x.matmul (torch.randn [| 5L; 4L |])).argsort(1L).argsort(1L).to_type(torch.ScalarType.Float32)
                + (1.0).ToScalar()

            use model = torch.nn.Linear(5L, 4L)
            use loss = new FenchelYoungLoss(perturb (Oracle.ranking 4) Noise.gaussian 1.0 4)
            use optimizer = torch.optim.Adam(model.parameters (), 0.1)
            let mutable first, last = nan, nan

            for step in 0..299 do
                use _ = torch.NewDisposeScope()
                optimizer.zero_grad ()
                let value = loss.forward (model.forward x, target)
                value.backward ()
                optimizer.step () |> ignore
                last <- float (value.item<float32>())

                if step = 0 then
                    first <- last

            Assert.True(last < first / 10.0, $"from {first} to {last}"))
    ]
