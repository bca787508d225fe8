/// The public surface of the oracles of OR-Tools.
module Perturbed.Functional.OrTools.Tests.SurfaceTests

open System.IO
open Perturbed.Functional
open Perturbed.Functional.Tests
open Expecto
open Xunit

[<Tests>]
let tests =
    testList "OrTools.Surface" [
        testCase "The public surface is the committed one" (fun () ->
            Surface.check (Path.Combine(__SOURCE_DIRECTORY__, "surface.txt")) typeof<OrToolsOptions>.Assembly)
    ]
