module Perturbed.Functional.Tests.Learning.DifferentiableTests

open System
open Expecto
open FsCheck.FSharp
open Perturbed.Functional
open Perturbed.Functional.Tests.Learning.Helpers
open Perturbed.Suite
open Xunit

let private sine: Differentiable<float[], float[]> =
    Differentiable.elementwise sin cos

[<Tests>]
let tests =
    testList "Learning.Differentiable" [
        property 200 "the pullback of an affine map is the adjoint of its linear part" (fun () ->
            let generated =
                gen {
                    let! outputs = Gen.choose (1, 9)
                    let! inputs = Gen.choose (1, 9)
                    let! a = matrix outputs inputs
                    let! b = vector outputs
                    let! x = vector inputs
                    let! u = vector outputs
                    return a, b, x, u
                }

            forAll generated (fun (a, b, x, u) ->
                let y, pullback = Differentiable.affine a b x
                near (dot u (Array.map2 (-) y b)) (dot (pullback u) x)))

        testCase "the value of an affine map is A x + b" (fun () ->
            let map =
                Differentiable.affine (array2D [ [ 1.0; 2.0; 3.0 ]; [ 0.0; -1.0; 4.0 ] ]) [| 10.0; 20.0 |]

            Assert.Equal<float[]>(
                [| 14.0; 22.0 |],
                Differentiable.apply [| 1.0; 0.0; 1.0 |] map |> Array.map2 (+) [| 0.0; -2.0 |]
            )

            Assert.Equal<float[]>(
                [| 1.0; 1.0; 11.0 |],
                (snd (map [| 0.0; 0.0; 0.0 |])) [| 1.0; 2.0 |]
                |> Array.map2 (+) [| 0.0; 1.0; 0.0 |]
            ))

        property 200 "composition is associative in value and pullback, and the identity is neutral" (fun () ->
            let generated =
                gen {
                    let! a = matrix 3 2
                    let! b = matrix 4 3
                    let! x = vector 2
                    let! u = vector 4
                    return a, b, x, u
                }

            let same (f: Differentiable<float[], float[]>) (g: Differentiable<float[], float[]>) x u =
                let fy, fp = f x
                let gy, gp = g x
                fy = gy && fp u = gp u

            forAll generated (fun (a, b, x, u) ->
                let f, g, h = Differentiable.linear a, sine, Differentiable.linear b

                same ((f >-> g) >-> h) (f >-> (g >-> h)) x u
                && same (Differentiable.identity >-> f >-> h) (f >-> h >-> Differentiable.identity) x u
                && same (f |> Differentiable.compose h) (f >-> h) x u))

        testCase "a composition evaluates each part once, and its pullback evaluates none again" (fun () ->
            let mutable evaluations = 0

            let counted: Differentiable<float[], float[]> =
                fun x ->
                    evaluations <- evaluations + 1
                    x, id

            let _, pullback = (counted >-> counted) [| 1.0 |]
            pullback [| 1.0 |] |> ignore
            pullback [| 2.0 |] |> ignore
            Assert.Equal(2, evaluations))

        testCase "finite differences agree with every pullback of the module, and disagree with a wrong one" (fun () ->
            let a = array2D [ [ 0.5; -1.0 ]; [ 2.0; 0.25 ]; [ 1.0; 1.0 ] ]
            let x = [| 0.3; -0.7 |]

            let map =
                Differentiable.scale 1.5
                >-> sine
                >-> Differentiable.affine a [| 1.0; 2.0; 3.0 |]
                >-> sine
            // Central differences at h = 1e-5 err by h²/6 of third derivatives below 20, and by roundings of 1e-15/h: under 1e-8 of 1.
            Assert.InRange(Differentiable.discrepancy 1e-5 x map, 0.0, 1e-8)
            let wrong = Differentiable.elementwise sin (fun t -> 1.01 * cos t)
            Assert.InRange(Differentiable.discrepancy 1e-5 x wrong, 9e-3, 1.1e-2)

            let zero =
                Differentiable.create (fun (_: float[]) -> [| 1.0 |]) (fun v _ -> Array.zeroCreate v.Length)

            Assert.Equal(0.0, Differentiable.discrepancy 1e-5 x zero))

        property 200 "rows applies the map to each row, forward and back" (fun () ->
            let generated =
                gen {
                    let! rows = Gen.choose (0, 5)
                    let! a = matrix 3 2
                    let! x = matrix rows 2
                    let! u = matrix rows 3
                    return a, x, u
                }

            forAll generated (fun (a, x, u) ->
                let one = Differentiable.linear a >-> sine
                let y, pullback = Differentiable.rows one x
                let back = if Array2D.length1 x = 0 then pullback y else pullback u

                Seq.forall
                    (fun r ->
                        let yr, pr = one x[r, *]
                        y[r, *] = yr && back[r, *] = pr u[r, *])
                    (seq { 0 .. Array2D.length1 x - 1 })
                && Array2D.length2 back = 2))

        testCase "valueAndGradient of a squared norm is ½‖x‖² and x" (fun () ->
            let half: Differentiable<float[], float> =
                fun x -> 0.5 * dot x x, (fun c -> Array.map (fun e -> c * e) x)

            let value, gradient = half |> Differentiable.valueAndGradient [| 3.0; 4.0 |]
            Assert.Equal(12.5, value)
            Assert.Equal<float[]>([| 3.0; 4.0 |], gradient))

        testCase "wrong lengths and values are named with what was expected" (fun () ->
            let map = Differentiable.linear (array2D [ [ 1.0; 2.0 ] ])

            raises<ArgumentException> "x has length 3; the number of columns of matrix is 2." (fun () ->
                map [| 1.0; 2.0; 3.0 |] |> ignore)

            raises<ArgumentException> "cotangent has length 2; the number of rows of matrix is 1." (fun () ->
                (snd (map [| 1.0; 2.0 |])) [| 1.0; 2.0 |] |> ignore)

            raises<ArgumentException> "offset has length 2; the number of rows of matrix is 1." (fun () ->
                Differentiable.affine (array2D [ [ 1.0 ] ]) [| 1.0; 2.0 |] |> ignore)

            raises<ArgumentException> "matrix[0, 1] is NaN (row 0); every entry must be finite." (fun () ->
                Differentiable.linear (array2D [ [ 1.0; nan ] ]) |> ignore)

            raises<ArgumentException> "factor is NaN; it must be finite." (fun () ->
                Differentiable.scale nan |> ignore)

            raises<ArgumentException> "step is 0; it must be positive and finite." (fun () ->
                Differentiable.discrepancy 0.0 [| 1.0 |] Differentiable.identity |> ignore)

            raises<ArgumentException> "map gives length 2 for row 1; row 0 has length 1." (fun () ->
                let ragged: Differentiable<float[], float[]> =
                    Differentiable.create (fun x -> Array.zeroCreate (int x[0])) (fun x _ -> x)

                Differentiable.rows ragged (array2D [ [ 1.0 ]; [ 2.0 ] ]) |> ignore)

            raises<ArgumentException> "cotangent is [1 × 1]; the value is [2 × 1]." (fun () ->
                (snd (Differentiable.rows Differentiable.identity (array2D [ [ 1.0 ]; [ 2.0 ] ]))) (
                    array2D [ [ 1.0 ] ]
                )
                |> ignore))
    ]
