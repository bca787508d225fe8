/// Wrong arguments: errors that name what was wrong.
module Perturbed.Functional.DiffSharp.Tests.InputTests

open System
open Expecto
open DiffSharp
open Perturbed.Functional
open Perturbed.Functional.DiffSharp.Tests.Helpers
open Xunit

let private soft = perturb (Oracle.argmax 3) Noise.gaussian 0.9 10

let private refused (words: string list) (call: unit -> Tensor) : unit =
    let error = Assert.ThrowsAny<ArgumentException>(fun () -> call () |> ignore)

    for word in words do
        Assert.Contains(word, error.Message)

[<Tests>]
let tests =
    testList "Input" [
        testCase "A θ of another dimension, type or of no number is refused" (fun () ->
            refused [ "theta"; "argmax"; "3" ] (fun () -> soft |> Autodiff.maximizer (vector [| 1.0; 2.0 |]))
            refused [ "theta"; "3" ] (fun () -> soft |> Autodiff.maximum (dsharp.tensor 1.0))

            refused [ "theta[1, 2]"; "NaN" ] (fun () ->
                soft
                |> Autodiff.maximizer (tensor (array2D [ [ 1.0; 2.0; 3.0 ]; [ 1.0; 2.0; nan ] ])))

            refused [ "theta"; "Int32" ] (fun () ->
                soft |> Autodiff.maximizer (dsharp.tensor ([| 1; 2; 3 |], dtype = Dtype.Int32))))

        testCase "A target of another shape, outside of the hull or with derivatives is refused" (fun () ->
            let theta = vector [| 1.0; 2.0; 3.0 |]

            let at (target: Tensor) () =
                soft |> Autodiff.fenchelYoung theta target

            refused [ "target" ] (at (vector [| 1.0; 0.0 |]))
            refused [ "target"; "theta has" ] (at (tensor (array2D [ [ 1.0; 0.0; 0.0 ] ])))
            refused [ "target" ] (at (vector [| 1.0; 1.0; 0.0 |]))

            refused [ "target carries derivatives" ] (fun () ->
                dsharp.grad (fun x -> soft |> Autodiff.fenchelYoung theta x) (vector [| 1.0; 0.0; 0.0 |])))

        testCase "Noise without a mean has no maximum, and a null operator is named" (fun () ->
            let cauchy = perturb (Oracle.argmax 3) Noise.cauchy 0.9 10
            refused [ "mean" ] (fun () -> cauchy |> Autodiff.maximum (vector [| 1.0; 2.0; 3.0 |]))

            refused [ "smoothed" ] (fun () ->
                Unchecked.defaultof<Smoothed> |> Autodiff.maximizer (vector [| 1.0; 2.0; 3.0 |])))
    ]
