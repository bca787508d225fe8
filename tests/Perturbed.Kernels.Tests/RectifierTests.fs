module Perturbed.Kernels.Tests.RectifierTests

open System
open Expecto
open FsCheck
open FsCheck.FSharp
open Perturbed.Kernels
open Perturbed.Suite
open Xunit

let private numbers =
    [| -1.5; -0.0; 0.0; 0.25; 1.0; nan; infinity; -infinity; 1e-310; -1e-310 |]

let private forAll (law: int -> int -> int -> unit) : Property =
    let shapes =
        Gen.zip3 (Gen.choose (0, 5)) (Gen.choose (1, 40)) (Gen.choose (0, 1000000))

    Prop.forAll (Arb.fromGen shapes) (fun (rows, width, seed) -> law rows width seed)

[<Tests>]
let tests =
    testList "Rectifier" [
        property 100 "offset and rectifier act entry by entry on rows of any width, and NaN is kept" (fun () ->
            forAll (fun rows width seed ->
                let random = Random seed

                let drawn n =
                    Array.init n (fun _ -> numbers[random.Next numbers.Length])

                let values, offset = drawn (rows * width), drawn width
                let sums = values |> Array.mapi (fun i v -> v + offset[i % width])
                let moved, rectified = Array.copy values, Array.copy values
                Rectifier.Offset(moved, offset)
                Rectifier.Forward(rectified, offset)
                Assert.Equal<float[]>(sums, moved)
                Assert.Equal<float[]>(sums |> Array.map (fun s -> Math.Max(s, 0.0)), rectified)))

        property 100 "the pullback keeps the cotangent where the output is positive and nowhere else" (fun () ->
            forAll (fun rows width seed ->
                let random = Random seed

                let output =
                    Array.init (rows * width) (fun _ -> numbers[random.Next numbers.Length])

                let cotangent = Array.init output.Length (fun _ -> random.NextDouble() - 0.5)
                let back = Array.copy cotangent
                Rectifier.Back(output, back)
                Assert.Equal<float[]>(Array.map2 (fun y g -> if y > 0.0 then g else 0.0) output cotangent, back)))

        testCase "lengths that disagree are named" (fun () ->
            let seven = Array.zeroCreate<float> 7
            let three = Array.zeroCreate<float> 3

            Assert.Throws<ArgumentException>("values", fun () -> Rectifier.Forward(seven, three))
            |> ignore

            Assert.Throws<ArgumentException>("values", fun () -> Rectifier.Offset(seven, Array.empty<float>))
            |> ignore

            Assert.Throws<ArgumentException>("cotangent", fun () -> Rectifier.Back(seven, three))
            |> ignore)
    ]
