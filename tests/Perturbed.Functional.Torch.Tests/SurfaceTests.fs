/// The public surface of the operators for TorchSharp.
module Perturbed.Functional.Torch.Tests.SurfaceTests

open System.IO
open Expecto
open Perturbed.Functional
open Perturbed.Functional.Tests

[<Tests>]
let tests =
    testList "Surface" [
        testCase "The public surface is the committed one, whatever the version of TorchSharp" (fun () ->
            Surface.check (Path.Combine(__SOURCE_DIRECTORY__, "surface.txt")) typeof<TensorOperator>.Assembly)
    ]
