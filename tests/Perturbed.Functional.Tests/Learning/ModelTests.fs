module Perturbed.Functional.Tests.Learning.ModelTests

open System
open Expecto
open FsCheck.FSharp
open Perturbed.Functional
open Perturbed.Functional.Tests.Learning.Helpers
open Perturbed.Kernels
open Perturbed.Suite
open Xunit

/// Θ and w̄ by the definition, one product at a time.
let private naive (p: int) (d: int) (withOffset: bool) (w: float[]) (x: float[,]) (u: float[,]) : float[] * float[] =
    let n = Array2D.length1 x

    let theta =
        Array2D.init n d (fun r c ->
            Seq.sum (seq { for k in 0 .. p - 1 -> x[r, k] * w[k * d + c] })
            + (if withOffset then w[p * d + c] else 0.0))

    let weights =
        Array.init (p * d) (fun i -> Seq.sum (seq { for r in 0 .. n - 1 -> x[r, i / d] * u[r, i % d] }))

    let offset =
        Array.init d (fun c -> Seq.sum (seq { for r in 0 .. n - 1 -> u[r, c] }))

    flat theta, (if withOffset then Array.append weights offset else weights)

/// Shapes on both sides of every vector width: up to 40 columns.
let private cases =
    gen {
        let! n = Gen.choose (0, 7)
        let! p = Gen.choose (1, 9)
        let! d = Gen.choose (1, 40)
        let! w = vector (p * d + d)
        let! x = matrix n p
        let! u = matrix n d
        return p, d, w, x, u
    }

[<Tests>]
let tests =
    testList "Learning.Model" [
        property 200 "linear and affine models agree with the definition, forward and back" (fun () ->
            forAll cases (fun (p, d, w, x, u) ->
                let linear = Array.sub w 0 (p * d)

                [ Model.affine p d, w, true; Model.linear p d, linear, false ]
                |> List.forall (fun (model, w, withOffset) ->
                    let theta, pullback = model.Apply x w
                    let expected, expectedBack = naive p d withOffset w x u
                    allNear expected (flat theta) && allNear expectedBack (pullback u))))

        testCase "a row of a batch has the bits of the row alone" (fun () ->
            let z = (Model.linear 40 60 |> Model.withNormalInitial 1.0).Initial(Key.create 5UL)
            let x = Array2D.init 40 20 (fun r c -> z[r * 20 + c])
            let model = Model.affine 20 37 |> Model.withNormalInitial 1.0
            let w = model.Initial(Key.create 6UL)
            let all = model |> Model.predict w x

            for r in 0..39 do
                let one = model |> Model.predict w (Array2D.init 1 20 (fun _ c -> x[r, c]))
                Assert.Equal<float[]>(all[r, *], one[0, *]))

        property 200 "a shared model is the inner product of each label's features with one weight vector" (fun () ->
            let generated =
                gen {
                    let! n = Gen.choose (0, 5)
                    let! labels = Gen.choose (1, 6)
                    let! features = Gen.choose (1, 20)
                    let! x = matrix n (labels * features)
                    let! w = vector features
                    let! u = matrix n labels
                    return labels, features, x, w, u
                }

            forAll generated (fun (labels, features, x, w, u) ->
                let theta, pullback = (Model.shared labels features).Apply x w
                let n = Array2D.length1 x

                let own r l =
                    x[r, l * features .. (l + 1) * features - 1]

                let expected =
                    [|
                        for r in 0 .. n - 1 do
                            for l in 0 .. labels - 1 -> dot (own r l) w
                    |]

                let back =
                    Array.init features (fun k ->
                        Seq.sum (
                            seq {
                                for r in 0 .. n - 1 do
                                    for l in 0 .. labels - 1 -> u[r, l] * (own r l)[k]
                            }
                        ))

                allNear expected (flat theta) && allNear back (pullback u)))

        property 200 "dense products agree with the definition for every shape up to 20" (fun () ->
            let generated =
                gen {
                    let! rows = Gen.choose (0, 20)
                    let! inner = Gen.choose (0, 20)
                    let! columns = Gen.choose (0, 20)
                    let! a = matrix rows inner
                    let! b = matrix inner columns
                    return a, b
                }

            let transpose (m: float[,]) =
                Array2D.init (Array2D.length2 m) (Array2D.length1 m) (fun r c -> m[c, r])

            forAll generated (fun (a, b) ->
                let rows, inner, columns = Array2D.length1 a, Array2D.length2 a, Array2D.length2 b

                let expected =
                    [|
                        for r in 0 .. rows - 1 do
                            for c in 0 .. columns - 1 -> dot a[r, *] b[*, c]
                    |]

                let plain, left, right =
                    Array.create (rows * columns) nan,
                    Array.create (rows * columns) nan,
                    Array.create (rows * columns) nan

                Dense.Multiply(flat a, flat b, plain, rows, inner, columns)
                Dense.TransposeMultiply(flat (transpose a), flat b, left, rows, inner, columns)
                Dense.MultiplyTranspose(flat a, flat (transpose b), right, rows, inner, columns)
                allNear expected plain && allNear expected left && allNear expected right))

        testCase "dense products refuse spans that do not fit their shape" (fun () ->
            raises<ArgumentException> "b has length 3; its shape [2 × 2] asks for 4." (fun () ->
                Dense.Multiply(
                    Array.zeroCreate<float> 2,
                    Array.zeroCreate<float> 3,
                    Array.zeroCreate<float> 2,
                    1,
                    2,
                    2
                )))

        property 200 "a model followed by a map is the chain rule" (fun () ->
            let generated =
                gen {
                    let! x = matrix 3 2
                    let! w = vector 8
                    let! u = matrix 3 2
                    return x, w, u
                }

            forAll generated (fun (x, w, u) ->
                let a = array2D [ [ 1.0; 2.0 ]; [ -1.0; 0.5 ] ]
                let plain = Model.linear 2 2
                let map = Differentiable.rows (Differentiable.linear a)
                let composed = plain |> Model.compose 2 map
                let w = Array.sub w 0 4
                let theta, pullback = plain.Apply x w
                let y, back = map theta
                let y', pullback' = composed.Apply x w

                flat y = flat y'
                && pullback (back u) = pullback' u
                && composed.OutputDimension = 2))

        testCase "models start at zero, or at normals of the given deviation" (fun () ->
            let key = Key.create 3UL
            Assert.Equal<float[]>(Array.zeroCreate 12, (Model.affine 3 3).Initial key)
            let model = Model.linear 100 200 |> Model.withNormalInitial 0.5
            let w = model.Initial key
            Assert.Equal<float[]>(w, model.Initial key)
            let n = float w.Length
            // Mean, variance and fourth moment of n normals within 6 standard errors: σ/√n, σ²√(2/n), σ⁴√(96/n); a false alarm below 6e-9.
            Assert.InRange(Array.average w / (0.5 / sqrt n), -6.0, 6.0)
            Assert.InRange((Array.averageBy (fun v -> v * v) w - 0.25) / (0.25 * sqrt (2.0 / n)), -6.0, 6.0)
            Assert.InRange((Array.averageBy (fun v -> v ** 4.0) w - 0.1875) / (0.0625 * sqrt (96.0 / n)), -6.0, 6.0)
            // Neighbours come from one Box-Muller pair; their correlation must vanish: variance σ⁴ each of n/2 products.
            let pairs = w |> Array.chunkBySize 2 |> Array.averageBy (fun p -> p[0] * p[1])
            Assert.InRange(pairs / (0.25 / sqrt (n / 2.0)), -6.0, 6.0))

        testCase "wrong shapes are named with what was expected" (fun () ->
            let model = Model.affine 3 2

            raises<ArgumentException> "inputs is [1 × 2]; the model takes 3 columns." (fun () ->
                model.Apply (Array2D.zeroCreate 1 2) [||] |> ignore)

            raises<ArgumentException> "parameters has length 6; the model's ParameterCount is 8." (fun () ->
                model |> Model.predict (Array.zeroCreate 6) (Array2D.zeroCreate 1 3) |> ignore)

            raises<ArgumentException> "cotangent is [2 × 2]; the value is [1 × 2]." (fun () ->
                snd (model.Apply (Array2D.zeroCreate 1 3) (Array.zeroCreate 8)) (Array2D.zeroCreate 2 2)
                |> ignore)

            raises<ArgumentOutOfRangeException> "inputs is 0; it must be at least 1." (fun () ->
                Model.linear 0 1 |> ignore)

            raises<ArgumentOutOfRangeException> "labels is 0; it must be at least 1." (fun () ->
                Model.shared 0 1 |> ignore)

            raises<ArgumentOutOfRangeException> "deviation is 0; it must be positive and finite." (fun () ->
                Model.withNormalInitial 0.0 model |> ignore))
    ]
