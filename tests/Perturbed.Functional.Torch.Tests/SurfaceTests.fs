/// The public surface of the operators for TorchSharp.
module Perturbed.Functional.Torch.Tests.SurfaceTests

open System.IO
open Perturbed.Functional
open Perturbed.Functional.Tests
open Xunit

[<Fact>]
let ``The public surface is the committed one, whatever the version of TorchSharp`` () =
    Surface.check (Path.Combine(__SOURCE_DIRECTORY__, "surface.txt")) typeof<TensorOperator>.Assembly
