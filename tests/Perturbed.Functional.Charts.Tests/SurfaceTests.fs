/// The public surface of the charts.
module Perturbed.Functional.Charts.Tests.SurfaceTests

open System.IO
open Perturbed.Functional.Charts
open Perturbed.Functional.Tests
open Expecto
open Xunit

[<Tests>]
let tests =
    testList "Charts.Surface" [
        testCase "The public surface is the committed one" (fun () ->
            Surface.check (Path.Combine(__SOURCE_DIRECTORY__, "surface.txt")) typeof<LineChart>.Assembly)
    ]
