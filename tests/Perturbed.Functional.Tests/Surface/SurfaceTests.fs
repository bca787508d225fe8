/// The public surface of the core, of learning and of the kernels.
module Perturbed.Functional.Tests.SurfaceTests

open System
open System.IO
open System.Reflection
open Perturbed.Functional
open Xunit

let rec private root (directory: string) : string =
    if File.Exists(Path.Combine(directory, "Perturbed.Functional.sln")) then
        directory
    else
        root (string (Path.GetDirectoryName directory))

let private check (file: string) (assembly: Assembly) : unit =
    let folder =
        Path.Combine(root AppContext.BaseDirectory, "tests", "Perturbed.Functional.Tests", "Surface")

    Surface.check (Path.Combine(folder, file)) assembly

[<Fact>]
let ``The public surface of the core is the committed one`` () =
    check "core.txt" typeof<Smoothed>.Assembly

[<Fact>]
let ``The public surface of learning is the committed one`` () =
    check "learning.txt" typeof<Loss>.Assembly

[<Fact>]
let ``The public surface of the kernels is the committed one`` () =
    check "kernels.txt" typeof<Key>.Assembly
