/// The public surface of the charts.
module Perturbed.Functional.Charts.Tests.SurfaceTests

open System.IO
open Perturbed.Functional.Charts
open Perturbed.Functional.Tests
open Xunit

[<Fact>]
let ``The public surface is the committed one`` () =
    Surface.check (Path.Combine(__SOURCE_DIRECTORY__, "surface.txt")) typeof<LineChart>.Assembly
