/// The public surface of the cluster.
module Perturbed.Functional.Cluster.Tests.SurfaceTests

open System.IO
open Expecto
open Perturbed.Functional.Cluster
open Perturbed.Functional.Tests
open Xunit

[<Tests>]
let tests =
    testList "Cluster.Surface" [
        testCase "The public surface is the committed one" (fun () ->
            Surface.check (Path.Combine(__SOURCE_DIRECTORY__, "surface.txt")) typeof<PerturbedClient>.Assembly)
    ]
