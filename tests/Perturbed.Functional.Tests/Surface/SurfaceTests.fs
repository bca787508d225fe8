/// The public surface of the core, of learning, of the kernels and of the C# facade.
module Perturbed.Functional.Tests.SurfaceTests

open System
open System.IO
open System.Reflection
open Expecto
open Perturbed.Functional

let rec private root (directory: string) : string =
    if File.Exists(Path.Combine(directory, "Perturbed.Functional.sln")) then
        directory
    else
        root (string (Path.GetDirectoryName directory))

let private check (file: string) (assembly: Assembly) : unit =
    let folder =
        Path.Combine(root AppContext.BaseDirectory, "tests", "Perturbed.Functional.Tests", "Surface")

    Surface.check (Path.Combine(folder, file)) assembly

[<Tests>]
let tests =
    testList "Surface.Surface" [
        testCase "The public surface of the core is the committed one" (fun () ->
            check "core.txt" typeof<Smoothed>.Assembly)

        testCase "The public surface of learning is the committed one" (fun () ->
            check "learning.txt" typeof<Loss>.Assembly)

        testCase "The public surface of the kernels is the committed one" (fun () ->
            check "kernels.txt" typeof<Key>.Assembly)

        testCase "The public surface of the C# facade is the committed one" (fun () ->
            check "csharp.txt" typeof<Perturbed.Functional.CSharp.Smoothed>.Assembly)
    ]
