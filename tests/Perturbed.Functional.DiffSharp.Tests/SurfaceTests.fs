/// The public surface of the functions for DiffSharp.
module Perturbed.Functional.DiffSharp.Tests.SurfaceTests

open System.IO
open System.Reflection
open Expecto
open Perturbed.Functional.Tests

[<Tests>]
let tests =
    testList "Surface" [
        testCase "The public surface is the committed one" (fun () ->
            Surface.check
                (Path.Combine(__SOURCE_DIRECTORY__, "surface.txt"))
                (Assembly.Load "Perturbed.Functional.DiffSharp"))
    ]
