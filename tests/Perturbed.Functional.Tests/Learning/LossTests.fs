module Perturbed.Functional.Tests.Learning.LossTests

open System
open FsCheck.FSharp
open Perturbed.Functional
open Perturbed.Functional.Tests.Learning.Helpers
open Xunit

let private none = Key.create 0UL

[<Fact>]
let ``the squared loss is the mean of ½ ‖y − θ‖² and its gradient (θ − y)/rows`` () =
    let generated =
        gen {
            let! n = Gen.choose (1, 6)
            let! d = Gen.choose (1, 9)
            let! theta = matrix n d
            let! y = matrix n d
            return theta, y
        }

    forAll generated (fun (theta, y) ->
        let value, gradient = Loss.squared none theta y
        let n = float (Array2D.length1 y)
        let differences = Array.map2 (-) (flat theta) (flat y)

        near (0.5 * dot differences differences / n) value
        && allNear (differences |> Array.map (fun e -> e / n)) (flat gradient))

[<Fact>]
let ``the squared loss of no rows is 0`` () =
    let value, gradient =
        Loss.squared none (Array2D.zeroCreate 0 3) (Array2D.zeroCreate 0 3)

    Assert.Equal(0.0, value)
    Assert.Equal(0, gradient.Length)

[<Fact>]
let ``shapes that disagree are named`` () =
    raises<ArgumentException> "targets is [2 × 3]; theta is [2 × 2]." (fun () ->
        Loss.squared none (Array2D.zeroCreate 2 2) (Array2D.zeroCreate 2 3) |> ignore)
